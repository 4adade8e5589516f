//! Keeps the credentials of an endpoint alive: `serve` and `exec --serve` differ only in what ends them.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::time::Duration;

use crate::exchange::acquisition::{Acquired, Acquisition};
use crate::exchange::acquisition_error::AcquisitionError;
use crate::exchange::progress::Progress;
use crate::exchange::request::SessionRequest;
use crate::failure::Failure;
use crate::io::clock::{self, Deadline, Stopwatch};
use crate::io::environment::Environment;
use crate::renewal::credential_store::CredentialStore;
use crate::renewal::freshness::{Lifetime, asked_pause, retry_pause};
use crate::renewal::refusal_log::RefusalLog;
use crate::report::Report;
use crate::settings::SessionSettings;

/// Pause between two checks of the clock.
const POLL_INTERVAL: Duration = Duration::from_millis(250);

/// Renews the credentials in the store.
pub(super) struct Renewer<'a> {
    settings: &'a SessionSettings,
    /// For as long as there are credentials to serve: the next attempt is that of the next renewal.
    with_one_attempt: &'a SessionRequest,
    environment: &'a Environment,
    report: &'a Report,
    also: Box<dyn Fn(&Progress<'_>) + 'a>,
    /// Notes that were printed: the next renewal would repeat them.
    noted: RefCell<BTreeSet<String>>,
}

impl<'a> Renewer<'a> {
    /// For one session, and the same request with one attempt. What happens on the way is told to `also` too.
    pub(super) fn of(
        settings: &'a SessionSettings,
        with_one_attempt: &'a SessionRequest,
        environment: &'a Environment,
        report: &'a Report,
        also: impl Fn(&Progress<'_>) + 'a,
    ) -> Self {
        let (also, noted) = (Box::new(also), RefCell::default());
        Self { settings, with_one_attempt, environment, report, also, noted }
    }

    /// New credentials, for the first time too.
    pub(super) fn acquire(
        &self,
        acquisition: &Acquisition<'a>,
        request: &'a SessionRequest,
    ) -> Result<Acquired<'a>, Failure> {
        self.attempt(acquisition, request).map_err(|error| self.failure(&error))
    }

    fn failure(&self, error: &AcquisitionError<'a>) -> Failure {
        Failure::of_acquisition(error, self.settings, self.environment)
    }

    fn attempt(
        &self,
        acquisition: &Acquisition<'a>,
        request: &'a SessionRequest,
    ) -> Result<Acquired<'a>, AcquisitionError<'a>> {
        let Self { settings, report, also, noted, .. } = self;
        let deadline = Deadline::after(settings.request.network.deadline);
        let is_new = |progress: &Progress<'_>| noted.borrow_mut().insert(progress.to_string());
        let on_progress = |progress: &Progress<'_>| {
            also(progress);
            if !progress.is_note() || is_new(progress) {
                report.progress(progress);
            }
        };
        acquisition.session(request, deadline, &on_progress)
    }

    /// Renews the credentials until the endpoint ends, and prints the requests that it has refused.
    pub(super) fn renew(
        &self,
        acquisition: &Acquisition<'a>,
        lifetime: Lifetime,
        store: &CredentialStore,
        refusals: &RefusalLog,
        has_ended: impl Fn() -> bool,
    ) {
        self.renew_until(acquisition, lifetime, store, refusals, has_ended);
        self.report.notes(refusals.take_last());
    }

    fn renew_until(
        &self,
        acquisition: &Acquisition<'a>,
        mut lifetime: Lifetime,
        store: &CredentialStore,
        refusals: &RefusalLog,
        has_ended: impl Fn() -> bool,
    ) {
        let mut pause = retry_pause(lifetime);
        let mut since = Stopwatch::start();
        while !has_ended() {
            clock::wait(POLL_INTERVAL);
            self.report.notes(refusals.take());
            if lifetime.due_in(clock::now()) > 0 || since.elapsed() < pause {
                continue;
            }
            let is_served = lifetime.is_usable(clock::now());
            let request = if is_served { self.with_one_attempt } else { &self.settings.request };
            let outcome = self.attempt(acquisition, request);
            if has_ended() {
                return;
            }
            match outcome {
                Ok(acquired) => {
                    store.replace(&acquired.session);
                    lifetime = Lifetime::of(&acquired.session, clock::now());
                    pause = retry_pause(lifetime);
                    self.report
                        .event(&format!("renewed: these credentials are valid until {}", lifetime.until));
                }
                Err(error) => {
                    let failure = self.failure(&error);
                    store.record_failure(clock::now(), failure.in_one_line());
                    failure.print(self.report);
                    let left = lifetime.until.seconds_since(clock::now());
                    pause = retry_pause(lifetime).max(asked_pause(error.retry_after(), left));
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
