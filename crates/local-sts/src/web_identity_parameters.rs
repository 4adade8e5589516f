//! The parameters of AssumeRoleWithWebIdentity, checked against the limits of AWS's model before anything is looked up.

use crate::{
    form::Form,
    limits::{ANYTHING, ARN, ARN_LENGTHS, NAME, ValidationErrors},
    refusal::Refusal,
    session_policies::SessionPolicies,
};

/// The parameters, within their limits.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Parameters<'a> {
    pub(crate) role_arn: &'a str,
    pub(crate) session_name: &'a str,
    pub(crate) token: &'a str,
    pub(crate) duration: i64,
    pub(crate) policies: SessionPolicies<'a>,
}

/// Reads the parameters, or reports every limit that is broken.
pub(crate) fn read(form: &Form) -> Result<Parameters<'_>, Refusal> {
    let mut errors = ValidationErrors::default();
    let duration = errors.duration(form)?;
    let parameters = Parameters {
        role_arn: errors.required("roleArn", form.first("RoleArn"), ARN_LENGTHS, ARN),
        session_name: errors.required("roleSessionName", form.first("RoleSessionName"), (2, 64), NAME),
        token: errors.required("webIdentityToken", form.first("WebIdentityToken"), (4, 20_000), ANYTHING),
        duration,
        policies: SessionPolicies::read(form, 2048, &mut errors),
    };
    errors.refusal()?;
    Ok(parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLE: &str = "arn:aws:iam::123456789012:role/deploy";

    fn form(changes: &[(&str, Option<&str>)]) -> Form {
        let mut pairs = vec![("RoleArn", ROLE), ("RoleSessionName", "ci-1"), ("WebIdentityToken", "a.b.c")];
        for (name, value) in changes {
            pairs.retain(|(known, _)| known != name);
            pairs.extend(value.map(|value| (*name, value)));
        }
        Form(pairs.into_iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect())
    }

    #[test]
    fn durations_read_as_aws_reads_them() {
        let cases = [
            (None, Ok(3600)),
            (Some("+900"), Ok(900)),
            (Some("0900"), Ok(900)),
            (Some(" 900 "), Err(Refusal::MalformedInput(None))),
            (Some("900.0"), Err(Refusal::MalformedInput(None))),
            (Some("9e2"), Err(Refusal::MalformedInput(None))),
            (Some("2147483648"), Err(Refusal::MalformedInput(None))),
            (Some(""), Err(Refusal::MalformedInput(Some("missing value for decimal type")))),
        ];
        for (text, expected) in cases {
            let form = form(&[("DurationSeconds", text)]);
            assert_eq!(read(&form).map(|read| read.duration), expected, "{text:?}");
        }
    }

    #[test]
    fn a_broken_limit_is_told_in_awss_words() {
        let long = "a".repeat(65);
        let long_token = "t".repeat(20_001);
        let cases: [(&str, Option<&str>, String); 9] = [
            ("RoleSessionName", Some("a"), "Value 'a' at 'roleSessionName' failed to satisfy constraint: Member must have length greater than or equal to 2".to_owned()),
            ("RoleSessionName", Some(&long), format!("Value '{long}' at 'roleSessionName' failed to satisfy constraint: Member must have length less than or equal to 64")),
            ("RoleSessionName", Some("a b"), r"Value 'a b' at 'roleSessionName' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@-]*".to_owned()),
            ("RoleSessionName", None, "Value null at 'roleSessionName' failed to satisfy constraint: Member must not be null".to_owned()),
            ("RoleArn", Some("short"), "Value 'short' at 'roleArn' failed to satisfy constraint: Member must have length greater than or equal to 20".to_owned()),
            ("WebIdentityToken", Some("x"), "Value at 'webIdentityToken' failed to satisfy constraint: Member must have length greater than or equal to 4".to_owned()),
            ("WebIdentityToken", Some(&long_token), "Value at 'webIdentityToken' failed to satisfy constraint: Member must have length less than or equal to 20000".to_owned()),
            ("DurationSeconds", Some("899"), "Value '899' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 900".to_owned()),
            ("DurationSeconds", Some("43201"), "Value '43201' at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 43200".to_owned()),
        ];
        for (name, value, clause) in cases {
            let refused = read(&form(&[(name, value)])).unwrap_err();
            assert_eq!(refused, Refusal::Validation(format!("1 validation error detected: {clause}")));
        }
    }

    #[test]
    fn several_broken_limits_are_counted_and_joined() {
        let refused = read(&form(&[("RoleArn", None), ("DurationSeconds", Some("1"))])).unwrap_err();
        let Refusal::Validation(text) = refused else { panic!("{refused:?}") };
        assert!(text.starts_with("2 validation errors detected: Value '1' at 'durationSeconds'"), "{text}");
        assert!(text.contains("; Value null at 'roleArn'"), "{text}");
    }

    #[test]
    fn characters_outside_the_basic_plane_are_not_in_an_arn() {
        let emoji = format!("{ROLE}😀");
        assert!(read(&form(&[("RoleArn", Some(&emoji))])).is_err());
        let accent = format!("{ROLE}é");
        assert!(read(&form(&[("RoleArn", Some(&accent))])).is_ok());
    }
}
