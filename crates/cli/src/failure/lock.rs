//! A lock that another process holds for too long: what to do about that process. Only one that runs this program is to be
//! ended; another one may be in the middle of its own work.

use std::error::Error;
use std::{io, iter};

use crate::io::files::lock_holder::{LockHeld, LockHolder};

/// The next action.
pub(super) fn hint(holder: Option<&LockHolder>) -> String {
    match holder {
        None => "if it hangs, end that process; its lock ends with it".to_owned(),
        Some(LockHolder { pid, is_ours: true, is_stopped: true, .. }) => {
            format!("continue it with `kill -CONT {pid}`: its lock ends with its work")
        }
        Some(LockHolder { pid, is_ours: true, .. }) => {
            format!("if it hangs, end it with `kill {pid}`; its lock ends with it")
        }
        Some(LockHolder { pid, .. }) => {
            format!(
                "look what process {pid} does (`ps -fp {pid}`): it is not this program, and its lock ends with it"
            )
        }
    }
}

/// The hint for an error that has such a lock as its reason.
pub(super) fn hint_of(error: &(dyn Error + 'static)) -> Option<String> {
    let held = |error: &(dyn Error + 'static)| {
        let held: &LockHeld = error.downcast_ref::<io::Error>()?.get_ref()?.downcast_ref()?;
        Some(hint(held.holder.as_ref()))
    };
    let mut cause = Some(error);
    iter::from_fn(|| {
        let error = cause?;
        cause = error.source();
        Some(error)
    })
    .find_map(held)
}
