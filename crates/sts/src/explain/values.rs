//! What the `{names}` in the catalogue's texts stand for in one refused call.

use super::{
    RefusedCall, RefusedRequest, RequestFromRole, RequestWithToken, ScopeSigner, ScopedRequest, clock,
};
use crate::Refusal;

impl RefusedCall<'_> {
    /// What `name` stands for in this call.
    pub(super) fn value(&self, name: &str, refusal: &Refusal) -> Option<String> {
        let role = match &self.request {
            RefusedRequest::WithToken(RequestWithToken { parameters, .. }) => {
                Some((parameters.role, parameters.duration, parameters.session_name))
            }
            RefusedRequest::FromRole(RequestFromRole { parameters, .. }) => {
                Some((parameters.role, parameters.duration, parameters.session_name))
            }
            RefusedRequest::Identity(_) | RefusedRequest::Scoped(_) => None,
        };
        match (name, role) {
            ("region", _) => return Some(self.region.to_string()),
            ("clock", _) => return Some(clock::words(refusal, self.now)),
            ("role", Some((role, ..))) => return Some(role.to_string()),
            ("role-name", Some((role, ..))) => return Some(role.role_name().to_owned()),
            ("account", Some((role, ..))) => return Some(role.account().to_string()),
            ("duration", Some((_, duration, _))) => return Some(duration.to_string()),
            ("session-name", Some((.., name))) => return Some(name.as_str().to_owned()),
            _ => {}
        }
        match &self.request {
            RefusedRequest::WithToken(request) => {
                of_token(name, request).or_else(|| self.provider().filter(|_| name == "provider"))
            }
            RefusedRequest::FromRole(RequestFromRole { caller, .. }) => {
                (name == "caller").then(|| caller.to_string())
            }
            RefusedRequest::Scoped(ScopedRequest { parameters, signer }) => match (name, signer) {
                ("scope-duration", _) => parameters.scope.duration().map(|duration| duration.to_string()),
                ("caller", ScopeSigner::JustGranted(caller)) => Some(caller.to_string()),
                _ => None,
            },
            RefusedRequest::Identity(_) => None,
        }
    }
}

fn of_token(name: &str, request: &RequestWithToken<'_>) -> Option<String> {
    let claims = request.parameters.token.claims();
    match name {
        "issuer" => Some(claims.issuer.to_string()),
        "audience" => Some(claims.audience.to_string()),
        "expires" => Some(claims.expires_at.to_string()),
        // Only GitHub's subjects name an environment.
        "ref-kind" if claims.issuer.is_circleci_cloud() => Some("branch or tag".to_owned()),
        "ref-kind" => Some("branch, tag or environment".to_owned()),
        "origin" => Some(request.origin.to_string()),
        "other-origin" => request.also_denied.map(ToString::to_string),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use aws::{SessionDuration, SessionPolicies};
    use oidc::{Token, TokenOrigin};
    use testkit::{GithubToken, JobToken, TestIssuer, example_ids::ORGANIZATION_ID};

    use super::*;
    use crate::AssumeRoleWithWebIdentity;

    #[test]
    fn only_githubs_subjects_name_an_environment() {
        let signer = TestIssuer::new(ORGANIZATION_ID).unwrap();
        let github = GithubToken::new("a", 0).claims("https://token.actions.githubusercontent.com");
        for (token, words) in [
            (signer.sign(&github), "branch, tag or environment"),
            (JobToken::new(ORGANIZATION_ID, 0).mint(&signer), "branch or tag"),
        ] {
            let parameters = AssumeRoleWithWebIdentity {
                role: &"arn:aws:iam::123456789012:role/ci".parse().unwrap(),
                session_name: &"ci".parse().unwrap(),
                duration: SessionDuration::DEFAULT,
                token: &Token::parse(&token.unwrap()).unwrap(),
                policies: &SessionPolicies::default(),
            };
            let request = RequestWithToken { parameters, origin: &TokenOrigin::Minted, also_denied: None };
            assert_eq!(of_token("ref-kind", &request).as_deref(), Some(words));
        }
    }
}
