//! A tag that is followed by a comma, as for a value that is left out in a list. `libyaml-safer` 0.3.0 does not end the tag
//! there as the parser does that it is a port of. So the comma is moved behind the blank that follows it, which means the same
//! and keeps every other character where it was.

use std::borrow::Cow;

use libyaml_safer::{Scanner, TokenData};

/// How many bytes are scanned again to tell tags from texts that look like one.
const MOST_SCANNED: usize = 64 * 1024 * 1024;

/// Blanks behind which a comma can be moved, the longest first.
const BLANKS: [&str; 4] = ["\r\n", "\n", " ", "\t"];

/// The text without such commas, or where one stands that cannot be moved.
pub(super) fn moved<'t>(text: &'t str, end: &str) -> Result<Cow<'t, str>, usize> {
    if text.contains('!') { moved_where(text, |start| ends_in_tag(start, end)) } else { Ok(text.into()) }
}

fn moved_where(text: &str, is_tag: impl Fn(&str) -> bool) -> Result<Cow<'_, str>, usize> {
    let mut moved = Cow::Borrowed(text);
    let mut scanned = 0_usize;
    for (at, _) in text.match_indices(',') {
        // The characters of a tag are none that are blank.
        let word =
            text.get(..at).and_then(|start| start.rsplit(char::is_whitespace).next()).unwrap_or_default();
        if !word.contains('!') {
            continue;
        }
        scanned = scanned.saturating_add(at);
        if scanned > MOST_SCANNED {
            return Err(at);
        }
        if moved.get(..at).is_some_and(&is_tag) {
            let behind = text.get(at + 1..).unwrap_or_default();
            let blank = BLANKS.into_iter().find(|blank| behind.starts_with(blank)).ok_or(at)?;
            moved.to_mut().replace_range(at..=at + blank.len(), &format!("{blank},"));
        }
    }
    Ok(moved)
}

/// Whether the last thing in a text is a tag.
fn ends_in_tag(start: &str, end: &str) -> bool {
    let ended = format!("{start}{end}");
    let mut bytes = ended.as_bytes();
    let mut scanner = Scanner::new();
    scanner.set_input_string(&mut bytes);
    // What is open at the end is an error, or closed by tokens that stand for no text.
    let of_text = scanner.map_while(Result::ok).filter(|token| {
        !matches!(token.data, TokenData::BlockEnd | TokenData::StreamEnd | TokenData::DocumentEnd)
    });
    matches!(of_text.last().map(|token| token.data), Some(TokenData::Tag { .. }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tag_is_told_from_a_text_that_looks_like_one() {
        for (start, is_tag) in [
            ("a: [!Ref", true),
            ("a: [x, !<tag:x>", true),
            ("a: {b: c, d: !", true),
            ("a: !Ref b", false),
            ("a: ['!Ref", false),
            ("a: [\"!Ref", false),
            ("a: Hello!", false),
            ("# a !Ref", false),
            ("a: |\n  !Ref", false),
        ] {
            assert_eq!(ends_in_tag(start, super::super::END), is_tag, "{start}");
        }
    }

    #[test]
    fn a_comma_is_moved_behind_one_blank_and_nothing_else_moves() {
        let all = |text| moved_where(text, |_| true);
        assert_eq!(all("a!, b,c!\td"), Ok("a! ,b,c!\td".into()));
        assert_eq!(all("a!,\r\nb!,\nc"), Ok("a!\r\n,b!\n,c".into()));
        assert_eq!(all("a!,b"), Err(2));
        assert_eq!(moved_where("a!, b", |_| false), Ok("a!, b".into()));
        assert_eq!(moved("a: 'wow!, b'\n", super::super::END), Ok("a: 'wow!, b'\n".into()));
    }
}
