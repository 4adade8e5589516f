//! `--expect-aws`: refuses to send the token where another than AWS could read it.

use std::path::PathBuf;

use aws::Region;
use sts::Endpoint;

use crate::exchange::network::Network;
use crate::io::http::added_roots::AddedRoots;
use crate::io::http::ca_bundle::CaBundle;

/// Which hosts are refused.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct EndpointGuard {
    /// All that are not AWS's own, and roots that are not Mozilla's.
    pub(crate) aws_only: bool,
}

/// A refused host.
#[derive(Debug, thiserror::Error)]
pub(crate) enum EndpointGuardError {
    /// Somebody else's.
    #[error(
        "STS would be called at `{host}`{}, and `--expect-aws` refuses hosts that are not AWS's own",
        name.map(|name| format!(" ({name})")).unwrap_or_default()
    )]
    OtherHost {
        /// Host and port.
        host: String,
        /// The flag or variable that names it.
        name: Option<&'static str>,
        /// The Region whose host is meant.
        region: Region,
    },
    /// The owner of a root can act as every host, for example a proxy that reads what it passes on.
    #[error(
        "`{}` ({name}) adds {roots} to Mozilla's, and `--expect-aws` refuses these",
        path.display()
    )]
    AddedRoots {
        /// The file.
        path: PathBuf,
        /// The flag or variable that names it.
        name: &'static str,
        /// How many there are.
        roots: AddedRoots,
    },
}

impl EndpointGuard {
    /// Checks host and roots.
    pub(crate) fn check(self, network: &Network, roots: &AddedRoots) -> Result<(), EndpointGuardError> {
        self.check_host(&network.endpoint, network.endpoint_name, &network.signing_region)?;
        network.ca_bundle.as_ref().map_or(Ok(()), |bundle| self.check_roots(bundle, roots))
    }

    /// Checks the host.
    pub(crate) fn check_host(
        self,
        endpoint: &Endpoint,
        name: Option<&'static str>,
        region: &Region,
    ) -> Result<(), EndpointGuardError> {
        if self.aws_only && !endpoint.is_of_aws() {
            let (host, region) = (endpoint.host(), region.clone());
            return Err(EndpointGuardError::OtherHost { host, name, region });
        }
        Ok(())
    }

    /// Checks the roots.
    pub(crate) fn check_roots(self, bundle: &CaBundle, roots: &AddedRoots) -> Result<(), EndpointGuardError> {
        if self.aws_only && roots.count() > 0 {
            let CaBundle { path, name } = bundle.clone();
            return Err(EndpointGuardError::AddedRoots { path, name, roots: roots.clone() });
        }
        Ok(())
    }
}
