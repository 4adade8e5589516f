//! A path that another user can change: the next action.

use super::elsewhere::Elsewhere;
use crate::io::files::untrusted_path::{Flaw, UntrustedPath};

/// Closes what is open, or moves the file. `elsewhere` is what the latter takes.
pub(super) fn hint(untrusted: &UntrustedPath, elsewhere: Elsewhere) -> String {
    let elsewhere = elsewhere.in_a_directory("that only this user can change, such as one of `mktemp -d`");
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
