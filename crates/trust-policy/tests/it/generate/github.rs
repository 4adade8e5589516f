//! Plans for GitHub Actions: the form of their policies, which plans are refused, and the notes about a plan.

use testkit::GithubToken;
use trust_policy::Verdict;
use trust_policy::generate::{
    Context, Format, GITHUB_AUDIENCE, GitHubIssuer, GitHubJobs, Plan, Provider, RefPattern, Repository,
    SubjectForm, TrustedJobs, generate,
};
use trust_policy::lint::lint;

use super::verdicts::{policy, verdict_on_github};

pub(crate) const CLOUD: &str = "https://token.actions.githubusercontent.com";
const SERVER: &str = "https://github.example.com/_services/token";
const WORKFLOW: &str = "octo/shared/.github/workflows/deploy.yml@refs/tags/v*";

pub(crate) fn plan(jobs: GitHubJobs) -> Plan {
    Plan {
        jobs: TrustedJobs::GitHub(jobs),
        audience: GITHUB_AUDIENCE.parse().unwrap(),
        role: "arn:aws:iam::123456789012:role/deploy".parse().unwrap(),
        permissions_policies: Vec::new(),
        workload_roles: Vec::new(),
        external_id: None,
        max_session_duration: None,
        provider: Provider::New,
        context_provider: false,
        thumbprints: Vec::new(),
    }
}

fn jobs(contexts: Vec<Context>) -> GitHubJobs {
    GitHubJobs {
        issuer: GitHubIssuer::cloud(),
        repositories: vec!["example-org@700/example-app@70".parse().unwrap()],
        form: SubjectForm::Both,
        contexts,
        workflows: Vec::new(),
    }
}

fn main_branch() -> Context {
    Context::Ref(RefPattern::branch("main").unwrap())
}

pub(crate) fn environment(name: &str) -> Context {
    Context::Environment(name.parse().unwrap())
}

fn json(plan: &Plan) -> serde_json::Value {
    serde_json::from_str(&generate(plan, Format::Json).unwrap().text).unwrap()
}

#[test]
fn both_forms_are_two_values_beside_the_id() {
    let jobs = GitHubJobs { contexts: vec![main_branch(), environment("a:b")], ..jobs(Vec::new()) };
    let key = |claim: &str| format!("token.actions.githubusercontent.com:{claim}");
    let expected = serde_json::json!({"StringEquals": {
        key("aud"): "sts.amazonaws.com",
        key("repository_id"): "70",
        key("sub"): [
            "repo:example-org/example-app:ref:refs/heads/main",
            "repo:example-org/example-app:environment:a%3Ab",
            "repo:example-org@700/example-app@70:ref:refs/heads/main",
            "repo:example-org@700/example-app@70:environment:a%3Ab",
        ],
    }});
    assert_eq!(json(&plan(jobs))["Statement"][0]["Condition"], expected);
}

#[test]
fn a_form_that_is_chosen_is_the_only_one() {
    for (form, expected) in [
        (SubjectForm::Names, "repo:example-org/example-app:pull_request"),
        (SubjectForm::Ids, "repo:example-org@700/example-app@70:pull_request"),
    ] {
        let jobs = GitHubJobs { form, ..jobs(vec![Context::PullRequest]) };
        let condition = json(&plan(jobs))["Statement"][0]["Condition"]["StringEquals"].take();
        assert_eq!(condition["token.actions.githubusercontent.com:sub"], expected);
    }
}

#[test]
fn a_reusable_workflow_needs_no_context() {
    let jobs = GitHubJobs { workflows: vec![WORKFLOW.parse().unwrap()], ..jobs(Vec::new()) };
    let plan = plan(jobs);
    let policy = policy(&plan);
    assert_eq!(lint(&policy).findings, []);
    let token = GithubToken {
        job_workflow_ref: Some("octo/shared/.github/workflows/deploy.yml@refs/tags/v2".to_owned()),
        ..GithubToken::new(GITHUB_AUDIENCE, 0)
    };
    assert_eq!(verdict_on_github(&policy, &plan, CLOUD, &token), Verdict::Allowed);
    for other in [
        None,
        Some("octo/shared/.github/workflows/deploy.yml@refs/heads/main"),
        Some("evil/shared/.github/workflows/deploy.yml@refs/tags/v2"),
    ] {
        let token = GithubToken { job_workflow_ref: other.map(str::to_owned), ..token.clone() };
        assert_ne!(verdict_on_github(&policy, &plan, CLOUD, &token), Verdict::Allowed, "{other:?}");
    }
}

#[test]
fn a_plan_that_is_unsafe_or_never_met_is_refused() {
    let server = |form| GitHubJobs {
        issuer: SERVER.parse().unwrap(),
        repositories: vec![Repository::named("o/r", None).unwrap()],
        form,
        ..jobs(vec![main_branch()])
    };
    let gov = |jobs| Plan { role: "arn:aws-us-gov:iam::123456789012:role/d".parse().unwrap(), ..plan(jobs) };
    let workflows = vec![WORKFLOW.parse().unwrap()];
    for (plan, message) in [
        (
            plan(GitHubJobs { repositories: Vec::new(), ..jobs(vec![main_branch()]) }),
            "no repository is named: ",
        ),
        (plan(jobs(Vec::new())), "neither a branch, a tag, an environment, pull requests nor "),
        (plan(server(SubjectForm::Ids)), "the ids of repository `o/r` are not known"),
        (plan(server(SubjectForm::Both)), "the ids of repository `o/r` are not known"),
        (
            gov(GitHubJobs { workflows, ..jobs(Vec::new()) }),
            "AWS has no condition key for `job_workflow_ref` there",
        ),
    ] {
        let error = generate(&plan, Format::Json).unwrap_err().to_string();
        assert!(error.starts_with(message), "{error}");
    }
    assert!(generate(&plan(server(SubjectForm::Names)), Format::Json).is_ok());
}

#[test]
fn notes_say_what_each_choice_allows() {
    let noted = |plan: &Plan| -> Vec<String> {
        let notes = generate(plan, Format::Json).unwrap().notes;
        notes.iter().map(|note| note.to_string().split([':', ',']).next().unwrap().to_owned()).collect()
    };
    assert_eq!(noted(&plan(jobs(vec![main_branch()]))), [""; 0]);
    let of_environment = "`sub` of a job with an environment names neither branch nor pull request";
    assert_eq!(noted(&plan(jobs(vec![environment("production")]))), [of_environment]);
    let colon = noted(&plan(jobs(vec![environment("Production:V1")])));
    assert_eq!(colon, [of_environment, "GitHub writes `"]);
    let escaped = noted(&plan(jobs(vec![environment("Production%3AV1")])));
    assert_eq!(escaped, colon);
    assert_eq!(noted(&plan(jobs(vec![Context::PullRequest]))), ["workflows of pull requests are allowed"]);
    let by_name = GitHubJobs { form: SubjectForm::Names, ..jobs(vec![main_branch()]) };
    assert_eq!(noted(&plan(by_name.clone())), [""; 0]);
    let gov = Plan { role: "arn:aws-us-gov:iam::123456789012:role/d".parse().unwrap(), ..plan(by_name) };
    assert_eq!(noted(&gov), ["the repository is limited by its name alone"]);
    let workflow = GitHubJobs { workflows: vec![WORKFLOW.parse().unwrap()], ..jobs(Vec::new()) };
    assert_eq!(
        noted(&plan(workflow)),
        ["every branch", "only jobs that a reusable workflow defines are allowed"]
    );
}
