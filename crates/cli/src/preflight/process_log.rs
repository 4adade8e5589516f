//! What `credential-process` has logged in this job: AWS tools hide what it prints.

use super::Findings;
use crate::io::environment::Environment;
use crate::renewal::process_log::ProcessLog;

const CHECK: &str = "process-log";

/// Reports the latest lines of the log, if there is one.
pub(super) fn check(environment: &Environment, findings: &mut Findings) {
    let Some(log) = ProcessLog::of_this_job(environment) else { return };
    for line in log.latest() {
        findings.note(CHECK, &format!("`credential-process` {line}"));
    }
}
