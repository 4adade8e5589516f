//! Compares the provider that the policy trusts with the provider of the token's issuer, and the condition keys
//! that begin with the provider.

use oidc::ProviderArn;

use super::value;
use crate::one_line::one_line;

/// The difference between the policy's principals (kind and name) and the provider `needed`.
pub(super) fn difference(principals: &[String], needed: &str) -> String {
    let trusted: Vec<&str> = principals.iter().filter_map(|one| one.strip_prefix("Federated ")).collect();
    let Some(first) = trusted.first() else {
        let named = match principals {
            [] => "no principal".to_owned(),
            _ => format!("{} and no identity provider", value::list(principals)),
        };
        return format!("the policy trusts {named}: a token needs `\"Federated\": \"{needed}\"`");
    };
    let known = trusted.iter().find_map(|trusted| known_difference(trusted, needed));
    known.unwrap_or_else(|| {
        let trusted = one_line(first);
        format!("the policy trusts `{trusted}`; the token's provider is `{needed}`")
    })
}

fn known_difference(trusted: &str, needed: &str) -> Option<String> {
    let shown = one_line(trusted);
    let pair = format!("the policy trusts `{shown}`; the token's provider is `{needed}`");
    if trusted.to_lowercase() == needed.to_lowercase() {
        return Some(format!("{pair}: upper and lower case differ"));
    }
    if trusted.trim_end_matches('/') == needed.trim_end_matches('/') {
        return Some(format!("{pair}: only one ends with a slash"));
    }
    if trusted.replace("https://", "") == needed {
        return Some(format!("{pair}: the ARN has no `https://`"));
    }
    let (trusted, needed) = (ProviderArn::parse(trusted)?, ProviderArn::parse(needed)?);
    if trusted.provider == needed.provider {
        let (what, trusted, needed) = if trusted.account == needed.account {
            ("partition", trusted.partition, needed.partition)
        } else {
            ("account", trusted.account, needed.account)
        };
        let trusted = one_line(trusted);
        return Some(format!(
            "the policy trusts the provider in {what} `{trusted}`; the role is in {what} `{needed}`"
        ));
    }
    let root = needed.provider.split('/').next().unwrap_or_default();
    (trusted.provider == root).then(|| format!("{pair}: an issuer with a path needs its own provider"))
}

/// That `key`, which the request doesn't have, does not begin as the token's keys do.
pub(super) fn other_key(provider: &str, key: &str) -> Option<String> {
    let key = one_line(key);
    if key.starts_with("https://") {
        return Some(format!(
            "`{key}` is not a condition key: this token's keys begin with `{provider}:`, without `https://`"
        ));
    }
    let (owner, _) = key.split_once(':')?;
    let is_shared = ["aws", "sts"].contains(&owner.to_lowercase().as_str());
    (!is_shared && owner.to_lowercase() != provider.to_lowercase())
        .then(|| format!("`{key}` is a key of `{owner}`; this token's keys begin with `{provider}:`"))
}
