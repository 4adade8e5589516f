//! The CI systems that this program knows, a row each: how their jobs are recognized and told apart, where their tokens
//! are, and what to do about a missing one. Everything that differs from one CI to another is in the table.

mod table;

pub(crate) use table::CIRCLECI;

use crate::io::environment::Environment;

/// One CI system (facts/other-cis.md 1 to 4; facts/circleci.md 7; facts/aws.md 11.2).
#[derive(Debug)]
pub(crate) struct CiSystem {
    /// The name, for the user.
    pub(crate) name: &'static str,
    /// The name in a job's key.
    pub(crate) word: &'static str,
    /// A job of this CI has at least one of these variables.
    pub(crate) shown_by: &'static [&'static str],
    /// What identifies a job among all that may run under one home directory. Without the first one the job is unknown.
    pub(crate) job: &'static [&'static str],
    /// The start of a session's name.
    pub(crate) session_prefix: &'static str,
    /// What follows in a session's name. An ID of 36 characters comes before a name, which may be cut.
    pub(crate) session_parts: &'static [&'static str],
    /// Index and total number of a job's containers, if a job can run in several.
    pub(crate) containers: Option<(&'static str, &'static str)>,
    /// The start of the `iss` of its tokens, if it is the same for all customers.
    pub(crate) issuer: Option<&'static str>,
    /// The variable with the token, where it alone has one and its name is not the user's choice.
    pub(crate) token_variable: Option<&'static str>,
    /// The variables with its tokens, or with what a process needs to request one, where their names are not the user's
    /// choice.
    pub(crate) token_variables: &'static [&'static str],
    /// What a caller has to pass on, so that `auto` gets a token.
    pub(crate) passed_on: &'static [&'static str],
    /// The next action of a job without a token.
    pub(crate) without_token: &'static str,
    /// The next action of a job whose token has expired.
    pub(crate) with_expired_token: &'static str,
}

impl PartialEq for CiSystem {
    /// A word belongs to one system.
    fn eq(&self, other: &Self) -> bool {
        self.word == other.word
    }
}

impl Eq for CiSystem {}

impl CiSystem {
    /// The CI system that this job runs on.
    pub(crate) fn of(environment: &Environment) -> Option<&'static Self> {
        table::ALL.into_iter().find(|ci| environment.first_non_blank(ci.shown_by).is_some())
    }

    /// The CI system with this name in a job's key.
    pub(crate) fn of_word(word: &str) -> Option<&'static Self> {
        table::ALL.into_iter().find(|ci| ci.word == word)
    }

    /// The CI system that issues such tokens, as far as an issuer shows it.
    pub(crate) fn of_issuer(issuer: &str) -> Option<&'static Self> {
        table::ALL.into_iter().find(|ci| ci.issuer.is_some_and(|start| issuer.starts_with(start)))
    }

    /// What identifies the job, empty where a variable is not set; `None` if the job is unknown.
    pub(crate) fn job_parts<'a>(&self, environment: &'a Environment) -> Option<Vec<&'a str>> {
        environment.non_blank(self.job.first()?)?;
        Some(self.job.iter().map(|name| environment.non_blank(name).unwrap_or_default()).collect())
    }
}

/// The variables by which a process gets a token of any of them.
pub(crate) fn token_variables() -> impl Iterator<Item = &'static str> {
    table::ALL.into_iter().flat_map(|ci| ci.token_variables).copied()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn a_job_is_recognized_by_each_of_its_variables() {
        for ci in table::ALL {
            for name in ci.shown_by {
                assert_eq!(CiSystem::of(&Environment::from([(*name, "x")])), Some(ci), "{name}");
            }
            assert_eq!(CiSystem::of_word(ci.word), Some(ci));
        }
        assert_eq!(CiSystem::of(&Environment::default()), None);
        // Users give their own purposes to a name like this.
        assert_eq!(CiSystem::of(&Environment::from([("BUILD_TAG", "v1"), ("CI", "true")])), None);
    }

    #[test]
    fn a_job_is_unknown_without_its_id() {
        for ci in table::ALL {
            let [id, more @ ..] = ci.job else { panic!("{} has no job ID", ci.name) };
            assert!(ci.job_parts(&Environment::from([(*id, "7")])).is_some_and(|parts| parts[0] == "7"));
            for name in more {
                assert_eq!(ci.job_parts(&Environment::from([(*name, "7")])), None, "{name}");
            }
        }
    }

    #[test]
    fn an_issuer_shows_its_ci_system_where_it_is_the_same_for_all() {
        for (issuer, word) in [
            ("https://oidc.circleci.com/org/o", Some("circleci")),
            ("https://token.actions.githubusercontent.com", Some("github")),
            ("https://gitlab.com", Some("gitlab")),
            ("https://agent.buildkite.com", Some("buildkite")),
            ("https://api.bitbucket.org/2.0/workspaces/w/pipelines-config/identity/oidc", Some("bitbucket")),
            ("https://jenkins.example/oidc", None),
        ] {
            assert_eq!(CiSystem::of_issuer(issuer).map(|ci| ci.word), word, "{issuer}");
        }
    }

    #[test]
    fn names_and_words_are_used_once_and_a_word_fits_into_a_key() {
        let words: BTreeSet<_> = table::ALL.map(|ci| ci.word).into();
        let names: BTreeSet<_> = table::ALL.map(|ci| ci.name).into();
        assert_eq!((words.len(), names.len()), (table::ALL.len(), table::ALL.len()));
        assert!(words.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_lowercase())));
    }
}
