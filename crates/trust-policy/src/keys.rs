//! The condition keys that STS fills from a web identity, or from a role's call, apart from the rules that
//! use them: which claims and parameters become keys is AWS's choice, and everything else is invisible to IAM.

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

/// The parameters of an AssumeRole that AWS makes condition keys of.
#[derive(Debug, Clone, Copy)]
pub struct RoleParameters<'a> {
    /// `RoleSessionName`.
    pub session_name: &'a str,
    /// `ExternalId`.
    pub external_id: Option<&'a str>,
    /// `SourceIdentity`, or the one that the caller's session has already.
    pub source_identity: Option<&'a str>,
    /// `Tags`: key and value.
    pub tags: &'a [(String, String)],
}

/// Key → value, the keys in lower case because IAM compares them so.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionKeys {
    values: BTreeMap<String, String>,
    origin: Origin,
}

/// What the keys were made of, which decides what the absence of a key means.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Origin {
    Token,
    /// With the keys of the tags, the only list among the condition keys here.
    Role {
        tag_keys: Vec<String>,
    },
}

/// What a policy finds under a key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Lookup<'a> {
    /// The value of the request.
    Present(&'a str),
    /// The values of a key that can have many; an empty list is an absent key.
    List(&'a [String]),
    /// The request has no such key.
    Absent,
    /// The request may have it: it isn't made of what is known.
    Unknown,
}

/// The only per-organization issuers for which AWS knows CircleCI's own key.
const CIRCLECI_ISSUERS: &str = "oidc.circleci.com/org/";
const PROJECT_ID: &str = "oidc.circleci.com/project-id";

const SESSION_NAME: &str = "sts:rolesessionname";
const EXTERNAL_ID: &str = "sts:externalid";
const SOURCE_IDENTITY: &str = "sts:sourceidentity";
/// Before the key of a tag.
const REQUEST_TAG: &str = "aws:requesttag/";
const TAG_KEYS: &str = "aws:tagkeys";

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
        Self { values: keys, origin: Origin::Token }
    }

    /// The keys of a role's call to AssumeRole, sts:TagSession and sts:SetSourceIdentity included.
    pub fn from_role_parameters(parameters: &RoleParameters<'_>) -> Self {
        let mut values = BTreeMap::from([(SESSION_NAME.to_owned(), parameters.session_name.to_owned())]);
        let optional = [(EXTERNAL_ID, parameters.external_id), (SOURCE_IDENTITY, parameters.source_identity)];
        for (name, value) in optional {
            values.extend(value.map(|value| (name.to_owned(), value.to_owned())));
        }
        for (key, value) in parameters.tags {
            values.insert(format!("{REQUEST_TAG}{}", key.to_lowercase()), value.clone());
        }
        let tag_keys = parameters.tags.iter().map(|(key, _)| key.clone()).collect();
        Self { values, origin: Origin::Role { tag_keys } }
    }

    pub(crate) fn find(&self, name: &str) -> Lookup<'_> {
        let name = name.to_lowercase();
        if let Some(value) = self.values.get(&name) {
            return Lookup::Present(value);
        }
        match &self.origin {
            // Where the caller sits, when, under which session name: not to be seen in a token.
            Origin::Token if name.starts_with("aws:") || name.starts_with("sts:") => Lookup::Unknown,
            Origin::Token => Lookup::Absent,
            Origin::Role { tag_keys } if name == TAG_KEYS => Lookup::List(tag_keys),
            Origin::Role { .. } if name.starts_with(REQUEST_TAG) => Lookup::Absent,
            Origin::Role { .. } if [EXTERNAL_ID, SOURCE_IDENTITY].contains(&name.as_str()) => Lookup::Absent,
            // Among them what the caller's session keeps of the token that it came from.
            Origin::Role { .. } => Lookup::Unknown,
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

    #[test]
    fn the_parameters_of_a_role_call_are_keys() {
        let tags = [("Team".to_owned(), "Shop".to_owned())];
        let full = ConditionKeys::from_role_parameters(&RoleParameters {
            session_name: "ci",
            external_id: Some("ext"),
            source_identity: Some("me"),
            tags: &tags,
        });
        let bare = ConditionKeys::from_role_parameters(&RoleParameters {
            session_name: "ci",
            external_id: None,
            source_identity: None,
            tags: &[],
        });
        for (name, with_all, with_none) in [
            ("sts:RoleSessionName", Lookup::Present("ci"), Lookup::Present("ci")),
            ("STS:ExternalID", Lookup::Present("ext"), Lookup::Absent),
            ("sts:SourceIdentity", Lookup::Present("me"), Lookup::Absent),
            ("aws:RequestTag/TEAM", Lookup::Present("Shop"), Lookup::Absent),
            ("aws:RequestTag/job", Lookup::Absent, Lookup::Absent),
            ("aws:TagKeys", Lookup::List(&["Team".to_owned()]), Lookup::List(&[])),
            ("aws:PrincipalTag/team", Lookup::Unknown, Lookup::Unknown),
            ("oidc.circleci.com/org/O:sub", Lookup::Unknown, Lookup::Unknown),
        ] {
            assert_eq!(full.find(name), with_all, "{name}");
            assert_eq!(bare.find(name), with_none, "{name}");
        }
    }
}
