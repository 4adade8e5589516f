//! Which job cached credentials belong to, and for which token they were issued. The line of a profile carries this key, so
//! that an AWS tool in a clean environment finds what its job has cached.
//!
//! The key is no secret and no protection from a process of the same user, which can read the cache itself. It keeps jobs
//! that share a home directory from using each other's credentials by mistake: a process that shows its own job or its own
//! token never uses the key of another one.

use std::fmt;
use std::str::FromStr;

use oidc::UnverifiedClaims;
use ring::digest::{Context, SHA256};

use crate::ci::CiSystem;
use crate::io::environment::Environment;
use crate::io::hexadecimal::hexadecimal;

/// A part that is not known.
const UNKNOWN: &str = "none";
/// The hexadecimal digits of a part.
const DIGITS: usize = 32;

/// A job and the subject of its token, as far as they are known.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct JobKey {
    ci: Option<&'static CiSystem>,
    job: Option<String>,
    subject: Option<String>,
}

/// A text that is not a job's key.
#[derive(Debug, thiserror::Error)]
#[error("invalid job key `{}`; expected CI-JOB-SUBJECT as `assume` writes it", .0.escape_debug())]
pub(crate) struct InvalidJobKey(String);

impl JobKey {
    /// The key of this process: its job by the CI system's variables, the subject by its token.
    pub(crate) fn of(environment: &Environment, claims: Option<&UnverifiedClaims>) -> Self {
        let ci = CiSystem::of(environment);
        let job = ci.and_then(|ci| {
            let parts = ci.job_parts(environment)?;
            Some(digest_of([ci.word].into_iter().chain(parts)))
        });
        let subject = claims.map(|claims| digest_of([claims.issuer.as_str(), claims.subject.as_str()]));
        Self { ci, job, subject }
    }

    /// The same with what the line of a profile knows and this process does not. A line that another job has written says
    /// nothing about this one.
    pub(crate) fn completed_by(self, line: &Self) -> Self {
        if differ(self.ci.as_ref(), line.ci.as_ref())
            || differ(self.job.as_ref(), line.job.as_ref())
            || differ(self.subject.as_ref(), line.subject.as_ref())
        {
            return self;
        }
        line.clone()
    }

    /// The CI system.
    pub(crate) fn ci(&self) -> Option<&'static CiSystem> {
        self.ci
    }

    /// The job; `None` if it is unknown.
    pub(crate) fn job(&self) -> Option<&str> {
        self.job.as_deref()
    }

    /// The subject of the job's token; `None` if it is unknown.
    pub(crate) fn subject(&self) -> Option<&str> {
        self.subject.as_deref()
    }

    /// Whether it identifies something.
    pub(crate) fn is_known(&self) -> bool {
        self.job.is_some() || self.subject.is_some()
    }
}

/// Whether this process knows something that the line does not confirm.
fn differ<T: PartialEq>(own: Option<&T>, of_line: Option<&T>) -> bool {
    own.is_some() && own != of_line
}

impl fmt::Display for JobKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let ci = self.ci.map_or(UNKNOWN, |ci| ci.word);
        let [job, subject] = [&self.job, &self.subject].map(|part| part.as_deref().unwrap_or(UNKNOWN));
        write!(f, "{ci}-{job}-{subject}")
    }
}

impl FromStr for JobKey {
    type Err = InvalidJobKey;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let invalid = || InvalidJobKey(text.chars().take(100).collect());
        let parts: Vec<&str> = text.split('-').collect();
        let [ci, job, subject] = parts[..] else { return Err(invalid()) };
        let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
        let part = |text: &str| match text {
            UNKNOWN => Ok(None),
            _ if text.len() == DIGITS && text.bytes().all(is_digit) => Ok(Some(text.to_owned())),
            _ => Err(invalid()),
        };
        let ci = match ci {
            UNKNOWN => None,
            word => Some(CiSystem::of_word(word).ok_or_else(invalid)?),
        };
        Ok(Self { ci, job: part(job)?, subject: part(subject)? })
    }
}

/// 32 hexadecimal digits for these texts in this order.
pub(crate) fn digest_of<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut context = Context::new(&SHA256);
    for part in parts {
        // With its length no text can be taken for two.
        for piece in [&part.len().to_string(), ":", part] {
            context.update(piece.as_bytes());
        }
    }
    let mut digits = hexadecimal(context.finish().as_ref());
    digits.truncate(DIGITS);
    digits
}

#[cfg(test)]
mod tests {
    use super::*;
    use oidc::Token;

    /// `iss` is `https://i`, `sub` is `s`.
    const TOKEN: &str =
        "e30.eyJpc3MiOiJodHRwczovL2kiLCJzdWIiOiJzIiwiYXVkIjoiYSIsImV4cCI6NDAwMDAwMDAwMH0.c2ln";
    /// `sub` is `t`.
    const OTHER: &str =
        "e30.eyJpc3MiOiJodHRwczovL2kiLCJzdWIiOiJ0IiwiYXVkIjoiYSIsImV4cCI6NDAwMDAwMDAwMH0.c2ln";

    fn of(variables: &[(&str, &str)], token: Option<&str>) -> JobKey {
        let environment = Environment::default().after(variables.iter().copied(), &[]);
        let token = token.map(|token| Token::parse(token).unwrap());
        JobKey::of(&environment, token.as_ref().map(Token::claims))
    }

    const GITLAB: &[(&str, &str)] = &[("GITLAB_CI", "true"), ("CI_JOB_ID", "7")];

    #[test]
    fn a_key_can_be_read_back() {
        for key in [
            JobKey::default(),
            of(GITLAB, None),
            of(GITLAB, Some(TOKEN)),
            of(&[], Some(TOKEN)),
            of(&[("BUILDKITE", "true")], None),
        ] {
            assert_eq!(key.to_string().parse::<JobKey>().unwrap(), key, "{key}");
        }
        let digits = "0".repeat(DIGITS);
        for text in [
            "",
            "none",
            "none-none",
            "none-none-none-none",
            &format!("other-{digits}-none"),
            &format!("gitlab-{digits}0-none"),
            &format!("gitlab-{}-none", "A".repeat(DIGITS)),
            "gitlab-../../../../../../../../etc/pwd.-none",
        ] {
            assert!(text.parse::<JobKey>().is_err(), "{text}");
        }
    }

    #[test]
    fn jobs_and_subjects_of_all_cis_have_keys_of_their_own() {
        let variables: [&[(&str, &str)]; 10] = [
            &[],
            GITLAB,
            &[("GITLAB_CI", "true"), ("CI_JOB_ID", "8")],
            &[("GITLAB_CI", "true"), ("CI_JOB_ID", "7"), ("CI_SERVER_URL", "https://gitlab.example")],
            &[("BUILDKITE_JOB_ID", "7")],
            &[("BITBUCKET_BUILD_NUMBER", "7")],
            &[("BITBUCKET_BUILD_NUMBER", "7"), ("BITBUCKET_STEP_UUID", "{1}")],
            &[("JENKINS_URL", "https://ci.example"), ("BUILD_TAG", "jenkins-a-7")],
            &[("CIRCLE_WORKFLOW_JOB_ID", "7")],
            &[("GITHUB_RUN_ID", "7")],
        ];
        let mut keys: Vec<String> = Vec::new();
        for token in [None, Some(TOKEN), Some(OTHER)] {
            keys.extend(variables.iter().map(|variables| of(variables, token).to_string()));
        }
        let count = keys.len();
        keys.sort_unstable();
        keys.dedup();
        assert_eq!(keys.len(), count);
    }

    #[test]
    fn a_line_completes_what_a_process_does_not_know_and_nothing_else() {
        let line = of(GITLAB, Some(TOKEN));
        let other_job = [("GITLAB_CI", "true"), ("CI_JOB_ID", "8")];
        for (variables, token, is_completed) in [
            (&[][..], None, true),
            (GITLAB, None, true),
            (GITLAB, Some(TOKEN), true),
            (&[], Some(TOKEN), true),
            // tox passes on a variable that shows the CI system and no job.
            (&[("GITLAB_CI", "true")], None, true),
            (&other_job, None, false),
            (&other_job, Some(TOKEN), false),
            (GITLAB, Some(OTHER), false),
            (&[], Some(OTHER), false),
            (&[("BUILDKITE", "true")], None, false),
            (&[("BUILDKITE_JOB_ID", "7")], None, false),
        ] {
            let own = of(variables, token);
            let completed = own.clone().completed_by(&line);
            assert_eq!(completed, if is_completed { line.clone() } else { own }, "{variables:?}");
        }
        // A line of no job and no token completes nothing.
        let own = of(GITLAB, Some(TOKEN));
        assert_eq!(own.clone().completed_by(&JobKey::default()), own);
    }
}
