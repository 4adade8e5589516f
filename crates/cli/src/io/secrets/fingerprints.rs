//! A set of fingerprints. They are spread already, so that a slot is a part of the fingerprint itself: the standard set
//! takes several times the instructions, which every job would pay for each letter of its tokens.

/// Numbers, each in the first free slot from its own on.
#[derive(Default)]
pub(super) struct Fingerprints {
    /// Zero is a free slot. A power of two, at most half of them used.
    slots: Vec<u64>,
    used: usize,
}

impl Fingerprints {
    /// Makes room for so many more.
    pub(super) fn reserve(&mut self, more: usize) {
        let needed = (self.used + more).saturating_mul(2).next_power_of_two();
        if needed > self.slots.len() {
            let old = std::mem::replace(&mut self.slots, vec![0; needed]);
            self.used = 0;
            for fingerprint in old {
                if fingerprint != 0 {
                    self.insert(fingerprint);
                }
            }
        }
    }

    /// Adds one, for which there is room.
    pub(super) fn insert(&mut self, fingerprint: u64) {
        let fingerprint = fingerprint.max(1);
        let at = self.slot(fingerprint);
        if let Some(slot) = self.slots.get_mut(at) {
            self.used += usize::from(*slot == 0);
            *slot = fingerprint;
        }
    }

    /// Whether it is among them.
    pub(super) fn contains(&self, fingerprint: u64) -> bool {
        let fingerprint = fingerprint.max(1);
        self.slots.get(self.slot(fingerprint)) == Some(&fingerprint)
    }

    /// Its slot, or the free one that it would take.
    fn slot(&self, fingerprint: u64) -> usize {
        let last = self.slots.len().wrapping_sub(1);
        // Truncation is meant: the low bits are the slot.
        let mut at = usize::try_from(fingerprint & u64::from(u32::MAX)).unwrap_or_default() & last;
        while self.slots.get(at).is_some_and(|slot| *slot != 0 && *slot != fingerprint) {
            at = (at + 1) & last;
        }
        at
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_added_is_found_and_nothing_else() {
        let mut set = Fingerprints::default();
        assert!(!set.contains(7));
        // Many with the same low bits, more than fit at first, and the one that would be a free slot.
        let numbers: Vec<u64> = (0..300).map(|number| number << 32).chain(1000..1300).collect();
        for part in numbers.chunks(100) {
            set.reserve(part.len());
            part.iter().chain(part).for_each(|number| set.insert(*number));
        }
        assert!(numbers.iter().all(|number| set.contains(*number)));
        assert!(
            (2000..3000).chain((300..400).map(|number| number << 32)).all(|number| !set.contains(number))
        );
        assert_eq!(set.used, numbers.len());
    }
}
