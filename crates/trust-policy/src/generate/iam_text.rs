//! Texts that IAM must read literally. IAM has no escape character, but variables for its special characters
//! (facts/aws.md 10.2). Every `$` is written as such a variable, so that no other variable can begin.

/// For a value whose wildcards are intended, or where IAM has none.
pub(super) fn without_variables(text: &str) -> String {
    text.replace('$', "${$}")
}

/// For a literal value where IAM has wildcards.
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
