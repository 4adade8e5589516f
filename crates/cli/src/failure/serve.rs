//! Errors of `serve` that `assume` does not have.

use std::io;
use std::path::Path;

use super::elsewhere::Elsewhere;
use super::system::Lack;
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
            StateError::Io { source, .. } => failure.elsewhere_than_home(source),
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
            .elsewhere_than_home(error)
            .while_doing(format!("the endpoint descriptor cannot be written to `{}`", path.display()))
    }

    /// The hint about a file in the home directory.
    fn elsewhere_than_home(self, reason: &io::Error) -> Self {
        let hint = match UntrustedPath::of(reason) {
            Some(path) => Some(untrusted::hint(path, Elsewhere::Home)),
            None => Lack::of_io(reason).and_then(|lack| lack.hint(Some(Elsewhere::Home))),
        };
        match hint {
            Some(hint) => self.hint(hint),
            None => self,
        }
    }
}
