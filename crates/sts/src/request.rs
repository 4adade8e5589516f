//! The one request that needs no credentials: `AssumeRoleWithWebIdentity` (facts/aws.md 1).

use aws::{RoleArn, SessionDuration, SessionName};
use oidc::Token;
use zeroize::Zeroizing;

/// What the unsigned exchange asks for.
#[derive(Debug)]
pub struct AssumeRoleWithWebIdentity<'a> {
    /// The role to become.
    pub role: &'a RoleArn,
    /// The name that CloudTrail shows.
    pub session_name: &'a SessionName,
    /// How long the credentials last.
    pub duration: SessionDuration,
    /// The proof of identity. It outlives nothing: STS reads its `exp` once.
    pub token: &'a Token,
}

impl AssumeRoleWithWebIdentity<'_> {
    /// The body of a `POST /`. It holds the token, so it clears itself.
    pub fn to_form(&self) -> Zeroizing<String> {
        // Room for everything at once: a growing buffer would leave uncleared copies behind. Of the values
        // only the ARN needs escapes, at most three bytes for each of its own.
        let room = 512 + 3 * self.role.as_str().len() + 3 * self.token.expose().len();
        let mut form = form_urlencoded::Serializer::new(String::with_capacity(room));
        form.append_pair("Action", "AssumeRoleWithWebIdentity")
            .append_pair("Version", "2011-06-15")
            .append_pair("RoleArn", self.role.as_str())
            .append_pair("RoleSessionName", self.session_name.as_str())
            .append_pair("DurationSeconds", &self.duration.seconds().to_string())
            .append_pair("WebIdentityToken", self.token.expose());
        Zeroizing::new(form.finish())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_is_what_sts_reads() {
        let token = Token::parse(
            "e30.eyJpc3MiOiJodHRwczovL2kiLCJzdWIiOiJzIiwiYXVkIjoiYSIsImV4cCI6NDAwMDAwMDAwMH0.c2ln",
        )
        .unwrap();
        let request = AssumeRoleWithWebIdentity {
            role: &"arn:aws:iam::123456789012:role/ci/deploy".parse().unwrap(),
            session_name: &"a+b=c@d".parse().unwrap(),
            duration: SessionDuration::DEFAULT,
            token: &token,
        };
        assert_eq!(
            request.to_form().as_str(),
            "Action=AssumeRoleWithWebIdentity&Version=2011-06-15\
             &RoleArn=arn%3Aaws%3Aiam%3A%3A123456789012%3Arole%2Fci%2Fdeploy\
             &RoleSessionName=a%2Bb%3Dc%40d&DurationSeconds=3600\
             &WebIdentityToken=e30.eyJpc3MiOiJodHRwczovL2kiLCJzdWIiOiJzIiwiYXVkIjoiYSIsImV4cCI6NDAwMDAwMDAwMH0.c2ln"
        );
    }
}
