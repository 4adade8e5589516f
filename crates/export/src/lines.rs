//! Text as lines with their exact bytes. Both file editors keep all other lines unchanged and use this file for it.

/// One line: `text` and `ending` of all lines, joined, are the original.
#[derive(Clone, Copy)]
pub(crate) struct Line<'a> {
    /// The line without its line break.
    pub(crate) text: &'a str,
    /// LF, CR LF, or nothing in a last line without a line break.
    pub(crate) ending: &'a str,
}

/// The lines of `text`. Only LF ends a line: a lone CR stays in its text.
pub(crate) fn split(text: &str) -> Vec<Line<'_>> {
    text.split_inclusive('\n')
        .map(|whole| {
            let text = whole.strip_suffix('\n').unwrap_or(whole);
            let text = if text.len() < whole.len() { text.strip_suffix('\r').unwrap_or(text) } else { text };
            let (text, ending) = whole.split_at(text.len());
            Line { text, ending }
        })
        .collect()
}

/// The line break of new lines: CR LF where the text has no other, else LF.
pub(crate) fn ending_of(lines: &[Line<'_>]) -> &'static str {
    let mut endings = lines.iter().map(|line| line.ending).filter(|ending| !ending.is_empty()).peekable();
    if endings.peek().is_some() && endings.all(|ending| ending == "\r\n") { "\r\n" } else { "\n" }
}

/// Ends a last line that has no line break, so that nothing is joined to it.
pub(crate) fn end_line(text: &mut String, ending: &str) {
    if !text.is_empty() && !text.ends_with('\n') {
        text.push_str(ending);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_put_together_are_the_text() {
        for text in ["", "\n", "a", "a\n", "a\r\nb", "a\r", "\r\n\r\n", "a\rb\n", "é\n\n"] {
            let joined: String = split(text).iter().map(|line| [line.text, line.ending].concat()).collect();
            assert_eq!(joined, text);
        }
    }

    #[test]
    fn a_carriage_return_without_line_feed_ends_no_line() {
        let lines = split("a\rb\r");
        assert_eq!((lines.len(), lines[0].text), (1, "a\rb\r"));
    }

    #[test]
    fn only_a_text_of_crlf_throughout_gets_more_of_it() {
        for (text, ending) in
            [("", "\n"), ("a", "\n"), ("a\r\nb", "\r\n"), ("a\r\nb\n", "\n"), ("a\nb\r\n", "\n")]
        {
            assert_eq!(ending_of(&split(text)), ending, "{text:?}");
        }
    }
}
