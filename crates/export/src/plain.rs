//! The alphabet that no env-file and no INI reader treats as more than text. Those formats have no quoting
//! that all their readers agree on, so a value outside of it is refused.

use crate::Session;

/// A value that can't stand bare in a file. It names the variable and never shows the value.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("the value for `{variable}` can't stand in a file unquoted: it holds more than A-Za-z0-9+/=_.:,@%-")]
pub struct NotPlain {
    /// Whose value it is.
    pub variable: &'static str,
}

/// Refuses a session that holds a value which a file could not carry bare.
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
