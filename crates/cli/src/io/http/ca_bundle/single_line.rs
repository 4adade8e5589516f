//! A PEM text whose lines have become one: a shell splits a variable without quotes at them, JSON escapes them, and forms
//! for variables drop them. No reader takes it for PEM. Of the text only a label is kept.

use std::fmt;

use super::pem;

/// The first such block of a file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct SingleLine {
    label: String,
    instead: Instead,
}

/// What stands where line breaks were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Instead {
    Spaces,
    /// A backslash and an `n`, or an `r`.
    Escapes,
    Nothing,
}

impl SingleLine {
    /// Finds a line with the markers of both ends of a block.
    pub(super) fn of(file: &[u8]) -> Option<Self> {
        file.split(|byte| matches!(byte, b'\n' | b'\r')).find_map(Self::of_line)
    }

    fn of_line(line: &[u8]) -> Option<Self> {
        let (_, after_begin) = split_at_marker(line, b"-----BEGIN ")?;
        let (label, content) = split_at_marker(after_begin, b"-----")?;
        let label = pem::label(label)?;
        let end = format!("-----END {label}-----");
        split_at_marker(content, end.as_bytes())?;
        let instead = match content {
            [b'\\', b'n' | b'r', ..] => Instead::Escapes,
            [first, ..] if first.is_ascii_whitespace() => Instead::Spaces,
            _ => Instead::Nothing,
        };
        Some(Self { label, instead })
    }

    /// Whether it is the block of a certificate.
    pub(crate) fn is_certificate(&self) -> bool {
        self.label.ends_with("CERTIFICATE")
    }

    /// How a job writes a file of several lines.
    pub(crate) fn remedy(&self) -> &'static str {
        match self.instead {
            Instead::Spaces | Instead::Nothing => {
                "write it as `printf '%s\\n' \"$VARIABLE\" >FILE`, with these quotes; or, where the variable itself has \
                 lost its line breaks, set that to the file's base64 and write `printf '%s' \"$VARIABLE\" | base64 -d >FILE`"
            }
            Instead::Escapes => {
                "write it as `printf '%b\\n' \"$VARIABLE\" >FILE`, with these quotes; or set the variable to the file's \
                 base64 and write `printf '%s' \"$VARIABLE\" | base64 -d >FILE`"
            }
        }
    }
}

impl fmt::Display for SingleLine {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.is_certificate() {
            write!(formatter, "it holds `{}`, and no certificate; ", self.label)?;
        }
        formatter.write_str(match self.instead {
            Instead::Spaces => "the line breaks of its PEM text are lost: they have become spaces",
            Instead::Escapes => {
                r"the line breaks of its PEM text are lost: they have become the characters `\n`"
            }
            Instead::Nothing => "the line breaks of its PEM text are lost: it is one line without them",
        })
    }
}

/// What is before the marker, and what is after it.
fn split_at_marker<'a>(text: &'a [u8], marker: &[u8]) -> Option<(&'a [u8], &'a [u8])> {
    let at = text.windows(marker.len()).position(|window| window == marker)?;
    Some((text.get(..at)?, text.get(at + marker.len()..)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lost_line_breaks_are_told_by_what_stands_in_their_place() {
        for (label, content, instead) in [
            ("CERTIFICATE", " MIIB AQ== ", Some(Instead::Spaces)),
            ("PRIVATE KEY", r"\nMIIB\nAQ==\n", Some(Instead::Escapes)),
            ("PRIVATE KEY", r"\r\nMIIB\r\n", Some(Instead::Escapes)),
            ("CERTIFICATE", "MIIBAQ==", Some(Instead::Nothing)),
            ("CERTIFICATE", "\nMIIBAQ==\n", None),
            ("CERTIFICATE", "\rMIIBAQ==\r", None),
            ("MIIBaq", "MIIBAQ==", None),
        ] {
            for (before, after) in [("", ""), ("\"", "\"\n"), ("  ca: ", "\r\n"), ("# CA\n", " ")] {
                let file = format!("{before}-----BEGIN {label}-----{content}-----END {label}-----{after}");
                let found = SingleLine::of(file.as_bytes());
                assert_eq!(found.as_ref().map(|found| found.instead), instead, "{file:?}");
                let shown = found.map(|found| format!("{found} {}", found.remedy())).unwrap_or_default();
                assert!(!shown.contains("MIIB"), "{shown}");
            }
        }
        assert_eq!(SingleLine::of(b"starts with -----BEGIN CERTIFICATE----- and has base64\n"), None);
    }
}
