//! One connection: TLS, HTTP/1.1, and the ways in which a response can fail to arrive. Separate from the server, which
//! accepts connections and ends them.

use std::{
    cell::Cell,
    error::Error,
    fmt,
    future::poll_fn,
    pin::Pin,
    sync::Arc,
    task::{Context, Poll, ready},
    time::Duration,
};

use http_body_util::BodyExt as _;
use hyper::{
    Request, Response,
    body::{Body, Bytes, Frame, Incoming, SizeHint},
    server::conn::http1,
    service::service_fn,
};
use hyper_util::rt::TokioIo;
use tokio::{
    io::AsyncWriteExt as _,
    net::TcpStream,
    time::{Sleep, sleep},
};
use tokio_rustls::TlsAcceptor;

use crate::{
    clock::http_date,
    dispatch::{self, Call},
    response::{StsResponse, Transmission},
    state::ServerState,
};

/// AWS reads no more than this of a body.
const LARGEST_BODY: usize = 10_000_000;
/// Long enough for the client to read what was sent before the reset.
const PAUSE_BEFORE_RESET: Duration = Duration::from_millis(50);

/// Serves the connection until it ends. A client that closes it early is not an error.
pub(crate) async fn serve(tls: TlsAcceptor, tcp: TcpStream, state: Arc<ServerState>) {
    // Otherwise the response waits for the client's delayed acknowledgement of the session tickets, 40 ms.
    drop(tcp.set_nodelay(true));
    let Ok(stream) = tls.accept(tcp).await else { return };
    let left = Cell::new(state.requests_per_connection);
    let service = service_fn(move |request| {
        let is_over = left.get() == Some(0);
        left.set(left.get().map(|left| left.saturating_sub(1)));
        let state = Arc::clone(&state);
        Box::pin(async move { if is_over { Err(Unanswered) } else { respond(state, request).await } })
    });
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let outcome = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let mut stream = connection.into_parts().io.into_inner();
    match outcome {
        Ok(()) => drop(stream.shutdown().await),
        Err(error) if error.source().is_some_and(<dyn Error>::is::<Reset>) => {
            // With a linger time of zero the system resets the connection.
            drop(stream.get_ref().0.set_zero_linger());
        }
        Err(_) => {}
    }
}

async fn respond(
    state: Arc<ServerState>,
    request: Request<Incoming>,
) -> Result<Response<ResponseBody>, Unanswered> {
    let (head, body) = request.into_parts();
    let headers = head.headers.iter().map(|(name, value)| {
        (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
    });
    let call = Call {
        method: head.method.to_string(),
        path: head.uri.path().to_owned(),
        query: head.uri.query().unwrap_or_default().to_owned(),
        headers: headers.collect(),
        body: read(body).await.map_err(|_| Unanswered)?,
    };
    let response = match dispatch::respond(&state, &call, state.now()) {
        Transmission::Complete(sts_response) => response(sts_response, false),
        Transmission::Delayed(delay, sts_response) => {
            sleep(delay).await;
            response(sts_response, false)
        }
        Transmission::ResetInBody(sts_response) => response(sts_response, true),
        Transmission::ConnectionClosed => Err(Unanswered),
        Transmission::NoResponse => std::future::pending().await,
    };
    let date = http_date(state.now()).parse().map_err(|_| Unanswered)?;
    response.map(|mut response| {
        response.headers_mut().insert("date", date);
        response
    })
}

/// The body, or `None` if it is too large. It is read to its end, so that the client reads the response.
async fn read(mut body: Incoming) -> Result<Option<Vec<u8>>, hyper::Error> {
    let (mut kept, mut size) = (Vec::new(), 0);
    while let Some(frame) = body.frame().await {
        if let Ok(data) = frame?.into_data() {
            size += data.len();
            if size <= LARGEST_BODY {
                kept.extend_from_slice(&data);
            }
        }
    }
    Ok((size <= LARGEST_BODY).then_some(kept))
}

fn response(sts_response: StsResponse, cut_short: bool) -> Result<Response<ResponseBody>, Unanswered> {
    let StsResponse { status, headers, mut body } = sts_response;
    let mut builder = Response::builder().status(status).header("content-length", body.len());
    for (name, value) in headers {
        builder = builder.header(name, value);
    }
    let reset_after = cut_short.then(|| Box::pin(sleep(PAUSE_BEFORE_RESET)));
    if cut_short {
        body.truncate(body.len() / 2);
    }
    builder.body(ResponseBody { data: Some(body.into()), reset_after }).map_err(|_| Unanswered)
}

/// A body in one frame, which may be followed by a reset.
struct ResponseBody {
    data: Option<Bytes>,
    reset_after: Option<Pin<Box<Sleep>>>,
}

impl Body for ResponseBody {
    type Data = Bytes;
    type Error = Reset;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Reset>>> {
        if let Some(data) = self.data.take().filter(|data| !data.is_empty()) {
            return Poll::Ready(Some(Ok(Frame::data(data))));
        }
        match &mut self.reset_after {
            None => Poll::Ready(None),
            Some(pause) => {
                ready!(pause.as_mut().poll(context));
                Poll::Ready(Some(Err(Reset)))
            }
        }
    }

    fn is_end_stream(&self) -> bool {
        self.reset_after.is_none() && self.data.as_ref().is_none_or(Bytes::is_empty)
    }

    fn size_hint(&self) -> SizeHint {
        match self.reset_after {
            None => SizeHint::with_exact(self.data.as_ref().map_or(0, Bytes::len) as u64),
            Some(_) => SizeHint::default(),
        }
    }
}

/// The connection has to end in the middle of the body.
#[derive(Debug)]
struct Reset;

/// The connection has to end before a response.
#[derive(Debug)]
struct Unanswered;

impl fmt::Display for Reset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("reset in the body")
    }
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("closed without a response")
    }
}

impl Error for Reset {}
impl Error for Unanswered {}
