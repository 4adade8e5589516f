//! DER elements, as far as certificates need them: one-byte tags and definite lengths.

/// `SEQUENCE`.
pub(super) const SEQUENCE: u8 = 0x30;
/// `INTEGER`.
pub(super) const INTEGER: u8 = 0x02;
/// `BIT STRING`.
pub(super) const BIT_STRING: u8 = 0x03;
/// `OCTET STRING`.
pub(super) const OCTET_STRING: u8 = 0x04;
/// `OBJECT IDENTIFIER`.
pub(super) const OBJECT_IDENTIFIER: u8 = 0x06;

/// One element.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Element<'a> {
    /// Its tag.
    pub(super) tag: u8,
    /// What is between its length and its end.
    pub(super) content: &'a [u8],
    /// All its bytes.
    pub(super) whole: &'a [u8],
}

impl<'a> Element<'a> {
    /// The first element of `bytes`, and what follows it.
    pub(super) fn first(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        let (&tag, rest) = bytes.split_first()?;
        // A tag of more than one byte is in no certificate.
        if tag & 0x1f == 0x1f {
            return None;
        }
        let (&length, rest) = rest.split_first()?;
        let (length, rest) = if length < 0x80 {
            (usize::from(length), rest)
        } else {
            let count = usize::from(length & 0x7f);
            if !(1..=4).contains(&count) {
                return None;
            }
            let (digits, rest) = rest.split_at_checked(count)?;
            (digits.iter().fold(0, |sum, &digit| sum << 8 | usize::from(digit)), rest)
        };
        let (content, rest) = rest.split_at_checked(length)?;
        let whole = bytes.get(..bytes.len() - rest.len())?;
        Some((Self { tag, content, whole }, rest))
    }

    /// The elements inside, until the first malformed one.
    pub(super) fn inside(self) -> impl Iterator<Item = Self> {
        elements(self.content)
    }

    /// The first element inside, if this has the tag.
    pub(super) fn first_inside(self, tag: u8) -> Option<Self> {
        self.inside().next().filter(|_| self.tag == tag)
    }
}

/// The elements of `bytes`, until the first malformed one.
pub(super) fn elements(mut bytes: &[u8]) -> impl Iterator<Item = Element<'_>> {
    std::iter::from_fn(move || {
        let (element, rest) = Element::first(bytes)?;
        bytes = rest;
        Some(element)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_element_ends_where_its_length_says() {
        let (element, rest) = Element::first(&[0x30, 3, 2, 1, 5, 0xff]).unwrap();
        assert_eq!((element.tag, element.content, rest), (SEQUENCE, &[2, 1, 5][..], &[0xff][..]));
        assert_eq!(element.first_inside(SEQUENCE).unwrap().content, [5]);
        let long = [&[0x04, 0x81, 200][..], &[7; 200]].concat();
        assert_eq!(Element::first(&long).unwrap().0.whole, long);
    }

    #[test]
    fn what_is_cut_short_or_has_no_length_is_no_element() {
        for bytes in
            [&[][..], &[0x30], &[0x30, 2, 1], &[0x30, 0x80, 0, 0], &[0x30, 0x85, 0, 0, 0, 0, 0], &[0x1f, 0]]
        {
            assert_eq!(Element::first(bytes), None, "{bytes:?}");
        }
    }
}
