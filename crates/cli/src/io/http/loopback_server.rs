//! An HTTP server on loopback, on a separate thread: a response must not wait for the rest of the program. Any process
//! of this machine can connect, so time, memory and connections are limited.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::io;
use std::net::{Ipv4Addr, TcpListener as StdListener};
use std::pin::pin;
use std::sync::Arc;
use std::thread;
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
use tokio::task::JoinHandle;

use crate::io::clock::{self, Stopwatch};

/// More than AWS's tools open at once. A further one takes the place of the oldest, which is idle: a request is answered at
/// once.
const CONNECTIONS: usize = 64;
/// From the first byte of the request to the last one of the response; then the connection is closed.
const LONGEST_CONNECTION: Duration = Duration::from_secs(5);
/// How long the oldest connection has for its request, when others wait.
const SHORTEST_CONNECTION: Duration = Duration::from_millis(100);
/// A request of AWS's tools has less than 1 KiB.
const LARGEST_HEAD: usize = 16 * 1024;
const MOST_HEADERS: usize = 64;
/// The interval at which the server checks whether to stop.
const CHECK_INTERVAL: Duration = Duration::from_millis(500);
/// The pause after `accept` fails, for example because too many files are open.
const PAUSE: Duration = Duration::from_millis(100);

/// A response with a JSON body.
pub(crate) struct JsonResponse {
    /// The status.
    pub(crate) status: StatusCode,
    /// The text, which all responses with the same credentials share.
    pub(crate) body: Bytes,
}

/// A bound port on loopback. Clients that connect before it is served wait.
pub(crate) struct LoopbackServer(StdListener);

impl LoopbackServer {
    /// Binds a free port of 127.0.0.1.
    pub(crate) fn bind() -> io::Result<Self> {
        StdListener::bind((Ipv4Addr::LOCALHOST, 0)).map(Self)
    }

    /// The port.
    pub(crate) fn port(&self) -> io::Result<u16> {
        Ok(self.0.local_addr()?.port())
    }

    /// Serves on a new thread until `keep_serving` returns false; then closes the port.
    pub(crate) fn serve_while(
        self,
        keep_serving: impl Fn() -> bool + Send + 'static,
        respond: impl Fn(&Request<()>) -> JsonResponse + Send + Sync + 'static,
    ) -> io::Result<thread::JoinHandle<()>> {
        self.0.set_nonblocking(true)?;
        let runtime = Builder::new_current_thread().enable_all().build()?;
        let listener = {
            let _entered = runtime.enter();
            TcpListener::from_std(self.0)?
        };
        let respond = Arc::new(respond);
        thread::Builder::new().name("endpoint".to_owned()).spawn(move || {
            runtime.block_on(async {
                let end = async {
                    while keep_serving() {
                        clock::pause(CHECK_INTERVAL).await;
                    }
                };
                select(pin!(accept(listener, respond)), pin!(end)).await;
            });
        })
    }
}

/// Accepts connections, and closes the oldest of too many.
async fn accept<A>(listener: TcpListener, respond: Arc<A>)
where
    A: Fn(&Request<()>) -> JsonResponse + Send + Sync + 'static,
{
    let mut open: VecDeque<(Stopwatch, JoinHandle<()>)> = VecDeque::new();
    loop {
        match listener.accept().await {
            Ok((stream, _)) => {
                make_room(&mut open).await;
                let respond = Arc::clone(&respond);
                let connection = tokio::spawn(async move {
                    let _ = clock::within(LONGEST_CONNECTION, serve(stream, &*respond)).await;
                });
                open.push_back((Stopwatch::start(), connection));
            }
            Err(_) => clock::pause(PAUSE).await,
        }
    }
}

/// Waits until fewer than the limit are open. What is idle for long enough is closed, the oldest first.
async fn make_room(open: &mut VecDeque<(Stopwatch, JoinHandle<()>)>) {
    loop {
        open.retain(|(_, connection)| !connection.is_finished());
        if open.len() < CONNECTIONS {
            return;
        }
        let is_idle = |(since, _): &(Stopwatch, JoinHandle<()>)| since.elapsed() >= SHORTEST_CONNECTION;
        if !open.front().is_some_and(is_idle) {
            clock::pause(SHORTEST_CONNECTION / 10).await;
        } else if let Some((_, idle)) = open.pop_front() {
            idle.abort();
        }
    }
}

/// Responds to one request. Its body is not read, and the connection is closed after the response. A client that
/// disconnects early or does not speak HTTP is not an error.
async fn serve(stream: TcpStream, respond: &impl Fn(&Request<()>) -> JsonResponse) {
    let service = service_fn(|request: Request<_>| {
        let response = http_response(respond(&request.map(|_| ())));
        async { Ok::<_, Infallible>(response) }
    });
    let _ = http1::Builder::new()
        .keep_alive(false)
        .max_buf_size(LARGEST_HEAD)
        .max_headers(MOST_HEADERS)
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

fn http_response(json: JsonResponse) -> Response<Full<Bytes>> {
    let mut response = Response::new(Full::new(json.body));
    *response.status_mut() = json.status;
    let headers = response.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if json.status == StatusCode::METHOD_NOT_ALLOWED {
        headers.insert(ALLOW, HeaderValue::from_static("GET"));
    }
    response
}
