//! Who could have the job's credentials besides the project: whoever re-ran it with SSH, and the author of a fork. By the
//! rules of the guards; what cannot be judged is said, not taken for harmless.

use oidc::TokenForm;

use super::Findings;
use crate::exchange::job_guard::{JobGuard, JobGuardError};
use crate::exchange::token_source::FoundToken;
use crate::io::environment::Environment;

const CHECK: &str = "job";

/// Checks both, whether the user refuses such jobs or not.
pub(super) fn examine(found: &FoundToken, environment: &Environment, findings: &mut Findings) {
    if found.token.form() == TokenForm::Other {
        return findings.note(
            CHECK,
            "not known whether it is a re-run with SSH or builds a fork: only tokens of CircleCI show it",
        );
    }
    let check = |guard: JobGuard| guard.check(found, environment).err();
    let ssh = check(JobGuard { ssh_rerun: true, fork: false }).map(|flaw| words(&flaw));
    // CircleCI's name of a fork's branch, on hosts where no variable shows the fork.
    let is_pull = found.token.job_claims().vcs_ref.is_some_and(|name| name.starts_with("refs/heads/pull/"));
    let fork = check(JobGuard { ssh_rerun: false, fork: true }).map(|flaw| words(&flaw));
    let fork = if is_pull { Some(FORK.to_owned()) } else { fork };
    if ssh.is_none() && fork.is_none() {
        findings.ok(CHECK, "not a re-run with SSH, not a fork's pull request");
    }
    for text in ssh.into_iter().chain(fork) {
        findings.note(CHECK, &text);
    }
}

const FORK: &str = "it builds a fork's pull request: the fork's code gets the credentials";

fn words(flaw: &JobGuardError) -> String {
    match flaw {
        JobGuardError::SshRerun(_) => {
            "re-run with SSH: the user who started it can read the job's secrets, also after the job ends"
                .to_owned()
        }
        JobGuardError::Fork(_) => FORK.to_owned(),
        JobGuardError::OtherOrigin { .. } => {
            format!("code from outside the project gets the credentials: {flaw}")
        }
        JobGuardError::SshUnknown(_) | JobGuardError::ForkUnknown(_) | JobGuardError::ProjectUnknown(_) => {
            flaw.to_string().replacen("unknown whether", "not known whether", 1)
        }
    }
}
