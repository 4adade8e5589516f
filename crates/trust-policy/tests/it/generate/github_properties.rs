//! The policy of any plan for GitHub Actions allows the jobs that it names, in the forms that it names, and no others
//! that resemble them.

use testkit::GithubToken;
use trust_policy::Verdict;
use trust_policy::generate::{
    Context, GITHUB_AUDIENCE, GitHubIssuer, GitHubJob, GitHubJobs, Plan, RefPattern, Repository, SubjectForm,
    TrustedJobs,
};
use trust_policy::lint::lint;

use super::github::{CLOUD, environment, plan};
use super::random::Random;
use super::verdicts::{policy, verdict_on_github};

const PLANS: usize = 1000;

/// Names of branches and tags that are special in some format.
const NAMES: [&str; 8] = ["main", "release/1", "v1.2", "a\"b'c`d", "x${y}", "größe", "%3A", "ref"];
/// The same for environments, which may hold more.
const ENVIRONMENTS: [&str; 6] =
    ["production", "Production:V1", "EU west 100%", "a\"b'c`d", "x${y}:ref:refs/heads/main", "größe"];

/// A plan, and a token that it is for.
#[derive(Debug)]
struct Case {
    plan: Plan,
    token: GithubToken,
    form: SubjectForm,
    has_key: bool,
    context: Context,
}

impl Case {
    fn new(random: &mut Random) -> Self {
        let mut token = GithubToken::new(random.pick(&[GITHUB_AUDIENCE, "https://aud.example/a$b"]), 0);
        let ids = u64::try_from(random.below(900)).unwrap();
        token.ids = (1000 + ids, 2000 + ids);
        token.repository = format!("{}/r-{}", random.pick(&["o", "Org-x", "o_1"]), random.below(9));
        let context = match random.below(4) {
            0 => {
                token.is_pull_request = true;
                token.git_ref = "refs/pull/7/merge".to_owned();
                Context::PullRequest
            }
            1 => {
                let name = random.pick(&ENVIRONMENTS);
                token.environment = Some(name.to_owned());
                environment(name)
            }
            2 => {
                let name = random.pick(&NAMES);
                token.git_ref = format!("refs/tags/{name}");
                Context::Ref(RefPattern::tag(name).unwrap())
            }
            _ => {
                let name = random.pick(&NAMES);
                token.git_ref = format!("refs/heads/{name}");
                Context::Ref(RefPattern::branch(name).unwrap())
            }
        };
        let form = [SubjectForm::Names, SubjectForm::Ids, SubjectForm::Both][random.below(3)];
        token.has_ids_in_subject = match form {
            SubjectForm::Names => false,
            SubjectForm::Ids => true,
            SubjectForm::Both => random.one_in(2),
        };
        let mut repositories = vec![with_ids(&token)];
        for _ in 0..random.below(3) {
            repositories.push("another@1/another@2".parse().unwrap());
        }
        let partition = random.pick(&["aws", "aws", "aws-cn"]);
        let jobs = GitHubJobs {
            issuer: GitHubIssuer::cloud(),
            repositories,
            form,
            contexts: vec![context.clone()],
            workflows: Vec::new(),
        };
        let plan = Plan {
            audience: token.audience.parse().unwrap(),
            role: format!("arn:{partition}:iam::123456789012:role/ci/deploy").parse().unwrap(),
            ..plan(jobs)
        };
        Self { plan, token, form, has_key: partition == "aws", context }
    }

    /// Tokens, and whether they must be allowed.
    fn tokens(&self) -> Vec<(&'static str, GithubToken, bool)> {
        let own = || self.token.clone();
        let (owner, name) = self.token.repository.split_once('/').unwrap();
        let renamed = |repository: String, ids| GithubToken { repository, ids, ..own() };
        let (owner_id, id) = self.token.ids;
        let by_name_alone = !self.has_key && !self.token.has_ids_in_subject;
        vec![
            ("its own", own(), true),
            (
                "its own in the other form",
                GithubToken { has_ids_in_subject: !self.token.has_ids_in_subject, ..own() },
                self.form == SubjectForm::Both,
            ),
            ("for another audience", GithubToken { audience: "other".to_owned(), ..own() }, false),
            (
                "another branch's",
                GithubToken {
                    git_ref: "refs/heads/other".to_owned(),
                    environment: None,
                    is_pull_request: false,
                    ..own()
                },
                false,
            ),
            (
                "another branch's with the same environment",
                GithubToken { git_ref: "refs/heads/other".to_owned(), ..own() },
                !matches!(self.context, Context::Ref(_)),
            ),
            ("another environment's", GithubToken { environment: Some("other".to_owned()), ..own() }, false),
            (
                "an environment's that imitates a branch",
                GithubToken { environment: Some(format!("ref:{}", self.token.git_ref)), ..own() },
                false,
            ),
            (
                "a pull request's",
                GithubToken { is_pull_request: true, environment: None, ..own() },
                self.context == Context::PullRequest,
            ),
            ("a fork's", renamed(format!("evil/{name}"), (9, 9)), false),
            (
                "another repository's of the owner",
                renamed(format!("{owner}/{name}-other"), (owner_id, 9)),
                false,
            ),
            ("the next owner's of the name", renamed(self.token.repository.clone(), (9, 9)), by_name_alone),
            (
                "the next repository's of the name",
                renamed(self.token.repository.clone(), (owner_id, 9)),
                by_name_alone,
            ),
            ("a renamed repository's", renamed(format!("{owner}/{name}2"), (owner_id, id)), false),
        ]
    }
}

fn with_ids(token: &GithubToken) -> Repository {
    let (owner, name) = token.repository.split_once('/').unwrap();
    format!("{owner}@{}/{name}@{}", token.ids.0, token.ids.1).parse().unwrap()
}

#[test]
fn a_policy_allows_its_own_jobs_and_none_that_resemble_them() {
    let mut random = Random(20_261_128);
    let mut allowed = [0_usize; 2];
    for number in 0..PLANS {
        let case = Case::new(&mut random);
        let policy = policy(&case.plan);
        for (name, token, expected) in case.tokens() {
            let verdict = verdict_on_github(&policy, &case.plan, CLOUD, &token);
            allowed[usize::from(expected)] += 1;
            assert_eq!(
                verdict == Verdict::Allowed,
                expected,
                "plan {number}, {name}: {verdict:?} {token:?} {case:?}"
            );
        }
    }
    assert!(allowed.iter().all(|count| *count > PLANS), "{allowed:?}");
}

#[test]
fn a_policy_passes_the_lint() {
    let mut random = Random(20_261_129);
    for number in 0..PLANS {
        let case = Case::new(&mut random);
        // Pull requests, and names without a key for the id, are written as requested, and the lint reports them.
        let expected: &[&str] = match (&case.context, case.form, case.has_key) {
            (Context::PullRequest, SubjectForm::Names, false) => &["pull-request", "name-only-subject"],
            (Context::PullRequest, ..) => &["pull-request"],
            (_, SubjectForm::Names, false) => &["name-only-subject"],
            _ => &[],
        };
        let found = lint(&policy(&case.plan)).findings;
        let ids: Vec<&str> = found.iter().map(|finding| finding.rule.id).collect();
        assert_eq!(ids, expected, "plan {number}: {case:?}");
    }
}

#[test]
fn the_job_of_a_token_is_allowed_by_its_own_policy() {
    let mut random = Random(8);
    for _ in 0..500 {
        let case = Case::new(&mut random);
        let (owner_id, id) = (case.token.ids.0.to_string(), case.token.ids.1.to_string());
        let job = GitHubJob::read(CLOUD, &case.token.subject(), Some((&*owner_id, &*id))).unwrap();
        for form in [job.form, SubjectForm::Both] {
            let jobs = GitHubJobs {
                issuer: job.issuer.clone(),
                repositories: vec![job.repository.clone()],
                form,
                contexts: vec![job.context.clone()],
                workflows: Vec::new(),
            };
            let plan = Plan { jobs: TrustedJobs::GitHub(jobs), ..case.plan.clone() };
            assert_eq!(
                verdict_on_github(&policy(&plan), &plan, CLOUD, &case.token),
                Verdict::Allowed,
                "{case:?}"
            );
        }
    }
}
