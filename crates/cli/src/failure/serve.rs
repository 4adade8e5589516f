//! Errors of `serve` that `assume` does not have.

use std::io;
use std::path::Path;

use super::{ExitStatus, Failure, untrusted};
use crate::io::files::untrusted_path::UntrustedPath;
use crate::renewal::endpoint::EndpointSetupError;
use crate::renewal::state_directory::StateError;

impl Failure {
    /// No directory for files that remain after this run.
    pub(crate) fn of_state(error: &StateError) -> Self {
        let failure = Self::of(ExitStatus::Destination, error);
        match error {
            StateError::NoHome => failure.hint("set HOME"),
            StateError::NotOwned(path) => {
                failure.hint(format!("remove `{}`, or set another HOME", path.display()))
            }
            StateError::Io { source, .. } => match UntrustedPath::of(source) {
                Some(path) => failure.hint(untrusted::hint(path, untrusted::HOME)),
                None => failure,
            },
        }
    }

    /// No port, or no thread for it.
    pub(crate) fn of_server(error: &io::Error) -> Self {
        Self::of(ExitStatus::Local, error).while_doing("an endpoint cannot be opened on 127.0.0.1".to_owned())
    }

    /// The endpoint cannot be created.
    pub(crate) fn of_endpoint(error: &EndpointSetupError) -> Self {
        Self::of(ExitStatus::Local, error)
    }

    /// No endpoint descriptor, by which the endpoint is found.
    pub(crate) fn of_descriptor(path: &Path, error: &io::Error) -> Self {
        Self::of(ExitStatus::Destination, error)
            .while_doing(format!("the endpoint descriptor cannot be written to `{}`", path.display()))
    }
}
