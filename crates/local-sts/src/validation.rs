//! The limits that AWS's model sets to the parameters of AssumeRoleWithWebIdentity, checked before
//! anything is looked up, with AWS's words. Lengths count characters.

use crate::{form::Form, refusal::Refusal};

/// The parameters, within their limits.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Parameters<'a> {
    pub(crate) role_arn: &'a str,
    pub(crate) session_name: &'a str,
    pub(crate) token: &'a str,
    pub(crate) duration: i64,
}

const NULL: &str = "Member must not be null";

/// Reads the parameters, or names every limit that is broken.
pub(crate) fn read(form: &Form) -> Result<Parameters<'_>, Refusal> {
    let duration = duration(form.first("DurationSeconds"))?;
    let mut faults = Vec::new();
    let role_arn = check("roleArn", form.first("RoleArn"), (20, 2048), ARN, &mut faults);
    let session_name =
        check("roleSessionName", form.first("RoleSessionName"), (2, 64), SESSION_NAME, &mut faults);
    let token = check("webIdentityToken", form.first("WebIdentityToken"), (4, 20_000), ANYTHING, &mut faults);
    if form.first("Policy").is_some() {
        check("policy", form.first("Policy"), (1, 2048), POLICY, &mut faults);
    }
    let limits = [(duration < 900, "greater", 900), (duration > 43_200, "less", 43_200)];
    for (_, side, limit) in limits.into_iter().filter(|(broken, ..)| *broken) {
        let constraint = format!("Member must have value {side} than or equal to {limit}");
        faults.push(clause("durationSeconds", Some(&duration.to_string()), &constraint));
    }
    match &faults[..] {
        [] => Ok(Parameters { role_arn, session_name, token, duration }),
        [one] => Err(Refusal::Validation(format!("1 validation error detected: {one}"))),
        many => Err(Refusal::Validation(format!(
            "{} validation errors detected: {}",
            many.len(),
            many.join("; ")
        ))),
    }
}

/// A pattern as AWS prints it, and what it means for one character.
type Alphabet = (&'static str, fn(char) -> bool);

const ANYTHING: Alphabet = ("", |_| true);
const SESSION_NAME: Alphabet =
    (r"[\w+=,.@-]*", |character| character.is_ascii_alphanumeric() || "_+=,.@-".contains(character));
const POLICY: Alphabet = (r"[\u0009\u000A\u000D\u0020-\u00FF]+", |character| {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{FF}')
});
const ARN: Alphabet = (
    r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+",
    // Characters outside the basic plane fail, whatever the text of the pattern seems to say.
    |character| matches!(character, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}'),
);

fn check<'a>(
    member: &str,
    value: Option<&'a str>,
    (shortest, longest): (usize, usize),
    (pattern, allowed): Alphabet,
    faults: &mut Vec<String>,
) -> &'a str {
    let Some(value) = value else {
        faults.push(clause(member, None, NULL));
        return "";
    };
    let length = value.chars().count();
    let mut fault = |constraint: String| faults.push(clause(member, Some(value), &constraint));
    if length < shortest {
        fault(format!("Member must have length greater than or equal to {shortest}"));
    }
    if length > longest {
        fault(format!("Member must have length less than or equal to {longest}"));
    }
    if !value.chars().all(allowed) {
        fault(format!("Member must satisfy regular expression pattern: {pattern}"));
    }
    value
}

fn clause(member: &str, value: Option<&str>, constraint: &str) -> String {
    let shown = match value {
        None => "Value null".to_owned(),
        // The model marks the token as sensitive: AWS doesn't repeat it.
        Some(_) if member == "webIdentityToken" => "Value".to_owned(),
        Some(value) => format!("Value '{value}'"),
    };
    format!("{shown} at '{member}' failed to satisfy constraint: {constraint}")
}

/// A sign and leading zeros are fine, anything that is no 32-bit number isn't.
fn duration(text: Option<&str>) -> Result<i64, Refusal> {
    match text {
        None => Ok(3600),
        Some("") => Err(Refusal::MalformedInput(Some("missing value for decimal type"))),
        Some(text) => text.parse::<i32>().map(i64::from).map_err(|_| Refusal::MalformedInput(None)),
    }
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
        assert!(text.starts_with("2 validation errors detected: Value null at 'roleArn'"), "{text}");
        assert!(text.contains("; Value '1' at 'durationSeconds'"), "{text}");
    }

    #[test]
    fn characters_outside_the_basic_plane_are_not_in_an_arn() {
        let emoji = format!("{ROLE}😀");
        assert!(read(&form(&[("RoleArn", Some(&emoji))])).is_err());
        let accent = format!("{ROLE}é");
        assert!(read(&form(&[("RoleArn", Some(&accent))])).is_ok());
    }
}
