//! The keys of trusted identity propagation: a context provider copies claims of the token into keys of the role's
//! session (facts/aws-2026.md 2.3). Whether the exchange itself has them is not established (2.4).

/// The prefix of the keys that name the token's subject and issuer.
pub(crate) const ORIGIN_IDENTITY: &str = "aws:OriginIdentity/";
/// The prefix of the keys that a mapping names.
pub(crate) const IDENTITY_PROVIDER: &str = "aws:TransactionContext/IdentityProvider/";
const TRANSACTION: &str = "aws:TransactionContext/";
/// The length of a mapped value.
pub(crate) const LONGEST_VALUE: usize = 128;

const OF_ORIGIN: [&str; 4] = ["Subject", "SubjectType", "Issuer", "FederatedProviderArn"];

/// A key with one of the two prefixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ContextKey<'a> {
    /// Of `aws:OriginIdentity/`.
    Origin,
    /// Of `aws:TransactionContext/IdentityProvider/`, with the name that the mapping gives it.
    Mapped(&'a str),
    /// A name that AWS does not document.
    Undocumented,
}

/// The key, if it is one of trusted identity propagation. IAM ignores the case of keys.
pub(crate) fn parse(key: &str) -> Option<ContextKey<'_>> {
    if let Some(name) = after(key, ORIGIN_IDENTITY) {
        let is_known = OF_ORIGIN.iter().any(|known| known.eq_ignore_ascii_case(name));
        return Some(if is_known { ContextKey::Origin } else { ContextKey::Undocumented });
    }
    match (after(key, IDENTITY_PROVIDER), after(key, TRANSACTION)) {
        (Some(name), _) if !name.is_empty() => Some(ContextKey::Mapped(name)),
        (Some(_), _) | (None, Some(_)) => Some(ContextKey::Undocumented),
        (None, None) => None,
    }
}

fn after<'a>(key: &'a str, prefix: &str) -> Option<&'a str> {
    let (start, rest) = key.split_at_checked(prefix.len())?;
    start.eq_ignore_ascii_case(prefix).then_some(rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_known_by_its_prefix_in_any_case() {
        for (key, expected) in [
            ("aws:originidentity/subject", Some(ContextKey::Origin)),
            ("aws:OriginIdentity/Name", Some(ContextKey::Undocumented)),
            ("AWS:TransactionContext/IdentityProvider/vcs-ref", Some(ContextKey::Mapped("vcs-ref"))),
            ("aws:TransactionContext/IdentityProvider/", Some(ContextKey::Undocumented)),
            ("aws:TransactionContext/vcs-ref", Some(ContextKey::Undocumented)),
            ("aws:SourceIp", None),
            ("é", None),
        ] {
            assert_eq!(parse(key), expected, "{key}");
        }
    }
}
