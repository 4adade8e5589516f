//! The request for the next role of a chain: `AssumeRole`, signed with credentials (facts/aws.md 1). Separate from the
//! unsigned request, which has a token and no tags, external ID or source identity.

use aws::{ExternalId, RoleArn, SessionDuration, SessionName, SessionPolicies, SessionTags, SourceIdentity};
use zeroize::Zeroizing;

use crate::form::Form;

/// The parameters of role chaining.
#[derive(Debug)]
pub struct AssumeRole<'a> {
    /// The role to assume.
    pub role: &'a RoleArn,
    /// The name that CloudTrail shows.
    pub session_name: &'a SessionName,
    /// How long the credentials last: at most 1 hour with role chaining.
    pub duration: SessionDuration,
    /// What the role's trust policy may require.
    pub external_id: Option<&'a ExternalId>,
    /// The session tags, and which of them are transitive.
    pub tags: &'a SessionTags,
    /// The source identity, which stays the same along the whole chain.
    pub source_identity: Option<&'a SourceIdentity>,
    /// The session policies.
    pub policies: &'a SessionPolicies,
}

impl AssumeRole<'_> {
    /// The body of a `POST /`, as in all requests. The signature is in headers.
    pub fn to_form(&self) -> Zeroizing<String> {
        let mut form = Form::of("AssumeRole", self.role.as_str().len());
        form.add("RoleArn", self.role.as_str());
        form.add("RoleSessionName", self.session_name.as_str());
        form.add_policies(self.policies);
        form.add("DurationSeconds", &self.duration.seconds().to_string());
        for (tag, n) in self.tags.as_slice().iter().zip(1..) {
            form.add(&format!("Tags.member.{n}.Key"), tag.key());
            form.add(&format!("Tags.member.{n}.Value"), tag.value());
        }
        for (key, n) in self.tags.transitive_keys().iter().zip(1..) {
            form.add(&format!("TransitiveTagKeys.member.{n}"), key);
        }
        if let Some(external_id) = self.external_id {
            form.add("ExternalId", external_id.as_str());
        }
        if let Some(source_identity) = self.source_identity {
            form.add("SourceIdentity", source_identity.as_str());
        }
        form.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws::SessionTag;

    #[test]
    fn only_parameters_that_were_set_are_sent() {
        let request = AssumeRole {
            role: &"arn:aws:iam::123456789012:role/demo".parse().unwrap(),
            session_name: &"ci".parse().unwrap(),
            duration: SessionDuration::DEFAULT,
            external_id: None,
            tags: &SessionTags::default(),
            source_identity: None,
            policies: &SessionPolicies::default(),
        };
        assert_eq!(
            request.to_form().as_str(),
            "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fdemo\
             &RoleSessionName=ci&DurationSeconds=3600"
        );
    }

    #[test]
    fn each_parameter_is_spelled_as_aws_spells_it() {
        let tags = vec![SessionTag::new("Team", "A B").unwrap(), SessionTag::new("größe", "").unwrap()];
        let managed = vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".parse().unwrap()];
        let request = AssumeRole {
            role: &"arn:aws:iam::123456789012:role/demo".parse().unwrap(),
            session_name: &"ci".parse().unwrap(),
            duration: "15m".parse().unwrap(),
            external_id: Some(&"ext:/1".parse().unwrap()),
            tags: &SessionTags::new(tags, &["team".to_owned()]).unwrap(),
            source_identity: Some(&"me@example".parse().unwrap()),
            policies: &SessionPolicies::new(Some("{}".parse().unwrap()), managed).unwrap(),
        };
        assert_eq!(
            request.to_form().as_str(),
            "Action=AssumeRole&Version=2011-06-15&RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fdemo\
             &RoleSessionName=ci&Policy=%7B%7D\
             &PolicyArns.member.1.arn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FReadOnlyAccess&DurationSeconds=900\
             &Tags.member.1.Key=Team&Tags.member.1.Value=A+B\
             &Tags.member.2.Key=gr%C3%B6%C3%9Fe&Tags.member.2.Value=\
             &TransitiveTagKeys.member.1=Team&ExternalId=ext%3A%2F1&SourceIdentity=me%40example"
        );
    }
}
