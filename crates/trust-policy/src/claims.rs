//! Reads a token's claims from JSON, within limits, as STS reads them. The signature is not verified. Separate from
//! `condition_keys`, which reads no JSON.

use std::{collections::BTreeMap, str::FromStr};

use oidc::{Issuer, TokenForm, circleci};
use serde_json::{Map, Value};
use zeroize::Zeroize;

use crate::{
    actions::{SET_SOURCE_IDENTITY, TAG_SESSION},
    claim_keys,
    claim_value::{depth, key_value, texts},
    key_value::{KeyValue, REQUEST_TAG, SOURCE_IDENTITY, TAG_KEYS, TRANSITIVE_TAG_KEYS},
    tags_claim::{self, InvalidTags},
};

/// The claims of a CircleCI token that AWS makes condition keys of.
#[derive(Debug, Clone, Copy)]
pub struct Claims<'a> {
    /// `iss`, with its scheme.
    pub issuer: &'a str,
    /// `aud`.
    pub audience: &'a str,
    /// `azp`, which replaces `aud` if a token has both.
    pub authorized_party: Option<&'a str>,
    /// `sub`.
    pub subject: &'a str,
    /// `oidc.circleci.com/project-id`.
    pub project_id: Option<&'a str>,
}

/// All claims of a token of any issuer. Reads from the JSON object that the token's middle part holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenClaims {
    issuer: Issuer,
    subject: String,
    /// More than one only if there is an authorized party.
    audiences: Vec<String>,
    authorized_party: Option<String>,
    tags: tags_claim::Tags,
    all: Map<String, Value>,
}

/// Claims name people and projects: they are cleared when the token is.
impl Drop for TokenClaims {
    fn drop(&mut self) {
        self.issuer.zeroize();
        self.subject.zeroize();
        self.audiences.zeroize();
        self.authorized_party.zeroize();
        self.all.values_mut().for_each(clear);
    }
}

/// Clears every text of a value. Its depth has a limit.
fn clear(value: &mut Value) {
    match value {
        Value::String(text) => text.zeroize(),
        Value::Array(items) => items.iter_mut().for_each(clear),
        Value::Object(members) => members.values_mut().for_each(clear),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Why a text is not the claims of a token that STS accepts.
#[derive(Debug, thiserror::Error)]
pub enum InvalidClaims {
    /// A token has at most 20,000 characters; in a file, its claims can only have more white space.
    #[error("the claims have {0} bytes; the limit is {LARGEST}")]
    TooLarge(usize),
    /// Not JSON, or not an object.
    #[error("the claims are not a JSON object")]
    NotAnObject(#[source] serde_json::Error),
    /// Nested objects and lists.
    #[error("the claims are nested more than {DEEPEST} levels deep")]
    TooDeep,
    /// STS refuses a token without it.
    #[error("the claims have no `{0}`")]
    Missing(&'static str),
    /// A number or a list where STS requires a string.
    #[error("the claim `{0}` is not a string")]
    NotText(&'static str),
    /// Only `azp` decides which of several audiences counts.
    #[error("the claims have {0} audiences and no `azp`: STS refuses such a token")]
    SeveralAudiences(usize),
    /// In another form than AWS's.
    #[error("the claim `{}` is not in AWS's form", tags_claim::NAME)]
    Tags(#[source] InvalidTags),
}

const LARGEST: usize = 64 * 1024;
const DEEPEST: usize = 16;

/// The claim from which a session gets its source identity.
const SOURCE_IDENTITY_CLAIM: &str = "https://aws.amazon.com/source_identity";
/// The claim that lists the only roles that the token can assume.
const ROLES_CLAIM: &str = "https://aws.amazon.com/roles";

impl FromStr for TokenClaims {
    type Err = InvalidClaims;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() > LARGEST {
            return Err(InvalidClaims::TooLarge(text.len()));
        }
        let all: Map<String, Value> = serde_json::from_str(text).map_err(InvalidClaims::NotAnObject)?;
        if all.values().any(|value| depth(value) >= DEEPEST) {
            return Err(InvalidClaims::TooDeep);
        }
        let audiences = audiences(&all)?;
        let authorized_party = all.get("azp").map(|party| text_of("azp", party)).transpose()?;
        if audiences.len() > 1 && authorized_party.is_none() {
            return Err(InvalidClaims::SeveralAudiences(audiences.len()));
        }
        Ok(Self {
            issuer: Issuer::new(text_of("iss", required(&all, "iss")?)?),
            // STS treats a number as its text; for a fraction the text is not known.
            subject: match required(&all, "sub")? {
                Value::Number(number) if !number.is_f64() => number.to_string(),
                subject => text_of("sub", subject)?,
            },
            audiences,
            authorized_party,
            tags: tags_claim::read(&all).map_err(InvalidClaims::Tags)?,
            all,
        })
    }
}

impl From<&Claims<'_>> for TokenClaims {
    fn from(claims: &Claims<'_>) -> Self {
        let project = claims.project_id.map(|id| (claim_keys::PROJECT_ID.to_owned(), id.into()));
        Self {
            issuer: Issuer::new(claims.issuer.to_owned()),
            subject: claims.subject.to_owned(),
            audiences: vec![claims.audience.to_owned()],
            authorized_party: claims.authorized_party.map(str::to_owned),
            tags: tags_claim::Tags::default(),
            all: project.into_iter().collect(),
        }
    }
}

impl TokenClaims {
    /// `iss`.
    pub fn issuer(&self) -> &Issuer {
        &self.issuer
    }

    /// `sub`.
    pub fn subject(&self) -> &str {
        &self.subject
    }

    /// The claim that AWS compares with a provider's client IDs: `azp`, or else `aud`.
    pub fn audience(&self) -> &str {
        let first = self.audiences.first().map_or("", String::as_str);
        self.authorized_party.as_deref().unwrap_or(first)
    }

    /// Whether a pull request started the job, as GitHub says beside `sub`.
    pub fn is_of_pull_request(&self) -> bool {
        let starts = |name, start| {
            self.all.get(name).and_then(Value::as_str).is_some_and(|text: &str| text.starts_with(start))
        };
        starts("event_name", "pull_request") || starts("ref", "refs/pull/")
    }

    /// Which of CircleCI's tokens has these claims.
    pub(crate) fn form(&self) -> TokenForm {
        TokenForm::of(&self.subject, self.all.contains_key(circleci::claims::VCS_ORIGIN))
    }

    /// The number of characters of each claim that is a text.
    pub(crate) fn lengths(&self) -> BTreeMap<String, usize> {
        let texts = self.all.iter().filter_map(|(name, value)| Some((name, value.as_str()?)));
        texts.map(|(name, text)| (name.clone(), text.chars().count())).collect()
    }

    /// The further actions that the token needs: for session tags and for a source identity.
    pub(crate) fn required_actions(&self) -> Vec<&'static str> {
        let has_tags = !self.tags.pairs.is_empty();
        let has_identity = self.all.contains_key(SOURCE_IDENTITY_CLAIM);
        [(TAG_SESSION, has_tags), (SET_SOURCE_IDENTITY, has_identity)]
            .into_iter()
            .filter_map(|(action, is_needed)| is_needed.then_some(action))
            .collect()
    }

    /// The condition keys of the claims, by their full names; without keys whose value AWS does not document.
    pub fn condition_keys(&self) -> Vec<(String, String)> {
        let provider = self.issuer.provider();
        let known = |(name, held)| match held {
            KeyValue::One(value) => Some((format!("{provider}:{name}"), value)),
            KeyValue::Many(_) | KeyValue::Unknown => None,
        };
        self.keys_of_the_provider(&provider).into_iter().filter_map(known).collect()
    }

    /// The condition keys, their names in lower case.
    pub(crate) fn keys(&self) -> BTreeMap<String, KeyValue> {
        let provider = self.issuer.provider();
        let of_the_provider = self.keys_of_the_provider(&provider).into_iter();
        let named = of_the_provider.map(|(name, held)| (format!("{provider}:{name}").to_lowercase(), held));
        named.chain(self.keys_of_the_session()).collect()
    }

    /// The keys that begin with the provider, without the provider and the colon.
    fn keys_of_the_provider(&self, provider: &str) -> Vec<(&'static str, KeyValue)> {
        let mut keys = Vec::new();
        let mut key = |name, held| keys.push((name, held));
        key("aud", KeyValue::One(self.audience().to_owned()));
        key("sub", KeyValue::One(self.subject.clone()));
        if self.authorized_party.is_some() {
            key(
                "oaud",
                match &self.audiences[..] {
                    [audience] => KeyValue::One(audience.clone()),
                    _ => KeyValue::Unknown,
                },
            );
        }
        if let Some(methods) = self.all.get("amr") {
            key("amr", texts(methods).map_or(KeyValue::Unknown, KeyValue::Many));
        }
        if let Some(address) = self.all.get("email") {
            key("email", key_value(address));
        }
        for (name, claim) in claim_keys::of(provider) {
            if let Some(value) = self.all.get(*claim) {
                key(name, key_value(value));
            }
        }
        if circleci::is_root(provider) && self.all.contains_key(claim_keys::PROJECT_ID) {
            // Whether AWS has the key for the issuer that all organizations share is not known.
            key(claim_keys::PROJECT_ID, KeyValue::Unknown);
        }
        keys
    }

    fn keys_of_the_session(&self) -> Vec<(String, KeyValue)> {
        let tags = &self.tags;
        let tag = |(key, value): &(String, String)| {
            (format!("{REQUEST_TAG}{}", key.to_lowercase()), KeyValue::One(value.clone()))
        };
        let mut keys: Vec<(String, KeyValue)> = tags.pairs.iter().map(tag).collect();
        let names = tags.pairs.iter().map(|(key, _)| key.clone()).collect();
        keys.push((TAG_KEYS.to_owned(), KeyValue::Many(names)));
        keys.push((TRANSITIVE_TAG_KEYS.to_owned(), KeyValue::Many(tags.transitive.clone())));
        if let Some(identity) = self.all.get(SOURCE_IDENTITY_CLAIM) {
            keys.push((SOURCE_IDENTITY.to_owned(), key_value(identity)));
        }
        // With the claim it is `true` for the roles that the claim names; which role is requested is not known.
        let pinned = if self.all.get(ROLES_CLAIM).is_none_or(Value::is_null) {
            KeyValue::One("false".to_owned())
        } else {
            KeyValue::Unknown
        };
        keys.push(("sts:roleauthorizedbyidp".to_owned(), pinned));
        keys
    }
}

fn required<'a>(all: &'a Map<String, Value>, name: &'static str) -> Result<&'a Value, InvalidClaims> {
    all.get(name).ok_or(InvalidClaims::Missing(name))
}

fn text_of(name: &'static str, value: &Value) -> Result<String, InvalidClaims> {
    value.as_str().map(str::to_owned).ok_or(InvalidClaims::NotText(name))
}

fn audiences(all: &Map<String, Value>) -> Result<Vec<String>, InvalidClaims> {
    let audiences = match required(all, "aud")? {
        list @ Value::Array(_) => texts(list).ok_or(InvalidClaims::NotText("aud"))?,
        audience => vec![text_of("aud", audience)?],
    };
    if audiences.is_empty() { Err(InvalidClaims::Missing("aud")) } else { Ok(audiences) }
}

#[cfg(test)]
#[path = "claims_tests.rs"]
mod tests;
