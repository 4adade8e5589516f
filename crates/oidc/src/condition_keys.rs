//! The condition keys that IAM fills from a token: what a trust policy can compare, and nothing else
//! (facts/aws.md 10.3, 10.4).

use crate::{Audience, UnverifiedClaims};

/// CircleCI's issuers of one organization each: AWS knows a key of CircleCI's for these only.
const OF_AN_ORGANIZATION: &str = "oidc.circleci.com/org/";

impl UnverifiedClaims {
    /// Key and value, under the keys' full names.
    pub fn condition_keys(&self) -> Vec<(String, String)> {
        let issuer = self.issuer.host_and_path();
        let project = self.project_id.clone().filter(|_| issuer.starts_with(OF_AN_ORGANIZATION));
        let values = [
            ("aud", self.authorized_party.clone().or_else(|| first(&self.audience))),
            ("sub", Some(self.subject.clone())),
            ("oidc.circleci.com/project-id", project),
        ];
        values.into_iter().filter_map(|(name, value)| Some((format!("{issuer}:{name}"), value?))).collect()
    }
}

/// STS takes a list beside an `azp` only, or of one.
fn first(audience: &Audience) -> Option<String> {
    match audience {
        Audience::One(audience) => Some(audience.clone()),
        Audience::Many(audiences) => audiences.first().cloned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(json: &str) -> Vec<(String, String)> {
        UnverifiedClaims::read(json.as_bytes()).unwrap().condition_keys()
    }

    fn pair(key: &str, value: &str) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }

    #[test]
    fn circleci_has_three() {
        let claims = r#"{"iss":"https://oidc.circleci.com/org/o","sub":"s","aud":["o"],"exp":1,"oidc.circleci.com/project-id":"p"}"#;
        let provider = "oidc.circleci.com/org/o";
        assert_eq!(
            keys(claims),
            [
                pair("oidc.circleci.com/org/o:aud", "o"),
                pair("oidc.circleci.com/org/o:sub", "s"),
                pair(&format!("{provider}:oidc.circleci.com/project-id"), "p"),
            ]
        );
    }

    #[test]
    fn others_have_two_and_an_authorized_party_is_the_audience() {
        let claims = r#"{"iss":"https://i.test","sub":"s","aud":"a","azp":"z","exp":1,"oidc.circleci.com/project-id":"p"}"#;
        assert_eq!(keys(claims), [pair("i.test:aud", "z"), pair("i.test:sub", "s")]);
    }
}
