//! The state of a plan: which roles can be requested, which have an outcome, and what a failure means for the others.
//! Separate from the requests, so that it is decided in one place and without a network.

use std::collections::{BTreeSet, VecDeque};
use std::rc::Rc;

use super::plan::PlannedRole;
use super::settings::ProfilesSettings;
use crate::exchange::acquisition_error::AcquisitionError;
use crate::exchange::admitted_role::AdmittedRole;
use crate::exchange::assume_role::RoleError;
use crate::exchange::network::Network;
use crate::exchange::sts_client::CallError;
use crate::io::clock::Deadline;

/// The outcome for one role.
pub(crate) enum Outcome<'a> {
    /// STS granted a session in an allowed account.
    Granted(Rc<AdmittedRole>),
    /// STS granted no session, or one that a guard refused.
    Failed(AcquisitionError<'a>),
    /// Not requested: the source, at this index of the plan, has no session.
    NoSource(usize),
    /// Not requested: this host was not reached for another role.
    NotReached(String),
    /// Not requested: the deadline had passed.
    TooLate,
}

/// One role to request.
pub(super) struct Task<'a> {
    /// Its index in the plan.
    pub(super) at: usize,
    /// The role.
    pub(super) role: &'a PlannedRole,
    /// The network path to its STS.
    pub(super) network: &'a Network,
    /// The session to assume it with, if not the token.
    pub(super) source: Option<Rc<AdmittedRole>>,
}

/// Every role of a plan, requested or not.
pub(super) struct Schedule<'a> {
    roles: Vec<(&'a PlannedRole, &'a Network)>,
    dependents: Vec<Vec<usize>>,
    /// Roles that can be requested: with the token, or with their source's session.
    ready: VecDeque<usize>,
    outcomes: Vec<Option<Outcome<'a>>>,
    /// Hosts that were not reached in all attempts: requests for other roles would not reach them either.
    unreached: BTreeSet<String>,
    /// After this nothing is requested.
    deadline: Deadline,
}

impl<'a> Schedule<'a> {
    /// The schedule before the first request.
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
            unreached: BTreeSet::new(),
            deadline,
            roles,
        }
    }

    /// The next role that can be requested.
    pub(super) fn next(&mut self) -> Option<Task<'a>> {
        loop {
            let at = self.ready.pop_front()?;
            let (role, network) = *self.roles.get(at)?;
            if self.deadline.left().is_zero() {
                self.settle(at, Outcome::TooLate);
                continue;
            }
            let host = network.endpoint.host();
            if self.unreached.contains(&host) {
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

    /// Stores the outcome of a role. After that its dependents can be requested, or never will be.
    pub(super) fn settle(&mut self, at: usize, outcome: Outcome<'a>) {
        let is_granted = matches!(outcome, Outcome::Granted(_));
        if let Outcome::Failed(AcquisitionError::Role(failed)) = &outcome
            && let RoleError::Call(CallError::Transport { host, .. }) = &failed.error
        {
            self.unreached.insert(host.clone());
        }
        self.set_outcome(at, outcome);
        if is_granted {
            self.ready.extend(self.dependents.get(at).into_iter().flatten());
            return;
        }
        let mut without_session = vec![at];
        while let Some(source) = without_session.pop() {
            for dependent in self.dependents.get(source).cloned().unwrap_or_default() {
                self.set_outcome(dependent, Outcome::NoSource(source));
                without_session.push(dependent);
            }
        }
    }

    fn set_outcome(&mut self, at: usize, outcome: Outcome<'a>) {
        if let Some(of_role) = self.outcomes.get_mut(at) {
            *of_role = Some(outcome);
        }
    }

    /// How many roles have an outcome.
    pub(super) fn settled(&self) -> usize {
        self.outcomes.iter().flatten().count()
    }

    /// The outcome of each role. As sources form no cycle, all are settled when none is ready and none is being
    /// requested.
    pub(super) fn into_outcomes(self) -> Vec<Outcome<'a>> {
        self.outcomes.into_iter().flatten().collect()
    }
}
