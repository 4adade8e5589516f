//! POSIX shell text, for `BASH_ENV` and for `--to shell`. A shell runs it, so every value is quoted.

use aws::Secret;

use crate::{STALE_VARIABLES, Session, Variable, bash_env};

/// Text that sets the session's variables and unsets stale ones in any POSIX shell.
///
/// It begins with a line break, because the file that it is appended to may end without one.
pub fn render(session: &Session) -> Secret {
    lines(&STALE_VARIABLES, session.variables())
}

/// The same for `eval`, where `blocks` are the ids of the blocks in the file of `BASH_ENV`. They are counted as read: a
/// bash below the shell must not replace this session by an earlier one, also if it is the first that reads the file.
pub fn render_over(session: &Session, blocks: &str) -> Secret {
    let counted = Some(Variable { name: bash_env::BLOCKS, value: blocks }).filter(|_| !blocks.is_empty());
    lines(&STALE_VARIABLES, session.variables().chain(counted))
}

/// The same for any names to unset and variables to set.
pub(crate) fn lines<'a>(unset: &[&str], set: impl Iterator<Item = Variable<'a>> + Clone) -> Secret {
    // Allocated once for the worst case: a string that grows leaves copies of the secrets in memory.
    let values: usize = set.clone().map(|variable| variable.value.len() * 4).sum();
    let mut text = String::with_capacity(values + 1024);
    text.push_str("\nunset");
    for name in unset {
        text.push(' ');
        text.push_str(name);
    }
    text.push('\n');
    for variable in set {
        text.push_str("export ");
        text.push_str(variable.name);
        text.push('=');
        push_quoted(&mut text, variable.value);
        text.push('\n');
    }
    Secret::new(text)
}

/// Between single quotes only the single quote is special; it is written outside of them.
fn push_quoted(text: &mut String, value: &str) {
    text.push('\'');
    let mut rest = value;
    while let Some(at) = rest.bytes().position(|byte| byte == b'\'') {
        let (plain, quote) = rest.split_at(at);
        text.extend([plain, r"'\''"]);
        rest = &quote[1..];
    }
    text.push_str(rest);
    text.push('\'');
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::session;

    #[test]
    fn stale_names_go_before_the_new_ones_come() {
        let session = session("ASIA1", "wJalr", "IQoJb", Some("eu-west-1")).unwrap();
        assert_eq!(
            render(&session).expose(),
            "\nunset AWS_SECURITY_TOKEN AWS_PROFILE AWS_DEFAULT_PROFILE AWS_CREDENTIAL_EXPIRATION \
             AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_CREDENTIALS_FULL_URI \
             AWS_CONTAINER_AUTHORIZATION_TOKEN AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE\n\
             export AWS_ACCESS_KEY_ID='ASIA1'\n\
             export AWS_SECRET_ACCESS_KEY='wJalr'\n\
             export AWS_SESSION_TOKEN='IQoJb'\n\
             export AWS_REGION='eu-west-1'\n\
             export AWS_DEFAULT_REGION='eu-west-1'\n"
        );
    }

    #[test]
    fn a_single_quote_leaves_the_quotes_and_returns() {
        let session = session("ASIA1", "a'b''", "token", None).unwrap();
        assert!(render(&session).expose().contains("AWS_SECRET_ACCESS_KEY='a'\\''b'\\'''\\'''\n"));
    }

    #[test]
    fn the_blocks_of_bash_env_are_counted_where_there_are_any() {
        let session = session("ASIA1", "wJalr", "IQoJb", None).unwrap();
        let text = render(&session).expose().to_owned();
        assert_eq!(render_over(&session, "").expose(), text);
        assert_eq!(
            render_over(&session, "0a 1b").expose(),
            format!("{text}export BASH_ENV_AWS_OIDC_BLOCKS='0a 1b'\n")
        );
    }

    #[test]
    fn the_text_never_outgrows_its_room() {
        let session = session("ASIA1", &"'".repeat(5000), &"'".repeat(5000), Some("eu-west-1")).unwrap();
        let values: usize = session.variables().map(|variable| variable.value.len() * 4).sum();
        assert!(render(&session).expose().len() <= values + 1024);
    }
}
