//! The set of all texts that a pattern matches. It answers what single values cannot: whether the pattern matches a
//! text of a given shape, and which.

use std::collections::VecDeque;

use super::{
    operator::Comparison,
    variable::{self, Part},
};

/// Stands for a part of a text that isn't literal in the policy's file: its value is not known.
///
/// No policy can contain this character: it is a noncharacter of Unicode, and IAM accepts none beyond U+00FF.
pub const HOLE: char = '\u{FDD0}';

/// In a shape: any other name. Only a wildcard matches it, because no policy can contain this character either.
pub(super) const OTHER_NAME: char = '\u{1}';

/// What a hole may stand for. The choice is such that an unknown value never causes a finding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Holes {
    /// A plain name where the shape has any name: for checks where a match is a finding.
    AreNames,
    /// Any text: for checks where the lack of a match is a finding.
    AreAnything,
}

/// A part of a pattern: one character of a set, or any number of them.
#[derive(Debug, Clone, Copy)]
struct Step {
    set: Set,
    repeats: bool,
}

#[derive(Debug, Clone, Copy)]
enum Set {
    Just(char),
    Any,
    /// All characters except `/` and `:`.
    Segment,
    /// All characters except `:`.
    Part,
    /// A hole that is a name: it shares characters with the sets above, but never a given one.
    Name,
}

/// A set of texts.
#[derive(Debug, Clone)]
pub(super) struct Language(Vec<Step>);

impl Language {
    /// The texts that a condition's value matches. With `variables`, `${…}` is a hole, or any text where the caller
    /// chooses it, except `${*}`, `${?}` and `${$}`.
    pub(super) fn of_value(value: &str, comparison: Comparison, variables: bool, holes: Holes) -> Self {
        let mut steps = Vec::new();
        for part in variable::parts(value, variables) {
            match part {
                Part::Text(text) => steps_of_text(&mut steps, text, comparison, holes),
                Part::Sign(sign) => steps.extend(sign.chars().map(just)),
                Part::Chosen => steps.push(many(Set::Any)),
                Part::Fixed => hole(&mut steps, holes),
            }
        }
        Self(steps)
    }

    /// A shape: `#` is a name without `/` and `:`, `&` a text without `:`, `%` any text. None of them is empty. `~` is a
    /// `#` and `^` a `&` of which at least one character is matched by a wildcard.
    pub(super) fn of_shape(shape: &str) -> Self {
        let mut steps = Vec::new();
        for character in shape.chars() {
            let set = match character {
                '#' => Set::Segment,
                '&' => Set::Part,
                '%' => Set::Any,
                // As long as the pattern wants it, such as 36 times `?`.
                OTHER_NAME => Set::Just(OTHER_NAME),
                '~' | '^' => {
                    let around = if character == '~' { Set::Segment } else { Set::Part };
                    steps.extend([many(around), just(OTHER_NAME), many(around)]);
                    continue;
                }
                _ => {
                    steps.push(just(character));
                    continue;
                }
            };
            steps.extend([Step { set, repeats: false }, many(set)]);
        }
        Self(steps)
    }

    /// A shortest text that both contain, with `x` where any character matches.
    pub(super) fn common_text(&self, other: &Self) -> Option<String> {
        let width = other.0.len() + 1;
        let end = self.0.len() * width + other.0.len();
        // How each state was reached: from which state, with which character.
        let mut reached: Vec<Option<(usize, Option<char>)>> = vec![None; end + 1];
        let mut queue = VecDeque::from([0]);
        while let Some(state) = queue.pop_front() {
            if state == end {
                return Some(path(&reached, end));
            }
            let (mine, theirs) = (self.0.get(state / width), other.0.get(state % width));
            let mut reach = |next: usize, character: Option<char>, first: bool| {
                let Some(seen @ None) = reached.get_mut(next).filter(|_| next != 0) else { return };
                *seen = Some((state, character));
                if first {
                    queue.push_front(next);
                } else {
                    queue.push_back(next);
                }
            };
            // A repeated step may also end here. That adds no character, so it goes first.
            if mine.is_some_and(|step| step.repeats) {
                reach(state + width, None, true);
            }
            if theirs.is_some_and(|step| step.repeats) {
                reach(state + 1, None, true);
            }
            if let (Some(mine), Some(theirs)) = (mine, theirs)
                && let Some(character) = mine.set.common(theirs.set)
            {
                let on = |step: &Step, distance| if step.repeats { 0 } else { distance };
                reach(state + on(mine, width) + on(theirs, 1), Some(character), false);
            }
        }
        None
    }
}

/// The characters on the path to `end`.
fn path(reached: &[Option<(usize, Option<char>)>], end: usize) -> String {
    let mut text = Vec::new();
    let mut state = end;
    while let Some(Some((before, character))) = reached.get(state) {
        text.extend(*character);
        state = *before;
    }
    text.into_iter().rev().map(|character| if character == OTHER_NAME { 'x' } else { character }).collect()
}

impl Set {
    /// A character of both sets.
    fn common(self, other: Self) -> Option<char> {
        let pair = (self, other);
        match pair {
            (Self::Just(mine), Self::Just(theirs)) => (mine == theirs).then_some(mine),
            (Self::Just(character), set) | (set, Self::Just(character)) => {
                set.has(character).then_some(character)
            }
            _ => Some('x'),
        }
    }

    fn has(self, character: char) -> bool {
        match self {
            Self::Just(own) => own == character,
            Self::Any => true,
            Self::Segment => !matches!(character, '/' | ':'),
            Self::Part => character != ':',
            Self::Name => false,
        }
    }
}

fn steps_of_text(steps: &mut Vec<Step>, text: &str, comparison: Comparison, holes: Holes) {
    for character in text.chars() {
        match character {
            HOLE => hole(steps, holes),
            '*' if comparison == Comparison::Like => steps.push(many(Set::Any)),
            '?' if comparison == Comparison::Like => steps.push(Step { set: Set::Any, repeats: false }),
            _ if comparison == Comparison::EqualIgnoringCase => {
                steps.extend(character.to_lowercase().map(just));
            }
            _ => steps.push(just(character)),
        }
    }
}

fn just(character: char) -> Step {
    Step { set: Set::Just(character), repeats: false }
}

fn many(set: Set) -> Step {
    Step { set, repeats: true }
}

fn hole(steps: &mut Vec<Step>, holes: Holes) {
    match holes {
        Holes::AreNames => steps.extend([Step { set: Set::Name, repeats: false }, many(Set::Name)]),
        Holes::AreAnything => steps.push(many(Set::Any)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn common(pattern: &str, shape: &str) -> Option<String> {
        Language::of_value(pattern, Comparison::Like, true, Holes::AreNames)
            .common_text(&Language::of_shape(shape))
    }

    #[test]
    fn a_common_text_is_found_where_there_is_one() {
        let cases = [
            ("", "", Some("")),
            ("a", "a", Some("a")),
            ("a", "b", None),
            ("a*", "a", Some("a")),
            ("a?", "a#", Some("ax")),
            ("*", "a/#", Some("a/x")),
            ("a/*/c", "a/#/c", Some("a/x/c")),
            ("a/*/c", "a/#", None),
            ("*/b/c", "a/#/%", Some("a/b/c")),
            ("a/b", "a/\u{1}", None),
            ("a/*", "a/\u{1}", Some("a/x")),
            ("a/\u{FDD0}", "a/#", Some("a/x")),
            ("a/\u{FDD0}", "a/#/#", None),
            ("a/\u{FDD0}", "a/\u{1}", None),
            ("a/${aws:userid}", "a/#", Some("a/x")),
            ("a/${aws:userid}", "a/\u{1}", None),
            ("a/${i.test:sub}", "a/\u{1}/b", Some("a/x/b")),
            ("a/${*}", "a/#", Some("a/*")),
            ("a/${*}", "a/b", None),
            ("a/???", "a/\u{1}", Some("a/xxx")),
            ("a/b*", "a/~", Some("a/bx")),
            ("a/?b", "a/~", Some("a/xb")),
            ("a/*", "a/~/c", Some("a/x/c")),
            ("a/b", "a/~", None),
            ("a/b/*", "a/~", None),
            ("a/b/*", "a/^", Some("a/b/x")),
            ("a/\u{FDD0}", "a/~", None),
        ];
        for (pattern, shape, text) in cases {
            assert_eq!(common(pattern, shape).as_deref(), text, "{pattern:?} {shape:?}");
        }
    }

    #[test]
    fn a_hole_can_stand_for_anything() {
        let open = Language::of_value("a\u{FDD0}", Comparison::Equal, false, Holes::AreAnything);
        assert_eq!(open.common_text(&Language::of_shape("a/b/c")).as_deref(), Some("a/b/c"));
    }

    #[test]
    fn only_like_has_wildcards_and_case_can_be_ignored() {
        let language = |comparison| Language::of_value("A*", comparison, false, Holes::AreNames);
        let shape = Language::of_shape("a*");
        assert!(language(Comparison::Equal).common_text(&shape).is_none());
        assert!(language(Comparison::EqualIgnoringCase).common_text(&shape).is_some());
        assert!(language(Comparison::Like).common_text(&shape).is_none());
    }

    #[test]
    fn a_pattern_of_the_largest_policy_is_matched_quickly() {
        let pattern = "*a".repeat(4096);
        assert!(common(&pattern, "org/#/project/#/user/#/vcs-origin/#/%/vcs-ref/refs/heads/b").is_none());
    }
}
