//! The body of a call: parameters in the order of AWS's own clients, percent-encoded, lists written
//! as `.member.N`. Separate from the requests, which all write one.

use aws::SessionPolicies;
use zeroize::Zeroizing;

/// The `Content-Type` of every call, to the letter: a signature covers it.
pub const FORM_CONTENT_TYPE: &str = "application/x-www-form-urlencoded; charset=utf-8";

/// A form under construction.
pub(crate) struct Form(Zeroizing<String>);

impl Form {
    /// Starts a form with room for values of `value_bytes` in all. A form may hold a token, and a buffer that
    /// grows leaves uncleared copies; an escaped byte takes three.
    pub(crate) fn of(action: &str, value_bytes: usize) -> Self {
        let mut form = Self(Zeroizing::new(String::with_capacity(512 + 3 * value_bytes)));
        form.add("Action", action);
        form.add("Version", "2011-06-15");
        form
    }

    /// One parameter.
    pub(crate) fn add(&mut self, name: &str, value: &str) {
        if !self.0.is_empty() {
            self.0.push('&');
        }
        self.encode(name);
        self.0.push('=');
        self.encode(value);
    }

    /// The session policies, spelled the same for both operations.
    pub(crate) fn add_policies(&mut self, policies: &SessionPolicies) {
        if let Some(policy) = policies.inline() {
            self.add("Policy", policy.as_str());
        }
        for (arn, n) in policies.managed().iter().zip(1..) {
            // AWS spells only this member in lower case.
            self.add(&format!("PolicyArns.member.{n}.arn"), arn.as_str());
        }
    }

    /// The whole body, without the room that it did not need: hundreds of requests may wait at once. Its memory is cleared on
    /// drop.
    pub(crate) fn finish(self) -> Zeroizing<String> {
        self.0.clone()
    }

    /// Percent-encoded as AWS's SDKs do it, which escape `*` and keep `~`. The standard of the web has both the other
    /// way round; whether STS reads that form of a `*` was never tried.
    fn encode(&mut self, text: &str) {
        for byte in text.bytes() {
            match byte {
                b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => {
                    self.0.push(char::from(byte));
                }
                b' ' => self.0.push('+'),
                other => {
                    self.0.push('%');
                    for digit in [other >> 4, other & 0xf] {
                        self.0.extend(
                            char::from_digit(u32::from(digit), 16).map(|digit| digit.to_ascii_uppercase()),
                        );
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_encoded_as_pythons_urlencode_encodes_it() {
        let mut form = Form::of("A", 0);
        form.add("Pólicy", "*~ +&=%/:\n-._é");
        assert_eq!(
            form.finish().as_str(),
            "Action=A&Version=2011-06-15&P%C3%B3licy=%2A~+%2B%26%3D%25%2F%3A%0A-._%C3%A9"
        );
    }

    #[test]
    fn every_byte_can_be_read_back() {
        let text: String = (1..=u8::MAX).map(char::from).collect();
        let mut form = Form::of("A", text.len());
        form.add("T", &text);
        let form = form.finish();
        let (_, read) = form_urlencoded::parse(form.as_bytes()).last().unwrap();
        assert_eq!(read, text);
    }
}
