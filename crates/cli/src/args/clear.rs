//! The flags of `clear`.

use clap::Args;

use super::OutputArgs;

/// The flags of `clear`. Each is also read from `AWS_OIDC_<FLAG>`.
#[derive(Debug, Default, Args)]
pub(crate) struct ClearArgs {
    /// Short for --to profile:NAME
    #[arg(long, value_name = "NAME")]
    pub(crate) profile: Option<String>,
    /// Where the credentials are, in the words of assume; may be repeated
    #[arg(long, value_name = "DESTINATION")]
    pub(crate) to: Vec<String>,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
}

/// What `--help` adds below the flags.
pub(super) const AFTER: &str = "\
Takes the keys out of bash-env, profile:NAME and dotenv:PATH; all other lines stay byte for byte.
With a profile go its credential_process, if that is this program, and all that this has kept.
Without --to: profile:NAME if --profile is given, else bash-env if BASH_ENV is set.
With bash-env each serve of this job ends.
All or none of the files are changed. Nothing to clear is no fault.
Not put back: values that assume replaced, a Region beside the keys, a file's earlier mode.
Keys without a session token are not of assume and stay, with a note.
The session itself lasts until it expires: AWS has no call that ends it.
Exit codes: 0 done, 1 local fault, 2 settings, 6 a file can't be changed.";
