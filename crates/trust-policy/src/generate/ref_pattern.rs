//! The branches and tags that are allowed: git's names, with IAM's wildcards.
//!
//! Git allows no `*` and no `?` in a name, so these are always IAM's wildcards. Git allows `$`, which begins a
//! variable in IAM, so it is always literal.

use std::fmt;

use super::iam_text;

/// A full ref as IAM matches it, for example `refs/heads/release/*`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RefPattern(String);

/// Why a text is not a pattern of branches or tags.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidRefPattern {
    /// A space, a control character, one of `~^:[\`, two dots, an empty part…
    #[error("invalid branch or tag `{0}`: git does not allow such a name")]
    InvalidInGit(String),
    /// The full ref instead of the name.
    #[error("`{0}` is a full ref; expected the name after `refs/heads/` or `refs/tags/`")]
    FullRef(String),
    /// A character that IAM does not allow in a policy.
    #[error("`{name}` contains `{character}`, which IAM does not allow in a policy: write `*` instead")]
    Character {
        /// The name as it was given.
        name: String,
        /// The first such character.
        character: char,
    },
}

impl RefPattern {
    /// The branches with such a name.
    pub fn branch(pattern: &str) -> Result<Self, InvalidRefPattern> {
        Self::under("refs/heads/", pattern)
    }

    /// The tags with such a name.
    pub fn tag(pattern: &str) -> Result<Self, InvalidRefPattern> {
        Self::under("refs/tags/", pattern)
    }

    fn under(kind: &str, pattern: &str) -> Result<Self, InvalidRefPattern> {
        let shown = || pattern.escape_debug().to_string();
        if !is_a_name(pattern) {
            return Err(InvalidRefPattern::InvalidInGit(shown()));
        }
        if pattern.starts_with("refs/") {
            return Err(InvalidRefPattern::FullRef(shown()));
        }
        if let Some(character) = pattern.chars().find(|character| *character > '\u{FF}') {
            return Err(InvalidRefPattern::Character { name: shown(), character });
        }
        Ok(Self(format!("{kind}{}", iam_text::without_variables(pattern))))
    }

    /// A full ref with such a name, below `refs/heads/` or `refs/tags/`.
    pub(super) fn full(text: &str) -> Option<Result<Self, InvalidRefPattern>> {
        let branch = || Some(Self::branch(text.strip_prefix("refs/heads/")?));
        branch().or_else(|| Some(Self::tag(text.strip_prefix("refs/tags/")?)))
    }

    /// The pattern in a policy.
    pub(super) fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether it matches more than one name.
    pub(super) fn has_wildcard(&self) -> bool {
        self.0.contains(['*', '?'])
    }

    /// Whether one of these is a part of the name.
    pub(super) fn has_part(&self, parts: &[&str]) -> bool {
        self.0.split('/').skip(2).any(|part| parts.contains(&part))
    }
}

impl fmt::Display for RefPattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// Git's rules (git-check-ref-format), without those for wildcards.
fn is_a_name(name: &str) -> bool {
    let is_forbidden =
        |character: char| character.is_control() || character.is_whitespace() || r"~^:[\".contains(character);
    let is_part =
        |part: &str| !part.is_empty() && !part.starts_with('.') && part.strip_suffix(".lock").is_none();
    !name.contains(is_forbidden)
        && !name.contains("..")
        && !name.contains("@{")
        && !name.ends_with('.')
        && name != "@"
        && name.split('/').all(is_part)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_becomes_a_ref_and_wildcards_stay() {
        for (name, expected) in [
            ("main", "refs/heads/main"),
            ("release/*", "refs/heads/release/*"),
            ("v?", "refs/heads/v?"),
            ("a\"b'c`d;e&f|g(h){i}%{j}#k", "refs/heads/a\"b'c`d;e&f|g(h){i}%{j}#k"),
            ("a${aws:x}$", "InvalidInGit"),
            ("a${b}$", "refs/heads/a${$}{b}${$}"),
            ("größe", "refs/heads/größe"),
            ("-x", "refs/heads/-x"),
        ] {
            let found = RefPattern::branch(name).map_or_else(|_| "InvalidInGit".to_owned(), |found| found.0);
            assert_eq!(found, expected, "{name}");
        }
        assert_eq!(RefPattern::tag("v*").unwrap().as_str(), "refs/tags/v*");
    }

    #[test]
    fn names_that_git_has_not_are_refused() {
        for name in [
            "", "a b", "a\nb", "a\\b", "a..b", "a:b", "a[b", "a@{b", "@", "a.", ".a", "a/", "/a", "a//b",
            "a.lock",
        ] {
            assert!(matches!(RefPattern::branch(name), Err(InvalidRefPattern::InvalidInGit(_))), "{name:?}");
        }
    }

    #[test]
    fn a_full_ref_is_taken_where_one_is_expected() {
        let full = |text| RefPattern::full(text).map(|read| read.map(|pattern| pattern.0));
        assert_eq!(full("refs/heads/a/b"), Some(Ok("refs/heads/a/b".to_owned())));
        assert_eq!(full("refs/tags/v1"), Some(Ok("refs/tags/v1".to_owned())));
        assert!(matches!(full("refs/heads/a b"), Some(Err(InvalidRefPattern::InvalidInGit(_)))));
        assert_eq!(full("refs/pull/1/merge"), None);
    }

    #[test]
    fn what_could_not_work_says_why() {
        assert!(matches!(RefPattern::branch("refs/heads/main"), Err(InvalidRefPattern::FullRef(_))));
        let refused = RefPattern::branch("日本").unwrap_err();
        assert_eq!(
            refused.to_string(),
            "`日本` contains `日`, which IAM does not allow in a policy: write `*` instead"
        );
    }
}
