//! `serve`: one role's credentials for AWS's tools, by a container-credentials endpoint, renewed until it is taken back.
//! The endpoint has a thread of its own; this one asks STS and waits.

use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use export::Session;

use crate::args::ServeArgs;
use crate::commands::only_token;
use crate::exchange::acquisition::{Acquired, Acquisition};
use crate::failure::Failure;
use crate::io::clock::{self, Stopwatch};
use crate::io::environment::Environment;
use crate::io::http::loopback_server::LoopbackServer;
use crate::io::http::tls;
use crate::renewal::credential_store::Supply;
use crate::renewal::descriptor_file::AnnouncementFile;
use crate::renewal::endpoint::Endpoint;
use crate::renewal::freshness::Lifetime;
use crate::report::Report;
use crate::settings::request_flags::{self, Standing};
use crate::settings::{Lookup, SessionSettings, SettingsError};

/// Between two looks at the clock.
const LOOK: Duration = Duration::from_millis(250);
/// After a renewal that failed. STS is not asked more often, whatever this machine's clock says.
const PAUSE: Duration = Duration::from_secs(60);

/// Everything that can fail does so before the endpoint is announced; from then on it goes on.
pub(crate) fn run(args: &ServeArgs, environment: &Environment, report: &mut Report) -> Result<(), Failure> {
    let (settings, standing) = read(args, environment).map_err(|error| Failure::from(&error))?;
    let mut notes = Vec::new();
    let acquisition = Acquisition::prepare(&settings, environment, &mut notes)?;
    let file = AnnouncementFile::to_publish(&standing.key, environment)
        .map_err(|error| Failure::of_state(&error))?;
    let server = LoopbackServer::bind().map_err(|error| Failure::of_server(&error))?;
    let port = server.port().map_err(|error| Failure::of_server(&error))?;
    for note in &notes {
        report.note(note);
    }
    let Acquired { session, place, .. } = acquisition.run(report)?;
    let supply = Arc::new(Supply::of(&session));
    let endpoint = Endpoint::new(&request_flags::job(environment), port, Arc::clone(&supply))
        .map_err(|error| Failure::of_endpoint(&error))?;
    let announcement = endpoint.announcement().clone();
    file.publish(&announcement).map_err(|error| Failure::of_announcement(file.path(), &error))?;
    let serving = server
        .serve_while(move || file.holds(&announcement), move |request| endpoint.answer(request, clock::now()))
        .map_err(|error| Failure::of_server(&error))?;
    report.event(&format!(
        "serving {} on 127.0.0.1:{port}; these credentials are good until {}, and renewed before",
        session.role_session_arn(),
        session.credentials().expiration
    ));
    if !settings.token_source.can_renew(environment) {
        report.note(&only_token(&place));
    }
    let lifetime = lifetime_of(&session);
    // What is served has a copy, which goes when it is renewed; this one would stay.
    drop(session);
    renew(&acquisition, lifetime, &supply, &serving, report);
    report.event("the announcement of this server is gone or another's: it has ended");
    Ok(())
}

fn read(args: &ServeArgs, environment: &Environment) -> Result<(SessionSettings, Standing), SettingsError> {
    let look = Lookup::in_known(environment, &args.output)?;
    let settings = SessionSettings::read(&args.session, &args.network, look)?;
    let standing = Standing::read(&args.session, &args.network, &settings, look)?;
    Ok((settings, standing))
}

/// Keeps the supply fresh for as long as it is served.
fn renew(
    acquisition: &Acquisition<'_>,
    mut lifetime: Lifetime,
    supply: &Supply,
    serving: &JoinHandle<()>,
    report: &mut Report,
) {
    let mut pause = pause_in(lifetime);
    let mut since = Stopwatch::start();
    while !serving.is_finished() {
        clock::wait(LOOK);
        if lifetime.due_in(clock::now()) > 0 || since.elapsed() < pause {
            continue;
        }
        let outcome = acquisition.run(report);
        if serving.is_finished() {
            return;
        }
        pause = pause_in(lifetime);
        match outcome {
            Ok(acquired) => {
                supply.renew(&acquired.session);
                lifetime = lifetime_of(&acquired.session);
                pause = pause_in(lifetime);
                report.event(&format!("renewed: these credentials are good until {}", lifetime.until));
            }
            Err(failure) => {
                supply.fail(clock::now(), failure.in_one_line());
                failure.print(report);
                let in_seconds = pause.as_secs_f64();
                report.event(&match lifetime.until.seconds_since(clock::now()) {
                    1.. => format!(
                        "the credentials of before are served until {}; STS is asked again in {in_seconds:.0} s",
                        lifetime.until
                    ),
                    _ => format!("there are no credentials to serve; STS is asked again in {in_seconds:.0} s"),
                });
            }
        }
        since = Stopwatch::start();
    }
}

fn lifetime_of(session: &Session) -> Lifetime {
    Lifetime { from: clock::now(), until: session.credentials().expiration }
}

/// How long STS is left in peace after it was asked: a minute, or a tenth of the time that credentials last if that is
/// less; a quarter more or less, so that many jobs don't ask at once.
fn pause_in(lifetime: Lifetime) -> Duration {
    let lasts = u64::try_from(lifetime.until.seconds_since(lifetime.from)).unwrap_or(0);
    let pause = match lasts {
        // By this machine's clock they had expired when they came.
        0 => PAUSE,
        _ => Duration::from_secs(lasts).mul_f64(0.1).min(PAUSE),
    };
    pause.mul_f64(0.75 + tls::random_fraction() / 2.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws::Timestamp;

    #[test]
    fn sts_is_asked_about_once_a_minute_at_most() {
        for (lasts, shortest, longest) in [
            (43200, 45.0, 75.0),
            (900, 45.0, 75.0),
            (600, 45.0, 75.0),
            (10, 0.75, 1.25),
            (0, 45.0, 75.0),
            (-5000, 45.0, 75.0),
        ] {
            let at = |seconds: i64| Timestamp::from_unix_seconds(1_000_000 + seconds).unwrap();
            let pause = pause_in(Lifetime { from: at(0), until: at(lasts) }).as_secs_f64();
            assert!((shortest..=longest).contains(&pause), "{lasts}: {pause}");
        }
    }
}
