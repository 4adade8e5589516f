//! The request for narrower or shorter credentials of the session that signs it: `GetScopedCredentials`
//! (facts/aws-2026.md 1). What STS would refuse, or may sign elsewhere, is refused by the types before anything is sent.

use aws::{Secret, Timestamp};
use zeroize::Zeroizing;

use crate::form::Form;
use crate::regional_endpoint::RegionalEndpoint;
use crate::scope::Scope;
use crate::signature::signed_headers;
use crate::temporary_keys::TemporaryKeys;

/// The parameters.
#[derive(Debug, Clone, Copy)]
pub struct GetScopedCredentials<'a> {
    /// What limits the new credentials.
    pub scope: &'a Scope,
}

impl GetScopedCredentials<'_> {
    /// The body of a `POST /`, as in all requests. The signature is in headers.
    pub fn to_form(&self) -> Zeroizing<String> {
        let Self { scope } = self;
        let policy = scope.policy().map_or("", |policy| policy.as_str());
        let mut form = Form::of("GetScopedCredentials", policy.len());
        if let Some(duration) = scope.duration() {
            form.add("DurationSeconds", &duration.seconds().to_string());
        }
        if !policy.is_empty() {
            form.add("Policy", policy);
        }
        if let Some(description) = scope.description() {
            form.add("ScopedSessionDescription", description.as_str());
        }
        form.finish()
    }

    /// The headers that sign `form`, by the rules of [`signed_headers`].
    pub fn headers(
        keys: TemporaryKeys<'_>,
        endpoint: &RegionalEndpoint<'_>,
        form: &str,
        time: Timestamp,
    ) -> Vec<(&'static str, Secret)> {
        signed_headers(keys.into(), endpoint.region(), &endpoint.host(), form, time)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::endpoint::Endpoint;
    use crate::signature::SigningKeys;

    const TOKEN: &str = "AQoDYXdzEPT//////////wEXAMPLEtc764bNrC9SAPBSM22wDOk4x4HIZ8j4FZTwdQWLWsKWHGBuFqwAeMicRXmxfpSPfIeoIYRqTflfKD8YUuwthAx7mSEI/qkPpKPi/kMcGdQrmGdeehM4IC1NtBmUpp2wUE8phUZampKsburEDy0KPkyQDYwT7WZ0wq5VSXDvp75YU9HFvlRd8Tx6q6fE8YQcHNVXAkiY9q6d+xo0rKwT38xVqr7ZD0u0iPPkUL64lIZbqBAz+scqKmlzm8FDrypNC9Yjc8fPOLn9FX9KSYvKTr4rvx3iSIlTJabIQwj2ICCR/oLxBA==";
    const POLICY: &str =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;

    fn form(policy: Option<&str>, duration: Option<&str>, description: Option<&str>) -> Zeroizing<String> {
        let scope = Scope::new(
            policy.map(|text| text.parse().unwrap()),
            duration.map(|text| text.parse().unwrap()),
            description.map(|text| text.parse().unwrap()),
        );
        GetScopedCredentials { scope: &scope.unwrap() }.to_form()
    }

    #[test]
    fn only_parameters_that_were_set_are_sent() {
        let start = "Action=GetScopedCredentials&Version=2011-06-15";
        assert_eq!(form(Some("{}"), None, None).as_str(), format!("{start}&Policy=%7B%7D"));
        assert_eq!(form(None, Some("5m"), None).as_str(), format!("{start}&DurationSeconds=300"));
        let all = form(Some("{}"), Some("1s"), Some("a b"));
        assert_eq!(
            all.as_str(),
            format!("{start}&DurationSeconds=1&Policy=%7B%7D&ScopedSessionDescription=a+b")
        );
    }

    /// facts/aws-2026.md 1.4: body and signature.
    #[test]
    fn the_whole_request_is_botocores() {
        let form = form(Some(POLICY), Some("900"), Some("ci"));
        assert_eq!(
            form.as_str(),
            "Action=GetScopedCredentials&Version=2011-06-15&DurationSeconds=900&Policy=%7B%22Version%22%3A%222012-10-17%22%2C%22Statement%22%3A%5B%7B%22Effect%22%3A%22Allow%22%2C%22Action%22%3A%22s3%3AGetObject%22%2C%22Resource%22%3A%22%2A%22%7D%5D%7D&ScopedSessionDescription=ci"
        );
        let (secret, token) = (
            Secret::new("wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY".to_owned()),
            Secret::new(TOKEN.to_owned()),
        );
        let keys = SigningKeys {
            access_key_id: "AKIDEXAMPLE",
            secret_access_key: &secret,
            session_token: Some(&token),
        };
        let endpoint = Endpoint::from_url("https://sts.eu-west-1.amazonaws.com").unwrap();
        let region = "eu-west-1".parse().unwrap();
        let headers = GetScopedCredentials::headers(
            TemporaryKeys::try_from(keys).unwrap(),
            &RegionalEndpoint::new(&endpoint, Some(&region)).unwrap(),
            &form,
            Timestamp::from_basic("20150830T123600Z").unwrap(),
        );
        let headers: Vec<(&str, &str)> =
            headers.iter().map(|(name, value)| (*name, value.expose())).collect();
        let authorization = "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/eu-west-1/sts/aws4_request, \
                             SignedHeaders=content-type;host;x-amz-date;x-amz-security-token, \
                             Signature=3cf6c1e7ad1347624cd6f0daa7bf1d4a116e8de6c69f58dfd10e9f650cac99ee";
        assert_eq!(
            headers,
            [
                ("x-amz-date", "20150830T123600Z"),
                ("x-amz-security-token", TOKEN),
                ("authorization", authorization)
            ]
        );
    }
}
