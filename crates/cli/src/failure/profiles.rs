//! `profiles` without a session for each role: one message, with the reason of each profile that failed.

use export::{InvalidSessionValue, ProfileName};

use super::details::{Details, ShortList};
use super::{ExitStatus, Failure};
use crate::exchange::account_guard::AccountError;
use crate::exchange::acquisition_error::AcquisitionError;
use crate::io::environment::Environment;
use crate::io::files::text_file::ReadError;
use crate::profiles::{
    InvalidInsertion, Outcome, PlannedRole, ProfilesError, ProfilesSettings, RolesTextError,
};

/// How many names or flaws are listed.
pub(super) const MOST_LISTED: usize = 20;

/// The exit code of profiles that failed with several: the first of these.
const BY_WEIGHT: [ExitStatus; 4] =
    [ExitStatus::Refused, ExitStatus::Guard, ExitStatus::Token, ExitStatus::NotReached];

impl Failure {
    /// Invalid settings or declared roles.
    pub(crate) fn of_profiles(error: &ProfilesError) -> Self {
        match error {
            ProfilesError::Settings(error) | ProfilesError::Text(RolesTextError::Settings(error)) => {
                Self::from(error)
            }
            ProfilesError::Text(text) => {
                let failure = Self::of(ExitStatus::Settings, error);
                match text {
                    RolesTextError::Neither => {
                        failure.hint("name a file of `[profile NAME]` sections with `--config-file`")
                    }
                    RolesTextError::Unreadable { source: ReadError::Missing, .. } => failure.hint(
                        "a relative path starts at the step's working directory; a file of the repository is there \
                         after `checkout`",
                    ),
                    RolesTextError::SharedFile(_) => {
                        failure.hint("declare the roles in a separate file, which no AWS tool reads")
                    }
                    RolesTextError::Variable { flaw: InvalidInsertion::NotInValue(_), .. } => failure.hint(
                        "write the sections and keys in the config, or the whole text to a file, and name it with \
                         `--config-file`",
                    ),
                    _ => failure,
                }
            }
            ProfilesError::Roles { flaws, .. } => {
                let mut causes: Vec<String> = flaws.iter().take(MOST_LISTED).cloned().collect();
                if flaws.len() > MOST_LISTED {
                    causes.push(format!("{} more like these", flaws.len() - MOST_LISTED));
                }
                Self { causes, ..Self::of(ExitStatus::Settings, error) }
            }
        }
    }

    /// No token, no client, or accounts that are refused: nothing was requested.
    pub(crate) fn of_profiles_acquisition(
        error: &AcquisitionError<'_>,
        settings: &ProfilesSettings,
        environment: &Environment,
    ) -> Self {
        let AcquisitionError::Accounts(refused) = error else {
            return Self::of_step(error, settings.network(), environment);
        };
        let roles = &settings.plan.roles;
        let parts = refused.iter().filter_map(|(at, error)| Some(Self::of_refused(roles.get(*at)?, error)));
        let message = "not all profiles are in allowed accounts: nothing was requested from STS";
        Self { parts: parts.collect(), ..Self::new(ExitStatus::Guard, message) }
    }

    fn of_refused(role: &PlannedRole, error: &AccountError) -> Self {
        let failure = Self::of_account(error);
        let message = format!("{}: {}", name_of(role), failure.message);
        Self { message, ..failure }
    }

    /// STS returned a value that cannot be exported.
    pub(crate) fn of_profile_value(error: &InvalidSessionValue, profile: &ProfileName) -> Self {
        Self::of_value(error).while_doing(format!("the profile `{profile}` cannot be written"))
    }

    /// Not every profile has credentials, so none is written.
    pub(crate) fn of_outcomes(
        outcomes: &[Outcome<'_>],
        settings: &ProfilesSettings,
        environment: &Environment,
    ) -> Self {
        let all = outcomes.len();
        let granted = outcomes.iter().filter(|outcome| matches!(outcome, Outcome::Granted(_))).count();
        let message = match granted {
            0 => "no profile can be assumed: no file was changed".to_owned(),
            1 => format!(
                "{} of {all} profiles cannot be assumed: no file was changed; STS granted the other one",
                all - 1
            ),
            _ => format!(
                "{} of {all} profiles cannot be assumed: no file was changed; STS granted the other {granted}",
                all - granted
            ),
        };
        Self::of_many(
            &message,
            failed_parts(outcomes, settings, environment),
            parts_not_requested(outcomes, settings),
        )
    }

    /// Many profiles that failed, with their common claims and hint once; then those that were not requested.
    pub(super) fn of_many(message: &str, mut parts: Vec<Self>, not_requested: Vec<Self>) -> Self {
        let statuses: Vec<ExitStatus> = parts.iter().map(|part| part.status).collect();
        let status = BY_WEIGHT.into_iter().find(|status| statuses.contains(status));
        let details = common_facts(&mut parts);
        let hint = common_hint(&mut parts);
        parts.extend(not_requested);
        // If none failed, the deadline passed before all were requested.
        let status = status.unwrap_or(ExitStatus::NotReached);
        Self { details: details.into(), hint, parts: parts.into(), ..Self::new(status, message) }
    }
}

/// One failure for each profile that STS or a guard refused; one for all with the same reason.
fn failed_parts(
    outcomes: &[Outcome<'_>],
    settings: &ProfilesSettings,
    environment: &Environment,
) -> Vec<Failure> {
    let failures = outcomes.iter().zip(settings.roles()).filter_map(|(outcome, (role, network))| {
        let failure = match outcome {
            Outcome::Failed(error) => Failure::of_step(error, network, environment),
            Outcome::Granted(_) | Outcome::NoSource(_) | Outcome::NotReached(_) | Outcome::TooLate => {
                return None;
            }
        };
        Some((role, failure))
    });
    grouped_by_reason(failures, "cannot assume their roles")
}

/// One failure for each profile; one for all with the same reason, with `several` as their message if theirs differ.
pub(super) fn grouped_by_reason<'a>(
    failures: impl Iterator<Item = (&'a PlannedRole, Failure)>,
    several: &str,
) -> Vec<Failure> {
    let mut parts: Vec<(Vec<&PlannedRole>, Failure)> = Vec::new();
    for (role, failure) in failures {
        let same = |(_, known): &&mut (Vec<&PlannedRole>, Failure)| {
            // A message without causes is the reason itself.
            (known.message == failure.message || !failure.causes.is_empty())
                && (&known.causes, &known.hint) == (&failure.causes, &failure.hint)
        };
        match parts.iter_mut().find(same) {
            Some((roles, known)) => {
                roles.push(role);
                if known.message != failure.message {
                    several.clone_into(&mut known.message);
                }
            }
            None => parts.push((vec![role], failure)),
        }
    }
    let with_names = parts.into_iter().map(|(roles, failure)| {
        let message = match roles.as_slice() {
            [role] => format!("{}: {}", name_of(role), failure.message),
            roles => format!("{}: {}", names(roles), failure.message),
        };
        Failure { message, ..failure }
    });
    with_names.collect()
}

/// One failure for each reason not to send a request, with all its profiles.
fn parts_not_requested(outcomes: &[Outcome<'_>], settings: &ProfilesSettings) -> Vec<Failure> {
    let mut groups: Vec<(String, Vec<&PlannedRole>)> = Vec::new();
    for (outcome, role) in outcomes.iter().zip(&settings.plan.roles) {
        let reason = match outcome {
            Outcome::NoSource(source) => match settings.plan.roles.get(first_failed(*source, outcomes)) {
                Some(source) => format!("not requested, because `{}` has no session", source.profile),
                None => continue,
            },
            Outcome::NotReached(host) => format!("not requested, because `{host}` was not reached"),
            Outcome::TooLate => {
                let seconds = settings.network().deadline.as_secs();
                format!(
                    "not requested, because the deadline of {seconds} s had passed: raise it with `--deadline`"
                )
            }
            Outcome::Granted(_) | Outcome::Failed(_) => continue,
        };
        match groups.iter_mut().find(|(known, _)| *known == reason) {
            Some((_, roles)) => roles.push(role),
            None => groups.push((reason, vec![role])),
        }
    }
    let part = |(reason, roles): (String, Vec<&PlannedRole>)| {
        Failure::new(ExitStatus::Local, &format!("{}: {reason}", names(&roles)))
    };
    groups.into_iter().map(part).collect()
}

/// The source that failed itself, at any distance in the chain.
fn first_failed(mut source: usize, outcomes: &[Outcome<'_>]) -> usize {
    while let Some(Outcome::NoSource(its_source)) = outcomes.get(source) {
        source = *its_source;
    }
    source
}

/// Moves the token's claims, which are the same for all, out of the parts; and the short list of causes, if all have the
/// same.
fn common_facts(parts: &mut [Failure]) -> Details {
    let with_token = |part: &&Failure| part.details.token.is_some();
    let denied = parts.iter().filter(with_token).find(|part| part.details.is_denial);
    let Some(first) = denied.or_else(|| parts.iter().find(with_token)) else { return Details::default() };
    let mut common = Details {
        is_denial: first.details.is_denial,
        job: first.details.job.clone(),
        also_denied: first.details.also_denied.clone().filter(|_| first.details.job.is_some()),
        token: first.details.token.clone(),
        condition_keys: first.details.condition_keys.clone(),
        ..Details::default()
    };
    let causes = first.details.short_causes();
    let have_all = parts.len() > 1 && parts.iter().all(|part| part.details.short_causes() == causes);
    if have_all {
        common.short_list = ShortList::Common(causes);
    }
    for part in parts {
        let details = &mut part.details;
        (details.job, details.token) = (None, None);
        details.condition_keys.clear();
        if common.job.is_some() {
            details.also_denied = None;
        }
        if have_all {
            details.short_list = ShortList::Elsewhere;
        }
    }
    common
}

/// Moves a hint that all parts have out of them.
fn common_hint(parts: &mut [Failure]) -> Option<String> {
    let (first, others) = parts.split_first()?;
    let hint = first.hint.clone()?;
    if others.iter().any(|part| part.hint.as_ref() != Some(&hint)) {
        return None;
    }
    for part in parts {
        part.hint = None;
    }
    Some(hint)
}

fn name_of(role: &PlannedRole) -> String {
    format!("`{}` (line {})", role.profile, role.line)
}

fn names(roles: &[&PlannedRole]) -> String {
    let mut names: Vec<String> =
        roles.iter().take(MOST_LISTED).map(|role| format!("`{}`", role.profile)).collect();
    if roles.len() > MOST_LISTED {
        names.push(format!("{} more", roles.len() - MOST_LISTED));
    }
    names.join(", ")
}
