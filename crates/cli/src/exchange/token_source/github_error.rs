//! Why GitHub's token endpoint returned no token.

use std::time::Duration;

use crate::exchange::network::Network;
use crate::io::http::transport_error::TransportError;

/// Why the endpoint returned no token. Neither its response nor the job's bearer token is shown.
#[derive(Debug, thiserror::Error)]
pub(crate) enum GithubError {
    /// The job has no permission to request a token.
    #[error("{0} is not set")]
    NotPermitted(&'static str),
    /// A URL that the bearer token must not be sent to.
    #[error("ACTIONS_ID_TOKEN_REQUEST_URL is not an https URL; http is allowed only for loopback addresses")]
    Url,
    /// A bearer token that a header cannot hold.
    #[error("ACTIONS_ID_TOKEN_REQUEST_TOKEN holds an invalid character; expected visible ASCII characters")]
    Bearer,
    /// An HTTP error.
    #[error("`{host}` responded with HTTP status {status}{after}")]
    Status {
        /// Host and port.
        host: String,
        /// The status.
        status: u16,
        /// The pause that the server asks for.
        retry_after: Option<Duration>,
        /// The number of attempts, if more than one.
        after: String,
    },
    /// A response without a token.
    #[error("the response of `{host}` is not GitHub's JSON with a `value`")]
    NotAToken {
        /// Host and port.
        host: String,
    },
    /// No response.
    #[error("`{}` was not reached{}{after}", network.endpoint.host(), network.proxy_suffix())]
    Transport {
        /// The path to it.
        network: Box<Network>,
        /// The number of attempts, if more than one.
        after: String,
        /// What happened.
        #[source]
        source: TransportError,
    },
}

impl GithubError {
    /// Whether nothing was sent.
    pub(super) fn is_local(&self) -> bool {
        matches!(self, Self::NotPermitted(_) | Self::Url | Self::Bearer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_wrong_with_the_variables_is_seen_before_anything_is_sent() {
        for error in [GithubError::NotPermitted("NAME"), GithubError::Url, GithubError::Bearer] {
            assert!(error.is_local(), "{error}");
        }
        assert!(!GithubError::NotAToken { host: "token.example".to_owned() }.is_local());
    }
}
