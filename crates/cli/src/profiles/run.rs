//! Carrying out a plan: roles that wait for nobody are asked for at the same time, over shared connections, and
//! those behind them as soon as their source is there. All on one thread.

use std::cell::Cell;
use std::rc::Rc;

use aws::SessionPolicies;
use futures_util::stream::FuturesUnordered;
use sts::Granted;

use super::course::{Course, Outcome, Task};
use super::plan::{By, PlannedRole};
use super::settings::ProfilesSettings;
use super::telling::{Few, Patience};
use crate::exchange::flow::{Failed, TokenRole, go_on};
use crate::exchange::progress::Progress;
use crate::exchange::sts_client::Line;
use crate::exchange::token_source::Found;
use crate::io::clock::Deadline;
use crate::io::http::https::Https;
use crate::report::Report;

/// How many roles are asked for at once, each over a connection of its own. Measured with 500 roles and 50 ms an
/// answer: half the time that 25 take, while 100 save another tenth and burden STS and a proxy more.
pub(super) const AT_ONCE: usize = 64;

/// One run of a plan.
pub(crate) struct Run<'a> {
    /// The plan, and how STS is reached.
    pub(crate) settings: &'a ProfilesSettings,
    /// The job's token.
    pub(crate) found: &'a Found,
    /// The connections.
    pub(crate) https: &'a Https,
    /// When to give up.
    pub(crate) deadline: Deadline,
    /// Who is told.
    pub(crate) report: &'a Report,
}

/// What is counted over all roles.
struct Counts {
    repeated: Few,
    by_other_subject: Cell<u32>,
}

impl<'a> Run<'a> {
    /// Asks for every role that can be asked for. The outcomes stand in the plan's order.
    pub(crate) fn all(&self) -> Vec<Outcome<'a>> {
        let counts = Counts { repeated: Few::attempts(), by_other_subject: Cell::new(0) };
        let outcomes = self.https.block_on(self.side_by_side(&counts));
        let trusting = counts.by_other_subject.get();
        if trusting > 0 {
            self.report.note(&format!(
                "roles that trust the V1 `sub` alone, which has no branch: {trusting}; each took a second request"
            ));
        }
        outcomes
    }

    async fn side_by_side(&self, counts: &Counts) -> Vec<Outcome<'a>> {
        let mut course = Course::of(self.settings, self.deadline);
        let mut running = FuturesUnordered::new();
        let mut patience = Patience::start();
        loop {
            while running.len() < AT_ONCE
                && let Some(task) = course.next()
            {
                running.push(async move { (task.at, self.one(&task, counts).await) });
            }
            let word = || {
                let (settled, all) = (course.settled(), self.settings.plan.roles.len());
                self.report
                    .event(&format!("{settled} of {all} profiles are through, the others wait for STS"));
            };
            match patience.next(&mut running, word).await {
                Some((at, outcome)) => course.settle(at, outcome),
                None => return course.into_outcomes(),
            }
        }
    }

    /// One role, with all the patience that it takes.
    async fn one(&self, task: &Task<'a>, counts: &Counts) -> Outcome<'a> {
        let granted = match self.ask(task, counts).await {
            Ok(granted) => granted,
            Err(failed) => return Outcome::Failed(failed),
        };
        match self.settings.guard.check_answer(&granted.role_session_arn, task.role.role.account()) {
            Ok(()) => Outcome::Granted(Rc::new(granted)),
            Err(error) => Outcome::Guarded(error),
        }
    }

    async fn ask(&self, task: &Task<'a>, counts: &Counts) -> Result<Granted, Box<Failed<'a>>> {
        const UNLIMITED: &SessionPolicies = &SessionPolicies::NONE;
        let tell = |progress: &Progress<'_>| self.count(task, counts, progress);
        let line = Line { network: task.network, https: self.https, deadline: self.deadline };
        let PlannedRole { role, by, session_name, duration, .. } = task.role;
        if let (By::Profile { hop, .. }, Some(source)) = (by, &task.source) {
            return go_on(source, hop, session_name, line, &tell).await;
        }
        let with_token = TokenRole { role, session_name, duration: *duration, policies: UNLIMITED };
        with_token.assume(self.found, line, &tell).await.map(|exchanged| exchanged.granted)
    }

    fn count(&self, task: &Task<'_>, counts: &Counts, progress: &Progress<'_>) {
        match progress {
            Progress::Again { .. } => {
                counts.repeated.say(self.report, &format!("{}: {progress}", task.role.profile));
            }
            Progress::OtherSubjectTrusted => counts.by_other_subject.set(counts.by_other_subject.get() + 1),
            Progress::Waiting { .. } | Progress::OtherSubject { .. } => {}
        }
    }
}
