//! `StringLike` matching, apart because its cost matters: a pattern comes from a file, a value from a
//! token, and together they must not be able to keep the evaluator busy.

/// Whether `value` has the form of `pattern`: `*` is any run of characters, `?` one UTF-16 unit.
///
/// `*` crosses `/`, `:` and line breaks. Only the last `*` is ever tried again, so the time is at most
/// the product of both lengths.
pub fn matches(pattern: &str, value: &str) -> bool {
    const RUN: u16 = b'*' as u16;
    const ONE: u16 = b'?' as u16;
    let pattern: Vec<u16> = pattern.encode_utf16().collect();
    let value: Vec<u16> = value.encode_utf16().collect();
    let (mut at_pattern, mut at_value) = (0, 0);
    // Where the pattern goes on after its last `*`, and where in the value that `*` ends for now.
    let mut retry: Option<(usize, usize)> = None;
    while let Some(unit) = value.get(at_value) {
        match pattern.get(at_pattern) {
            Some(&RUN) => {
                at_pattern += 1;
                retry = Some((at_pattern, at_value));
            }
            Some(expected) if *expected == ONE || expected == unit => {
                at_pattern += 1;
                at_value += 1;
            }
            _ => match retry {
                Some((after_run, run_end)) => {
                    retry = Some((after_run, run_end + 1));
                    at_pattern = after_run;
                    at_value = run_end + 1;
                }
                None => return false,
            },
        }
    }
    pattern.iter().skip(at_pattern).all(|unit| *unit == RUN)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_match_as_aws_documents() {
        let cases = [
            ("", "", true),
            ("", "a", false),
            ("*", "", true),
            ("**", "a", true),
            ("?", "", false),
            ("a", "A", false),
            ("a?c", "abc", true),
            ("a?c", "ac", false),
            ("a*c", "ac", true),
            ("a*c", "a/b:\nc", true),
            ("*ab", "aab", true),
            ("*ab*ab", "ab", false),
            ("a*b*c", "a-c-b-c", true),
            ("a*b*c", "a-b-d", false),
            ("org/1/project/2/user/*", "org/1/project/2/user/3/vcs-origin/x", true),
            ("org/1/project/2/user/*", "org/1/project/22/user/3", false),
            ("é?", "éé", true),
            // A character outside the basic plane is two units.
            ("?", "😀", false),
            ("??", "😀", true),
        ];
        for (pattern, value, expected) in cases {
            assert_eq!(matches(pattern, value), expected, "`{pattern}` on `{value}`");
        }
    }

    #[test]
    fn many_stars_do_not_explode() {
        // A backtracking matcher would try more ways here than it could in the age of the universe.
        let pattern = format!("{}b", "*a".repeat(500));
        assert!(!matches(&pattern, &"a".repeat(5000)));
    }
}
