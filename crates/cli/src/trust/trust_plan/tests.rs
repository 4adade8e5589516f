//! Which plan follows from settings and tokens.

use super::*;
use crate::io::environment::Environment;
use crate::settings::flags::Flags;
use crate::settings::trust_generate::TrustSettings;
use crate::settings::{Inputs, table};
use testkit::example_ids::{ORGANIZATION_ID, OTHER_PROJECT_ID, PROJECT_ID, VCS_ORIGIN};
use testkit::{GithubToken, JobToken, TestIssuer};
use trust_policy::generate::{Context, GitHubJobs, Project, SubjectForm};

const ROLE: &str = "arn:aws:iam::123456789012:role/deploy";

fn settings(pairs: &[(&str, &str)]) -> TrustRequest {
    let role = pairs.iter().find_map(|(flag, value)| (*flag == "role").then_some(*value));
    let mut flags = Flags::from([(&table::ROLE_ARN, role.unwrap_or(ROLE))]);
    for (flag, value) in pairs.iter().filter(|(flag, _)| *flag != "role") {
        let setting = match *flag {
            "organization" => &table::ORGANIZATION_ID,
            "project" => &table::PROJECT_ID,
            "origin" => &table::VCS_ORIGIN,
            "branch" => &table::BRANCH,
            "audience" => &table::AUDIENCE,
            "repository" => &table::REPOSITORY,
            "environment" => &table::ENVIRONMENT,
            "form" => &table::SUBJECT_FORM,
            "workflow" => &table::JOB_WORKFLOW_REF,
            _ => panic!("{flag}"),
        };
        flags.push(setting, value);
    }
    let inputs = Inputs { flags: &flags, environment: &Environment::default() };
    TrustSettings::read(inputs).unwrap().request
}

fn claims(audience: &serde_json::Value) -> JobIdentity {
    let issuer = TestIssuer::new(ORGANIZATION_ID).unwrap();
    let mut token = JobToken::new(ORGANIZATION_ID, 1_700_000_000);
    token.audience = audience.clone();
    JobIdentity::from(&oidc::Token::parse(&token.mint(&issuer).unwrap()).unwrap())
}

/// The plan of settings that need no token.
fn planned(settings: TrustRequest) -> Result<Plan, TrustPlanError> {
    settings.jobs().map(|jobs| settings.plan(jobs.unwrap()))
}

/// Each project and its repository.
fn projects(plan: &Plan) -> Vec<(&str, Option<String>)> {
    let origin = |project: &Project| project.vcs_origin.as_ref().map(ToString::to_string);
    let TrustedJobs::CircleCi(jobs) = &plan.jobs else { panic!("{plan:?}") };
    jobs.projects.iter().map(|project| (project.id.as_str(), origin(project))).collect()
}

#[test]
fn no_token_is_needed_with_organization_and_project() {
    let organization = ("organization", ORGANIZATION_ID);
    assert!(settings(&[organization]).jobs().unwrap().is_none());
    assert!(settings(&[("project", PROJECT_ID)]).jobs().unwrap().is_none());
    let plan = planned(settings(&[organization, ("project", PROJECT_ID)])).unwrap();
    assert_eq!(plan.audience.as_str(), ORGANIZATION_ID);
    assert_eq!(projects(&plan), [(PROJECT_ID, None)]);
}

#[test]
fn a_tokens_repository_is_a_condition_with_a_branch_only() {
    let claims = claims(&"aud".into());
    for (given, expected) in [
        (&[][..], (PROJECT_ID, None)),
        (&[("branch", "main")], (PROJECT_ID, Some(VCS_ORIGIN.to_owned()))),
        (
            &[("branch", "main"), ("origin", "github.com/o/r")],
            (PROJECT_ID, Some("github.com/o/r".to_owned())),
        ),
        (&[("branch", "main"), ("project", OTHER_PROJECT_ID)], (OTHER_PROJECT_ID, None)),
    ] {
        let settings = settings(given);
        let jobs = settings.jobs_of(&claims).unwrap();
        let plan = settings.plan(jobs);
        assert_eq!(plan.audience.as_str(), "aud");
        assert_eq!(projects(&plan), [expected], "{given:?}");
    }
}

#[test]
fn repositories_belong_to_projects_in_order() {
    let base = [("organization", ORGANIZATION_ID), ("project", PROJECT_ID), ("project", OTHER_PROJECT_ID)];
    let planned = |origins: &[&'static str]| {
        let given: Vec<_> =
            base.into_iter().chain(origins.iter().map(|origin| ("origin", *origin))).collect();
        planned(settings(&given))
    };
    let origins =
        |plan: &Plan| projects(plan).into_iter().map(|(_, origin)| origin.unwrap()).collect::<Vec<_>>();
    assert_eq!(origins(&planned(&["h/o/a"]).unwrap()), ["h/o/a", "h/o/a"]);
    assert_eq!(origins(&planned(&["h/o/a", "h/o/b"]).unwrap()), ["h/o/a", "h/o/b"]);
    let error = planned(&["h/o/a", "h/o/b", "h/o/c"]).unwrap_err();
    assert!(matches!(error, TrustPlanError::Origins { origins: 3, projects: 2 }));
}

#[test]
fn one_audience_is_taken_from_a_token_and_several_are_not() {
    let taken = |audience: serde_json::Value, given: &[(&str, &str)]| {
        settings(given).jobs_of(&claims(&audience)).map(|jobs| jobs.audience.as_str().to_owned())
    };
    let both = || serde_json::json!(["a", "b"]);
    assert_eq!(taken(serde_json::json!(["a"]), &[]).unwrap(), "a");
    assert!(matches!(taken(both(), &[]), Err(TrustPlanError::SeveralAudiences(_))));
    assert_eq!(taken(both(), &[("audience", "b")]).unwrap(), "b");
}

#[test]
fn ids_of_two_organizations_are_not_mixed() {
    let settings = settings(&[("organization", OTHER_PROJECT_ID)]);
    let error = settings.jobs_of(&claims(&"aud".into())).unwrap_err();
    assert!(matches!(error, TrustPlanError::OtherOrganization { .. }), "{error}");
}

/// A token of GitHub's that is no pull request's unless it is changed.
fn github(change: impl FnOnce(&mut GithubToken)) -> JobIdentity {
    let mut token = GithubToken::new("sts.amazonaws.com", 1_700_000_000);
    change(&mut token);
    let token = token.mint(&TestIssuer::github().unwrap()).unwrap();
    JobIdentity::from(&oidc::Token::parse(&token).unwrap())
}

fn github_jobs(plan: &Plan) -> &GitHubJobs {
    let TrustedJobs::GitHub(jobs) = &plan.jobs else { panic!("{plan:?}") };
    jobs
}

const REPOSITORY: (&str, &str) = ("repository", "octo@700/app@70");
const GOV: (&str, &str) = ("role", "arn:aws-us-gov:iam::123456789012:role/deploy");

#[test]
fn a_repository_needs_no_token() {
    for (given, form) in [
        (&[][..], SubjectForm::Both),
        (&[("form", "names")], SubjectForm::Names),
        (&[GOV], SubjectForm::Ids),
        (&[GOV, ("form", "both")], SubjectForm::Both),
    ] {
        let plan = planned(settings(&[&[REPOSITORY, ("branch", "main")], given].concat())).unwrap();
        let jobs = github_jobs(&plan);
        assert_eq!((plan.audience.as_str(), jobs.form), ("sts.amazonaws.com", form), "{given:?}");
        assert_eq!(jobs.contexts, [Context::Ref(RefPattern::branch("main").unwrap())]);
    }
}

#[test]
fn a_github_job_is_the_limit_unless_the_settings_name_one() {
    let production = Context::Environment("Production:V1".parse().unwrap());
    let main = Context::Ref(RefPattern::branch("main").unwrap());
    let in_production = |token: &mut GithubToken| token.environment = Some("Production:V1".to_owned());
    for (identity, given, contexts) in [
        (github(|_| ()), &[][..], vec![main.clone()]),
        (github(in_production), &[], vec![production.clone()]),
        (github(|_| ()), &[("environment", "Production:V1")], vec![production]),
        (github(in_production), &[("branch", "main")], vec![main]),
        (
            github(|token| token.is_pull_request = true),
            &[("workflow", "o/r/.github/workflows/d.yml@refs/heads/main")],
            Vec::new(),
        ),
    ] {
        let settings = settings(given);
        assert!(settings.jobs().unwrap().is_none());
        let jobs = settings.jobs_of(&identity).unwrap();
        let plan = settings.plan(jobs);
        assert_eq!(github_jobs(&plan).contexts, contexts, "{given:?}");
        assert_eq!(github_jobs(&plan).form, SubjectForm::Both);
    }
    let of_pull_request = settings(&[]).jobs_of(&github(|token| token.is_pull_request = true));
    assert!(matches!(of_pull_request, Err(TrustPlanError::PullRequest)));
}

#[test]
fn without_a_key_for_the_id_the_form_is_the_tokens() {
    for (has_ids_in_subject, form) in [(false, SubjectForm::Names), (true, SubjectForm::Ids)] {
        let identity = github(|token| token.has_ids_in_subject = has_ids_in_subject);
        let settings = settings(&[GOV]);
        let jobs = settings.jobs_of(&identity).unwrap();
        assert_eq!(github_jobs(&settings.plan(jobs)).form, form);
    }
}

#[test]
fn settings_of_the_other_ci_are_refused() {
    let organization = ("organization", ORGANIZATION_ID);
    let project = ("project", PROJECT_ID);
    let environment = ("environment", "production");
    for (given, expected) in [
        (&[REPOSITORY, project][..], "`--project-id` does not apply to jobs of GitHub Actions"),
        (&[organization, project, environment], "`--environment` does not apply to jobs of CircleCI"),
    ] {
        assert_eq!(planned(settings(given)).unwrap_err().to_string(), expected);
    }
    let of_github = settings(&[project]).jobs_of(&github(|_| ())).unwrap_err();
    assert_eq!(of_github.to_string(), "`--project-id` does not apply to jobs of GitHub Actions");
    let of_circleci = settings(&[environment]).jobs_of(&claims(&"aud".into())).unwrap_err();
    assert_eq!(of_circleci.to_string(), "`--environment` does not apply to jobs of CircleCI");
}
