//! What the author of a misspelled word may have meant: one rule for commands, flags, variables, values and profiles.

/// Longer words are not compared: the time grows with the square.
const LONGEST: usize = 100;
/// From how many characters on the beginning of a word stands for it.
const SHORTEST_BEGINNING: usize = 3;

/// The known word that is most similar to the misspelled one, if one is similar: of equally similar ones, the first.
pub(crate) fn nearest<'k>(word: &str, known: impl IntoIterator<Item = &'k str>) -> Option<&'k str> {
    let word = characters(word);
    if word.len() > LONGEST {
        return None;
    }
    let candidates = known.into_iter().filter_map(|text| {
        let known = characters(text);
        let is_beginning = word.len() >= SHORTEST_BEGINNING && known.starts_with(&word);
        let edits = if is_beginning { 1 } else { distance(&word, &known) };
        // A third of a word may differ; a word of two characters has no misspelling.
        let is_similar = is_beginning || edits * 3 <= word.len().max(known.len());
        is_similar.then_some((edits, text))
    });
    candidates.min_by_key(|(edits, _)| *edits).map(|(_, text)| text)
}

/// The same for a value such as `profile:NAME`: the word before the colon is compared, what follows it is kept.
pub(crate) fn nearest_value(value: &str, known: &[&str]) -> Option<String> {
    let (word, rest) = split(value);
    let nearest = nearest(word, known.iter().map(|known| split(known).0))?;
    let (_, placeholder) = known.iter().map(|known| split(known)).find(|(known, _)| *known == nearest)?;
    Some(match (rest, placeholder) {
        (Some(rest), Some(_)) if !rest.is_empty() => format!("{nearest}:{rest}"),
        (_, Some(placeholder)) => format!("{nearest}:{placeholder}"),
        (_, None) => nearest.to_owned(),
    })
}

fn split(value: &str) -> (&str, Option<&str>) {
    value.split_once(':').map_or((value, None), |(word, rest)| (word, Some(rest)))
}

fn characters(word: &str) -> Vec<char> {
    word.chars().map(|character| character.to_ascii_lowercase()).collect()
}

/// How many characters to insert, remove, replace or swap with the next one, each at most once.
fn distance(one: &[char], other: &[char]) -> usize {
    let mut before_last: Vec<usize> = Vec::new();
    let mut last: Vec<usize> = (0..=other.len()).collect();
    for (row, from) in one.iter().enumerate() {
        let mut current = vec![row + 1];
        for (column, to) in other.iter().enumerate() {
            let at = |line: &[usize], index: usize| line.get(index).copied().unwrap_or(usize::MAX / 2);
            let mut edits = (at(&last, column) + usize::from(from != to))
                .min(at(&last, column + 1) + 1)
                .min(at(&current, column) + 1);
            let swapped =
                |index: usize| Some(one.get(row.checked_sub(1)?)? == to && other.get(index)? == from);
            if column.checked_sub(1).and_then(swapped) == Some(true) {
                edits = edits.min(at(&before_last, column - 1) + 1);
            }
            current.push(edits);
        }
        before_last = std::mem::replace(&mut last, current);
    }
    last.last().copied().unwrap_or(one.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slip_leads_to_the_word() {
        let known = ["assume", "profiles", "clear", "man", "--role-arn", "environment", "circleci-v2", "to"];
        for (word, meant) in [
            ("asume", Some("assume")),
            ("assmue", Some("assume")),
            ("Assume", Some("assume")),
            ("profile", Some("profiles")),
            ("--rolearn", Some("--role-arn")),
            ("envronment", Some("environment")),
            ("env", Some("environment")),
            ("circleci-v3", Some("circleci-v2")),
            ("mna", Some("man")),
            ("x", None),
            ("ot", None),
            ("", None),
            ("deploy", None),
        ] {
            assert_eq!(nearest(word, known), meant, "{word}");
        }
        assert_eq!(nearest(&"assume".repeat(1000), known), None);
    }

    #[test]
    fn what_follows_the_colon_is_kept() {
        let known = ["auto", "file:PATH", "env:NAME"];
        for (value, meant) in [
            ("flie:/tmp/t", Some("file:/tmp/t")),
            ("fil:", Some("file:PATH")),
            ("fille", Some("file:PATH")),
            ("auot", Some("auto")),
            ("auot:x", Some("auto")),
            ("x:y", None),
        ] {
            assert_eq!(nearest_value(value, &known).as_deref(), meant, "{value}");
        }
    }

    #[test]
    fn a_distance_counts_each_edit_once() {
        for (one, other, edits) in [
            ("", "", 0),
            ("", "abc", 3),
            ("abc", "", 3),
            ("abc", "acb", 1),
            ("abc", "axc", 1),
            ("ca", "abc", 3),
        ] {
            assert_eq!(distance(&characters(one), &characters(other)), edits, "{one} {other}");
        }
    }
}
