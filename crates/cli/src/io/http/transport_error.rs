//! Why no answer came, sorted by whether another attempt can help, in words of what happened.

use std::error::Error;
use std::io;
use std::time::Duration;

use rustls::CertificateError;
use sts::retry::Class;

/// No whole answer came back.
#[derive(Debug, thiserror::Error)]
pub(crate) enum TransportError {
    /// Nothing within the time that one request has.
    #[error("no answer within {} s", .0.as_secs())]
    Slow(Duration),
    /// The host's name or its port gave no connection.
    #[error("no connection: {0}")]
    NoConnection(String),
    /// The server showed a certificate that is not good for it.
    #[error("its certificate is not trusted: {0}")]
    Certificate(String),
    /// Not TLS, or no version that both sides know.
    #[error("no TLS connection: {0}")]
    Tls(String),
    /// The connection broke before the whole answer was there.
    #[error("the connection broke: {0}")]
    Broken(String),
    /// An answer that no STS gives.
    #[error("the answer is larger than {0} bytes")]
    TooLarge(usize),
    /// The proxy's address can't be used. Never shows it: it may hold a password.
    #[error("the proxy in `{0}` is not a URL like `http://proxy.example:3128`")]
    Proxy(String),
}

impl TransportError {
    /// Whether the same request may do better in a moment.
    pub(crate) fn class(&self) -> Class {
        match self {
            Self::Slow(_) | Self::NoConnection(_) | Self::Broken(_) => Class::Transient,
            Self::Certificate(_) | Self::Tls(_) | Self::TooLarge(_) | Self::Proxy(_) => Class::Permanent,
        }
    }

    /// What reqwest says, without the URL and in one level: its chain repeats itself.
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
        if error.is_connect() { Self::NoConnection(root) } else { Self::Broken(root) }
    }

    /// What happened before there was a TLS connection.
    pub(crate) fn from_io(error: &io::Error) -> Self {
        rustls_error(error).map_or_else(|| Self::NoConnection(error.to_string()), Self::from_rustls)
    }

    fn from_rustls(error: &rustls::Error) -> Self {
        match error {
            rustls::Error::InvalidCertificate(CertificateError::UnknownIssuer) => {
                Self::Certificate("no authority that is known here has issued it".to_owned())
            }
            rustls::Error::InvalidCertificate(flaw) => Self::Certificate(flaw.to_string()),
            other => Self::Tls(other.to_string()),
        }
    }
}

/// rustls hides its errors inside of `io::Error`, whose `source` skips them.
fn rustls_error<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a rustls::Error> {
    error.downcast_ref().or_else(|| {
        let inner: &(dyn Error + 'static) = error.downcast_ref::<io::Error>()?.get_ref()?;
        rustls_error(inner)
    })
}
