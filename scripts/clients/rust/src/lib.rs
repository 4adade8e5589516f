//! Runs the request of a client as often as its command line says.
//! usage: PROGRAM [CALLS [PAUSE_SECONDS]]     (default: 1 and 0)

use std::error::Error;
use std::time::Duration;

/// The URL of the server.
#[allow(
    clippy::disallowed_methods,
    reason = "the rule is for our own binary, whose .clippy.toml applies here too"
)]
pub fn gate() -> String {
    std::env::var("GATE").expect("GATE")
}

/// Calls `request`, and prints `ok` after each success. The first error ends the program.
pub async fn repeat<E: Error>(mut request: impl AsyncFnMut() -> Result<(), E>) {
    let (calls, pause) = (argument(1, 1), argument(2, 0));
    for call in 1..=calls {
        request().await.unwrap_or_else(|error| fail(&error));
        println!("ok");
        if call < calls {
            tokio::time::sleep(Duration::from_secs(pause)).await;
        }
    }
}

/// Prints the error as the client library words it, with its causes, and ends the program.
pub fn fail(error: &dyn Error) -> ! {
    let mut text = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        // Some libraries print their cause themselves.
        if !text.ends_with(&error.to_string()) {
            text = format!("{text}: {error}");
        }
        cause = error.source();
    }
    eprintln!("{text}");
    std::process::exit(1)
}

fn argument(position: usize, otherwise: u64) -> u64 {
    std::env::args().nth(position).map_or(otherwise, |text| text.parse().expect("a number"))
}
