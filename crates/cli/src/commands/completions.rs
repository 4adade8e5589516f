//! `completions` and `man`: texts made of the definitions of the commands. They read no setting.

use aws::Secret;

use crate::args;
use crate::failure::Failure;
use crate::io::stdout;
use crate::settings::Inputs;

/// Prints the completions for a shell. The command line has been checked: its operand names one.
pub(crate) fn run(inputs: Inputs<'_>) -> Result<(), Failure> {
    let shell = inputs.flags.operands.first().and_then(|word| word.to_str());
    print(shell.and_then(args::completions).unwrap_or_default())
}

/// Prints the manual page.
pub(crate) fn man() -> Result<(), Failure> {
    print(args::manual_page())
}

/// The text is the same everywhere, so it is not searched for secrets.
fn print(text: String) -> Result<(), Failure> {
    stdout::write(&Secret::new(text)).map_err(|error| Failure::of_stdout(&error))
}
