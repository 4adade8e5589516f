//! Carrying out a plan: roles that wait for no other are requested at the same time, over shared connections, and
//! those behind them as soon as their source is there. All on one thread.

use std::cell::Cell;
use std::rc::Rc;

use aws::SessionPolicies;
use futures_util::stream::FuturesUnordered;

use super::plan::{AssumedWith, PlannedRole};
use super::progress::{Few, OnProfiles, Patience, ProfilesProgress};
use super::schedule::{Outcome, Schedule, Task};
use super::settings::ProfilesSettings;
use crate::exchange::acquisition::{AcquisitionError, AdmittedRole, OpenAcquisition};
use crate::exchange::assume_role::RoleWithToken;
use crate::exchange::progress::Progress;

/// How many roles are requested at once, each over a connection of its own. Measured with 500 roles and 50 ms a
/// response: half the time that 25 take, while 100 save another tenth and burden STS and a proxy more.
pub(super) const AT_ONCE: usize = 64;

/// One run of a plan.
pub(crate) struct Run<'a> {
    /// The plan, and how STS is reached.
    pub(crate) settings: &'a ProfilesSettings,
    /// The job's token and the connections.
    pub(crate) open: &'a OpenAcquisition<'a>,
    /// Told what happens.
    pub(crate) on_profiles: OnProfiles<'a>,
}

/// What is counted over all roles.
struct Counts<'a> {
    retries: Few<'a>,
    with_other_subject: Cell<u32>,
}

impl<'a> Run<'a> {
    /// Requests every role that can be requested. The outcomes stand in the plan's order.
    pub(crate) fn all(&self) -> Vec<Outcome<'a>> {
        let counts = Counts { retries: Few::attempts(self.on_profiles), with_other_subject: Cell::new(0) };
        let outcomes = self.open.block_on(self.side_by_side(&counts));
        let trusting = counts.with_other_subject.get();
        if trusting > 0 {
            (self.on_profiles)(&ProfilesProgress::TrustV1Alone(trusting));
        }
        outcomes
    }

    async fn side_by_side(&self, counts: &Counts<'_>) -> Vec<Outcome<'a>> {
        let mut schedule = Schedule::of(self.settings, self.open.deadline());
        let mut running = FuturesUnordered::new();
        let mut patience = Patience::start();
        loop {
            while running.len() < AT_ONCE
                && let Some(task) = schedule.next()
            {
                running.push(async move { (task.at, self.one(&task, counts).await) });
            }
            let word = || {
                let (settled, all) = (schedule.settled(), self.settings.plan.roles.len());
                (self.on_profiles)(&ProfilesProgress::Settled { settled, all });
            };
            match patience.next(&mut running, word).await {
                Some((at, outcome)) => schedule.settle(at, outcome),
                None => return schedule.into_outcomes(),
            }
        }
    }

    /// One role, with all the retries that it takes.
    async fn one(&self, task: &Task<'a>, counts: &Counts<'_>) -> Outcome<'a> {
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
        const UNLIMITED: &SessionPolicies = &SessionPolicies::NONE;
        let on_progress = |progress: &Progress<'_>| count(task, counts, progress);
        let PlannedRole { role, assumed_with, session_name, duration, .. } = task.role;
        if let (AssumedWith::Profile { role, .. }, Some(source)) = (assumed_with, &task.source) {
            return self.open.chained_role(source, role, session_name, task.network, &on_progress).await;
        }
        let role = RoleWithToken { role, session_name, duration: *duration, policies: UNLIMITED };
        self.open.role_with_token(role, task.network, &on_progress).await
    }
}

fn count(task: &Task<'_>, counts: &Counts<'_>, progress: &Progress<'_>) {
    match progress {
        Progress::Retrying { .. } => {
            counts.retries.tell(&ProfilesProgress::Profile(&task.role.profile, progress));
        }
        Progress::OtherSubjectTrusted => counts.with_other_subject.set(counts.with_other_subject.get() + 1),
        _ => {}
    }
}
