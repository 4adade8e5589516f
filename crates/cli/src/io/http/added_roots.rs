//! The root certificates that a CA bundle adds to Mozilla's. Their owners can act as any host, so credentials that were
//! requested under other roots are other credentials.

use std::fmt;

use ring::digest::{Context, SHA256};
use rustls::pki_types::TrustAnchor;

use crate::io::hexadecimal::hexadecimal;

/// The certificates of a CA bundle that are not among Mozilla's.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct AddedRoots {
    count: usize,
    /// Hexadecimal, of names, keys and constraints; empty without any.
    digest: String,
}

impl AddedRoots {
    /// Those of a bundle, in any order.
    pub(super) fn of(bundle: &[TrustAnchor<'_>]) -> Self {
        let mut added: Vec<[&[u8]; 3]> =
            bundle.iter().filter(|root| !webpki_roots::TLS_SERVER_ROOTS.contains(root)).map(parts).collect();
        added.sort_unstable();
        added.dedup();
        if added.is_empty() {
            return Self::default();
        }
        let mut context = Context::new(&SHA256);
        for part in added.iter().flatten() {
            // With its length no part can be taken for two.
            context.update(&part.len().to_be_bytes());
            context.update(part);
        }
        let digest = hexadecimal(context.finish().as_ref());
        Self { count: added.len(), digest }
    }

    /// How many there are.
    pub(crate) fn count(&self) -> usize {
        self.count
    }

    /// Differs for each set of roots; empty for none.
    pub(crate) fn digest(&self) -> &str {
        &self.digest
    }
}

impl fmt::Display for AddedRoots {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} root certificate{}", self.count, if self.count == 1 { "" } else { "s" })
    }
}

fn parts<'a>(root: &'a TrustAnchor<'_>) -> [&'a [u8]; 3] {
    let constraints = root.name_constraints.as_ref().map(AsRef::as_ref).unwrap_or_default();
    [root.subject.as_ref(), root.subject_public_key_info.as_ref(), constraints]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn root(name: &'static str, key: &'static str) -> TrustAnchor<'static> {
        TrustAnchor {
            subject: name.as_bytes().into(),
            subject_public_key_info: key.as_bytes().into(),
            name_constraints: None,
        }
    }

    #[test]
    fn only_what_mozilla_does_not_have_is_added() {
        let mozilla = webpki_roots::TLS_SERVER_ROOTS;
        assert_eq!(AddedRoots::of(mozilla), AddedRoots::default());
        let with_own = [&mozilla[..2], &[root("a", "b")]].concat();
        assert_eq!(AddedRoots::of(&with_own), AddedRoots::of(&[root("a", "b")]));
        // Mozilla's name with another key is another authority.
        let mut imitated = mozilla[0].clone();
        imitated.subject_public_key_info = b"k".as_slice().into();
        assert_eq!(AddedRoots::of(&[imitated]).count(), 1);
    }

    #[test]
    fn every_set_of_roots_has_a_digest_of_its_own_whatever_their_order_is() {
        let (one, other) = (root("a", "b"), root("c", "d"));
        let both = AddedRoots::of(&[one.clone(), other.clone()]);
        assert_eq!(both, AddedRoots::of(&[other.clone(), one.clone(), other.clone()]));
        assert_eq!((both.count(), both.digest().len()), (2, 64));
        let digests = [&[][..], &[one], &[other], &[root("ab", "")], &[root("", "ab")]].map(AddedRoots::of);
        for (at, digest) in digests.iter().enumerate() {
            assert!(!digests[..at].contains(digest), "{at}");
            assert_ne!(*digest, both);
        }
    }
}
