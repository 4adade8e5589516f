//! Text on stdout for the shell that evaluates it, in the language of that shell. A POSIX text in fish sets the variables and
//! leaves `AWS_PROFILE` set, without an error.

use aws::Secret;

use crate::{STALE_VARIABLES, Session, Variable, bash_env, shell};

/// What the shell understands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ShellLanguage {
    /// sh, bash, zsh and others.
    Posix,
    /// fish.
    Fish,
    /// PowerShell, on all systems.
    Powershell,
}

/// The characters that end a string between single quotes in PowerShell, as typographic quotes do there, too.
const POWERSHELL_QUOTES: [char; 5] = ['\'', '\u{2018}', '\u{2019}', '\u{201a}', '\u{201b}'];

/// Appends a statement that unsets a name.
type Unset = fn(&mut String, &str);
/// Appends one that sets a variable.
type Set = fn(&mut String, Variable<'_>);

/// Bytes of each line beside its value, at most.
const LINE: usize = 384;

impl ShellLanguage {
    /// Sets the session's variables and unsets stale ones, where `blocks` are the ids of the blocks in the file of
    /// `BASH_ENV`. They are counted as read: a bash below the shell must not replace this session by an earlier one.
    pub fn render(self, session: &Session, blocks: &str) -> Secret {
        let (unset, set): (Unset, Set) = match self {
            Self::Posix => return shell::render_over(session, blocks),
            Self::Fish => (fish_unset, fish_set),
            Self::Powershell => (powershell_unset, powershell_set),
        };
        let counted = Some(Variable { name: bash_env::BLOCKS, value: blocks }).filter(|_| !blocks.is_empty());
        let variables = session.variables().chain(counted);
        // Allocated once for the worst case: a string that grows leaves copies of the secrets in memory.
        let values: usize = variables.clone().map(|variable| variable.value.len() * 2 + LINE).sum();
        let mut text = String::with_capacity(values + STALE_VARIABLES.len() * LINE);
        for name in STALE_VARIABLES {
            unset(&mut text, name);
        }
        for variable in variables {
            set(&mut text, variable);
        }
        Secret::new(text)
    }
}

/// fish exports a universal variable whatever hides it, and it is in a file of the user's, so it stays, with a line that says
/// so. No line leaves a status behind, and each ends with `;`, as `eval (…)` joins them.
fn fish_unset(text: &mut String, name: &str) {
    for part in [
        "if set -qg ",
        name,
        "; set -eg ",
        name,
        "; end; if set -qU ",
        name,
        "; echo 'note: ",
        name,
        " is a universal variable of fish and stays set: remove it with set -eU' >&2; end;\n",
    ] {
        text.push_str(part);
    }
}

/// Between single quotes a backslash is special before itself and before the quote.
fn fish_set(text: &mut String, Variable { name, value }: Variable<'_>) {
    text.push_str("set -gx ");
    text.push_str(name);
    text.push_str(" '");
    for character in value.chars() {
        if matches!(character, '\\' | '\'') {
            text.push('\\');
        }
        text.push(character);
    }
    text.push_str("';\n");
}

fn powershell_unset(text: &mut String, name: &str) {
    for part in ["Remove-Item Env:", name, " -ErrorAction SilentlyContinue\n"] {
        text.push_str(part);
    }
}

/// Between single quotes only these are special; doubled, they stand for themselves.
fn powershell_set(text: &mut String, Variable { name, value }: Variable<'_>) {
    text.push_str("$env:");
    text.push_str(name);
    text.push_str(" = '");
    for character in value.chars() {
        if POWERSHELL_QUOTES.contains(&character) {
            text.push(character);
        }
        text.push(character);
    }
    text.push_str("'\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::session;

    const HOSTILE: &str = r#"a'b\'c\\d"e$(x)`x`;(x)%PATH% *‘’‚‛#"#;

    #[test]
    fn a_value_is_quoted_as_each_shell_reads_it() {
        let session = session("ASIA1", HOSTILE, "IQoJb", Some("eu-west-1")).unwrap();
        for (language, line) in [
            (
                ShellLanguage::Fish,
                r#"set -gx AWS_SECRET_ACCESS_KEY 'a\'b\\\'c\\\\d"e$(x)`x`;(x)%PATH% *‘’‚‛#';"#,
            ),
            (
                ShellLanguage::Powershell,
                r#"$env:AWS_SECRET_ACCESS_KEY = 'a''b\''c\\d"e$(x)`x`;(x)%PATH% *‘‘’’‚‚‛‛#'"#,
            ),
        ] {
            let text = language.render(&session, "0a");
            assert!(text.expose().lines().any(|it| it == line), "{line}");
        }
    }

    #[test]
    fn every_stale_name_is_unset_before_the_first_is_set() {
        let session = session("ASIA1", "wJalr", "IQoJb", Some("eu-west-1")).unwrap();
        for (language, set) in
            [(ShellLanguage::Fish, "set -gx AWS_"), (ShellLanguage::Powershell, "$env:AWS_")]
        {
            let text = language.render(&session, "");
            let (unset, set) = text.expose().split_at(text.expose().find(set).unwrap());
            assert!(STALE_VARIABLES.iter().all(|name| unset.contains(name)), "{unset}");
            assert!(session.variables().all(|it| set.contains(it.name)) && !set.contains("BLOCKS"), "{set}");
        }
    }

    #[test]
    fn the_text_never_outgrows_its_room() {
        let session = session("ASIA1", &"'".repeat(5000), &"\\".repeat(5000), Some("eu-west-1")).unwrap();
        let room: usize = session.variables().map(|it| it.value.len() * 2 + LINE).sum();
        for language in [ShellLanguage::Fish, ShellLanguage::Powershell] {
            assert!(language.render(&session, "").expose().len() <= room + STALE_VARIABLES.len() * LINE);
        }
    }
}
