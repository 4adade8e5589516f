//! The session name: that of the setting, or one that identifies this job in CloudTrail.

use aws::{InvalidSessionName, SessionName};

use crate::io::environment::{Environment, vars};
use crate::settings::inputs::Value;

/// A name that the user typed must be valid as it is. One with expanded variables is made valid, with a note: the
/// name of a matrix job cannot be known beforehand.
pub(crate) fn from_setting(
    value: &Value,
    notes: &mut Vec<String>,
) -> Result<SessionName, InvalidSessionName> {
    let flaw = match value.text.parse() {
        Ok(name) => return Ok(name),
        Err(flaw) => flaw,
    };
    let valid =
        SessionName::made_valid(&value.text).filter(|_| value.expanded).ok_or_else(|| flaw.clone())?;
    notes.push(format!("the session is named `{valid}`: {flaw}"));
    Ok(valid)
}

/// `CircleCI-<repository>-<build number>`, and the container's index if the job runs in several. ovotech's orb uses
/// this form, so trust policies may require it.
pub(crate) fn of_this_job(environment: &Environment) -> SessionName {
    if environment.is_true(vars::GITHUB_ACTIONS) {
        return of_github(environment);
    }
    let mut name = "CircleCI".to_owned();
    for variable in [vars::CIRCLE_PROJECT_REPONAME, vars::CIRCLE_BUILD_NUM] {
        if let Some(part) = environment.non_blank(variable) {
            name.push('-');
            name.push_str(part);
        }
    }
    let containers =
        environment.non_blank(vars::CIRCLE_NODE_TOTAL).and_then(|total| total.parse().ok()).unwrap_or(1_u32);
    if let Some(index) = environment.non_blank(vars::CIRCLE_NODE_INDEX).filter(|_| containers > 1) {
        name.push('-');
        name.push_str(index);
    }
    SessionName::made_valid(&name).unwrap_or_else(SessionName::fallback)
}

/// `GitHubActions-<repository>-<run>-<attempt>`, with the numbers of the run's URL.
fn of_github(environment: &Environment) -> SessionName {
    let repository =
        environment.non_blank(vars::GITHUB_REPOSITORY).and_then(|whole| whole.rsplit('/').next());
    let numbers = [vars::GITHUB_RUN_ID, vars::GITHUB_RUN_ATTEMPT].map(|name| environment.non_blank(name));
    let parts = [Some("GitHubActions"), repository].into_iter().chain(numbers).flatten();
    let name: Vec<&str> = parts.collect();
    SessionName::made_valid(&name.join("-")).unwrap_or_else(SessionName::fallback)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str, expanded: bool) -> Value {
        Value { text: text.to_owned(), name: "AWS_OIDC_SESSION_NAME", expanded }
    }

    #[test]
    fn a_legal_name_is_kept_without_a_note() {
        let mut notes = Vec::new();
        assert_eq!(from_setting(&value("a+b@c", true), &mut notes).unwrap().as_str(), "a+b@c");
        assert_eq!(notes, Vec::<String>::new());
    }

    #[test]
    fn what_a_user_typed_is_not_changed() {
        for text in ["x", "my job", &"n".repeat(65)] {
            assert!(from_setting(&value(text, false), &mut Vec::new()).is_err(), "{text}");
        }
    }

    #[test]
    fn what_variables_expanded_is_made_legal_with_a_note() {
        let mut notes = Vec::new();
        assert_eq!(from_setting(&value("orb/job (a b)", true), &mut notes).unwrap().as_str(), "orb-job-a-b-");
        assert_eq!(
            notes,
            ["the session is named `orb-job-a-b-`: the session name `orb/job (a b)` holds `/`; \
              STS accepts letters, digits and _+=,.@-"]
        );
        assert!(from_setting(&value("é", true), &mut notes).is_err());
    }

    #[test]
    fn the_default_leads_back_to_the_job_and_its_container() {
        for (total, name) in
            [("1", "CircleCI-my-app-42"), ("4", "CircleCI-my-app-42-3"), ("", "CircleCI-my-app-42")]
        {
            let environment = Environment::from([
                ("CIRCLE_PROJECT_REPONAME", "my-app"),
                ("CIRCLE_BUILD_NUM", "42"),
                ("CIRCLE_NODE_INDEX", "3"),
                ("CIRCLE_NODE_TOTAL", total),
            ]);
            assert_eq!(of_this_job(&environment).as_str(), name);
        }
    }

    #[test]
    fn on_github_the_default_leads_back_to_the_run() {
        let environment = Environment::from([
            ("GITHUB_ACTIONS", "true"),
            ("GITHUB_REPOSITORY", "octo/my-app"),
            ("GITHUB_RUN_ID", "1658821493"),
            ("GITHUB_RUN_ATTEMPT", "2"),
        ]);
        assert_eq!(of_this_job(&environment).as_str(), "GitHubActions-my-app-1658821493-2");
        assert_eq!(of_this_job(&Environment::from([("GITHUB_ACTIONS", "true")])).as_str(), "GitHubActions");
    }

    #[test]
    fn without_circleci_there_is_a_name_all_the_same() {
        assert_eq!(of_this_job(&Environment::default()).as_str(), "CircleCI");
    }
}
