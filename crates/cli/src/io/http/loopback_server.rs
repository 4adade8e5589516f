//! An http server for this machine alone, on a thread of its own: an answer must not wait for what else the program
//! does. Any process here can connect, so all that it may cost is limited: time, memory, connections.

use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, TcpListener as StdListener};
use std::pin::pin;
use std::sync::Arc;
use std::thread::{self, JoinHandle};
use std::time::Duration;

use bytes::Bytes;
use futures_util::future::select;
use http_body_util::Full;
use hyper::header::{ALLOW, CACHE_CONTROL, CONTENT_TYPE, HeaderValue};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper::{Request, Response, StatusCode};
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio::runtime::Builder;
use tokio::sync::Semaphore;

use crate::io::clock;

/// More than AWS's tools open at once; who comes later waits until one of them ends.
const CONNECTIONS: usize = 64;
/// From the first byte of the question to the last one of the answer. It holds a connection's place no longer.
const LONGEST_CONNECTION: Duration = Duration::from_secs(5);
/// A question of AWS's tools has less than 1 KiB.
const LARGEST_HEAD: usize = 16 * 1024;
const MOST_HEADERS: usize = 64;
/// Between two looks whether to go on.
const LOOK: Duration = Duration::from_millis(500);
/// After the system refused a connection, for example because too many files are open.
const PAUSE: Duration = Duration::from_millis(100);

/// What goes back to a client: JSON.
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: StatusCode,
    /// The text, which all answers with the same credentials share.
    pub(crate) body: Bytes,
}

/// A port of this machine. Who connects early waits.
pub(crate) struct LoopbackServer(StdListener);

impl LoopbackServer {
    /// Takes a free port of 127.0.0.1.
    pub(crate) fn bind() -> io::Result<Self> {
        StdListener::bind((Ipv4Addr::LOCALHOST, 0)).map(Self)
    }

    /// The port.
    pub(crate) fn port(&self) -> io::Result<u16> {
        Ok(self.0.local_addr()?.port())
    }

    /// Answers on a new thread, which ends soon after `goes_on` has said no; the port is closed then.
    pub(crate) fn serve_while(
        self,
        goes_on: impl Fn() -> bool + Send + 'static,
        answer: impl Fn(&Request<()>) -> Answer + Send + Sync + 'static,
    ) -> io::Result<JoinHandle<()>> {
        self.0.set_nonblocking(true)?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let listener = {
            let _entered = runtime.enter();
            TcpListener::from_std(self.0)?
        };
        let answer = Arc::new(answer);
        thread::Builder::new().name("endpoint".to_owned()).spawn(move || {
            runtime.block_on(async {
                let end = async {
                    while goes_on() {
                        clock::pause(LOOK).await;
                    }
                };
                select(pin!(accept(listener, answer)), pin!(end)).await;
            });
        })
    }
}

/// Takes one connection after the other, as long as there are places.
async fn accept<A>(listener: TcpListener, answer: Arc<A>)
where
    A: Fn(&Request<()>) -> Answer + Send + Sync + 'static,
{
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    loop {
        // Nobody closes the semaphore; without a place there is no connection either.
        let Ok(place) = Arc::clone(&places).acquire_owned().await else { return };
        match listener.accept().await {
            Ok((stream, _)) => {
                let answer = Arc::clone(&answer);
                tokio::spawn(async move {
                    let _ = clock::within(LONGEST_CONNECTION, serve(stream, &*answer)).await;
                    drop(place);
                });
            }
            Err(_) => clock::pause(PAUSE).await,
        }
    }
}

/// One question. Its body is not read, and the connection ends with the answer. A client that leaves early, or that
/// speaks no http, is nobody's error.
async fn serve(stream: TcpStream, answer: &impl Fn(&Request<()>) -> Answer) {
    let service = service_fn(|request: Request<_>| {
        let answer = answer(&request.map(|_| ()));
        async { Ok::<_, Infallible>(response(answer)) }
    });
    let _ = http1::Builder::new()
        .keep_alive(false)
        .max_buf_size(LARGEST_HEAD)
        .max_headers(MOST_HEADERS)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

fn response(answer: Answer) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(answer.body));
    *response.status_mut() = answer.status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if answer.status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(ALLOW, HeaderValue::from_static("GET"));
    }
    response
}
