//! Runs a plan: roles without a source are requested concurrently, over shared connections; chained roles as soon
//! as their source has a session. All on one thread.

use std::cell::Cell;
use std::rc::Rc;

use aws::SessionPolicies;
use futures_util::stream::FuturesUnordered;

use super::plan::{AssumedWith, PlannedRole};
use super::progress::{LimitedReport, OnProfiles, ProfilesProgress, ResultsWait};
use super::schedule::{Outcome, Schedule, Task};
use super::settings::ProfilesSettings;
use super::window::Window;
use crate::exchange::acquisition::OpenAcquisition;
use crate::exchange::acquisition_error::AcquisitionError;
use crate::exchange::admitted_role::AdmittedRole;
use crate::exchange::assume_role::RoleWithToken;
use crate::exchange::progress::Progress;

/// One run of a plan.
pub(crate) struct Run<'a> {
    /// The plan, and the network path to STS.
    pub(crate) settings: &'a ProfilesSettings,
    /// The job's token and the connections.
    pub(crate) open: &'a OpenAcquisition<'a>,
    /// Receives the progress.
    pub(crate) on_profiles: OnProfiles<'a>,
    /// Receives the progress of each role, with its index in the plan.
    pub(crate) on_role: &'a dyn Fn(usize, &Progress<'_>),
}

/// Progress that is counted over all roles.
struct Counts<'a> {
    retries: LimitedReport<'a>,
    notes: LimitedReport<'a>,
    with_other_subject: Cell<u32>,
    window: Window,
}

impl<'a> Run<'a> {
    /// Requests every role that can be requested. The outcomes are in the plan's order.
    pub(crate) fn request_all(&self) -> Vec<Outcome<'a>> {
        let retries = LimitedReport::of_retries(self.on_profiles);
        let notes = LimitedReport::of_notes(self.on_profiles);
        let counts = Counts { retries, notes, with_other_subject: Cell::new(0), window: Window::start() };
        let outcomes = self.open.block_on(self.request_concurrently(&counts));
        let trust_v1_only = counts.with_other_subject.get();
        if trust_v1_only > 0 {
            (self.on_profiles)(&ProfilesProgress::TrustV1Only(trust_v1_only));
        }
        outcomes
    }

    async fn request_concurrently(&self, counts: &Counts<'_>) -> Vec<Outcome<'a>> {
        let mut schedule = Schedule::of(self.settings, self.open.deadline());
        let mut running = FuturesUnordered::new();
        let mut wait = ResultsWait::start();
        loop {
            while running.len() < counts.window.size()
                && let Some(task) = schedule.next()
            {
                running.push(async move { (task.at, self.outcome(&task, counts).await) });
            }
            let report_count = || {
                let (settled, all) = (schedule.settled(), self.settings.plan.roles.len());
                (self.on_profiles)(&ProfilesProgress::Settled { settled, all });
            };
            match wait.next(&mut running, report_count).await {
                Some((at, outcome)) => schedule.settle(at, outcome),
                None => return schedule.into_outcomes(),
            }
        }
    }

    /// Requests one role, with its retries.
    async fn outcome(&self, task: &Task<'a>, counts: &Counts<'_>) -> Outcome<'a> {
        match self.assume(task, counts).await {
            Ok(admitted) => Outcome::Granted(Rc::new(admitted)),
            Err(error) => Outcome::Failed(error),
        }
    }

    async fn assume(
        &self,
        task: &Task<'a>,
        counts: &Counts<'_>,
    ) -> Result<AdmittedRole, AcquisitionError<'a>> {
        const NO_POLICIES: &SessionPolicies = &SessionPolicies::NONE;
        let on_progress = |progress: &Progress<'_>| {
            count(task, counts, progress);
            (self.on_role)(task.at, progress);
        };
        let PlannedRole { role, assumed_with, session_name, duration, region, scope, .. } = task.role;
        let admitted = if let (AssumedWith::Profile { role, .. }, Some(source)) = (assumed_with, &task.source)
        {
            self.open.chained_role(source, role, session_name, task.network, &on_progress).await?
        } else {
            let role = RoleWithToken { role, session_name, duration: *duration, policies: NO_POLICIES };
            self.open.role_with_token(role, task.network, &on_progress).await?
        };
        match scope {
            Some(scope) => {
                let narrowing =
                    self.open.narrow(admitted, scope, region.as_ref(), task.network, &on_progress);
                // In its own allocation, which only profiles with a scope pay for.
                Box::pin(narrowing).await
            }
            None => Ok(admitted),
        }
    }
}

fn count(task: &Task<'_>, counts: &Counts<'_>, progress: &Progress<'_>) {
    match progress {
        Progress::Retrying { .. } => {
            counts.window.refused();
            counts.retries.report(&ProfilesProgress::Profile(&task.role.profile, progress));
        }
        Progress::LargeSessionToken(note) => {
            counts.notes.report(&ProfilesProgress::Note(&format!("{}: {note}", task.role.profile)));
        }
        Progress::OtherSubjectTrusted => counts.with_other_subject.set(counts.with_other_subject.get() + 1),
        _ => {}
    }
}
