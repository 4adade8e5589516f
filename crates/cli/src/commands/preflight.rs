//! `preflight`: the checks of `assume`, without a call to STS. The lines are data, so they go to stdout.

use crate::failure::Failure;
use crate::preflight;
use crate::report;
use crate::settings::Inputs;
use crate::settings::caller::Caller;

/// Prints all findings; fails if one of them is a problem.
pub(crate) fn run(inputs: Inputs<'_>) -> Result<(), Failure> {
    let findings = preflight::check(inputs);
    let text = Caller::of(inputs.environment).in_words(&findings.text()).into_owned();
    report::print_data(&text).map_err(|error| Failure::of_stdout(&error))?;
    match findings.problems() {
        0 => Ok(()),
        problems => Err(Failure::of_findings(problems)),
    }
}
