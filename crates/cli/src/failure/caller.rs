//! `credential-process` without a token, started by an AWS tool in an environment that has fewer variables than the job:
//! which ones are missing, and who did not pass them on.

use oidc::TokenOrigin;

use super::Failure;
use crate::exchange::acquisition_error::AcquisitionError;
use crate::exchange::token_source::{GithubError, TokenError, TokenSource};
use crate::io::environment::{Environment, vars};
use crate::renewal::job_key::JobKey;
use crate::settings::SessionSettings;

impl Failure {
    /// No new session for an AWS tool.
    pub(crate) fn of_caller(
        error: &AcquisitionError<'_>,
        settings: &SessionSettings,
        environment: &Environment,
    ) -> Self {
        let failure = Self::of_acquisition(error, settings, environment);
        match error {
            AcquisitionError::Token(error) if is_without_token(error) => {
                match not_passed_on(settings, environment) {
                    Some(hint) => failure.hint(hint),
                    None => failure,
                }
            }
            _ => failure,
        }
    }
}

fn is_without_token(error: &TokenError) -> bool {
    matches!(
        error,
        TokenError::Absent(_)
            | TokenError::NoFile(_)
            | TokenError::NeitherVariable(_)
            | TokenError::NoFixedVariable(_)
            | TokenError::Github(GithubError::NotPermitted(_))
    )
}

/// The next action, if only the line of the profile shows the job or its token. `None` if the environment shows them, or
/// the token is not in a variable.
fn not_passed_on(settings: &SessionSettings, environment: &Environment) -> Option<String> {
    let job = settings.flags.job();
    let is_from_line = JobKey::of(environment, None).job().is_none() || job.subject().is_some();
    let ci = job.ci().filter(|_| is_from_line && job.is_known());
    let names = match &settings.request.token.source {
        TokenSource::Auto => ci?.passed_on.join(","),
        TokenSource::CircleciV2 => TokenOrigin::V2_VARIABLE.to_owned(),
        TokenSource::CircleciV1 => TokenOrigin::V1_VARIABLE.to_owned(),
        TokenSource::Env(name) => name.clone(),
        TokenSource::Github => {
            [vars::ACTIONS_ID_TOKEN_REQUEST_URL, vars::ACTIONS_ID_TOKEN_REQUEST_TOKEN].join(",")
        }
        TokenSource::Mint | TokenSource::File(_) => return None,
    };
    let job = ci?.name;
    if names.is_empty() {
        return None;
    }
    let spaced = names.replace(',', ", ");
    Some(if environment.non_blank(vars::TOX_ENV_NAME).is_some() {
        format!(
            "add {spaced} to `pass_env` in tox's configuration: tox did not pass on the token of the {job} job"
        )
    } else if environment.non_blank(vars::SUDO_UID).is_some() {
        format!("use `sudo --preserve-env={names}`: sudo did not pass on the token of the {job} job")
    } else {
        format!(
            "start the AWS tool with {spaced} in its environment: its caller, such as cron or `env -i`, did not pass on \
             the token of the {job} job"
        )
    })
}
