//! Resolves declared roles into requests to STS, as data: each role with its source and with the defaults.
//! [`run`](super::run) sends the requests.

use std::collections::BTreeMap;

use aws::{Region, RoleArn, SessionDuration, SessionName, SessionPolicies, SessionTags};
use export::ProfileName;
use export::roles_file::{RoleProfile, Roles, WithLine};

use super::plan_flaw::PlanFlaw;
use crate::exchange::chained_role::ChainedRole;
use crate::settings::inputs::Value;
use crate::settings::session_name;
use crate::settings::similar::nearest;

/// Every role once, in the order of declaration. Sources form no cycle.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// The roles.
    pub(crate) roles: Vec<PlannedRole>,
}

/// The request for one profile.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct PlannedRole {
    /// The profile to write.
    pub(crate) profile: ProfileName,
    /// The line of its declaration.
    pub(crate) line: usize,
    /// The role to assume.
    pub(crate) role: RoleArn,
    /// The credentials to assume it with.
    pub(crate) assumed_with: AssumedWith,
    /// The session name.
    pub(crate) session_name: SessionName,
    /// The duration of the session.
    pub(crate) duration: SessionDuration,
    /// The Region to call, and to write into the profile.
    pub(crate) region: Option<Region>,
}

/// The credentials to assume a role with.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum AssumedWith {
    /// The job's token.
    Token,
    /// The session of another profile.
    Profile {
        /// Its index in the plan.
        source: usize,
        /// The request for the chained role.
        role: Box<ChainedRole>,
    },
}

/// The settings of profiles that do not set them.
#[derive(Debug)]
pub(crate) struct Defaults {
    /// The session name.
    pub(crate) session_name: SessionName,
    /// The duration of the sessions.
    pub(crate) duration: SessionDuration,
    /// The Region, and the setting that it comes from.
    pub(crate) region: Option<(&'static str, Region)>,
    /// Whether variables were expanded in the text that declares the roles.
    pub(crate) expanded: bool,
}

impl Plan {
    /// Resolves sources and defaults, or returns every flaw, in the order of the lines.
    pub(crate) fn resolve(
        roles: Roles,
        defaults: &Defaults,
        notes: &mut Vec<String>,
    ) -> Result<Self, Vec<PlanFlaw>> {
        let indexes: BTreeMap<String, usize> = roles
            .profiles
            .iter()
            .zip(0..)
            .map(|(profile, at)| (profile.name.value.to_string(), at))
            .collect();
        let sources: Vec<Option<usize>> = roles
            .profiles
            .iter()
            .map(|profile| indexes.get(profile.source.as_ref()?.value.as_str()).copied())
            .collect();
        let mut flaws = flaws_of_sources(&roles.profiles, &sources);
        let mut capped = 0;
        let mut planned = Vec::with_capacity(roles.profiles.len());
        for (profile, source) in roles.profiles.into_iter().zip(sources) {
            match plan(profile, source, defaults, &mut capped, notes) {
                Ok(role) => planned.push(role),
                Err(flaw) => flaws.push(flaw),
            }
        }
        if capped > 0 {
            notes.push(format!(
                "{capped} of the profiles get 1h instead of {}: AWS's limit for role chaining",
                defaults.duration
            ));
        }
        flaws.sort_by_key(PlanFlaw::line);
        if flaws.is_empty() { Ok(Self { roles: planned }) } else { Err(flaws) }
    }

    /// For each role, the roles that are assumed with its session.
    pub(crate) fn dependents(&self) -> Vec<Vec<usize>> {
        let mut dependents = vec![Vec::new(); self.roles.len()];
        for (role, at) in self.roles.iter().zip(0..) {
            if let Some(of_source) = role.source().and_then(|source| dependents.get_mut(source)) {
                of_source.push(at);
            }
        }
        dependents
    }
}

impl PlannedRole {
    /// The role whose session this one is assumed with.
    pub(crate) fn source(&self) -> Option<usize> {
        match self.assumed_with {
            AssumedWith::Token => None,
            AssumedWith::Profile { source, .. } => Some(source),
        }
    }
}

fn plan(
    profile: RoleProfile,
    source: Option<usize>,
    defaults: &Defaults,
    capped: &mut usize,
    notes: &mut Vec<String>,
) -> Result<PlannedRole, PlanFlaw> {
    let is_chained = profile.source.is_some();
    let duration = match profile.duration {
        Some(WithLine { value, line }) if is_chained && value > SessionDuration::DEFAULT => {
            return Err(PlanFlaw::OverChainLimit { line, requested: value });
        }
        Some(WithLine { value, .. }) => value,
        None if is_chained && defaults.duration > SessionDuration::DEFAULT => {
            *capped += 1;
            SessionDuration::DEFAULT
        }
        None => defaults.duration,
    };
    let region = region(&profile, defaults)?;
    let session_name = match profile.session_name {
        None => defaults.session_name.clone(),
        Some(WithLine { value, line }) => {
            let value = Value { text: value, name: "role_session_name", has_variables: defaults.expanded };
            session_name::from_setting(&value, notes).map_err(|flaw| PlanFlaw::SessionName { line, flaw })?
        }
    };
    Ok(PlannedRole {
        profile: profile.name.value,
        line: profile.name.line,
        assumed_with: match source {
            None => AssumedWith::Token,
            Some(source) => AssumedWith::Profile {
                source,
                role: Box::new(ChainedRole {
                    role: profile.role.clone(),
                    duration,
                    external_id: profile.external_id,
                    tags: SessionTags::default(),
                    source_identity: None,
                    policies: SessionPolicies::NONE,
                }),
            },
        },
        role: profile.role,
        session_name,
        duration,
        region,
    })
}

/// The profile's Region, or the default one; it must be of the role's partition.
fn region(profile: &RoleProfile, defaults: &Defaults) -> Result<Option<Region>, PlanFlaw> {
    let (line, region, from) = match (&profile.region, &defaults.region) {
        (Some(at), _) => (at.line, &at.value, String::new()),
        (None, Some((name, region))) => (profile.name.line, region, format!(" ({name})")),
        (None, None) => return Ok(None),
    };
    if region.partition().name == profile.role.partition_name() {
        return Ok(Some(region.clone()));
    }
    Err(PlanFlaw::Partition {
        line,
        profile: profile.name.value.clone(),
        role: profile.role.partition_name().to_owned(),
        region: region.clone(),
        from,
    })
}

/// Sources that are not declared, that are in another partition, or that form a cycle.
fn flaws_of_sources(profiles: &[RoleProfile], sources: &[Option<usize>]) -> Vec<PlanFlaw> {
    let mut flaws = Vec::new();
    for (profile, source) in profiles.iter().zip(sources) {
        let Some(WithLine { value: name, line }) = &profile.source else { continue };
        match source.and_then(|at| profiles.get(at)) {
            None => flaws.push(PlanFlaw::NoSource {
                line: *line,
                profile: profile.name.value.clone(),
                missing: name.clone(),
                meant: nearest(name.as_str(), others_than(profile, profiles)).map(str::to_owned),
            }),
            Some(source) if source.role.partition_name() != profile.role.partition_name() => {
                flaws.push(PlanFlaw::SourcePartition {
                    line: *line,
                    profile: profile.name.value.clone(),
                    own_partition: profile.role.partition_name().to_owned(),
                    source_profile: name.clone(),
                    other_partition: source.role.partition_name().to_owned(),
                });
            }
            Some(_) => {}
        }
    }
    flaws.extend(cycles(sources).iter().map(|cycle| cycle_flaw(cycle, profiles)));
    flaws
}

/// The names that a profile's source can have.
fn others_than<'a>(profile: &'a RoleProfile, profiles: &'a [RoleProfile]) -> impl Iterator<Item = &'a str> {
    let names = profiles.iter().map(|other| other.name.value.as_str());
    names.filter(|name| *name != profile.name.value.as_str())
}

/// Every cycle once, beginning with its first profile. A role has at most one source, so following sources either
/// ends or reaches a role that was visited before.
fn cycles(sources: &[Option<usize>]) -> Vec<Vec<usize>> {
    let mut cycles = Vec::new();
    // For each role, the start of the walk that visited it first.
    let mut visited: Vec<Option<usize>> = vec![None; sources.len()];
    for start in 0..sources.len() {
        let mut path = Vec::new();
        let mut next = Some(start);
        while let Some(at) = next
            && let Some(visited_by) = visited.get_mut(at)
        {
            if *visited_by == Some(start) {
                let cycle = path.iter().copied().skip_while(|before| *before != at).collect();
                cycles.push(cycle);
            }
            if visited_by.is_some() {
                break;
            }
            *visited_by = Some(start);
            path.push(at);
            next = sources.get(at).copied().flatten();
        }
    }
    cycles
}

fn cycle_flaw(cycle: &[usize], profiles: &[RoleProfile]) -> PlanFlaw {
    let members = || cycle.iter().filter_map(|at| profiles.get(*at));
    let names: Vec<String> =
        members().chain(members().next()).map(|profile| format!("`{}`", profile.name.value)).collect();
    let line = members().next().and_then(|first| first.source.as_ref()).map_or(0, |source| source.line);
    PlanFlaw::Cycle { line, cycle: names.join(" from ") }
}

#[cfg(test)]
#[path = "plan_tests.rs"]
mod tests;
