//! `--verify` for many profiles: finds the credentials of each as a step with `AWS_PROFILE` does, and calls STS
//! with all of them concurrently, within the deadline of the run.

use export::Session;
use futures_util::stream::FuturesUnordered;

use super::plan::PlannedRole;
use super::progress::{LimitedReport, ProfilesProgress, ResultsWait};
use super::run::Run;
use super::window::Window;
use crate::credentials::SharedProfiles;
use crate::exchange::network::Network;
use crate::exchange::progress::Progress;
use crate::io::environment::Environment;
use crate::io::signals::{self, Interrupted};
use crate::verify::{self, NextStep, VerifyError};

/// A profile whose identity is not the session that STS granted for it, or is unknown.
pub(crate) struct Unverified<'a> {
    /// The profile and its role.
    pub(crate) role: &'a PlannedRole,
    /// The network path to its STS.
    pub(crate) network: &'a Network,
    /// What is wrong.
    pub(crate) error: VerifyError,
}

impl<'a> Run<'a> {
    /// What the next step starts with.
    pub(crate) fn next_step(
        &self,
        environment: &Environment,
    ) -> Result<Result<NextStep, VerifyError>, Interrupted> {
        let client = self.open.client(self.settings.network());
        if let Err(error) = verify::require_time(client) {
            return Ok(Err(error));
        }
        let on_progress = |progress: &Progress<'_>| (self.on_profiles)(&ProfilesProgress::All(progress));
        self.open.block_on(signals::unless_interrupted(async {
            let next_step = NextStep::after(environment, client.deadline, &on_progress).await?;
            next_step.require_known_start()?;
            Ok(next_step)
        }))
    }

    /// Verifies every profile in the environment of the next step, as the files are now. Returns those that fail, in
    /// the plan's order.
    pub(crate) fn verify(
        &self,
        sessions: &[Session],
        next_step: &NextStep,
    ) -> Result<Vec<Unverified<'a>>, Interrupted> {
        let verifying = self.verify_concurrently(sessions, &next_step.environment);
        self.open.block_on(signals::unless_interrupted(verifying))
    }

    async fn verify_concurrently(
        &self,
        sessions: &[Session],
        environment: &Environment,
    ) -> Vec<Unverified<'a>> {
        let notes = &LimitedReport::of_notes(self.on_profiles);
        let retries = &LimitedReport::of_retries(self.on_profiles);
        let window = &Window::start();
        let files = &SharedProfiles::read(environment);
        let roles = self.settings.roles().zip(sessions).enumerate();
        let mut checks = roles.map(|(at, ((role, network), session))| async move {
            let on_progress = |progress: &Progress<'_>| {
                if let Progress::Retrying { .. } = progress {
                    window.refused();
                    retries.report(&ProfilesProgress::Profile(&role.profile, progress));
                }
                (self.on_role)(at, progress);
            };
            let client = self.open.client(network);
            let found =
                verify::find_as_profile(&role.profile, environment, files, client.deadline, &on_progress)
                    .await;
            let checked = match found {
                Ok((found, of_profile)) => {
                    for note in &of_profile {
                        notes.report(&ProfilesProgress::Note(note));
                    }
                    verify::check(session, found, client, &on_progress).await
                }
                Err(error) => Err(error),
            };
            (at, checked.err().map(|error| Unverified { role, network, error }))
        });
        let mut running = FuturesUnordered::new();
        let mut wait = ResultsWait::start();
        let (mut done, mut unverified) = (0, Vec::new());
        let report_count = |done: usize| {
            (self.on_profiles)(&ProfilesProgress::Verified { done, all: sessions.len() });
        };
        loop {
            while running.len() < window.size()
                && let Some(check) = checks.next()
            {
                running.push(check);
            }
            let Some((at, error)) = wait.next(&mut running, || report_count(done)).await else { break };
            done += 1;
            unverified.extend(error.map(|error| (at, error)));
        }
        unverified.sort_by_key(|(at, _)| *at);
        unverified.into_iter().map(|(_, error)| error).collect()
    }
}
