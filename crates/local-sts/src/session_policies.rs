//! Session policies, as both ways to assume a role take them: checked for form and size. They are not enforced
//! here: nothing that this server answers depends on what a session may do.

use crate::{
    form::Form,
    limits::{ARN, ARN_LENGTHS, Alphabet, Faults},
    refusal::Refusal,
};

/// The policies of one call.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct SessionPolicies<'a> {
    inline: Option<&'a str>,
    /// Characters in all.
    pub(crate) size: usize,
}

const DOCUMENT: Alphabet = (r"[\u0009\u000A\u000D\u0020-\u00FF]+", |character| {
    matches!(character, '\t' | '\n' | '\r' | ' '..='\u{FF}')
});

impl<'a> SessionPolicies<'a> {
    /// Reads the policies; an inline one may have `longest` characters.
    pub(crate) fn read(form: &'a Form, longest: usize, faults: &mut Faults) -> Self {
        let inline = faults.optional("policy", form.first("Policy"), (1, longest), DOCUMENT);
        let count = form.members("PolicyArns");
        let mut size = inline.map_or(0, |text| text.chars().count());
        for n in 1..=count {
            let arn = form.first(&format!("PolicyArns.member.{n}.arn"));
            let member = format!("policyArns.{n}.member.arn");
            size += faults.required(&member, arn, ARN_LENGTHS, ARN).chars().count();
        }
        faults.list("policyArns", count, 10);
        Self { inline, size }
    }

    /// What is no JSON object is no policy. AWS's grammar goes further.
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
        let mut faults = Faults::default();
        let policies = SessionPolicies::read(&form, 2048, &mut faults);
        assert_eq!((policies.size, faults.refusal()), (2 + arn.len(), Ok(())));

        // The member in capitals is another parameter, and so the ARN is missing.
        let form = Form::parse(format!("PolicyArns.member.1.Arn={arn}").as_bytes());
        let mut faults = Faults::default();
        SessionPolicies::read(&form, 2048, &mut faults);
        let Err(Refusal::Validation(text)) = faults.refusal() else { panic!("no fault") };
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
