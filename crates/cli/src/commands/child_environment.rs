//! What the command of `exec` finds in its environment: the variables of this process, except for what would override the
//! credentials and what could get others.

use std::process::Command;

use export::{STALE_VARIABLES, Variable, bash_env, endpoint_env, no_proxy};

use crate::exchange::token_source::TokenSource;
use crate::io::environment::Environment;
use crate::io::files::bash_env_path;
use crate::settings::table;
use crate::sinks;

/// The changes to this process's environment.
pub(super) struct ChildEnvironment {
    overriding: Vec<String>,
    /// The token, and the settings, of which a run of this program below the command would take the role.
    renewing: Vec<String>,
    /// The blocks of `BASH_ENV` that a bash of the command must not run; empty if there is none.
    blocks: String,
    /// `NO_PROXY` and `no_proxy` with the address of the endpoint.
    exceptions: Vec<(&'static str, String)>,
}

impl ChildEnvironment {
    /// For keys. Without the token of this source, unless the user passes it on.
    pub(super) fn of(source: &TokenSource, passes_token: bool, environment: &Environment) -> Self {
        Self::without(&STALE_VARIABLES, source, passes_token, environment)
    }

    /// For an endpoint, over which keys win too.
    pub(super) fn of_endpoint(source: &TokenSource, passes_token: bool, environment: &Environment) -> Self {
        let exceptions = no_proxy::with_loopback(|name| environment.raw(name));
        let exceptions = exceptions.into_iter().flatten().collect();
        Self { exceptions, ..Self::without(&endpoint_env::UNSET, source, passes_token, environment) }
    }

    fn without(
        overriding: &[&str],
        source: &TokenSource,
        passes_token: bool,
        environment: &Environment,
    ) -> Self {
        let path = bash_env_path::of(environment).ok().flatten();
        let blocks = path.map_or_else(String::new, |path| sinks::blocks_in(&path));
        let read = environment.non_blank(bash_env::BLOCKS).unwrap_or_default();
        let blocks = with_all_words(read, &blocks);
        let renewing = if passes_token { Vec::new() } else { renewing(source, environment) };
        Self {
            overriding: overriding.iter().map(|&name| name.to_owned()).collect(),
            renewing,
            blocks,
            exceptions: Vec::new(),
        }
    }

    /// Changes the environment of a command, which otherwise inherits this process's: a value that is not UTF-8 too.
    pub(super) fn apply<'v>(&self, variables: impl Iterator<Item = Variable<'v>>, command: &mut Command) {
        for name in self.overriding.iter().chain(&self.renewing) {
            command.env_remove(name);
        }
        for variable in variables {
            command.env(variable.name, variable.value);
        }
        for (name, value) in &self.exceptions {
            command.env(name, value);
        }
        if !self.blocks.is_empty() {
            command.env(bash_env::BLOCKS, &self.blocks);
        }
    }

    /// What the command finds there in another way than this process does.
    pub(super) fn notes(&self, environment: &Environment) -> Vec<String> {
        let exceptions = self.exceptions.iter().any(|(name, value)| environment.raw(name) != Some(value));
        let exceptions = exceptions.then(|| {
            "NO_PROXY and no_proxy of the command name 127.0.0.1 too: some AWS tools would call the endpoint through \
             the proxy"
                .to_owned()
        });
        self.lost(environment).into_iter().chain(exceptions).collect()
    }

    /// What the command does not find there, though this process does; `None` if that is nothing.
    fn lost(&self, environment: &Environment) -> Option<String> {
        let set = |names: &[String], why: &str| {
            let set: Vec<&str> =
                names.iter().map(String::as_str).filter(|name| environment.raw(name).is_some()).collect();
            (!set.is_empty()).then(|| format!("{}, {why}", set.join(", ")))
        };
        let parts: Vec<String> = [
            set(&self.overriding, "which would override the credentials"),
            set(&self.renewing, "with which it could assume the role again"),
        ]
        .into_iter()
        .flatten()
        .collect();
        (!parts.is_empty()).then(|| format!("the command does not inherit {}", parts.join("; ")))
    }
}

/// The variables of tokens, and those of our settings that are set.
fn renewing(source: &TokenSource, environment: &Environment) -> Vec<String> {
    let known = source.token_variables();
    let copies = copies_of_tokens(&known, environment);
    let mut names: Vec<String> = Vec::new();
    for name in known.into_iter().chain(table::names_in(environment)).chain(copies) {
        if names.iter().all(|known| known != name) {
            names.push(name.to_owned());
        }
    }
    names
}

/// The variables whose value holds the token of one of these: a job may have passed it on under a name of its own, such as
/// `TF_VAR_token`.
fn copies_of_tokens<'e>(known: &[&str], environment: &'e Environment) -> Vec<&'e str> {
    let tokens: Vec<&str> =
        known.iter().filter_map(|name| environment.non_blank(name)).map(str::trim).filter(is_token).collect();
    let holds_one = |name: &&str| {
        let value = environment.raw(name).unwrap_or_default();
        tokens.iter().any(|token| value.contains(token))
    };
    environment.names().filter(holds_one).collect()
}

/// Whether a value has the form of a token: a path, an address or a word may well be a part of other values.
fn is_token(value: &&str) -> bool {
    let is_of_token = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_' | '.');
    value.len() > 32 && value.matches('.').count() == 2 && value.chars().all(is_of_token)
}

/// Both lists of words, each word once.
fn with_all_words(words: &str, more: &str) -> String {
    let mut all: Vec<&str> = Vec::new();
    for word in words.split_whitespace().chain(more.split_whitespace()) {
        if !all.contains(&word) {
            all.push(word);
        }
    }
    all.join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_note_names_what_is_set_and_with_pass_token_neither_token_nor_settings() {
        let environment = Environment::from([
            ("AWS_PROFILE", ""),
            ("CIRCLECI_AWS_OIDC_ROLE_ARN", "x"),
            ("CIRCLE_OIDC_TOKEN", "x"),
            ("MINE", "x"),
            ("HOME", "x"),
        ]);
        let note = |passes_token| {
            let source = TokenSource::Env("MINE".to_owned());
            ChildEnvironment::of(&source, passes_token, &environment).lost(&environment).unwrap()
        };
        assert_eq!(
            note(false),
            "the command does not inherit AWS_PROFILE, which would override the credentials; MINE, \
             CIRCLE_OIDC_TOKEN, CIRCLECI_AWS_OIDC_ROLE_ARN, with which it could assume the role again"
        );
        assert_eq!(
            note(true),
            "the command does not inherit AWS_PROFILE, which would override the credentials"
        );
        let nothing = Environment::default();
        assert_eq!(ChildEnvironment::of(&TokenSource::Auto, false, &nothing).lost(&nothing), None);
    }

    #[test]
    fn a_copy_of_the_token_under_another_name_is_found_and_a_word_is_none() {
        let token = "eyJhbGciOiJFUzI1NiJ9.eyJzdWIiOiJvcmcifQ.c2lnbmF0dXJl";
        let environment = Environment::from([
            ("CIRCLE_OIDC_TOKEN", token),
            ("BITBUCKET_STEP_OIDC_TOKEN", "a.b.c"),
            ("AWS_WEB_IDENTITY_TOKEN_FILE", "/a/path/that/is/longer.than.32/characters"),
            ("COPY", token),
            ("HEADER", &format!("Bearer {token}\n")),
            ("PATHS", "/a/path/that/is/longer.than.32/characters:/bin"),
            ("WORD", "a.b.c"),
        ]);
        let removed = renewing(&TokenSource::Auto, &environment);
        for (name, holds_it) in [("COPY", true), ("HEADER", true), ("PATHS", false), ("WORD", false)] {
            assert_eq!(removed.iter().filter(|it| *it == name).count(), usize::from(holds_it), "{name}");
        }
        assert_eq!(removed.iter().filter(|it| *it == "CIRCLE_OIDC_TOKEN").count(), 1);
    }

    #[test]
    fn blocks_that_were_read_and_blocks_of_the_file_are_counted_once() {
        assert_eq!(with_all_words("install 0a", "0a 1b"), "install 0a 1b");
        assert_eq!(with_all_words("", ""), "");
    }
}
