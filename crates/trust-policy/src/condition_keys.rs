//! The condition keys of a request: key → value, and what a missing key means. AWS decides which claims and
//! parameters become keys; IAM sees nothing else.

use core::net::IpAddr;
use std::collections::BTreeMap;

use oidc::{TokenForm, circleci};
use time::{OffsetDateTime, format_description::well_known::Rfc3339};

use crate::{
    claims::{Claims, TokenClaims},
    key_value::{EXTERNAL_ID, KeyValue, Lookup, REQUEST_TAG, SESSION_NAME, SOURCE_IDENTITY, TAG_KEYS},
};

/// The parameters of AssumeRole that AWS makes condition keys of.
#[derive(Debug, Clone, Copy)]
pub struct RoleParameters<'a> {
    /// `RoleSessionName`.
    pub session_name: &'a str,
    /// `ExternalId`.
    pub external_id: Option<&'a str>,
    /// `SourceIdentity`, or the source identity of the caller's session.
    pub source_identity: Option<&'a str>,
    /// `Tags`: key and value.
    pub tags: &'a [(String, String)],
}

/// What is known of a request besides the token. A field that is `None` is unknown to the evaluator.
#[derive(Debug, Clone, Copy, Default)]
pub struct RequestContext<'a> {
    /// `RoleSessionName`.
    pub session_name: Option<&'a str>,
    /// The time of the request in seconds since 1970: `aws:CurrentTime` and `aws:EpochTime`.
    pub epoch_seconds: Option<i64>,
    /// The address that AWS sees: `aws:SourceIp`.
    pub source_ip: Option<IpAddr>,
}

/// Key → value, the keys in lower case because IAM ignores their case.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConditionKeys {
    values: BTreeMap<String, KeyValue>,
    origin: Origin,
}

/// What the keys were made of. It decides what a missing key means.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Origin {
    Token {
        /// The issuer without its scheme, which begins the names of the token's keys.
        provider: String,
        /// The characters of each text that the token has, by its claim.
        lengths: BTreeMap<String, usize>,
        /// Which of CircleCI's tokens it is.
        form: TokenForm,
        required_actions: Vec<&'static str>,
    },
    Role,
}

/// Keys that a token's call never has: `ExternalId`, for example, is not a parameter of it.
const NEVER_OF_A_TOKEN: [&str; 3] = [EXTERNAL_ID, "aws:principalarn", "aws:username"];

impl ConditionKeys {
    /// The keys of a token with these claims and no others.
    pub fn from_claims(claims: &Claims<'_>) -> Self {
        Self::from_token(&TokenClaims::from(claims))
    }

    /// The keys of a token, named after its issuer without `https://`.
    pub fn from_token(claims: &TokenClaims) -> Self {
        let provider = claims.issuer().provider().into_owned();
        let origin = Origin::Token {
            provider,
            lengths: claims.lengths(),
            form: claims.form(),
            required_actions: claims.required_actions(),
        };
        Self { values: claims.keys(), origin }
    }

    /// The keys of a role's call to AssumeRole, also for sts:TagSession and sts:SetSourceIdentity.
    pub fn from_role_parameters(parameters: &RoleParameters<'_>) -> Self {
        let one = |value: &str| KeyValue::One(value.to_owned());
        let mut values = BTreeMap::from([(SESSION_NAME.to_owned(), one(parameters.session_name))]);
        let optional = [(EXTERNAL_ID, parameters.external_id), (SOURCE_IDENTITY, parameters.source_identity)];
        for (name, value) in optional {
            values.extend(value.map(|value| (name.to_owned(), one(value))));
        }
        for (key, value) in parameters.tags {
            values.insert(format!("{REQUEST_TAG}{}", key.to_lowercase()), one(value));
        }
        let tag_keys = parameters.tags.iter().map(|(key, _)| key.clone()).collect();
        values.insert(TAG_KEYS.to_owned(), KeyValue::Many(tag_keys));
        Self { values, origin: Origin::Role }
    }

    /// The same keys, with those of the request's context.
    #[must_use]
    pub fn with_context(mut self, context: &RequestContext<'_>) -> Self {
        let mut add = |name: &str, value: Option<String>| {
            self.values.extend(value.map(|value| (name.to_owned(), KeyValue::One(value))));
        };
        add(SESSION_NAME, context.session_name.map(str::to_owned));
        add("aws:sourceip", context.source_ip.map(|address| address.to_string()));
        add("aws:epochtime", context.epoch_seconds.map(|seconds| seconds.to_string()));
        let time =
            context.epoch_seconds.and_then(|seconds| OffsetDateTime::from_unix_timestamp(seconds).ok());
        add("aws:currenttime", time.and_then(|time| time.format(&Rfc3339).ok()));
        self
    }

    /// The same keys, with another value for one of the token's claims.
    #[must_use]
    pub(crate) fn with_claim(mut self, name: &str, value: &str) -> Self {
        if let Some(provider) = self.provider() {
            let key = format!("{}:{name}", provider.to_lowercase());
            self.values.insert(key, KeyValue::One(value.to_owned()));
        }
        self
    }

    /// The issuer of the token that the keys were made of, without its scheme.
    pub(crate) fn provider(&self) -> Option<&str> {
        match &self.origin {
            Origin::Token { provider, .. } => Some(provider),
            Origin::Role => None,
        }
    }

    /// The characters of the claim that a mapping with this target copies: the claim of this name, with or without
    /// CircleCI's prefix.
    pub(crate) fn claim_length(&self, target: &str) -> Option<usize> {
        let Origin::Token { lengths, .. } = &self.origin else { return None };
        let prefixed = format!("{}{target}", circleci::claims::PREFIX);
        lengths.get(target).or_else(|| lengths.get(&prefixed)).copied()
    }

    /// Which of CircleCI's tokens the keys were made of.
    pub(crate) fn token_form(&self) -> Option<TokenForm> {
        match self.origin {
            Origin::Token { form, .. } => Some(form),
            Origin::Role => None,
        }
    }

    /// The actions that the role must allow besides the call itself.
    pub(crate) fn required_actions(&self) -> &[&'static str] {
        match &self.origin {
            Origin::Token { required_actions, .. } => required_actions,
            Origin::Role => &[],
        }
    }

    /// The value of the key `name`, which is in lower case.
    pub(crate) fn find(&self, name: &str) -> Lookup<'_> {
        match self.values.get(name) {
            Some(KeyValue::One(value)) => return Lookup::Present(value),
            Some(KeyValue::Many(values)) => return Lookup::List(values),
            Some(KeyValue::Unknown) => return Lookup::Unknown,
            None => {}
        }
        let is_absent = match &self.origin {
            _ if name.starts_with(REQUEST_TAG) || name == SOURCE_IDENTITY => true,
            // The address, the time and the session name are not in a token.
            Origin::Token { .. } if name.starts_with("aws:") || name.starts_with("sts:") => {
                NEVER_OF_A_TOKEN.contains(&name)
            }
            Origin::Token { .. } => true,
            // These include the keys that the caller's session keeps from its token.
            Origin::Role => name == EXTERNAL_ID,
        };
        if is_absent { Lookup::Absent } else { Lookup::Unknown }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(claims: &str) -> ConditionKeys {
        ConditionKeys::from_token(&claims.parse().unwrap())
    }

    #[test]
    fn other_claims_are_absent_and_the_callers_surroundings_unknown() {
        let keys = keys(r#"{"iss": "https://i", "aud": "a", "sub": "s", "ref": "r"}"#);
        assert_eq!(keys.find("i:sub"), Lookup::Present("s"));
        for absent in ["i:ref", "i:oaud", "other:sub", "sts:externalid", "aws:principalarn"] {
            assert_eq!(keys.find(absent), Lookup::Absent, "{absent}");
        }
        for unknown in ["aws:sourceip", "sts:rolesessionname", "aws:currenttime", "aws:principaltag/x"] {
            assert_eq!(keys.find(unknown), Lookup::Unknown, "{unknown}");
        }
    }

    #[test]
    fn what_the_caller_tells_of_the_call_is_known() {
        let keys = keys(r#"{"iss": "https://i", "aud": "a", "sub": "s"}"#).with_context(&RequestContext {
            session_name: Some("ci"),
            epoch_seconds: Some(1_795_369_240),
            source_ip: Some("2001:DB8::1".parse().unwrap()),
        });
        assert_eq!(keys.find("sts:rolesessionname"), Lookup::Present("ci"));
        assert_eq!(keys.find("aws:epochtime"), Lookup::Present("1795369240"));
        assert_eq!(keys.find("aws:currenttime"), Lookup::Present("2026-11-22T17:40:40Z"));
        assert_eq!(keys.find("aws:sourceip"), Lookup::Present("2001:db8::1"));
    }

    #[test]
    fn the_parameters_of_a_role_call_are_keys() {
        let tags = [("Team".to_owned(), "Shop".to_owned())];
        let full = RoleParameters {
            session_name: "ci",
            external_id: Some("ext"),
            source_identity: Some("me"),
            tags: &tags,
        };
        let bare = RoleParameters { external_id: None, source_identity: None, tags: &[], ..full };
        let (full, bare) =
            (ConditionKeys::from_role_parameters(&full), ConditionKeys::from_role_parameters(&bare));
        for (name, with_all, with_none) in [
            ("sts:rolesessionname", Lookup::Present("ci"), Lookup::Present("ci")),
            ("sts:externalid", Lookup::Present("ext"), Lookup::Absent),
            ("sts:sourceidentity", Lookup::Present("me"), Lookup::Absent),
            ("aws:requesttag/team", Lookup::Present("Shop"), Lookup::Absent),
            ("aws:requesttag/job", Lookup::Absent, Lookup::Absent),
            ("aws:tagkeys", Lookup::List(&["Team".to_owned()]), Lookup::List(&[])),
            ("aws:principaltag/team", Lookup::Unknown, Lookup::Unknown),
            ("oidc.circleci.com/org/o:sub", Lookup::Unknown, Lookup::Unknown),
        ] {
            assert_eq!(full.find(name), with_all, "{name}");
            assert_eq!(bare.find(name), with_none, "{name}");
        }
    }
}
