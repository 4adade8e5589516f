//! The fingerprints of the secrets: of every sixteen letters that follow each other in one.

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::sync::{LazyLock, Mutex, PoisonError};

use super::letters::Letters;

/// Shorter pieces are told from other words by chance only: a passphrase may hold `authorization`.
const WINDOW: usize = 16;

struct Known {
    /// Random, so that a fingerprint says nothing to who reads it.
    hasher: RandomState,
    fingerprints: Mutex<HashSet<u64>>,
}

static KNOWN: LazyLock<Known> =
    LazyLock::new(|| Known { hasher: RandomState::new(), fingerprints: Mutex::default() });

/// Adds the fingerprints of a secret. One that is shorter than a window is not found later.
pub(super) fn remember(secret: &Letters) {
    let counting = secret.counting();
    let windows = counting.windows(WINDOW).map(fingerprint);
    KNOWN.fingerprints.lock().unwrap_or_else(PoisonError::into_inner).extend(windows);
}

/// Which letters of the text belong to a secret.
pub(super) fn mask(text: &Letters) -> Vec<bool> {
    let mut mask = vec![false; text.all().len()];
    let fingerprints = KNOWN.fingerprints.lock().unwrap_or_else(PoisonError::into_inner);
    if fingerprints.is_empty() {
        return mask;
    }
    let counting = text.counting();
    for window in counting.windows(WINDOW).filter(|window| fingerprints.contains(&fingerprint(window))) {
        if let [(_, first), .., (_, last)] = window {
            mask.get_mut(*first..=*last).into_iter().flatten().for_each(|is_secret| *is_secret = true);
        }
    }
    mask
}

fn fingerprint(window: &[(u8, usize)]) -> u64 {
    let mut bytes = [0; WINDOW];
    for (byte, (letter, _)) in bytes.iter_mut().zip(window) {
        *byte = *letter;
    }
    KNOWN.hasher.hash_one(bytes)
}
