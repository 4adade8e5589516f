//! `preflight`: the checks of `assume`, without a call to STS. The lines are data, so they go to stdout; their count goes
//! to stderr.

use crate::failure::Failure;
use crate::preflight;
use crate::report::{self, Report};
use crate::settings::caller::Caller;
use crate::settings::{Inputs, output_format};

/// Prints all findings; fails if one of them is a problem.
pub(crate) fn run(inputs: Inputs<'_>, report: &Report) -> Result<(), Failure> {
    let format = output_format(inputs).map_err(|error| Failure::from(&error))?;
    let findings = preflight::check(inputs);
    let caller = Caller::of(inputs.environment);
    let text = || caller.in_words(&findings.text(|word, code| report.data_word(word, code))).into_owned();
    let data = findings.data(|text| caller.in_words(text).into_owned());
    report::print_data(&format.render(text, &data)).map_err(|error| Failure::of_stdout(&error))?;
    match findings.problems() {
        0 => {
            report.event(&findings.summary());
            Ok(())
        }
        problems => Err(Failure::of_findings(problems, &findings.summary())),
    }
}
