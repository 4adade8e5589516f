//! The parameters of AssumeRole, checked against the limits of AWS's model before anything is looked up. Separate from
//! those of AssumeRoleWithWebIdentity: AssumeRole takes no token and has more parameters.

use crate::{
    form::Form,
    limits::{ARN, ARN_LENGTHS, Alphabet, NAME, ValidationErrors},
    refusal::Refusal,
    session_policies::SessionPolicies,
};

/// The parameters, within their limits.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Parameters<'a> {
    pub(crate) role_arn: &'a str,
    pub(crate) session_name: &'a str,
    pub(crate) duration: i64,
    pub(crate) external_id: Option<&'a str>,
    pub(crate) source_identity: Option<&'a str>,
    pub(crate) tags: Vec<(String, String)>,
    pub(crate) transitive_keys: Vec<&'a str>,
    pub(crate) policies: SessionPolicies<'a>,
}

const EXTERNAL_ID: Alphabet =
    (r"[\w+=,.@:\/-]*", |character| character.is_ascii_alphanumeric() || "_+=,.@:/-".contains(character));
const TAG_KEY: Alphabet = (r"[\p{L}\p{Z}\p{N}_.:/=+\-@]+", |character| {
    character.is_alphanumeric()
        || character.is_whitespace() && !character.is_control()
        || "_.:/=+-@".contains(character)
});
const TAG_VALUE: Alphabet = (r"[\p{L}\p{Z}\p{N}_.:/=+\-@]*", TAG_KEY.1);
const TAG_KEY_LENGTHS: (usize, usize) = (1, 128);
const MOST_TAGS: usize = 50;
/// The model has no maximum; the size of all policies and tags together has a refusal of its own.
const LONGEST_POLICY: usize = usize::MAX;

/// Reads the parameters, or reports every limit that is broken.
pub(crate) fn read(form: &Form) -> Result<Parameters<'_>, Refusal> {
    let mut errors = ValidationErrors::default();
    let duration = errors.duration(form)?;
    let parameters = Parameters {
        role_arn: errors.required("roleArn", form.first("RoleArn"), ARN_LENGTHS, ARN),
        session_name: errors.required("roleSessionName", form.first("RoleSessionName"), (2, 64), NAME),
        duration,
        external_id: errors.optional("externalId", form.first("ExternalId"), (2, 1224), EXTERNAL_ID),
        // The model says 64, AWS takes 256.
        source_identity: errors.optional("sourceIdentity", form.first("SourceIdentity"), (2, 256), NAME),
        tags: tags(form, &mut errors),
        transitive_keys: transitive_keys(form, &mut errors),
        policies: SessionPolicies::read(form, LONGEST_POLICY, &mut errors),
    };
    errors.refusal()?;
    Ok(parameters)
}

fn tags(form: &Form, errors: &mut ValidationErrors) -> Vec<(String, String)> {
    let count = form.members("Tags");
    errors.list("tags", count, MOST_TAGS);
    let mut tags = Vec::new();
    for n in 1..=count {
        let [key, value] = ["Key", "Value"].map(|part| form.first(&format!("Tags.member.{n}.{part}")));
        let key = errors.required(&format!("tags.{n}.member.key"), key, TAG_KEY_LENGTHS, TAG_KEY);
        let value = errors.required(&format!("tags.{n}.member.value"), value, (0, 256), TAG_VALUE);
        tags.push((key.to_owned(), value.to_owned()));
    }
    tags
}

fn transitive_keys<'a>(form: &'a Form, errors: &mut ValidationErrors) -> Vec<&'a str> {
    let count = form.members("TransitiveTagKeys");
    errors.list("transitiveTagKeys", count, MOST_TAGS);
    let mut keys = Vec::new();
    for n in 1..=count {
        let key = form.first(&format!("TransitiveTagKeys.member.{n}"));
        keys.push(errors.required(&format!("transitiveTagKeys.{n}.member"), key, TAG_KEY_LENGTHS, TAG_KEY));
    }
    keys
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(more: &str) -> Form {
        let role = "arn:aws:iam::123456789012:role/deploy";
        Form::parse(format!("RoleArn={role}&RoleSessionName=ci&{more}").as_bytes())
    }

    #[test]
    fn everything_is_read_from_its_place() {
        let form = form(
            "Tags.member.1.Key=Team&Tags.member.1.Value=A+B&Tags.member.2.Key=x&Tags.member.2.Value=\
             &TransitiveTagKeys.member.1=Team&ExternalId=ext%3A%2F1&SourceIdentity=me&Policy=%7B%7D&DurationSeconds=900",
        );
        let read = read(&form).unwrap();
        let pair = |key: &str, value: &str| (key.to_owned(), value.to_owned());
        assert_eq!(read.tags, [pair("Team", "A B"), pair("x", "")]);
        assert_eq!(read.transitive_keys, ["Team"]);
        assert_eq!((read.external_id, read.source_identity), (Some("ext:/1"), Some("me")));
        assert_eq!((read.duration, read.policies.size), (900, 2));
    }

    #[test]
    fn a_broken_limit_is_told_in_awss_words() {
        let long = |length: usize| "a".repeat(length);
        let tags = |count: usize| -> String {
            (1..=count).map(|n| format!("Tags.member.{n}.Key=k{n}&Tags.member.{n}.Value=&")).collect()
        };
        let cases = [
            (
                "ExternalId=x".to_owned(),
                "Value 'x' at 'externalId' failed to satisfy constraint: Member must have length greater than or equal to 2",
            ),
            (
                "ExternalId=a+b".to_owned(),
                r"Value 'a b' at 'externalId' failed to satisfy constraint: Member must satisfy regular expression pattern: [\w+=,.@:\/-]*",
            ),
            (
                format!("SourceIdentity={}", long(257)),
                "at 'sourceIdentity' failed to satisfy constraint: Member must have length less than or equal to 256",
            ),
            (
                "Tags.member.1.Key=&Tags.member.1.Value=".to_owned(),
                "Value '' at 'tags.1.member.key' failed to satisfy constraint: Member must have length greater than or equal to 1",
            ),
            ("Tags.member.1.Key=k".to_owned(), "Value null at 'tags.1.member.value'"),
            (
                format!("Tags.member.1.Key=k&Tags.member.1.Value={}", long(257)),
                "at 'tags.1.member.value' failed to satisfy constraint: Member must have length less than or equal to 256",
            ),
            (
                "Tags.member.1.Key=k&Tags.member.1.Value=a,b".to_owned(),
                r"Value 'a,b' at 'tags.1.member.value' failed to satisfy constraint: Member must satisfy regular expression pattern: [\p{L}\p{Z}\p{N}_.:/=+\-@]*",
            ),
            (
                tags(51),
                "Value at 'tags' failed to satisfy constraint: Member must have length less than or equal to 50",
            ),
            ("Policy=".to_owned(), "Value '' at 'policy'"),
        ];
        for (more, clause) in cases {
            let Err(Refusal::Validation(text)) = read(&form(&more)) else { panic!("{more}") };
            assert!(text.starts_with("1 validation error detected: ") && text.contains(clause), "{text}");
        }
        assert_eq!(read(&form(&tags(50))).unwrap().tags.len(), 50);
    }
}
