//! `profiles`: many roles, from the job's token to a profile each. All of them are written, or none.

use std::rc::Rc;

use aws::Secret;
use export::Session;
use sts::Granted;

use crate::args::ProfilesArgs;
use crate::commands::VARIABLES_WIN;
use crate::exchange::flow;
use crate::exchange::token_source::Search;
use crate::failure::Failure;
use crate::io::clock::{self, Deadline};
use crate::io::environment::{Environment, vars};
use crate::io::files::undo;
use crate::io::http::https::Https;
use crate::io::http::tls;
use crate::profiles::{Outcome, PlannedRole, ProfilesSettings, Run, table};
use crate::report::{Report, printable};
use crate::sinks::ProfileSink;

/// Everything that can be checked is checked before the token leaves this machine.
pub(crate) fn run(
    args: &ProfilesArgs,
    environment: &Environment,
    report: &mut Report,
) -> Result<(), Failure> {
    let settings = ProfilesSettings::read(args, environment).map_err(|error| Failure::of_profiles(&error))?;
    let roles = &settings.plan.roles;
    check_accounts(&settings)?;
    let mut notes = settings.notes.clone();
    // They differ in the host alone, and a text without profiles has been refused.
    let [network, ..] = settings.networks.as_slice() else { return Ok(()) };
    let roots =
        tls::client_config(network.ca_bundle.as_ref(), &mut notes).map_err(|error| Failure::from(&error))?;
    let regions: Vec<_> = roles.iter().map(|role| (&role.profile, role.region.as_ref())).collect();
    let sink = ProfileSink::open(&regions, environment).map_err(|error| Failure::of_sink(&error))?;
    for note in &notes {
        report.note(&printable(note));
    }
    let deadline = Deadline::after(network.deadline);
    let search = Search {
        source: &settings.token_source,
        audience: settings.audience.as_ref(),
        environment,
        network,
        roots: &roots,
        deadline,
    };
    let found = search.run(report).map_err(|error| Failure::of_token(&error, environment))?;
    flow::check_not_expired(&found.first, clock::now())
        .map_err(|error| Failure::of_expired(&error, &found.first))?;
    if let Some(note) = found.note() {
        report.note(note);
    }
    let checked = settings.job_guard.check_all(&found, environment);
    checked.map_err(|error| Failure::of_job_guard(&error))?;
    let https = Https::new(network, roots).map_err(|error| Failure::of_set_up(&error))?;

    let run = Run { settings: &settings, found: &found, https: &https, deadline, report: &*report };
    let granted = all_granted(run.all(), &settings)?;

    let sessions = sessions(granted, roles)?;
    let done = sink.write(&sessions).map_err(|error| Failure::of_sink(&error))?;
    if settings.verify {
        let unverified = run.verify(&sessions, environment);
        if !unverified.is_empty() {
            let failure = Failure::of_unverified(unverified, roles.len());
            undo::all(done, report);
            return Err(failure);
        }
    }
    let rows = roles.iter().zip(&sessions);
    let table = table::text(rows.map(|(role, session)| (&role.profile, role.role.role_name(), session)));
    if let Err(error) = report.data(&Secret::new(table)) {
        undo::all(done, report);
        return Err(Failure::of_stdout(&error));
    }
    tell(&settings, environment, report);
    Ok(())
}

/// Every profile's account, also of those that others are assumed from: they are written too.
fn check_accounts(settings: &ProfilesSettings) -> Result<(), Failure> {
    let refused: Vec<_> = settings
        .plan
        .roles
        .iter()
        .filter_map(|role| Some((role, settings.guard.check(role.role.account()).err()?)))
        .collect();
    if refused.is_empty() { Ok(()) } else { Err(Failure::of_guarded_profiles(&refused)) }
}

/// What STS gave for each role, if it gave something for all.
fn all_granted(outcomes: Vec<Outcome<'_>>, settings: &ProfilesSettings) -> Result<Vec<Granted>, Failure> {
    if outcomes.iter().any(|outcome| !matches!(outcome, Outcome::Granted(_))) {
        return Err(Failure::of_outcomes(&outcomes, settings));
    }
    let granted = outcomes.into_iter().filter_map(|outcome| match outcome {
        Outcome::Granted(granted) => Some(Rc::unwrap_or_clone(granted)),
        _ => None,
    });
    Ok(granted.collect())
}

fn sessions(granted: Vec<Granted>, roles: &[PlannedRole]) -> Result<Vec<Session>, Failure> {
    let sessions = granted.into_iter().zip(roles).map(|(granted, role)| {
        let account = role.role.account().clone();
        Session::new(granted.credentials, granted.role_session_arn, account, role.region.clone())
            .map_err(|error| Failure::of_profile_value(&error, &role.profile))
    });
    sessions.collect()
}

/// How the next steps come to the profiles.
fn tell(settings: &ProfilesSettings, environment: &Environment, report: &Report) {
    let count = settings.plan.roles.len();
    report.event(&format!("profiles written: {count}; AWS tools find them by name (--profile, AWS_PROFILE)"));
    if settings.verify {
        report.event("verified: named by AWS_PROFILE, each is the session of its role");
    }
    if environment.set(vars::AWS_ACCESS_KEY_ID).is_some() {
        report.note(VARIABLES_WIN);
    }
}
