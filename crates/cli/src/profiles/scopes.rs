//! The scopes of declared roles: `scope_policy`, `scope_duration` and `scope_description`, keys of ours that AWS tools ignore. Separate from the
//! plan, because a policy may be in a file.

use export::roles_file::{Roles, WithLine};
use sts::{
    EmptyScope, InvalidScopeDescription, InvalidScopeDuration, InvalidScopePolicy, NotRegional, Scope,
    ScopeDescription, ScopeDuration, ScopePolicy,
};

use super::plan::{Plan, PlannedRole};
use crate::exchange::network::Network;
use crate::exchange::scoping::regional_endpoint;
use crate::io::environment::Environment;
use crate::settings::expansion::Expanded;
use crate::settings::policy_text::{self, NoPolicyText};

/// What one profile declares.
pub(super) struct DeclaredScope {
    policy: Option<WithLine<String>>,
    duration: Option<WithLine<String>>,
    description: Option<WithLine<String>>,
}

/// Why a scope cannot be requested.
#[derive(Debug, thiserror::Error)]
pub(super) enum ScopeFlaw {
    /// Not a text.
    #[error("{}", with_source(.0))]
    Text(NoPolicyText),
    /// Not a policy.
    #[error(transparent)]
    Policy(#[from] InvalidScopePolicy),
    /// Not a duration.
    #[error(transparent)]
    Duration(#[from] InvalidScopeDuration),
    /// Not a description.
    #[error(transparent)]
    Description(#[from] InvalidScopeDescription),
    /// A description of nothing.
    #[error("`scope_description` describes no scope; add `scope_policy` or `scope_duration`")]
    Empty(EmptyScope),
    /// It would not end before the session, of whose life some has passed when STS receives the request.
    #[error(
        "the scope lasts {scope}, and the session {session} s; expected less than the session's duration, or no scope \
         duration"
    )]
    NotShorter {
        /// The scope's.
        scope: ScopeDuration,
        /// The session's.
        session: u32,
    },
    /// A variable could change what the JSON allows.
    #[error(
        "the roles hold variables, and one in JSON could change what `scope_policy` allows; name the file of the policy"
    )]
    WithVariables,
    /// No endpoint that narrows credentials.
    #[error("{0}; set a `region`, or `--region`")]
    NotRegional(NotRegional),
}

/// The reason on the same line: flaws of roles have one line each.
fn with_source(error: &NoPolicyText) -> String {
    match std::error::Error::source(error) {
        Some(source) => format!("{error}: {source}"),
        None => error.to_string(),
    }
}

/// Takes the scopes out of the declared roles, in their order.
pub(super) fn take(roles: &mut Roles) -> Vec<DeclaredScope> {
    let profiles = roles.profiles.iter_mut();
    profiles
        .map(|profile| DeclaredScope {
            policy: profile.scope_policy.take(),
            duration: profile.scope_duration.take(),
            description: profile.scope_description.take(),
        })
        .collect()
}

/// Gives each role of the plan its scope, or returns every flaw, with its line.
pub(super) fn attach(
    plan: &mut Plan,
    declared: Vec<DeclaredScope>,
    expanded: bool,
    environment: &Environment,
) -> Result<(), Vec<String>> {
    let mut flaws = Vec::new();
    for (role, declared) in plan.roles.iter_mut().zip(declared) {
        match declared.read(role, expanded, environment) {
            Ok(scope) => role.scope = scope,
            Err((line, flaw)) => flaws.push(format!("line {line}: {flaw}")),
        }
    }
    if flaws.is_empty() { Ok(()) } else { Err(flaws) }
}

/// Only the endpoint of a Region that the user named narrows credentials.
pub(super) fn check_endpoints<'a>(
    roles: impl Iterator<Item = (&'a PlannedRole, &'a Network)>,
) -> Result<(), Vec<String>> {
    let flaws: Vec<String> = roles
        .filter(|(role, _)| role.scope.is_some())
        .filter_map(|(role, network)| {
            let regional = regional_endpoint(&network.endpoint, network.endpoint_name, role.region.as_ref());
            let flaw = ScopeFlaw::NotRegional(regional.err()?);
            Some(format!("line {}: `{}` has a scope: {flaw}", role.line, role.profile))
        })
        .collect();
    if flaws.is_empty() { Ok(()) } else { Err(flaws) }
}

impl DeclaredScope {
    fn read(
        self,
        role: &PlannedRole,
        expanded: bool,
        environment: &Environment,
    ) -> Result<Option<Scope>, (usize, ScopeFlaw)> {
        let policy = match self.policy {
            None => None,
            Some(WithLine { value, line }) => {
                Some(policy(&value, expanded, environment).map_err(|flaw| (line, flaw))?)
            }
        };
        let duration = match self.duration {
            None => None,
            Some(WithLine { value, line }) => {
                let scope: ScopeDuration = value.parse().map_err(|flaw| (line, ScopeFlaw::Duration(flaw)))?;
                let session = role.duration.seconds();
                if scope.seconds() >= session {
                    return Err((line, ScopeFlaw::NotShorter { scope, session }));
                }
                Some(scope)
            }
        };
        let Some(WithLine { value, line }) = self.description else {
            // Neither is no scope.
            return Ok(Scope::new(policy, duration, None).ok());
        };
        let description: ScopeDescription =
            value.parse().map_err(|flaw| (line, ScopeFlaw::Description(flaw)))?;
        let scope = Scope::new(policy, duration, Some(description));
        scope.map(Some).map_err(|flaw| (line, ScopeFlaw::Empty(flaw)))
    }
}

fn policy(value: &str, expanded: bool, environment: &Environment) -> Result<ScopePolicy, ScopeFlaw> {
    if expanded && value.trim_start().starts_with('{') {
        return Err(ScopeFlaw::WithVariables);
    }
    let text = policy_text::read(&Expanded::written(value), environment).map_err(ScopeFlaw::Text)?;
    Ok(text.unwrap_or_default().parse()?)
}
