//! The body of a call: parameters in the order of AWS's own clients, percent-encoded, lists written
//! as `.member.N`. Separate from the requests, which all write one.

use aws::SessionPolicies;
use form_urlencoded::Serializer;
use zeroize::Zeroizing;

/// The `Content-Type` of every call, to the letter: a signature covers it.
pub const FORM_CONTENT_TYPE: &str = "application/x-www-form-urlencoded; charset=utf-8";

/// A form under construction.
pub(crate) struct Form(Serializer<'static, String>);

impl Form {
    /// Starts a form with room for values of `value_bytes` in all. A form may hold a token, and a buffer that
    /// grows leaves uncleared copies; an escaped byte takes three.
    pub(crate) fn of(action: &str, value_bytes: usize) -> Self {
        let mut form = Self(Serializer::new(String::with_capacity(512 + 3 * value_bytes)));
        form.add("Action", action);
        form.add("Version", "2011-06-15");
        form
    }

    /// One parameter.
    pub(crate) fn add(&mut self, name: &str, value: &str) {
        self.0.append_pair(name, value);
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

    /// The whole body. Its memory is cleared on drop.
    pub(crate) fn finish(mut self) -> Zeroizing<String> {
        Zeroizing::new(self.0.finish())
    }
}
