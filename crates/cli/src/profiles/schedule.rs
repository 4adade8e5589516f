//! How far a plan has come: which roles can be requested, which are settled, and what a failure means for the
//! others. Separate from the requests, so that it is decided in one place and without a network.

use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;

use super::plan::PlannedRole;
use super::settings::ProfilesSettings;
use crate::exchange::acquisition::{AcquisitionError, AdmittedRole};
use crate::exchange::assume_role::RoleError;
use crate::exchange::network::Network;
use crate::exchange::sts_client::CallError;
use crate::io::clock::Deadline;

/// What became of one role.
pub(crate) enum Outcome<'a> {
    /// There are credentials.
    Granted(Rc<AdmittedRole>),
    /// There are none, or none that are admitted.
    Failed(AcquisitionError<'a>),
    /// Not asked for: the source, at this place in the plan, has no session.
    NoSource(usize),
    /// Not asked for: this host was not reached for another role.
    NotReached(String),
    /// Not asked for: there was no time left.
    TooLate,
}

/// One role to ask for, with all that it takes.
pub(super) struct Task<'a> {
    /// Its place in the plan.
    pub(super) at: usize,
    /// What is asked for.
    pub(super) role: &'a PlannedRole,
    /// Of whom.
    pub(super) network: &'a Network,
    /// The session that it is asked for with, if it is not the token.
    pub(super) source: Option<Rc<AdmittedRole>>,
}

/// Every role of a plan, asked for or not.
pub(super) struct Schedule<'a> {
    roles: Vec<(&'a PlannedRole, &'a Network)>,
    dependents: Vec<Vec<usize>>,
    /// Roles whose source is there.
    ready: VecDeque<usize>,
    outcomes: Vec<Option<Outcome<'a>>>,
    /// Hosts that gave no answer after all attempts: another role would only find out the same.
    silent: BTreeSet<String>,
    /// When nothing more is asked for.
    deadline: Deadline,
}

impl<'a> Schedule<'a> {
    /// Nothing is asked for yet.
    pub(super) fn of(settings: &'a ProfilesSettings, deadline: Deadline) -> Self {
        let roles: Vec<_> = settings.roles().collect();
        Self {
            ready: (0..)
                .zip(&roles)
                .filter(|(_, (role, _))| role.source().is_none())
                .map(|(at, _)| at)
                .collect(),
            outcomes: roles.iter().map(|_| None).collect(),
            dependents: settings.plan.dependents(),
            silent: BTreeSet::new(),
            deadline,
            roles,
        }
    }

    /// The next role that can be asked for now.
    pub(super) fn next(&mut self) -> Option<Task<'a>> {
        loop {
            let at = self.ready.pop_front()?;
            let (role, network) = *self.roles.get(at)?;
            if self.deadline.left().is_zero() {
                self.settle(at, Outcome::TooLate);
                continue;
            }
            let host = network.endpoint.host();
            if self.silent.contains(&host) {
                self.settle(at, Outcome::NotReached(host));
                continue;
            }
            let source = role.source().and_then(|source| match self.outcomes.get(source) {
                Some(Some(Outcome::Granted(granted))) => Some(Rc::clone(granted)),
                _ => None,
            });
            return Some(Task { at, role, network, source });
        }
    }

    /// Keeps what became of a role. Those behind it can be asked for now, or never.
    pub(super) fn settle(&mut self, at: usize, outcome: Outcome<'a>) {
        let is_granted = matches!(outcome, Outcome::Granted(_));
        if let Outcome::Failed(AcquisitionError::Role(failed)) = &outcome
            && let RoleError::Call(CallError::Transport { host, .. }) = &failed.error
        {
            self.silent.insert(host.clone());
        }
        self.keep(at, outcome);
        if is_granted {
            self.ready.extend(self.dependents.get(at).into_iter().flatten());
            return;
        }
        let mut without = vec![at];
        while let Some(source) = without.pop() {
            for dependent in self.dependents.get(source).cloned().unwrap_or_default() {
                self.keep(dependent, Outcome::NoSource(source));
                without.push(dependent);
            }
        }
    }

    fn keep(&mut self, at: usize, outcome: Outcome<'a>) {
        if let Some(place) = self.outcomes.get_mut(at) {
            *place = Some(outcome);
        }
    }

    /// How many roles nothing more is done about.
    pub(super) fn settled(&self) -> usize {
        self.outcomes.iter().flatten().count()
    }

    /// What became of each. As sources form no circle, all are settled when none is ready and none is asked for.
    pub(super) fn into_outcomes(self) -> Vec<Outcome<'a>> {
        self.outcomes.into_iter().flatten().collect()
    }
}
