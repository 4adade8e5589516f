//! `preflight`: what `assume` would find, found before it is needed. The lines are data, so they go to stdout.

use aws::Secret;

use crate::args::PreflightArgs;
use crate::failure::Failure;
use crate::io::environment::Environment;
use crate::preflight;
use crate::report::Report;

/// Prints all findings; problems make the failure.
pub(crate) fn run(
    args: &PreflightArgs,
    environment: &Environment,
    report: &mut Report,
) -> Result<(), Failure> {
    let findings = preflight::examine(args, environment);
    report.data(&Secret::new(findings.text())).map_err(|error| Failure::of_stdout(&error))?;
    match findings.problems() {
        0 => Ok(()),
        problems => Err(Failure::of_findings(problems)),
    }
}
