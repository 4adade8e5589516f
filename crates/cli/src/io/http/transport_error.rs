//! Why there is no response, and whether a retry can help.

use std::error::Error;
use std::io;
use std::sync::Arc;
use std::time::Duration;

use rustls::AlertDescription;
use sts::retry::Class;

use crate::io::http::ca_bundle::algorithm_names;
use crate::io::http::certificate_flaw::{self, Mismatch};
use crate::io::http::https::LONGEST_REQUEST;
use crate::io::http::no_connection::{LookupError, NoConnection};

/// No complete response.
#[derive(Debug, Clone, thiserror::Error)]
pub(crate) enum TransportError {
    /// Nothing within the time limit of one request.
    #[error("no response within {}", words_of(*.0))]
    Timeout(Duration),
    /// Nothing within the time that was left of the deadline.
    #[error("no response within {}", words_of(*.0))]
    CutOff(Duration),
    /// The system has nothing for network requests. None was sent.
    #[error("network requests cannot be made: {0}")]
    NotSetUp(Arc<io::Error>),
    /// DNS, TCP or the TLS handshake failed or took too long.
    #[error("no connection: {0}")]
    NoConnection(NoConnection),
    /// The server's certificate is not trusted.
    #[error("its certificate is not trusted: {0}")]
    Certificate(String),
    /// The server's certificate is not valid for its name, or at this time.
    #[error("its certificate is not valid {words}")]
    NotValid {
        /// Which name or time.
        words: String,
        /// What does not fit.
        mismatch: Mismatch,
    },
    /// The server's certificate needs an algorithm that this program does not verify.
    #[error("its certificate cannot be verified: {0}")]
    Algorithm(String),
    /// Not TLS, or no common version.
    #[error("no TLS connection: {0}")]
    Tls(String),
    /// The connection broke before the response was complete.
    #[error("the connection broke: {0}")]
    Broken(String),
    /// Larger than any response of STS.
    #[error("the response is larger than {0} bytes")]
    TooLarge(usize),
    /// The proxy does not connect to the host.
    #[error("the proxy responded with `{status}`{}", about_login(*code, *has_login))]
    ProxyRefused {
        /// The HTTP status; 0 if the response has none.
        code: u16,
        /// Whether its URL has a user.
        has_login: bool,
        /// The first line of its response.
        status: String,
    },
    /// The certificate of an https proxy is not trusted, or it speaks no TLS.
    #[error("no TLS connection to the proxy: {0}")]
    ProxyTls(String),
    /// The certificate of an https proxy is not valid for its name, or at this time.
    #[error("no TLS connection to the proxy: its certificate is not valid {words}")]
    ProxyNotValid {
        /// Which name or time.
        words: String,
        /// What does not fit.
        mismatch: Mismatch,
    },
    /// What is at the URL of an http proxy does not speak HTTP: it has responded with TLS, or closed the connection.
    #[error("the proxy {}", if *has_tls { "responded with TLS, not with HTTP" } else { "closed the connection without a complete response" })]
    ProxyWithoutHttp {
        /// Whether that was TLS.
        has_tls: bool,
    },
    /// The proxy's URL is not usable. It is not shown because it may hold a password.
    #[error("the proxy in `{0}` is not a URL like `http://proxy.example:3128`")]
    Proxy(String),
}

impl TransportError {
    /// Whether a retry can help.
    pub(crate) fn class(&self) -> Class {
        match self {
            Self::Timeout(_)
            | Self::CutOff(_)
            | Self::NoConnection(_)
            | Self::Broken(_)
            | Self::ProxyWithoutHttp { has_tls: false }
            | Self::ProxyRefused { code: 408 | 429 | 500.., .. } => Class::Transient,
            Self::Certificate(_)
            | Self::NotValid { .. }
            | Self::Algorithm(_)
            | Self::Tls(_)
            | Self::NotSetUp(_)
            | Self::ProxyRefused { .. }
            | Self::ProxyTls(_)
            | Self::ProxyNotValid { .. }
            | Self::ProxyWithoutHttp { has_tls: true }
            | Self::TooLarge(_)
            | Self::Proxy(_) => Class::Permanent,
        }
    }

    /// Whether there was no time to see more.
    pub(crate) fn is_cut_off(&self) -> bool {
        matches!(self, Self::CutOff(_))
    }

    /// Whether there was no connection to the host. A proxy may have responded in its place.
    pub(crate) fn is_without_connection(&self) -> bool {
        match self {
            Self::NoConnection(_)
            | Self::ProxyWithoutHttp { .. }
            | Self::ProxyRefused { code: 500.., .. } => true,
            // The limit of a tunnel is that of a connection, which is less than that of a response.
            Self::Timeout(limit) => *limit < LONGEST_REQUEST,
            _ => false,
        }
    }

    /// The root cause of a reqwest error, without the URL: the chain repeats itself.
    pub(crate) fn from_reqwest(error: &reqwest::Error) -> Self {
        let mut root = String::new();
        let mut cause: Option<&(dyn Error + 'static)> = Some(error);
        while let Some(error) = cause {
            if let Some(tls) = rustls_error(error) {
                return Self::from_rustls(tls);
            }
            root = error.to_string();
            cause = error.source();
        }
        match error.is_connect() {
            true if error.is_timeout() => Self::NoConnection(NoConnection::too_slow()),
            true => Self::NoConnection(NoConnection::of(error)),
            false => Self::Broken(root),
        }
    }

    /// The same for a TLS handshake with the proxy itself.
    pub(crate) fn of_proxy(self) -> Self {
        match self {
            Self::NotValid { words, mismatch } => Self::ProxyNotValid { words, mismatch },
            // A proxy that speaks no TLS may close the connection, or wait for a line that does not come.
            Self::Certificate(_) | Self::Timeout(_) => Self::ProxyTls(self.to_string()),
            Self::Tls(reason) => Self::ProxyTls(reason),
            Self::NoConnection(why) => Self::ProxyTls(why.to_string()),
            other => other,
        }
    }

    /// No runtime for requests.
    pub(crate) fn not_set_up(error: io::Error) -> Self {
        Self::NotSetUp(Arc::new(error))
    }

    /// No address for a name.
    pub(super) fn from_lookup(error: &LookupError) -> Self {
        Self::NoConnection(NoConnection::of(error))
    }

    /// An error before or during the TLS handshake.
    pub(crate) fn from_io(error: &io::Error) -> Self {
        rustls_error(error).map_or_else(|| Self::NoConnection(NoConnection::of(error)), Self::from_rustls)
    }

    fn from_rustls(error: &rustls::Error) -> Self {
        match error {
            rustls::Error::InvalidCertificate(flaw) => {
                if let Some((mismatch, words)) = certificate_flaw::mismatch(flaw) {
                    return Self::NotValid { words, mismatch };
                }
                match certificate_flaw::unsupported(flaw) {
                    Some(words) => Self::Algorithm(words),
                    None => Self::Certificate(certificate_flaw::words(flaw)),
                }
            }
            rustls::Error::AlertReceived(AlertDescription::HandshakeFailure) => Self::Tls(format!(
                "the server found no common TLS version, cipher or certificate (handshake_failure); this program \
                 verifies {}",
                algorithm_names::VERIFIED
            )),
            other => Self::Tls(other.to_string()),
        }
    }
}

/// Less than a second can be left of the deadline.
fn words_of(limit: Duration) -> String {
    match limit.as_secs() {
        0 => format!("{} ms", limit.as_millis()),
        seconds => format!("{seconds} s"),
    }
}

/// What a proxy says about user and password.
fn about_login(code: u16, has_login: bool) -> String {
    match (code, has_login) {
        (401 | 407, false) => format!(": it requires a user and a password in its URL ({code})"),
        (401 | 407, true) => format!(": it refuses the user and the password in its URL ({code})"),
        _ => String::new(),
    }
}

/// rustls wraps its errors in `io::Error`, whose `source` skips them.
fn rustls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    error.downcast_ref().or_else(|| {
        let inner: &(dyn Error + 'static) = error.downcast_ref::<io::Error>()?.get_ref()?;
        rustls_error(inner)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_of_less_than_a_second_is_not_zero() {
        for (milliseconds, words) in
            [(10_000, "10 s"), (1999, "1 s"), (1000, "1 s"), (999, "999 ms"), (3, "3 ms")]
        {
            let error = TransportError::Timeout(Duration::from_millis(milliseconds));
            assert_eq!(error.to_string(), format!("no response within {words}"));
        }
    }
}
