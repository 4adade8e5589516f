//! How STS is reached: which host, through which proxy, trusting which certificates, for how long.

use std::time::Duration;

use aws::Region;
use sts::Endpoint;

use crate::io::environment::Environment;
use crate::io::http::route::ProxyRoute;
use crate::io::http::tls::CaBundle;

/// Everything between this program and STS.
#[derive(Debug)]
pub(crate) struct Network {
    /// Where requests go.
    pub(crate) endpoint: Endpoint,
    /// The Region that signatures name.
    pub(crate) signing_region: Region,
    /// The proxy's URL and the hosts that it is not used for; `None` without a proxy.
    pub(crate) proxy: Option<ProxyRoute>,
    /// Root certificates beside those built in.
    pub(crate) ca_bundle: Option<CaBundle>,
    /// The longest wait for a connection, TLS included.
    pub(crate) connect_timeout: Duration,
    /// The longest wait in all.
    pub(crate) deadline: Duration,
    /// The largest number of requests.
    pub(crate) max_attempts: u32,
}

impl Network {
    /// The network path to another host, under the same limits.
    pub(crate) fn towards(&self, endpoint: Endpoint, environment: &Environment) -> Self {
        Self {
            signing_region: self.signing_region.clone(),
            proxy: ProxyRoute::to(&endpoint, environment),
            endpoint,
            ca_bundle: self.ca_bundle.clone(),
            connect_timeout: self.connect_timeout,
            deadline: self.deadline,
            max_attempts: self.max_attempts,
        }
    }

    /// The host and the proxy, if any, for the user.
    pub(crate) fn via(&self) -> String {
        self.proxy.as_ref().map(|route| format!(" {}", route.words())).unwrap_or_default()
    }
}
