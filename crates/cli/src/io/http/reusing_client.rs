//! A client that keeps connections for the next request, and repeats a request whose connection the server had closed
//! in the meantime. That says nothing about the server, so it is not an attempt. Requests of STS may be repeated.

use std::collections::BTreeSet;
use std::error::Error;
use std::io::{self, ErrorKind};
use std::iter;
use std::net::SocketAddr;
use std::sync::{Mutex, MutexGuard, OnceLock, PoisonError};

use hyper_util::client::legacy;
use hyper_util::client::legacy::connect::HttpInfo;
use reqwest::{Client, ClientBuilder, RequestBuilder, Response};

/// The two ends of a connection.
type Ends = (SocketAddr, SocketAddr);

/// A client and its connections.
pub(super) struct ReusingClient {
    settings: Box<dyn Fn() -> ClientBuilder>,
    /// Keeps connections.
    keeping: Client,
    /// Opens a connection for each request: the other client may have several that are closed. Set up when it is needed.
    opening: OnceLock<Client>,
    /// Connections that a response came over. Their next request is one on a reused connection.
    answered: Mutex<BTreeSet<Ends>>,
}

impl ReusingClient {
    /// Two clients of the same settings. Nothing is sent yet.
    pub(super) fn new(settings: impl Fn() -> ClientBuilder + 'static) -> Result<Self, reqwest::Error> {
        let keeping = settings().build()?;
        Ok(Self {
            settings: Box::new(settings),
            keeping,
            opening: OnceLock::new(),
            answered: Mutex::default(),
        })
    }

    fn opening(&self) -> Result<&Client, reqwest::Error> {
        if let Some(client) = self.opening.get() {
            return Ok(client);
        }
        let client = (self.settings)().pool_max_idle_per_host(0).build()?;
        Ok(self.opening.get_or_init(|| client))
    }

    /// The client to make requests with.
    pub(super) fn requests(&self) -> &Client {
        &self.keeping
    }

    /// Sends a request; on a new connection if that of the first time was an old one and closed.
    pub(super) async fn send(&self, request: RequestBuilder) -> Result<Response, reqwest::Error> {
        let (client, request) = request.build_split();
        let request = request?;
        let again = request.try_clone();
        let sent = match (client.execute(request).await, again) {
            (Err(error), Some(again)) if self.was_closed_before(&error) => {
                self.opening()?.execute(again).await
            }
            (sent, _) => sent,
        };
        if let Some(ends) = sent.as_ref().ok().and_then(|response| ends_of(response.extensions().get())) {
            self.answered().insert(ends);
        }
        sent
    }

    /// Whether the request was sent on a connection that a response had come over, and that ended without another one.
    fn was_closed_before(&self, error: &reqwest::Error) -> bool {
        let client_error = chain(error).find_map(|error| error.downcast_ref::<legacy::Error>());
        let Some(connection) = client_error.and_then(legacy::Error::connect_info) else { return false };
        let mut extras = hyper::Request::new(());
        connection.get_extras(extras.extensions_mut());
        ends_of(extras.extensions().get()).is_some_and(|ends| self.answered().remove(&ends))
            && chain(error).any(is_closed)
    }

    fn answered(&self) -> MutexGuard<'_, BTreeSet<Ends>> {
        self.answered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn ends_of(connection: Option<&HttpInfo>) -> Option<Ends> {
    connection.map(|connection| (connection.local_addr(), connection.remote_addr()))
}

fn chain<'a>(error: &'a (dyn Error + 'static)) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    iter::successors(Some(error), |error: &&'a (dyn Error + 'static)| (*error).source())
}

/// Whether the connection ended before a response.
fn is_closed(error: &(dyn Error + 'static)) -> bool {
    if let Some(error) = error.downcast_ref::<hyper::Error>() {
        return error.is_incomplete_message();
    }
    let kind = error.downcast_ref::<io::Error>().map(io::Error::kind);
    matches!(
        kind,
        Some(
            ErrorKind::ConnectionReset
                | ErrorKind::ConnectionAborted
                | ErrorKind::BrokenPipe
                | ErrorKind::UnexpectedEof
        )
    )
}
