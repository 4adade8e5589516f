//! The keys of a profile in a roles file: those that are read, those that lead to other credentials, and misspelt ones.

use crate::shared_config::profile_keys::is_other_source;

/// A key that is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Key {
    RoleArn,
    SourceProfile,
    ExternalId,
    DurationSeconds,
    Region,
    RoleSessionName,
    ScopePolicy,
    ScopeDuration,
    ScopeDescription,
}

const ALL: [Key; 9] = [
    Key::RoleArn,
    Key::SourceProfile,
    Key::ExternalId,
    Key::DurationSeconds,
    Key::Region,
    Key::RoleSessionName,
    Key::ScopePolicy,
    Key::ScopeDuration,
    Key::ScopeDescription,
];

impl Key {
    /// As AWS spells it. Those of the scope are ours.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::RoleArn => "role_arn",
            Self::SourceProfile => "source_profile",
            Self::ExternalId => "external_id",
            Self::DurationSeconds => "duration_seconds",
            Self::Region => "region",
            Self::RoleSessionName => "role_session_name",
            Self::ScopePolicy => "scope_policy",
            Self::ScopeDuration => "scope_duration",
            Self::ScopeDescription => "scope_description",
        }
    }
}

/// A key that is not read.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum OtherKey {
    /// It leads AWS tools to other credentials.
    OtherCredentials,
    /// It is likely a misspelling of this key.
    MisspeltFor(Key),
    /// A setting of AWS tools without an effect on the exchange.
    WithoutEffect,
}

impl OtherKey {
    /// The kind of the key; `None` for a key that is read. `name` is in lower case.
    pub(super) fn of(name: &str) -> Option<Self> {
        if ALL.iter().any(|key| key.name() == name) {
            None
        } else if is_other_source(name) || name.starts_with("aws_") || name == "mfa_serial" {
            Some(Self::OtherCredentials)
        } else {
            let meant = ALL.into_iter().find(|key| resembles(name, key.name()));
            Some(meant.map_or(Self::WithoutEffect, Self::MisspeltFor))
        }
    }
}

/// Whether the name differs from the key in at most two letters, or one is the beginning or the end of the other.
fn resembles(name: &str, key: &str) -> bool {
    let letters = |text: &str| text.chars().filter(char::is_ascii_alphanumeric).collect::<String>();
    let (name, key) = (letters(name), letters(key));
    let is_part = |part: &str, whole: &str| {
        part.len() >= SHORTEST_PART && (whole.starts_with(part) || whole.ends_with(part))
    };
    is_part(&name, &key) || is_part(&key, &name) || distance(&name, &key) <= 2
}

/// Shorter parts are the end of many words.
const SHORTEST_PART: usize = 4;

/// How many letters are inserted, removed or replaced (the Levenshtein distance).
fn distance(one: &str, other: &str) -> usize {
    // Words of such different lengths are more than 2 apart; this keeps a huge key cheap.
    if one.len().abs_diff(other.len()) > 2 {
        return usize::MAX;
    }
    let mut row: Vec<usize> = (1..=other.len()).collect();
    for (above, letter) in one.bytes().enumerate() {
        let (mut diagonal, mut left) = (above, above + 1);
        for (cell, candidate) in row.iter_mut().zip(other.bytes()) {
            let here = (diagonal + usize::from(letter != candidate)).min(*cell + 1).min(left + 1);
            diagonal = std::mem::replace(cell, here);
            left = here;
        }
    }
    row.last().copied().unwrap_or(one.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ours_are_not_foreign() {
        for key in ALL {
            assert_eq!(OtherKey::of(key.name()), None);
        }
    }

    #[test]
    fn a_slip_of_the_pen_is_noticed() {
        for (name, meant) in [
            ("rolearn", Key::RoleArn),
            ("role-arn", Key::RoleArn),
            ("role_arm", Key::RoleArn),
            ("role", Key::RoleArn),
            ("soruce_profile", Key::SourceProfile),
            ("source", Key::SourceProfile),
            ("externalid", Key::ExternalId),
            ("external_ids", Key::ExternalId),
            ("duration", Key::DurationSeconds),
            ("duration_second", Key::DurationSeconds),
            ("regoin", Key::Region),
            ("default_region", Key::Region),
            ("session_name", Key::RoleSessionName),
            ("role_sessionname", Key::RoleSessionName),
            ("scope-policy", Key::ScopePolicy),
            ("scoped_duration", Key::ScopeDuration),
            ("scope_descripton", Key::ScopeDescription),
        ] {
            assert_eq!(OtherKey::of(name), Some(OtherKey::MisspeltFor(meant)), "{name}");
        }
    }

    #[test]
    fn what_leads_to_other_credentials_is_known() {
        for name in [
            "credential_source",
            "credential_process",
            "web_identity_token_file",
            "sso_session",
            "sso_region",
            "mfa_serial",
            "login_session",
            "aws_access_key_id",
            "aws_session_token",
        ] {
            assert_eq!(OtherKey::of(name), Some(OtherKey::OtherCredentials), "{name}");
        }
    }

    #[test]
    fn other_settings_of_aws_have_no_effect() {
        let long = "x".repeat(100_000);
        for name in [
            "output",
            "s3",
            "services",
            "cli_pager",
            "retry_mode",
            "max_attempts",
            "ca_bundle",
            "endpoint_url",
            "use_fips_endpoint",
            "sts_regional_endpoints",
            "tcp_keepalive",
            "defaults_mode",
            "é",
            &long,
        ] {
            assert_eq!(OtherKey::of(name), Some(OtherKey::WithoutEffect), "{name:.20}");
        }
    }
}
