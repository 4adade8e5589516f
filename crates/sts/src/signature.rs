//! AWS Signature Version 4 for the calls that need credentials (facts/aws.md 4.1): from a call to the headers that
//! authenticate its caller. Pure computation, tested with AWS's published vectors.

use aws::{Credentials, Region, Secret, Timestamp};
use ring::{digest, hmac};
use zeroize::Zeroizing;

use crate::form::FORM_CONTENT_TYPE;

/// The credentials that sign: a role's, or a user's, which have no session token.
#[derive(Debug, Clone, Copy)]
pub struct SigningKeys<'a> {
    /// Sent, to name the signer.
    pub access_key_id: &'a str,
    /// Computes the signature. It is not sent.
    pub secret_access_key: &'a Secret,
    /// Sent and signed.
    pub session_token: Option<&'a Secret>,
}

impl<'a> From<&'a Credentials> for SigningKeys<'a> {
    fn from(credentials: &'a Credentials) -> Self {
        Self {
            access_key_id: &credentials.access_key_id,
            secret_access_key: &credentials.secret_access_key,
            session_token: Some(&credentials.session_token),
        }
    }
}

/// The headers to send with a `POST /` of `body`, besides `host` and [`FORM_CONTENT_TYPE`], which must be sent as
/// they are signed. `host` has its port, unless it is the scheme's default. `time` is the caller's clock: STS accepts
/// 15 minutes of difference.
pub fn signed_headers(
    keys: SigningKeys<'_>,
    region: &Region,
    host: &str,
    body: &str,
    time: Timestamp,
) -> Vec<(&'static str, Secret)> {
    let time = time.to_basic();
    let mut headers = vec![("content-type", FORM_CONTENT_TYPE), ("host", host), ("x-amz-date", &time)];
    headers.extend(keys.session_token.map(|token| ("x-amz-security-token", token.expose())));
    let request = CanonicalRequest { method: "POST", headers: &headers, body };
    let scope = Scope { time: &time, region: region.as_str(), service: "sts" };
    let authorization = format!(
        "AWS4-HMAC-SHA256 Credential={}/{}, SignedHeaders={}, Signature={}",
        keys.access_key_id,
        scope.text(),
        request.signed_names(),
        signature(&request, &scope, keys.secret_access_key)
    );
    let mut signed = vec![("x-amz-date", Secret::new(time.clone()))];
    signed.extend(keys.session_token.map(|token| ("x-amz-security-token", token.clone())));
    signed.push(("authorization", Secret::new(authorization)));
    signed
}

/// What a signature covers of a request to `/` without a query.
struct CanonicalRequest<'a> {
    method: &'a str,
    /// Names in lower case and in order; the values without leading and trailing spaces.
    headers: Headers<'a>,
    body: &'a str,
}

/// Names and values.
type Headers<'a> = &'a [(&'a str, &'a str)];

/// The time, Region and service that a signature is valid for.
struct Scope<'a> {
    /// `YYYYMMDDTHHMMSSZ`.
    time: &'a str,
    region: &'a str,
    service: &'a str,
}

/// Hexadecimal, as the `authorization` header has it.
fn signature(request: &CanonicalRequest<'_>, scope: &Scope<'_>, secret: &Secret) -> String {
    let to_sign =
        format!("AWS4-HMAC-SHA256\n{}\n{}\n{}", scope.time, scope.text(), sha256(request.text().as_bytes()));
    // Allocated at full size: a growing buffer leaves an uncleared copy.
    let mut key = Zeroizing::new(Vec::with_capacity("AWS4".len() + secret.expose().len()));
    key.extend_from_slice(b"AWS4");
    key.extend_from_slice(secret.expose().as_bytes());
    for part in [scope.date(), scope.region, scope.service, "aws4_request"] {
        key = hmac_sha256(&key, part);
    }
    hex(&hmac_sha256(&key, &to_sign))
}

impl CanonicalRequest<'_> {
    /// It holds the session token.
    fn text(&self) -> Zeroizing<String> {
        let names = self.signed_names();
        let room: usize = self.headers.iter().map(|(name, value)| name.len() + value.len() + 2).sum();
        let mut text = Zeroizing::new(String::with_capacity(room + names.len() + 128));
        for part in [self.method, "\n/\n\n"] {
            text.push_str(part);
        }
        for (name, value) in self.headers {
            for part in [name, ":", value, "\n"] {
                text.push_str(part);
            }
        }
        for part in ["\n", &names, "\n", &sha256(self.body.as_bytes())] {
            text.push_str(part);
        }
        text
    }

    fn signed_names(&self) -> String {
        self.headers.iter().map(|(name, _)| *name).collect::<Vec<_>>().join(";")
    }
}

impl Scope<'_> {
    fn text(&self) -> String {
        format!("{}/{}/{}/aws4_request", self.date(), self.region, self.service)
    }

    fn date(&self) -> &str {
        self.time.split('T').next().unwrap_or_default()
    }
}

fn hmac_sha256(key: &[u8], text: &str) -> Zeroizing<Vec<u8>> {
    let key = hmac::Key::new(hmac::HMAC_SHA256, key);
    Zeroizing::new(hmac::sign(&key, text.as_bytes()).as_ref().to_vec())
}

fn sha256(bytes: &[u8]) -> String {
    hex(digest::digest(&digest::SHA256, bytes).as_ref())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIME: &str = "20150830T123600Z";
    const TOKEN: &str = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
    const HOST: (&str, &str) = ("host", "example.amazonaws.com");
    const DATE: (&str, &str) = ("x-amz-date", TIME);

    fn secret() -> Secret {
        Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned())
    }

    #[test]
    fn awss_published_vectors_come_out() {
        let body = "Param1=value1";
        let hash = sha256(body.as_bytes());
        let form = [
            ("content-length", "13"),
            ("content-type", "application/x-www-form-urlencoded"),
            HOST,
            ("x-amz-content-sha256", &hash),
            DATE,
        ];
        let token = [HOST, DATE, ("x-amz-security-token", TOKEN)];
        let cases: [(&str, &str, Headers<'_>, &str, &str); 5] = [
            (
                "get-vanilla",
                "GET",
                &[HOST, DATE],
                "",
                "5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31",
            ),
            (
                "post-vanilla",
                "POST",
                &[HOST, DATE],
                "",
                "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
            ),
            (
                "post-x-www-form-urlencoded",
                "POST",
                &form,
                body,
                "d3875051da38690788ef43de4db0d8f280229d82040bfac253562e56c3f20e0b",
            ),
            (
                "post-sts-header-before",
                "POST",
                &token,
                "",
                "85d96828115b5dc0cfc3bd16ad9e210dd772bbebba041836c64533a82be05ead",
            ),
            (
                "post-sts-header-after: the token comes after signing",
                "POST",
                &token[..2],
                "",
                "5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b",
            ),
        ];
        let scope = Scope { time: TIME, region: "us-east-1", service: "service" };
        for (name, method, headers, body, expected) in cases {
            let request = CanonicalRequest { method, headers, body };
            assert_eq!(signature(&request, &scope, &secret()), expected, "{name}");
        }
    }

    #[test]
    fn calls_to_sts_have_botocores_signatures() {
        let identity = "Action=GetCallerIdentity&Version=2011-06-15";
        let assume = "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fdemo&RoleSessionName=ci";
        let plain = "content-type;host;x-amz-date";
        let with_token = "content-type;host;x-amz-date;x-amz-security-token";
        for (name, region, body, token, names, expected) in [
            (
                "A",
                "us-east-1",
                identity,
                None,
                plain,
                "52a8540fea00e731072179f763577cbe2a45eac2c5d32fb4d785f3eefac88165",
            ),
            (
                "B",
                "us-east-1",
                identity,
                Some(TOKEN),
                with_token,
                "aee78bc22259d47b142f854ccb60608cc654bc1506f6a5d4a4098ec291dbbc48",
            ),
            (
                "C",
                "eu-west-1",
                assume,
                None,
                plain,
                "f9323bdbf70962579a8b0d27595e0f9d8693a657d851dc5112956dce9a695ab7",
            ),
        ] {
            let (secret, token) = (secret(), token.map(|token: &str| Secret::new(token.to_owned())));
            let keys = SigningKeys {
                access_key_id: "AKIDEXAMPLE",
                secret_access_key: &secret,
                session_token: token.as_ref(),
            };
            let host = format!("sts.{region}.amazonaws.com");
            let time = Timestamp::from_basic(TIME).unwrap();
            let headers = signed_headers(keys, &region.parse().unwrap(), &host, body, time);
            let headers: Vec<(&str, &str)> =
                headers.iter().map(|(name, value)| (*name, value.expose())).collect();
            let authorization = format!(
                "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/{region}/sts/aws4_request, \
                 SignedHeaders={names}, Signature={expected}"
            );
            let mut sent = vec![DATE];
            sent.extend(token.as_ref().map(|token| ("x-amz-security-token", token.expose())));
            sent.push(("authorization", &authorization));
            assert_eq!(headers, sent, "{name}");
        }
    }

    #[test]
    fn the_canonical_request_is_botocores() {
        let headers = [
            ("content-type", FORM_CONTENT_TYPE),
            ("host", "sts.us-east-1.amazonaws.com"),
            DATE,
            ("x-amz-security-token", TOKEN),
        ];
        let body = "Action=GetCallerIdentity&Version=2011-06-15";
        let request = CanonicalRequest { method: "POST", headers: &headers, body };
        assert_eq!(
            sha256(request.text().as_bytes()),
            "c24d140fb3f3011cf4dbbe86eb943f02e4eff1e5c7869a5f49c7f96536d79de4"
        );
    }

    #[test]
    fn neither_keys_nor_headers_show_a_secret() {
        let (secret, token) = (secret(), Secret::new(TOKEN.to_owned()));
        let keys = SigningKeys {
            access_key_id: "AKIDEXAMPLE",
            secret_access_key: &secret,
            session_token: Some(&token),
        };
        let region = "us-east-1".parse().unwrap();
        let headers = signed_headers(keys, &region, "h", "", Timestamp::EPOCH);
        let shown = format!("{keys:?} {headers:?}");
        assert!(shown.contains("AKIDEXAMPLE") && shown.contains("authorization"), "{shown}");
        assert!(
            !shown.contains("wJalr") && !shown.contains("AQoD") && !shown.contains("Signature="),
            "{shown}"
        );
    }
}
