//! An env file (`NAME=value` lines), edited in place. Values are written without quotes: `docker --env-file` reads
//! quotes as part of the value.

mod entry;
mod keys;
mod own_keys;
mod removal;

use aws::Secret;

use self::entry::Entry;
pub use self::keys::credentials;
pub use self::own_keys::{OwnKeys, refuse_own_keys};
pub use self::removal::remove;
use crate::lines;
use crate::plain::require_plain;
use crate::{NotPlain, STALE_VARIABLES, Session, Variable};

/// The file's new text: the session's variables are replaced in place or added at the end, stale ones are removed, and
/// every other line is unchanged.
pub fn edit(existing: &str, session: &Session) -> Result<Secret, NotPlain> {
    require_plain(session)?;
    let all = lines::split(existing);
    let ending = lines::ending_of(&all);
    // Allocated once: a string that grows leaves copies of the secrets in memory.
    let added: usize = session.variables().map(|variable| variable.value.len() + 32).sum();
    let mut text = String::with_capacity(existing.len() + added + ending.len());
    let mut missing: Vec<Variable<'_>> = session.variables().collect();

    let mut rest = all.as_slice();
    while let Some((entry, after)) = Entry::first_of(rest) {
        rest = after;
        let name = entry.name.unwrap_or_default();
        if let Some(at) = missing.iter().position(|variable| variable.name == name) {
            text.push_str(entry.prefix);
            push(&mut text, missing.remove(at));
            text.push_str(if entry.is_terminated() { ending } else { "" });
        } else if !STALE_VARIABLES.contains(&name)
            && session.variables().all(|variable| variable.name != name)
        {
            entry.lines.iter().for_each(|line| text.extend([line.text, line.ending]));
        }
    }
    for variable in missing {
        lines::end_line(&mut text, ending);
        push(&mut text, variable);
        text.push_str(ending);
    }
    Ok(Secret::new(text))
}

fn push(text: &mut String, variable: Variable<'_>) {
    text.extend([variable.name, "=", variable.value]);
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::session;

    #[test]
    fn a_value_that_would_need_quotes_is_refused() {
        let session = session("ASIA1", "a b", "token", None).unwrap();
        assert_eq!(edit("", &session).unwrap_err(), NotPlain { variable: "AWS_SECRET_ACCESS_KEY" });
    }

    #[test]
    fn editing_twice_changes_nothing_more() {
        let session = session("ASIA1", "secret", "token", Some("eu-west-1")).unwrap();
        let once = edit("export AWS_REGION=x\nA='\nAWS_PROFILE=y\n'", &session).unwrap();
        assert_eq!(edit(once.expose(), &session).unwrap(), once);
    }
}
