//! The alphabet that every reader of env files and INI files reads as plain text. Those formats have no quoting that all
//! their readers agree on, so a value with other characters is refused.

use crate::Session;

/// A value that cannot be written without quotes. The error names the variable and never shows the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "the value for `{variable}` needs quotes, which this file cannot hold: it holds other characters than A-Za-z0-9+/=_.:,@%-"
)]
pub struct NotPlain {
    /// The variable.
    pub variable: &'static str,
}

/// Refuses a session with a value that needs quotes.
pub(crate) fn require_plain(session: &Session) -> Result<(), NotPlain> {
    match session.variables().find(|variable| !variable.value.bytes().all(is_plain)) {
        Some(variable) => Err(NotPlain { variable: variable.name }),
        None => Ok(()),
    }
}

fn is_plain(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=_.:,@%-".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::session;

    #[test]
    fn what_aws_hands_out_is_plain() {
        let session =
            session("ASIAIOSFODNN7EXAMPLE", "wJalr/K7MD+EN=", "FwoGZXIvYXdzEBYa//+==", None).unwrap();
        assert_eq!(require_plain(&session), Ok(()));
    }

    #[test]
    fn what_a_reader_could_take_for_syntax_is_refused() {
        for character in [' ', '\'', '"', '\\', '#', ';', '$', '`', '[', ']', '!', '*', '~', '&', '|', 'é'] {
            let session = session("ASIA1", &format!("a{character}b"), "token", None).unwrap();
            assert_eq!(
                require_plain(&session),
                Err(NotPlain { variable: "AWS_SECRET_ACCESS_KEY" }),
                "{character}"
            );
        }
    }
}
