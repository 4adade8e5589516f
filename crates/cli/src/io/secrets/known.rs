//! The fingerprints of the secrets: of every thirteen letters that follow each other in one. Four of them in a row are a
//! piece of a secret: the set of fingerprints may be wrong about one of them, not about four.

use std::hash::{BuildHasher, RandomState};
use std::sync::{LazyLock, Mutex, PoisonError};

use super::fingerprints::Fingerprints;
use super::letters::Letters;

/// Shorter pieces are told from other words by chance only: a passphrase may hold `authorization`.
const PIECE: usize = 16;

/// The letters of a fingerprint.
const WINDOW: usize = 13;

/// The fingerprints of the shortest piece.
const ROW: usize = PIECE - WINDOW + 1;

struct Known {
    /// Random, so that a fingerprint says nothing to who reads it.
    keys: [u64; 2],
    fingerprints: Mutex<Fingerprints>,
}

static KNOWN: LazyLock<Known> = LazyLock::new(|| {
    let random = RandomState::new();
    Known { keys: [random.hash_one(0_u8), random.hash_one(1_u8)], fingerprints: Mutex::default() }
});

/// Adds the fingerprints of a secret, by its letters that count. One that is shorter than a piece is not found later.
pub(super) fn remember(letters: &[u8]) {
    let keys = KNOWN.keys;
    let mut fingerprints = KNOWN.fingerprints.lock().unwrap_or_else(PoisonError::into_inner);
    let is_known =
        |window: &[u8]| fingerprint(keys, window).is_some_and(|found| fingerprints.contains(found));
    // The token of a variable is known when it is read as a token.
    let mut samples = [0, letters.len() / 2, letters.len().saturating_sub(PIECE)]
        .into_iter()
        .filter_map(|at| letters.get(at..at + PIECE));
    if samples.all(|piece| piece.windows(WINDOW).all(is_known)) {
        return;
    }
    fingerprints.reserve(letters.len());
    for window in letters.windows(WINDOW) {
        if let Some(fingerprint) = fingerprint(keys, window) {
            fingerprints.insert(fingerprint);
        }
    }
}

/// Which letters of the text belong to a secret.
pub(super) fn mask(text: &Letters) -> Vec<bool> {
    let mut mask = vec![false; text.all().len()];
    let (letters, places) = text.counting();
    let keys = KNOWN.keys;
    let fingerprints = KNOWN.fingerprints.lock().unwrap_or_else(PoisonError::into_inner);
    let mut row = 0;
    for (window, end) in letters.windows(WINDOW).zip(WINDOW..) {
        let is_known = fingerprint(keys, window).is_some_and(|found| fingerprints.contains(found));
        row = if is_known { row + 1 } else { 0 };
        if row >= ROW
            && let Some([first, .., last]) = places.get(end - PIECE..end)
        {
            mask.get_mut(*first..=*last).into_iter().flatten().for_each(|is_secret| *is_secret = true);
        }
    }
    mask
}

/// The first and the last letters of the window, multiplied with each other: quick, as it is computed for each letter of each
/// secret, and no way back to the letters.
fn fingerprint([one, other]: [u64; 2], window: &[u8]) -> Option<u64> {
    let (front, back) = (window.first_chunk()?, window.last_chunk()?);
    let (front, back) = (u64::from_le_bytes(*front) ^ one, u64::from_le_bytes(*back) ^ other);
    let (low, high) = (front.wrapping_mul(back), front.rotate_left(32).wrapping_mul(back));
    Some(low ^ high.rotate_right(29))
}
