//! The session name: that of the setting, or one that identifies this job in CloudTrail.

use aws::{InvalidSessionName, SessionName};

use crate::ci::{CIRCLECI, CiSystem};
use crate::io::environment::Environment;
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
        SessionName::made_valid(&value.text).filter(|_| value.has_variables).ok_or_else(|| flaw.clone())?;
    notes.push(format!("the session is named `{valid}`: {flaw}"));
    Ok(valid)
}

/// The CI system, what the job belongs to and its number or ID, by the row of the table; and the container's number where
/// a job runs in several.
pub(crate) fn of_this_job(environment: &Environment) -> SessionName {
    let ci = CiSystem::of(environment).unwrap_or(&CIRCLECI);
    let prefix = Some(ci.session_prefix).filter(|prefix| !prefix.is_empty());
    let parts = ci.session_parts.iter().filter_map(|name| environment.non_blank(name)).map(last_word);
    let containers =
        |total: &str| environment.non_blank(total)?.parse::<u32>().ok().filter(|total| *total > 1);
    let container =
        ci.containers.and_then(|(index, total)| containers(total).and(environment.non_blank(index)));
    let name: Vec<&str> = prefix.into_iter().chain(parts).chain(container).collect();
    SessionName::made_valid(&name.join("-")).unwrap_or_else(SessionName::fallback)
}

/// The repository without its owner, and a UUID without its braces.
fn last_word(part: &str) -> &str {
    part.rsplit('/').next().unwrap_or(part).trim_matches(['{', '}'])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str, has_variables: bool) -> Value {
        Value { text: text.to_owned(), name: "CIRCLECI_AWS_OIDC_SESSION_NAME", has_variables }
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
    fn on_other_cis_the_default_leads_back_to_the_job() {
        type Variables<'a> = &'a [(&'a str, &'a str)];
        let cases: [(Variables<'_>, &str); 7] = [
            (
                &[("GITLAB_CI", "true"), ("CI_PROJECT_NAME", "my-app"), ("CI_JOB_ID", "1212")],
                "GitLab-my-app-1212",
            ),
            (
                &[
                    ("BUILDKITE", "true"),
                    ("BUILDKITE_PIPELINE_SLUG", "my-app"),
                    ("BUILDKITE_BUILD_NUMBER", "1514"),
                    ("BUILDKITE_JOB_ID", "e44f9784-e20e-4b93-a21d-f41fd5869db9"),
                ],
                "Buildkite-1514-e44f9784-e20e-4b93-a21d-f41fd5869db9-my-app",
            ),
            (
                &[
                    ("BITBUCKET_BUILD_NUMBER", "52"),
                    ("BITBUCKET_STEP_UUID", "{19fb8a86-fad3-42a4-ab43-f9e150d7b3ab}"),
                    ("BITBUCKET_REPO_SLUG", "my-app"),
                ],
                "Bitbucket-52-19fb8a86-fad3-42a4-ab43-f9e150d7b3ab-my-app",
            ),
            (
                &[("JENKINS_URL", "https://ci.example/"), ("BUILD_TAG", "jenkins-team-my-app-153")],
                "jenkins-team-my-app-153",
            ),
            (&[("JENKINS_HOME", "/var/jenkins_home")], "CircleCI"),
            (&[("GITLAB_CI", "true")], "GitLab"),
            (&[("BUILDKITE", "true"), ("CIRCLE_BUILD_NUM", "7")], "Buildkite"),
        ];
        for (variables, name) in cases {
            let environment = Environment::default().after(variables.iter().copied(), &[]);
            assert_eq!(of_this_job(&environment).as_str(), name);
        }
    }

    #[test]
    fn the_id_of_a_job_is_whole_however_long_the_names_are() {
        let id = "e44f9784-e20e-4b93-a21d-f41fd5869db9";
        let environment = Environment::from([
            ("BUILDKITE_PIPELINE_SLUG", "a".repeat(200).as_str()),
            ("BUILDKITE_BUILD_NUMBER", "123456"),
            ("BUILDKITE_JOB_ID", id),
        ]);
        let name = of_this_job(&environment);
        assert!(name.as_str().len() <= 64 && name.as_str().contains(id), "{name}");
    }

    #[test]
    fn without_circleci_there_is_a_name_all_the_same() {
        assert_eq!(of_this_job(&Environment::default()).as_str(), "CircleCI");
    }
}
