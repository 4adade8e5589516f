//! The flags that repeat a request in another process, and the key that identifies the request among the processes of a
//! job.

use ring::digest::{SHA256, digest};

use crate::io::environment::{Environment, vars};

/// The flags of one session, and their key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct RequestFlags {
    flags: Vec<String>,
    key: String,
}

/// What distinguishes jobs that run under one home directory, as on a self-hosted runner.
const JOB_VARIABLES: [&str; 5] = [
    vars::CIRCLE_WORKFLOW_JOB_ID,
    vars::CIRCLE_NODE_INDEX,
    vars::GITHUB_RUN_ID,
    vars::GITHUB_RUN_ATTEMPT,
    vars::GITHUB_JOB,
];

impl RequestFlags {
    /// From the flags that define the session, and those that limit how long a process waits for it.
    pub(crate) fn new(of_session: Vec<String>, of_limits: Vec<String>, environment: &Environment) -> Self {
        let key = key(&of_session, environment);
        Self { flags: of_session.into_iter().chain(of_limits).collect(), key }
    }

    /// All flags, in the order of a command line.
    pub(crate) fn all(&self) -> &[String] {
        &self.flags
    }

    /// 32 hexadecimal digits, usable as a file name. They differ for each request and job.
    pub(crate) fn key(&self) -> &str {
        &self.key
    }
}

fn key(flags: &[String], environment: &Environment) -> String {
    let parts: Vec<&str> = flags.iter().map(String::as_str).chain(job_parts(environment)).collect();
    digest_of(&parts)
}

/// The key of this job; empty outside of a job.
pub(crate) fn job_key(environment: &Environment) -> String {
    let parts: Vec<&str> = job_parts(environment).collect();
    if parts.iter().all(|part| part.is_empty()) { String::new() } else { digest_of(&parts) }
}

fn job_parts(environment: &Environment) -> impl Iterator<Item = &str> {
    JOB_VARIABLES.into_iter().map(|name| environment.raw(name).unwrap_or_default())
}

fn digest_of(parts: &[&str]) -> String {
    let digest = digest(&SHA256, parts.join("\0").as_bytes());
    digest.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}
