//! From settings to a session: guards, token, STS, guards again. Apart from the commands, as some of them do it once and
//! some again and again.

use export::Session;

use crate::exchange::flow::Exchange;
use crate::exchange::sts_client::Line;
use crate::exchange::token_source::Search;
use crate::failure::Failure;
use crate::io::clock::Deadline;
use crate::io::environment::Environment;
use crate::io::http::https::Https;
use crate::io::http::tls;
use crate::report::Report;
use crate::settings::SessionSettings;

/// Everything that could be checked before the token leaves this machine.
pub(crate) struct Acquisition<'a> {
    settings: &'a SessionSettings,
    environment: &'a Environment,
    roots: rustls::ClientConfig,
}

/// A session, and the connection that it came by.
pub(crate) struct Acquired {
    /// What is handed on.
    pub(crate) session: Session,
    /// Where the token that STS took came from.
    pub(crate) place: String,
    /// The connection.
    pub(crate) https: Https,
    /// When to give up asking.
    pub(crate) deadline: Deadline,
}

impl<'a> Acquisition<'a> {
    /// Checks what needs no token, and adds to the notes of the settings.
    pub(crate) fn prepare(
        settings: &'a SessionSettings,
        environment: &'a Environment,
        notes: &mut Vec<String>,
    ) -> Result<Self, Failure> {
        let account = settings.last_role().account();
        settings.guard.check(account).map_err(|error| Failure::of_guard(&error))?;
        notes.extend(settings.notes.iter().cloned());
        let roots = tls::client_config(settings.network.ca_bundle.as_ref(), notes)
            .map_err(|error| Failure::from(&error))?;
        Ok(Self { settings, environment, roots })
    }

    /// Swaps a token for the session, with all the time that the deadline allows from now on.
    pub(crate) fn run(&self, report: &mut Report) -> Result<Acquired, Failure> {
        self.run_until(Deadline::after(self.settings.network.deadline), report)
    }

    /// The same, with the time that is left of this deadline.
    pub(crate) fn run_until(&self, deadline: Deadline, report: &mut Report) -> Result<Acquired, Failure> {
        let Self { settings, environment, roots } = self;
        let search = Search {
            source: &settings.token_source,
            audience: settings.audience.as_ref(),
            environment,
            network: &settings.network,
            roots,
            deadline,
        };
        let found = search.run(report).map_err(|error| Failure::of_token(&error, environment))?;
        if let Some(note) = found.note() {
            report.note(note);
        }
        let checked = settings.job_guard.check_all(&found, environment);
        checked.map_err(|error| Failure::of_job_guard(&error))?;
        let https =
            Https::new(&settings.network, roots.clone()).map_err(|error| Failure::of_set_up(&error))?;
        let line = Line { network: &settings.network, https: &https, deadline };
        let exchanged = Exchange { settings, line }.run(&found, report).map_err(|failed| {
            let failure = Failure::of_exchange(&failed, &settings.network);
            settings.trust_policy.iter().fold(failure, |failure, known| failure.judged_by(known, &failed))
        })?;
        let granted = exchanged.granted;
        let account = settings.last_role().account();
        settings
            .guard
            .check_answer(&granted.role_session_arn, account)
            .map_err(|error| Failure::of_guard(&error))?;
        let session = Session::new(
            granted.credentials,
            granted.role_session_arn,
            account.clone(),
            settings.region.clone(),
        )
        .map_err(|error| Failure::of_value(&error))?;
        Ok(Acquired { session, place: exchanged.place, https, deadline })
    }
}

impl Acquired {
    /// The way to STS, for whoever wants to ask more.
    pub(crate) fn line<'s>(&'s self, settings: &'s SessionSettings) -> Line<'s> {
        Line { network: &settings.network, https: &self.https, deadline: self.deadline }
    }
}
