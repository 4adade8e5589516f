//! A host in front of STS that is away for a time: it refuses connections, or it accepts and closes them.

use std::io;
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::thread;
use std::time::{Duration, Instant};

use super::Job;

/// What the host does while it is away.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Away {
    /// It refuses connections.
    Refuses,
    /// It closes connections at once, as a load balancer without a server behind it.
    Closes,
}

/// The URL of a host that is away for this time from now on, and then connects to the job's STS.
pub(crate) fn endpoint(job: &Job, away: Away, time: Duration) -> String {
    let sts = job.sts.endpoint().trim_start_matches("https://").to_owned();
    let back = Instant::now() + time;
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap();
    match away {
        Away::Refuses => {
            drop(listener);
            thread::spawn(move || {
                pause(time);
                serve(&bound(address), &sts, back);
            });
        }
        Away::Closes => {
            thread::spawn(move || serve(&listener, &sts, back));
        }
    }
    format!("https://{address}")
}

/// The port was free a moment ago, and a connection of another test may have it for a moment.
fn bound(address: SocketAddr) -> TcpListener {
    loop {
        match TcpListener::bind(address) {
            Ok(listener) => return listener,
            Err(_) => pause(Duration::from_millis(50)),
        }
    }
}

#[expect(clippy::disallowed_methods, reason = "the time of an outage")]
fn pause(time: Duration) {
    thread::sleep(time);
}

fn serve(listener: &TcpListener, sts: &str, back: Instant) {
    for client in listener.incoming().flatten() {
        if Instant::now() >= back
            && let Ok(server) = TcpStream::connect(sts)
        {
            relay(&client, &server);
            relay(&server, &client);
        }
    }
}

fn relay(from: &TcpStream, to: &TcpStream) {
    let (mut from, mut to) = (from.try_clone().unwrap(), to.try_clone().unwrap());
    thread::spawn(move || {
        let _ = io::copy(&mut from, &mut to);
        let _ = to.shutdown(std::net::Shutdown::Write);
    });
}
