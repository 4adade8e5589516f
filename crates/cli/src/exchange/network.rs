//! How STS is reached: host, proxy, certificates, and limits.

use std::time::Duration;

use aws::Region;
use sts::Endpoint;

use crate::io::environment::Environment;
use crate::io::http::ca_bundle::CaBundle;
use crate::io::http::route::ConfiguredProxy;

/// Everything between this program and STS.
#[derive(Debug, Clone)]
pub(crate) struct Network {
    /// Where requests go.
    pub(crate) endpoint: Endpoint,
    /// The flag or variable that names the host; `None` for the Region's own.
    pub(crate) endpoint_name: Option<&'static str>,
    /// The Region in signatures.
    pub(crate) signing_region: Region,
    /// The proxy and the hosts that it is not used for; `None` without a proxy.
    pub(crate) proxy: Option<ConfiguredProxy>,
    /// Root certificates in addition to the built-in ones.
    pub(crate) ca_bundle: Option<CaBundle>,
    /// The longest wait for a connection, TLS included.
    pub(crate) connect_timeout: Duration,
    /// The longest wait in all.
    pub(crate) deadline: Duration,
    /// The largest number of requests; `None` if the deadline alone limits them.
    pub(crate) max_attempts: Option<u32>,
}

impl Network {
    /// The network path to another host, which this variable names, under the same limits.
    pub(crate) fn with_endpoint(
        &self,
        endpoint: Endpoint,
        variable: &'static str,
        environment: &Environment,
    ) -> Self {
        Self {
            signing_region: self.signing_region.clone(),
            proxy: ConfiguredProxy::for_endpoint(&endpoint, environment),
            endpoint,
            endpoint_name: Some(variable),
            ca_bundle: self.ca_bundle.clone(),
            connect_timeout: self.connect_timeout,
            deadline: self.deadline,
            max_attempts: self.max_attempts,
        }
    }

    /// The proxy, if any, as the end of a sentence for the user.
    pub(crate) fn proxy_suffix(&self) -> String {
        self.proxy.as_ref().map(|route| format!(" {}", route.description())).unwrap_or_default()
    }
}
