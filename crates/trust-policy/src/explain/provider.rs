//! Whom the policy trusts against who made the token: the two names that have to be the same, and the keys that
//! begin with one of them.

use oidc::ProviderArn;

use super::value;
use crate::one_line::one_line;

/// What keeps `principals` (kind and name) from naming the provider `needed`.
pub(super) fn difference(principals: &[String], needed: &str) -> String {
    let trusted: Vec<&str> = principals.iter().filter_map(|one| one.strip_prefix("Federated ")).collect();
    let Some(first) = trusted.first() else {
        let named = match principals {
            [] => "nobody".to_owned(),
            _ => format!("{} and no identity provider", value::list(principals)),
        };
        return format!("the policy trusts {named}: a token needs `\"Federated\": \"{needed}\"`");
    };
    let told = trusted.iter().find_map(|trusted| little(trusted, needed));
    told.unwrap_or_else(|| {
        let trusted = one_line(first);
        format!("the policy trusts `{trusted}`; the token's issuer makes it `{needed}`")
    })
}

fn little(trusted: &str, needed: &str) -> Option<String> {
    let told = one_line(trusted);
    let pair = format!("the policy trusts `{told}`; the token's issuer makes it `{needed}`");
    if trusted.to_lowercase() == needed.to_lowercase() {
        return Some(format!("{pair}, in other upper and lower case"));
    }
    if trusted.trim_end_matches('/') == needed.trim_end_matches('/') {
        return Some(format!("{pair}: the closing slash counts"));
    }
    if trusted.replace("https://", "") == needed {
        return Some(format!("{pair}, without `https://`"));
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
            "the policy trusts the provider of the {what} `{trusted}`; the role's own is in `{needed}`"
        ));
    }
    let root = needed.provider.split('/').next().unwrap_or_default();
    (trusted.provider == root).then(|| format!("{pair}: an issuer with a path is a provider of its own"))
}

/// That `key`, which the token doesn't have, begins with another name than the token's keys.
pub(super) fn other_key(provider: &str, key: &str) -> Option<String> {
    let key = one_line(key);
    if key.starts_with("https://") {
        return Some(format!(
            "`{key}` is no key: the names of this token's keys begin with `{provider}:`, without `https://`"
        ));
    }
    let (owner, _) = key.split_once(':')?;
    let is_shared = ["aws", "sts"].contains(&owner.to_lowercase().as_str());
    (!is_shared && owner.to_lowercase() != provider.to_lowercase()).then(|| {
        format!("`{key}` is a key of `{owner}`; the names of this token's keys begin with `{provider}:`")
    })
}
