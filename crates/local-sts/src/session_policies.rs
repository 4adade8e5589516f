//! Session policies, as both operations that assume a role take them. They are checked for form and size and not
//! enforced: no response of this server depends on a session's permissions.

use crate::{
    form::Form,
    limits::{ARN, ARN_LENGTHS, Alphabet, ValidationErrors},
    refusal::Refusal,
};

/// The policies of one call.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SessionPolicies<'a> {
    inline: Option<&'a str>,
    /// Characters in all.
    pub(crate) size: usize,
}

/// The alphabet of an inline policy.
pub(crate) const DOCUMENT: Alphabet = (r"[\u0009\u000A\u000D\u0020-\u00FF]+", |character| {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{FF}')
});

impl<'a> SessionPolicies<'a> {
    /// Reads the policies; an inline one may have `longest` characters.
    pub(crate) fn read(form: &'a Form, longest: usize, errors: &mut ValidationErrors) -> Self {
        let inline = errors.optional("policy", form.first("Policy"), (1, longest), DOCUMENT);
        let count = form.members("PolicyArns");
        let mut size = inline.map_or(0, |text| text.chars().count());
        for n in 1..=count {
            let arn = form.first(&format!("PolicyArns.member.{n}.arn"));
            let member = format!("policyArns.{n}.member.arn");
            size += errors.required(&member, arn, ARN_LENGTHS, ARN).chars().count();
        }
        errors.list("policyArns", count, 10);
        Self { inline, size }
    }

    /// Refuses what is not a JSON object. AWS's grammar refuses more.
    pub(crate) fn check_syntax(&self) -> Result<(), Refusal> {
        let is_object =
            |text| serde_json::from_str::<serde_json::Value>(text).is_ok_and(|value| value.is_object());
        if self.inline.is_none_or(is_object) { Ok(()) } else { Err(Refusal::MalformedPolicy) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn policies_are_counted_and_their_limits_told() {
        let arn = "arn:aws:iam::aws:policy/ReadOnlyAccess";
        let form = Form::parse(format!("Policy={{}}&PolicyArns.member.1.arn={arn}").as_bytes());
        let mut errors = ValidationErrors::default();
        let policies = SessionPolicies::read(&form, 2048, &mut errors);
        assert_eq!((policies.size, errors.refusal()), (2 + arn.len(), Ok(())));

        // `Arn` with a capital is another parameter, so the ARN is missing.
        let form = Form::parse(format!("PolicyArns.member.1.Arn={arn}").as_bytes());
        let mut errors = ValidationErrors::default();
        SessionPolicies::read(&form, 2048, &mut errors);
        let Err(Refusal::Validation(text)) = errors.refusal() else { panic!("no error") };
        assert!(text.contains("Value null at 'policyArns.1.member.arn'"), "{text}");
    }

    #[test]
    fn a_policy_is_a_json_object() {
        for (text, is_policy) in [("{}", true), ("[]", false), ("{", false), ("\"{}\"", false)] {
            let policies = SessionPolicies { inline: Some(text), size: 0 };
            assert_eq!(policies.check_syntax().is_ok(), is_policy, "{text}");
        }
        assert_eq!(SessionPolicies { inline: None, size: 0 }.check_syntax(), Ok(()));
    }
}
