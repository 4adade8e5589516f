//! A set of fingerprints in few bytes, as a run with many roles has hundreds of thousands. Of each the set keeps 16 bits and
//! the place, so that it finds one in some thousands that was never added: [`super::known`] looks for several in a row.
//! They are spread already, so that a place is a part of the fingerprint itself: the standard set takes several times the
//! instructions, which every job would pay for each letter of its tokens.

/// Tables that are never copied: when one is full, the next has half as much room as all before it.
#[derive(Default)]
pub(super) struct Fingerprints {
    tables: Vec<Table>,
    used: usize,
    /// In the last table.
    free: usize,
}

/// Marks, each in the first free slot from its place on. Zero is a free slot; two of three are used at most.
struct Table(Vec<u16>);

impl Fingerprints {
    /// Makes room for so many more.
    pub(super) fn reserve(&mut self, more: usize) {
        if more > self.free {
            let room = more.max(self.used / 2);
            self.tables.push(Table(vec![0; room + room / 2 + 1]));
            self.free = room;
        }
    }

    /// Adds one, for which there is room.
    pub(super) fn insert(&mut self, fingerprint: u64) {
        if self.free > 0
            && let Some(table) = self.tables.last_mut()
            && table.insert(fingerprint)
        {
            self.used += 1;
            self.free -= 1;
        }
    }

    /// Whether it is among them, or only looks like one of them.
    pub(super) fn contains(&self, fingerprint: u64) -> bool {
        self.tables.iter().any(|table| table.contains(fingerprint))
    }
}

impl Table {
    /// Whether it was not there.
    fn insert(&mut self, fingerprint: u64) -> bool {
        let mark = mark(fingerprint);
        let at = self.slot(fingerprint, mark);
        self.0.get_mut(at).is_some_and(|slot| std::mem::replace(slot, mark) == 0)
    }

    fn contains(&self, fingerprint: u64) -> bool {
        let mark = mark(fingerprint);
        self.0.get(self.slot(fingerprint, mark)) == Some(&mark)
    }

    /// The slot of the mark, or the free one that it would take.
    fn slot(&self, fingerprint: u64, mark: u16) -> usize {
        let length = self.0.len();
        let place = ((fingerprint >> 32) * u64::try_from(length).unwrap_or_default()) >> 32;
        let mut at = usize::try_from(place).unwrap_or_default();
        while self.0.get(at).is_some_and(|slot| *slot != 0 && *slot != mark) {
            at = if at + 1 == length { 0 } else { at + 1 };
        }
        at
    }
}

/// The low bits; the high ones are the place.
fn mark(fingerprint: u64) -> u16 {
    u16::try_from(fingerprint & u64::from(u16::MAX)).unwrap_or_default().max(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The same numbers in each run, spread over all bits.
    fn spread(number: u64) -> u64 {
        let mixed = (number + 1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed ^ (mixed >> 29)).wrapping_mul(0xBF58_476D_1CE4_E5B9)
    }

    #[test]
    fn what_was_added_is_found_and_hardly_anything_else() {
        let mut set = Fingerprints::default();
        assert!(!set.contains(7));
        // Many that have one place, the last of a table, and one whose mark would be a free slot.
        let same_place = (0..300).map(|number| (u64::MAX << 32) | number);
        let numbers: Vec<u64> = (0..30_000).map(spread).chain(same_place).collect();
        for part in numbers.chunks(300) {
            set.reserve(part.len());
            part.iter().chain(part).for_each(|number| set.insert(*number));
        }
        assert!(numbers.iter().all(|number| set.contains(*number)));
        let wrong = (40_000..140_000).map(spread).filter(|number| set.contains(*number)).count();
        assert!(wrong < 300, "{wrong} of 100,000");
        let bytes: usize = set.tables.iter().map(|table| table.0.len() * 2).sum();
        assert!(bytes <= numbers.len() * 6 + 600, "{bytes} bytes");
    }
}
