//! Lists in one text: elements separated by commas, white space and line breaks alike. An element in double quotes may
//! hold them. The text is split before its variables are filled in, so a variable is never more than one element.

use crate::settings::expansion::{Expanded, Piece};

/// What is wrong with a list, whatever its elements are.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidList {
    /// `"a`
    #[error("a double quote in the list has no end")]
    OpenQuote,
    /// An element that is only there if its variable holds something would weaken a list of allowed values.
    #[error("the element `${0}` of the list is empty")]
    EmptyElement(String),
}

/// One element, with what its errors need.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Element {
    /// The flag or variable that holds the list.
    pub(crate) name: &'static str,
    /// Whether the list has others.
    pub(crate) is_one_of_several: bool,
    expanded: Expanded,
}

impl Element {
    /// The elements of one list.
    pub(crate) fn all(name: &'static str, elements: Vec<Expanded>) -> Vec<Self> {
        let is_one_of_several = elements.len() > 1;
        elements.into_iter().map(|expanded| Self { name, is_one_of_several, expanded }).collect()
    }

    /// Its text, variables filled in.
    pub(crate) fn text(&self) -> String {
        self.expanded.text().trim().to_owned()
    }

    /// Whether a part of it is not what the author wrote.
    pub(crate) fn has_variables(&self) -> bool {
        self.expanded.has_variables()
    }

    /// The text in front of the first `separator` that the author wrote, and the text behind it.
    pub(crate) fn split_at_written(&self, separator: char) -> Option<(String, String)> {
        let mut before = String::new();
        for (at, piece) in self.expanded.0.iter().enumerate() {
            if let Piece::Written(text) = piece
                && let Some((head, tail)) = text.split_once(separator)
            {
                before.push_str(head);
                let rest = self.expanded.0.iter().skip(at + 1).map(Piece::text);
                let after: String = std::iter::once(tail).chain(rest).collect();
                return Some((before.trim_start().to_owned(), after.trim_end().to_owned()));
            }
            before.push_str(piece.text());
        }
        None
    }

    /// The first variable whose value holds a separator: usually a whole list in one variable.
    pub(crate) fn variable_with_separator(&self) -> Option<&str> {
        self.expanded.0.iter().find_map(|piece| match piece {
            Piece::Filled { variable, text, .. } => {
                text.trim().contains(is_separator).then_some(variable.as_str())
            }
            Piece::Written(_) => None,
        })
    }
}

/// Splits a list. Elements with variables that the author declared optional are left out if they are empty.
pub(crate) fn split(list: &Expanded) -> Result<Vec<Expanded>, InvalidList> {
    let mut elements: Vec<Expanded> = Vec::new();
    // The element that is being read; `None` between two.
    let mut open: Option<Expanded> = None;
    let mut in_quotes = false;
    for piece in &list.0 {
        match piece {
            Piece::Filled { .. } => open.get_or_insert_default().0.push(piece.clone()),
            Piece::Written(text) => {
                for character in text.chars() {
                    match character {
                        '"' => {
                            in_quotes = !in_quotes;
                            open.get_or_insert_default();
                        }
                        _ if is_separator(character) && !in_quotes => elements.extend(open.take()),
                        _ => {
                            open.get_or_insert_default().write(character.encode_utf8(&mut [0; 4]));
                        }
                    }
                }
            }
        }
    }
    if in_quotes {
        return Err(InvalidList::OpenQuote);
    }
    elements.extend(open);
    elements.into_iter().filter_map(|element| not_empty(element).transpose()).collect()
}

/// Splits at commas alone: for flags whose values may hold spaces.
pub(crate) fn split_at_commas(text: &str) -> impl Iterator<Item = Expanded> {
    text.split(',').map(str::trim).filter(|part| !part.is_empty()).map(Expanded::written)
}

/// The element in the syntax of a list.
pub(crate) fn quoted(element: &str) -> String {
    if element.contains(is_separator) { format!("\"{element}\"") } else { element.to_owned() }
}

fn is_separator(character: char) -> bool {
    character == ',' || character.is_whitespace()
}

/// `None` for an empty element that the author wrote as `""`, or declared optional.
fn not_empty(element: Expanded) -> Result<Option<Expanded>, InvalidList> {
    if !element.text().trim().is_empty() {
        return Ok(Some(element));
    }
    let required = element.0.iter().find_map(|piece| match piece {
        Piece::Filled { variable, optional: false, .. } => Some(variable.clone()),
        _ => None,
    });
    required.map_or(Ok(None), |variable| Err(InvalidList::EmptyElement(variable)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::any_value;
    use crate::settings::expansion::{Variables, expand};

    fn elements(list: &str, value: &str) -> Result<Vec<String>, InvalidList> {
        let lookup = |name: &str| (name == "V").then_some(value);
        let list = expand(list, Variables { holder: "", lookup: &lookup }).unwrap();
        Ok(split(&list)?.iter().map(Expanded::text).collect())
    }

    #[test]
    fn commas_spaces_and_line_breaks_separate_alike() {
        for list in ["a b c", "a,b,c", "a, b ,c", " a\n b\r\n\tc ,", ",,a,,b c"] {
            assert_eq!(elements(list, ""), Ok(vec!["a".into(), "b".into(), "c".into()]), "{list:?}");
        }
        assert_eq!(elements(" , ", ""), Ok(vec![]));
    }

    #[test]
    fn quotes_keep_what_they_hold_together() {
        for (list, expected) in [
            ("\"Team=Data Platform\", Env=prod", &["Team=Data Platform", "Env=prod"][..]),
            ("Team=\"Data Platform\" Env=prod", &["Team=Data Platform", "Env=prod"]),
            ("\"a,b\"", &["a,b"]),
            ("\"a $V\"", &["a x"]),
            ("\"\" a", &["a"]),
        ] {
            assert_eq!(elements(list, "x").unwrap(), expected, "{list:?}");
        }
        assert_eq!(elements("a \"b", ""), Err(InvalidList::OpenQuote));
    }

    #[test]
    fn a_quoted_element_is_read_back_as_it_is() {
        for element in ["plain", "a b", "arn:aws:iam::123456789012:role/a,b"] {
            assert_eq!(elements(&quoted(element), "").unwrap(), [element]);
        }
    }

    #[test]
    fn the_value_of_a_variable_adds_no_element_and_removes_none() {
        for (list, count) in [
            ("$V", 1),
            ("a=$V", 1),
            ("$V,$V", 2),
            ("a=$V, b=$V c=${V}d", 3),
            ("\"a b=$V\" c", 2),
            ("${V:-x y,z}", 1),
            ("${NONE:-x y,z} $V", 2),
            ("${NONE:-$V} a", 2),
        ] {
            for value in any_value::all() {
                match elements(list, &value) {
                    Ok(found) => assert_eq!(found.len(), count, "{list:?} {value:?} {found:?}"),
                    Err(error) => {
                        assert!(matches!(error, InvalidList::EmptyElement(_)), "{list:?} {value:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn an_element_without_text_is_refused_unless_it_was_declared_optional() {
        let empty = || Err(InvalidList::EmptyElement("V".to_owned()));
        for value in ["", " ", "\n"] {
            assert_eq!(elements("$V", value), empty());
            assert_eq!(elements("a ${V} b", value), empty());
            assert_eq!(elements("${V:-}", value), Ok(vec![]));
            assert_eq!(elements("a ${V-} b", value), Ok(vec!["a".into(), "b".into()]));
        }
        assert_eq!(elements("${NONE:+x} a", ""), Ok(vec!["a".into()]));
    }
}
