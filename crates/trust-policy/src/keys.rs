//! The condition keys that STS fills from a web identity, apart from the rules that use them: which
//! claims become keys is AWS's choice per provider, and everything else in a token is invisible to IAM.

use std::collections::BTreeMap;

/// The claims that AWS makes condition keys of.
#[derive(Debug, Clone, Copy)]
pub struct Claims<'a> {
    /// `iss`, with its scheme.
    pub issuer: &'a str,
    /// `aud`.
    pub audience: &'a str,
    /// `azp`, which takes the place of `aud` where a token has both.
    pub authorized_party: Option<&'a str>,
    /// `sub`.
    pub subject: &'a str,
    /// `oidc.circleci.com/project-id`.
    pub project_id: Option<&'a str>,
}

/// Key → value, the keys in lower case because IAM compares them so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionKeys(BTreeMap<String, String>);

/// What a policy finds under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lookup<'a> {
    /// The value of the request.
    Present(&'a str),
    /// The request has no such key.
    Absent,
    /// The request may have it: it isn't made of the token.
    Unknown,
}

/// The only per-organization issuers for which AWS knows CircleCI's own key.
const CIRCLECI_ISSUERS: &str = "oidc.circleci.com/org/";
const PROJECT_ID: &str = "oidc.circleci.com/project-id";

impl ConditionKeys {
    /// The keys of a token, named after its issuer without `https://`.
    pub fn from_claims(claims: &Claims<'_>) -> Self {
        let provider = claims.issuer.strip_prefix("https://").unwrap_or(claims.issuer);
        let mut keys = BTreeMap::new();
        let mut key = |name: &str, value: &str| {
            keys.insert(format!("{provider}:{name}").to_lowercase(), value.to_owned())
        };
        key("aud", claims.authorized_party.unwrap_or(claims.audience));
        key("sub", claims.subject);
        if claims.authorized_party.is_some() {
            key("oaud", claims.audience);
        }
        if let Some(project) = claims.project_id.filter(|_| provider.starts_with(CIRCLECI_ISSUERS)) {
            key(PROJECT_ID, project);
        }
        Self(keys)
    }

    pub(crate) fn find(&self, name: &str) -> Lookup<'_> {
        let name = name.to_lowercase();
        match self.0.get(&name) {
            Some(value) => Lookup::Present(value),
            // Where the caller sits, when, under which session name: not to be seen in a token.
            None if name.starts_with("aws:") || name.starts_with("sts:") => Lookup::Unknown,
            None => Lookup::Absent,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CLAIMS: Claims<'_> = Claims {
        issuer: "https://oidc.circleci.com/org/O",
        audience: "original",
        authorized_party: None,
        subject: "org/O/project/P/user/U",
        project_id: Some("P"),
    };

    #[test]
    fn names_ignore_case_and_values_keep_it() {
        let keys = ConditionKeys::from_claims(&CLAIMS);
        assert_eq!(keys.find("OIDC.circleci.com/org/o:SUB"), Lookup::Present("org/O/project/P/user/U"));
        assert_eq!(keys.find("oidc.circleci.com/org/O:aud"), Lookup::Present("original"));
        assert_eq!(keys.find("oidc.circleci.com/org/O:oidc.circleci.com/project-id"), Lookup::Present("P"));
    }

    #[test]
    fn an_authorized_party_takes_the_place_of_the_audience() {
        let keys = ConditionKeys::from_claims(&Claims { authorized_party: Some("party"), ..CLAIMS });
        assert_eq!(keys.find("oidc.circleci.com/org/O:aud"), Lookup::Present("party"));
        assert_eq!(keys.find("oidc.circleci.com/org/O:oaud"), Lookup::Present("original"));
        assert_eq!(
            ConditionKeys::from_claims(&CLAIMS).find("oidc.circleci.com/org/O:oaud"),
            Lookup::Absent,
            "only a token with both has an original audience"
        );
    }

    #[test]
    fn the_project_is_a_key_of_circlecis_organizations_only() {
        let server = Claims { issuer: "https://ci.example.test/org/O", ..CLAIMS };
        let keys = ConditionKeys::from_claims(&server);
        assert_eq!(keys.find("ci.example.test/org/O:oidc.circleci.com/project-id"), Lookup::Absent);
        assert_eq!(keys.find("ci.example.test/org/O:sub"), Lookup::Present("org/O/project/P/user/U"));
    }

    #[test]
    fn other_claims_are_absent_and_the_callers_surroundings_unknown() {
        let keys = ConditionKeys::from_claims(&CLAIMS);
        assert_eq!(keys.find("oidc.circleci.com/org/O:oidc.circleci.com/vcs-ref"), Lookup::Absent);
        assert_eq!(keys.find("aws:SourceIp"), Lookup::Unknown);
        assert_eq!(keys.find("sts:RoleSessionName"), Lookup::Unknown);
    }
}
