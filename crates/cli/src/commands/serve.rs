//! `serve`: one role's credentials for AWS tools, through a container-credentials endpoint, renewed until `clear`
//! ends it. The endpoint has its own thread; this one calls STS and waits.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;
use std::thread::JoinHandle;
use std::time::Duration;

use export::Session;

use crate::commands::no_renewal_note;
use crate::exchange::acquisition::{Acquired, Acquisition};
use crate::exchange::progress::Progress;
use crate::exchange::request::SessionRequest;
use crate::failure::Failure;
use crate::io::clock::{self, Deadline, Stopwatch};
use crate::io::environment::Environment;
use crate::io::http::loopback_server::LoopbackServer;
use crate::renewal::credential_store::CredentialStore;
use crate::renewal::descriptor_file::DescriptorFile;
use crate::renewal::endpoint::Endpoint;
use crate::renewal::freshness::{Lifetime, retry_pause};
use crate::renewal::job_key::JobKey;
use crate::report::Report;
use crate::settings::{DEFAULT_DEADLINE, Inputs, SessionSettings};

/// Pause between two checks of the clock.
const POLL_INTERVAL: Duration = Duration::from_millis(250);

/// Fails only before the endpoint descriptor is published; after that it serves until the descriptor is removed.
pub(crate) fn run(inputs: Inputs<'_>, report: &Report) -> Result<(), Failure> {
    let environment = inputs.environment;
    let settings = inputs.checked().and_then(|inputs| SessionSettings::read(inputs, DEFAULT_DEADLINE));
    let settings = settings.map_err(|error| Failure::from(&error))?;
    let with_one_attempt = settings.request.with_one_attempt();
    let renewer = Renewer {
        settings: &settings,
        with_one_attempt: &with_one_attempt,
        environment,
        report,
        noted: RefCell::default(),
    };
    let mut notes = settings.notes.clone();
    let acquisition = Acquisition::of_session(&settings.request, environment, &mut notes)
        .map_err(|error| Failure::of_acquisition(&error, &settings, environment))?;
    let file = DescriptorFile::for_writing(&settings.flags.key(acquisition.added_roots()), environment)
        .map_err(|error| Failure::of_state(&error))?;
    let server = LoopbackServer::bind().map_err(|error| Failure::of_server(&error))?;
    let port = server.port().map_err(|error| Failure::of_server(&error))?;
    report.notes(&notes);
    let Acquired { session, origin, .. } = renewer.acquire(&acquisition, &settings.request)?;
    let store = Arc::new(CredentialStore::of(&session));
    let job = JobKey::of(environment, None);
    let endpoint = Endpoint::new(job.job().unwrap_or_default(), port, Arc::clone(&store))
        .map_err(|error| Failure::of_endpoint(&error))?;
    let descriptor = endpoint.descriptor().clone();
    file.write(&descriptor).map_err(|error| Failure::of_descriptor(file.path(), &error))?;
    let serving = server
        .serve_while(move || file.holds(&descriptor), move |request| endpoint.respond(request, clock::now()))
        .map_err(|error| Failure::of_server(&error))?;
    report.event(&format!(
        "serving {} on 127.0.0.1:{port}; these credentials are valid until {} and renewed before that",
        session.role_session_arn(),
        session.credentials().expiration
    ));
    if !settings.request.token.source.can_renew(environment) {
        report.note(&no_renewal_note(&origin));
    }
    let lifetime = lifetime_of(&session);
    // The store has a copy, which a renewal clears; this one would stay in memory.
    drop(session);
    renewer.renew(&acquisition, lifetime, &store, &serving);
    report.event("the endpoint has ended, because its descriptor was removed or replaced");
    Ok(())
}

/// Renews the credentials in the store.
struct Renewer<'a> {
    settings: &'a SessionSettings,
    /// For as long as there are credentials to serve: the next attempt is that of the next renewal.
    with_one_attempt: &'a SessionRequest,
    environment: &'a Environment,
    report: &'a Report,
    /// Notes that were printed: the next renewal would repeat them.
    noted: RefCell<BTreeSet<String>>,
}

impl<'a> Renewer<'a> {
    fn acquire(
        &self,
        acquisition: &Acquisition<'a>,
        request: &'a SessionRequest,
    ) -> Result<Acquired<'a>, Failure> {
        let Self { settings, environment, report, noted, .. } = self;
        let deadline = Deadline::after(settings.request.network.deadline);
        let is_new = |progress: &Progress<'_>| noted.borrow_mut().insert(progress.to_string());
        let on_progress = |progress: &Progress<'_>| {
            if !progress.is_note() || is_new(progress) {
                report.progress(progress);
            }
        };
        let acquired = acquisition.session(request, deadline, &on_progress);
        acquired.map_err(|error| Failure::of_acquisition(&error, settings, environment))
    }

    /// Renews the credentials until the endpoint ends.
    fn renew(
        &self,
        acquisition: &Acquisition<'a>,
        mut lifetime: Lifetime,
        store: &CredentialStore,
        serving: &JoinHandle<()>,
    ) {
        let mut pause = retry_pause(lifetime);
        let mut since = Stopwatch::start();
        while !serving.is_finished() {
            clock::wait(POLL_INTERVAL);
            if lifetime.due_in(clock::now()) > 0 || since.elapsed() < pause {
                continue;
            }
            let is_served = lifetime.is_usable(clock::now());
            let request = if is_served { self.with_one_attempt } else { &self.settings.request };
            let outcome = self.acquire(acquisition, request);
            if serving.is_finished() {
                return;
            }
            match outcome {
                Ok(acquired) => {
                    store.replace(&acquired.session);
                    lifetime = lifetime_of(&acquired.session);
                    pause = retry_pause(lifetime);
                    self.report
                        .event(&format!("renewed: these credentials are valid until {}", lifetime.until));
                }
                Err(failure) => {
                    store.record_failure(clock::now(), failure.in_one_line());
                    failure.print(self.report);
                    pause = retry_pause(lifetime);
                    self.report_served(lifetime, pause);
                }
            }
            since = Stopwatch::start();
        }
    }

    fn report_served(&self, lifetime: Lifetime, pause: Duration) {
        let in_seconds = pause.as_secs_f64();
        self.report.event(&match lifetime.until.seconds_since(clock::now()) {
            1.. => format!(
                "the previous credentials are served until {}; the next renewal is in {in_seconds:.0} s",
                lifetime.until
            ),
            _ => format!("there are no credentials to serve; the next renewal is in {in_seconds:.0} s"),
        });
    }
}

fn lifetime_of(session: &Session) -> Lifetime {
    Lifetime { from: clock::now(), until: session.credentials().expiration }
}
