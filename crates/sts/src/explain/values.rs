//! The `{names}` in the catalogue's texts, filled with what is known.

use super::{RefusedCall, RefusedRequest, RequestFromRole, RequestWithToken, clock};
use crate::Refusal;

/// The text with each `{name}` replaced, as far as `value` knows it. Braces around anything but a name stay: JSON
/// has them.
pub(crate) fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let known = name_of(after).and_then(|name| Some((value(name)?, name)));
        if let Some((value, name)) = known {
            filled.push_str(&value);
            rest = after.get(name.len() + 1..).unwrap_or_default();
        } else {
            filled.push('{');
            rest = after;
        }
    }
    filled.push_str(rest);
    filled
}

/// The name that a text begins with, if a brace closes it.
fn name_of(text: &str) -> Option<&str> {
    let (name, _) = text.split_once('}')?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    is_name.then_some(name)
}

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
            RefusedRequest::FromRole(RequestFromRole { caller, .. }) => match name {
                "caller" => Some(caller.to_string()),
                "caller-account" => Some(caller.account().to_string()),
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
        "origin" => Some(request.origin.to_string()),
        "other-origin" => request.also_denied.map(ToString::to_string),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_filled_and_other_braces_stay() {
        let value = |name: &str| (name == "role-name").then(|| "{deploy}".to_owned());
        for (text, filled) in [
            ("of `{role-name}`: {role-name}", "of `{deploy}`: {deploy}"),
            ("{\"principal_tags\": {\"KEY\": []}}", "{\"principal_tags\": {\"KEY\": []}}"),
            ("{unknown} {", "{unknown} {"),
            ("{}", "{}"),
            ("", ""),
        ] {
            assert_eq!(fill(text, value), filled);
        }
    }
}
