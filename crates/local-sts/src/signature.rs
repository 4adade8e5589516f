//! AWS Signature Version 4 as a calculation: a request, its canonical form, its signature. Separate from the checks of a
//! call, so that AWS's test vectors apply to it.

use ring::{digest, hmac};

/// The parts of a request that a signature covers.
#[derive(Debug)]
pub(crate) struct CanonicalRequest<'a> {
    pub(crate) method: &'a str,
    pub(crate) path: &'a str,
    /// Undecoded, without `?`.
    pub(crate) query: &'a str,
    /// The signed headers in the order of their names, in lower case.
    pub(crate) headers: Vec<(&'a str, String)>,
    pub(crate) body: &'a [u8],
}

/// `date/region/service/aws4_request`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Scope<'a> {
    pub(crate) date: &'a str,
    pub(crate) region: &'a str,
    pub(crate) service: &'a str,
}

/// The hex signature of `request`, signed at `timestamp` by the owner of `secret`.
pub(crate) fn sign(
    request: &CanonicalRequest<'_>,
    secret: &str,
    scope: Scope<'_>,
    timestamp: &str,
) -> String {
    let hashed = sha256(request.text().as_bytes());
    let Scope { date, region, service } = scope;
    let to_sign = format!("AWS4-HMAC-SHA256\n{timestamp}\n{date}/{region}/{service}/aws4_request\n{hashed}");
    let mut key = format!("AWS4{secret}").into_bytes();
    for part in [date, region, service, "aws4_request"] {
        key = hmac_sha256(&key, part);
    }
    hex(&hmac_sha256(&key, &to_sign))
}

/// The hex SHA-256 of some bytes.
pub(crate) fn sha256(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
}

impl CanonicalRequest<'_> {
    fn text(&self) -> String {
        let mut query: Vec<&str> = self.query.split('&').collect();
        query.sort_unstable();
        let names: Vec<&str> = self.headers.iter().map(|(name, _)| *name).collect();
        let headers: String =
            self.headers.iter().map(|(name, value)| format!("{name}:{}\n", squeeze(value))).collect();
        let (method, path, query, names) = (self.method, self.path, query.join("&"), names.join(";"));
        format!("{method}\n{path}\n{query}\n{headers}\n{names}\n{}", sha256(self.body))
    }
}

/// No leading and trailing spaces, and one where there are several.
fn squeeze(value: &str) -> String {
    value.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
}

fn hmac_sha256(key: &[u8], text: &str) -> Vec<u8> {
    hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, key), text.as_bytes()).as_ref().to_vec()
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";
    const TOKEN: &str = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
    const TIME: &str = "20150830T123600Z";

    fn scope<'a>(region: &'a str, service: &'a str) -> Scope<'a> {
        Scope { date: "20150830", region, service }
    }

    #[test]
    fn calls_to_sts_have_botocores_signatures() {
        let identity = "Action=GetCallerIdentity&Version=2011-06-15";
        let assume = "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fdemo&RoleSessionName=ci";
        let cases = [
            (
                "A",
                "us-east-1",
                identity,
                None,
                "74f85d64795bc5f30af8b92378344f5c25c0d305498fca44ea38f6a5a1d5860f",
                "52a8540fea00e731072179f763577cbe2a45eac2c5d32fb4d785f3eefac88165",
            ),
            (
                "B",
                "us-east-1",
                identity,
                Some(TOKEN),
                "c24d140fb3f3011cf4dbbe86eb943f02e4eff1e5c7869a5f49c7f96536d79de4",
                "aee78bc22259d47b142f854ccb60608cc654bc1506f6a5d4a4098ec291dbbc48",
            ),
            (
                "C",
                "eu-west-1",
                assume,
                None,
                "de76d122571ea0c07e233b4a5aa5b839ae0c7aa27d03571dbdc0fb6a4b108a22",
                "f9323bdbf70962579a8b0d27595e0f9d8693a657d851dc5112956dce9a695ab7",
            ),
        ];
        for (name, region, body, token, canonical, signature) in cases {
            let mut headers = vec![
                ("content-type", "application/x-www-form-urlencoded; charset=utf-8".to_owned()),
                ("host", format!("sts.{region}.amazonaws.com")),
                ("x-amz-date", TIME.to_owned()),
            ];
            headers.extend(token.map(|token| ("x-amz-security-token", token.to_owned())));
            let request =
                CanonicalRequest { method: "POST", path: "/", query: "", headers, body: body.as_bytes() };
            assert_eq!(sha256(request.text().as_bytes()), canonical, "{name}");
            assert_eq!(sign(&request, SECRET, scope(region, "sts"), TIME), signature, "{name}");
        }
    }

    #[test]
    fn awss_own_suite_agrees() {
        let cases = [
            ("GET", "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31"),
            ("POST", "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b"),
        ];
        for (method, signature) in cases {
            let headers = vec![("host", "example.amazonaws.com".to_owned()), ("x-amz-date", TIME.to_owned())];
            let request = CanonicalRequest { method, path: "/", query: "", headers, body: b"" };
            assert_eq!(sign(&request, SECRET, scope("us-east-1", "service"), TIME), signature, "{method}");
        }
    }

    #[test]
    fn spaces_and_the_order_of_a_query_do_not_count() {
        let text = |query, value: &str| {
            let headers = vec![("host", value.to_owned())];
            CanonicalRequest { method: "GET", path: "/", query, headers, body: b"" }.text()
        };
        assert_eq!(text("Action=a&Version=b", "x y"), text("Version=b&Action=a", "  x   y "));
    }
}
