//! What the `{names}` in the catalogue's texts stand for in one refused call.

use super::{RefusedCall, RefusedRequest, RequestFromRole, RequestWithToken, clock};
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
            RefusedRequest::Identity(_) => None,
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
