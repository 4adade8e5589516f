//! The one request that needs no credentials: `AssumeRoleWithWebIdentity` (facts/aws.md 1).

use aws::{RoleArn, SessionDuration, SessionName, SessionPolicies};
use oidc::Token;
use zeroize::Zeroizing;

use crate::form::Form;

/// The parameters of the unsigned exchange. STS accepts neither tags nor an external ID here.
#[derive(Debug)]
pub struct AssumeRoleWithWebIdentity<'a> {
    /// The role to assume.
    pub role: &'a RoleArn,
    /// The name that CloudTrail shows.
    pub session_name: &'a SessionName,
    /// How long the credentials last.
    pub duration: SessionDuration,
    /// The job's token. STS checks its `exp` once, so the session may last longer.
    pub token: &'a Token,
    /// The session policies.
    pub policies: &'a SessionPolicies,
}

impl AssumeRoleWithWebIdentity<'_> {
    /// The body of a `POST /`. It holds the token, so its memory is cleared on drop.
    pub fn to_form(&self) -> Zeroizing<String> {
        let policies = self.policies.inline().map_or(0, |policy| policy.as_str().len())
            + self.policies.managed().iter().map(|arn| arn.as_str().len() + 32).sum::<usize>();
        let room = self.role.as_str().len() + self.token.expose().len() + policies;
        let mut form = Form::of("AssumeRoleWithWebIdentity", room);
        form.add("RoleArn", self.role.as_str());
        form.add("RoleSessionName", self.session_name.as_str());
        form.add("DurationSeconds", &self.duration.seconds().to_string());
        form.add_policies(self.policies);
        form.add("WebIdentityToken", self.token.expose());
        form.finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TOKEN: &str =
        "e30.eyJpc3MiOiJodHRwczovL2kiLCJzdWIiOiJzIiwiYXVkIjoiYSIsImV4cCI6NDAwMDAwMDAwMH0.c2ln";

    fn form(policies: &SessionPolicies) -> String {
        let request = AssumeRoleWithWebIdentity {
            role: &"arn:aws:iam::123456789012:role/ci/deploy".parse().unwrap(),
            session_name: &"a+b=c@d".parse().unwrap(),
            duration: SessionDuration::DEFAULT,
            token: &Token::parse(TOKEN).unwrap(),
            policies,
        };
        request.to_form().to_string()
    }

    #[test]
    fn the_form_is_what_sts_reads() {
        assert_eq!(
            form(&SessionPolicies::default()),
            format!(
                "Action=AssumeRoleWithWebIdentity&Version=2011-06-15\
                 &RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fci%2Fdeploy\
                 &RoleSessionName=a%2Bb%3Dc%40d&DurationSeconds=3600&WebIdentityToken={TOKEN}"
            )
        );
    }

    #[test]
    fn session_policies_go_as_text_and_as_a_numbered_list() {
        let arns = ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::123456789012:policy/ci"];
        let managed = arns.iter().map(|arn| arn.parse().unwrap()).collect();
        let policies = SessionPolicies::new(Some(r#"{"Id": "é&"}"#.parse().unwrap()), managed).unwrap();
        let form = form(&policies);
        let (_, policies) = form.split_once("&DurationSeconds=3600&").unwrap();
        assert_eq!(
            policies,
            format!(
                "Policy=%7B%22Id%22%3A+%22%C3%A9%26%22%7D\
                 &PolicyArns.member.1.arn=arn%3Aaws%3Aiam%3A%3Aaws%3Apolicy%2FReadOnlyAccess\
                 &PolicyArns.member.2.arn=arn%3Aaws%3Aiam%3A%3A123456789012%3Apolicy%2Fci\
                 &WebIdentityToken={TOKEN}"
            )
        );
    }
}
