//! A path that another user can change: the next action.

use crate::io::files::untrusted_path::{Flaw, UntrustedPath};

/// Where AWS's shared files can be instead.
pub(super) const SHARED_FILES: &str = "set AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE, in this step and in the steps \
                                       that use the profile, to files";
/// Where the file of bash can be instead.
pub(super) const BASH_ENV: &str = "set BASH_ENV to a file";
/// Where the cache can be instead.
pub(super) const HOME: &str = "set HOME to a directory";
/// Where a dotenv file can be instead.
pub(super) const FILE: &str = "name a file";

/// Closes what is open, or moves the file. `elsewhere` is the start of a sentence about the latter.
pub(super) fn hint(untrusted: &UntrustedPath, elsewhere: &str) -> String {
    let elsewhere =
        format!("{elsewhere} in a directory that only this user can change, such as one of `mktemp -d`");
    let path = untrusted.path.display();
    if let Some(mode) = untrusted.mode_that_closes() {
        let owner = untrusted.owner;
        return format!(
            "run `chmod {mode} {path}` as its owner (user {owner}) if no other user has to write there, or {elsewhere}"
        );
    }
    match untrusted.flaw {
        Flaw::OtherLink | Flaw::LinkElsewhere(_) => {
            format!("name the path without that link, or {elsewhere}")
        }
        Flaw::HardLinks(_) => format!("replace the file by a copy of it, or {elsewhere}"),
        _ => format!("{elsewhere}; or run this command as the user who owns `{path}`"),
    }
}
