//! A request that outlives the step: the flags by which another process requests the same session, and the key by which
//! processes of one job know it.

use ring::digest::{SHA256, digest};

use crate::io::environment::{Environment, vars};

/// One session, requested again and again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RequestFlags {
    flags: Vec<String>,
    key: String,
}

/// What distinguishes jobs that run under one home directory, as on a self-hosted runner.
const JOB: [&str; 5] = [
    vars::CIRCLE_WORKFLOW_JOB_ID,
    vars::CIRCLE_NODE_INDEX,
    vars::GITHUB_RUN_ID,
    vars::GITHUB_RUN_ATTEMPT,
    vars::GITHUB_JOB,
];

impl RequestFlags {
    /// Of the flags that say which session is meant, and those that say how long a process waits for it.
    pub(crate) fn new(of_session: Vec<String>, of_patience: Vec<String>, environment: &Environment) -> Self {
        let key = key(&of_session, environment);
        Self { flags: of_session.into_iter().chain(of_patience).collect(), key }
    }

    /// All of them, in the order of a command line.
    pub(crate) fn all(&self) -> &[String] {
        &self.flags
    }

    /// 32 hexadecimal digits, fit for a file's name: two requests never share them, and neither do two jobs.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }
}

fn key(flags: &[String], environment: &Environment) -> String {
    let parts: Vec<&str> = flags.iter().map(String::as_str).chain(job_parts(environment)).collect();
    digest_of(&parts)
}

/// What all requests of this job have in common; empty outside of a job.
pub(crate) fn job_key(environment: &Environment) -> String {
    let parts: Vec<&str> = job_parts(environment).collect();
    if parts.iter().all(|part| part.is_empty()) { String::new() } else { digest_of(&parts) }
}

fn job_parts(environment: &Environment) -> impl Iterator<Item = &str> {
    JOB.into_iter().map(|name| environment.raw(name).unwrap_or_default())
}

fn digest_of(parts: &[&str]) -> String {
    let digest = digest(&SHA256, parts.join("\0").as_bytes());
    digest.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
