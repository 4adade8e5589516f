//! The parameters of GetScopedCredentials, checked against the limits of AWS's model before anything is looked up.

use crate::{
    form::Form,
    limits::{Alphabet, SESSION_TOKEN_LIMIT, ValidationErrors},
    refusal::Refusal,
    session_policies::DOCUMENT,
};

/// The parameters, within their limits.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Parameters<'a> {
    pub(crate) policy: Option<&'a str>,
    /// In seconds; the rest of the session where it is absent.
    pub(crate) duration: Option<i64>,
    pub(crate) least_token_size: usize,
}

const DESCRIPTION: Alphabet = (
    r"[\u0009\u000A\u000D\u0020-\u007E\u00A1-\u00FF]*",
    |character| matches!(character, '\t' | '\n' | '\r' | ' '..='~' | '\u{A1}'..='\u{FF}'),
);
const LONGEST_DURATION: i64 = 129_600;

/// Reads the parameters, or reports every limit that is broken. How AWS refuses a call with neither a policy nor a
/// duration is not known: code and text are this server's own.
pub(crate) fn read(form: &Form) -> Result<Parameters<'_>, Refusal> {
    let mut errors = ValidationErrors::default();
    let largest = i64::try_from(SESSION_TOKEN_LIMIT).unwrap_or(i64::MAX);
    let size = form.first("MinimumSessionTokenSize");
    let parameters = Parameters {
        duration: errors.number("durationSeconds", form.first("DurationSeconds"), (1, LONGEST_DURATION))?,
        least_token_size: errors
            .number("minimumSessionTokenSize", size, (0, largest))?
            .and_then(|size| usize::try_from(size).ok())
            .unwrap_or_default(),
        policy: errors.optional("policy", form.first("Policy"), (1, 2048), DOCUMENT),
    };
    let description = form.first("ScopedSessionDescription");
    errors.optional("scopedSessionDescription", description, (2, 256), DESCRIPTION);
    errors.refusal()?;
    if parameters.policy.is_none() && parameters.duration.is_none() {
        let text = "At least one of Policy and DurationSeconds must be specified";
        return Err(Refusal::Validation(text.to_owned()));
    }
    Ok(parameters)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_is_read_from_its_place() {
        let form = Form::parse(
            b"Policy=%7B%7D&DurationSeconds=1&MinimumSessionTokenSize=4096&ScopedSessionDescription=ci",
        );
        let expected = Parameters { policy: Some("{}"), duration: Some(1), least_token_size: 4096 };
        assert_eq!(read(&form), Ok(expected));
    }

    #[test]
    fn a_broken_limit_is_told() {
        let long = format!("Policy={}", "a".repeat(2049));
        for (form, clause) in [
            ("", "At least one of Policy and DurationSeconds"),
            ("ScopedSessionDescription=ci", "At least one of Policy and DurationSeconds"),
            (
                "DurationSeconds=0",
                "Value '0' at 'durationSeconds' failed to satisfy constraint: Member must have value greater than or equal to 1",
            ),
            (
                "DurationSeconds=129601",
                "at 'durationSeconds' failed to satisfy constraint: Member must have value less than or equal to 129600",
            ),
            ("DurationSeconds=1&MinimumSessionTokenSize=4097", "at 'minimumSessionTokenSize'"),
            (
                "DurationSeconds=1&ScopedSessionDescription=x",
                "at 'scopedSessionDescription' failed to satisfy constraint: Member must have length greater than or equal to 2",
            ),
            (
                "DurationSeconds=1&ScopedSessionDescription=a%C2%A0b",
                "at 'scopedSessionDescription' failed to satisfy constraint: Member must satisfy regular expression pattern",
            ),
            (
                "Policy=",
                "at 'policy' failed to satisfy constraint: Member must have length greater than or equal to 1",
            ),
            (
                &long,
                "at 'policy' failed to satisfy constraint: Member must have length less than or equal to 2048",
            ),
        ] {
            let Err(Refusal::Validation(text)) = read(&Form::parse(form.as_bytes())) else {
                panic!("{form:.50}")
            };
            assert!(text.contains(clause), "{text}");
        }
    }
}
