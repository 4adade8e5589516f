//! Texts that IAM must take as they are. It knows no escape sign, but variables that stand for its own signs
//! (facts/aws.md 10.2); every `$` is written so, so that no other variable can begin.

/// For a value whose wildcards are meant, or where IAM knows none.
pub(super) fn without_variables(text: &str) -> String {
    text.replace('$', "${$}")
}

/// For a value that means itself where IAM looks for wildcards.
pub(super) fn literal(text: &str) -> String {
    text.chars()
        .map(|character| match character {
            '*' | '?' | '$' => format!("${{{character}}}"),
            other => other.to_string(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn iams_signs_are_written_as_variables() {
        assert_eq!(without_variables("a*$${b}?"), "a*${$}${$}{b}?");
        assert_eq!(literal("a*${b}?"), "a${*}${$}{b}${?}");
    }
}
