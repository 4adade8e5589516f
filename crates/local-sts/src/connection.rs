//! One connection: TLS, HTTP/1.1, and the ways in which an answer can fail to arrive. Apart from the
//! server, which accepts connections and ends them.

use std::{
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
    answer::{Answer, Delivery},
    clock::http_date,
    dispatch::{self, Call},
    world::World,
};

/// AWS reads no more than this of a body.
const LARGEST_BODY: usize = 10_000_000;
/// Long enough for the client to have read what came before a reset.
const PAUSE_BEFORE_RESET: Duration = Duration::from_millis(50);

/// Serves the connection to its end. A client that leaves early is nobody's error.
pub(crate) async fn serve(tls: TlsAcceptor, tcp: TcpStream, world: Arc<World>) {
    // Otherwise the answer waits behind the session tickets for the client's delayed acknowledgement, 40 ms.
    drop(tcp.set_nodelay(true));
    let Ok(stream) = tls.accept(tcp).await else { return };
    let service = service_fn(move |request| Box::pin(respond(Arc::clone(&world), request)));
    let mut connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let outcome = poll_fn(|context| connection.poll_without_shutdown(context)).await;
    let mut stream = connection.into_parts().io.into_inner();
    match outcome {
        Ok(()) => drop(stream.shutdown().await),
        Err(error) if error.source().is_some_and(<dyn Error>::is::<Reset>) => {
            // With no time to linger, the system ends the connection by a reset.
            drop(stream.get_ref().0.set_zero_linger());
        }
        Err(_) => {}
    }
}

async fn respond(world: Arc<World>, request: Request<Incoming>) -> Result<Response<AnswerBody>, Unanswered> {
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
    let response = match dispatch::answer(&world, &call, world.now()) {
        Delivery::Whole(answer) => response(answer, false),
        Delivery::Later(delay, answer) => {
            sleep(delay).await;
            response(answer, false)
        }
        Delivery::CutShort(answer) => response(answer, true),
        Delivery::Closed => Err(Unanswered),
        Delivery::Never => std::future::pending().await,
    };
    let date = http_date(world.now()).parse().map_err(|_| Unanswered)?;
    response.map(|mut response| {
        response.headers_mut().insert("date", date);
        response
    })
}

/// The body, or `None` if it is too large. It is read to its end, so that the client gets to the answer.
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

fn response(answer: Answer, cut_short: bool) -> Result<Response<AnswerBody>, Unanswered> {
    let Answer { status, headers, mut body } = answer;
    let mut builder = Response::builder().status(status).header("content-length", body.len());
    for (name, value) in headers {
        builder = builder.header(name, value);
    }
    let reset_after = cut_short.then(|| Box::pin(sleep(PAUSE_BEFORE_RESET)));
    if cut_short {
        body.truncate(body.len() / 2);
    }
    builder.body(AnswerBody { data: Some(body.into()), reset_after }).map_err(|_| Unanswered)
}

/// A body in one piece, which may end in a reset.
struct AnswerBody {
    data: Option<Bytes>,
    reset_after: Option<Pin<Box<Sleep>>>,
}

impl Body for AnswerBody {
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

/// The connection is to end in the middle of the body.
#[derive(Debug)]
struct Reset;

/// The connection is to end before an answer.
#[derive(Debug)]
struct Unanswered;

impl fmt::Display for Reset {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("reset in the body")
    }
}

impl fmt::Display for Unanswered {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("closed without an answer")
    }
}

impl Error for Reset {}
impl Error for Unanswered {}
