//! The policy of any plan allows the jobs that it names, and no others that resemble them.

use testkit::{JobToken, Shape};
use trust_policy::generate::{
    CircleCiJobs, Format, Job, Note, Plan, Project, Provider, RefPattern, TrustedJobs, generate,
};
use trust_policy::lint::lint;
use trust_policy::{TrustPolicy, Verdict};

use super::random::Random;
use super::verdicts::{circleci, issuer, policy, verdict};

const PLANS: usize = 1000;

/// Parts of branch names: ordinary ones, and all characters with a meaning in a shell, JSON, HCL, YAML or IAM.
const NAME_PARTS: [&str; 30] = [
    "main", "release", "v1.2", "-", "_", "é", "\"", "'", "`", "{", "}", "%{", "(", ")", ";", "&", "|", "<",
    ">", "!", "#", "=", ",", "+", "@x", "%", "refs", "]", "$", "${",
];
/// What a wildcard matches in a token.
const WILD: [&str; 5] = ["", "x", "a/b", "vcs", "é\""];

#[test]
fn a_policy_allows_its_own_jobs_and_none_that_resemble_them() {
    let mut random = Random(20_261_122);
    let mut allowed = [0_usize; 2];
    for number in 0..PLANS {
        let case = Case::new(&mut random);
        let policy = policy(&case.plan);
        for (name, token, expected) in case.tokens(&mut random) {
            let verdict = verdict(&policy, &case.plan, &token);
            allowed[usize::from(expected)] += 1;
            assert_eq!(
                verdict == Verdict::Allowed,
                expected,
                "plan {number}, {name}: {verdict:?} {token:?} {case:?}"
            );
        }
    }
    // Both verdicts were expected more than once in every plan.
    assert!(allowed.iter().all(|count| *count > PLANS), "{allowed:?}");
}

#[test]
fn a_policy_passes_the_lint() {
    let mut random = Random(20_261_123);
    for number in 0..PLANS {
        let case = Case::new(&mut random);
        let mut found = lint(&policy(&case.plan)).findings;
        // A pattern such as `rel*` is written as requested, with a note, and the lint reports it.
        let notes = generate(&case.plan, Format::Json).unwrap().notes;
        let is_noted = notes.iter().any(|note| matches!(note, Note::RefWildcard(_)));
        found.retain(|finding| finding.rule.id != "branch-wildcard" || !is_noted);
        assert!(found.is_empty(), "plan {number}: {found:?} {case:?}");
    }
}

#[test]
fn the_job_of_a_token_is_allowed_by_its_own_policy() {
    let mut random = Random(7);
    for _ in 0..500 {
        let case = Case::new(&mut random);
        for shape in [Shape::V1, Shape::V2, Shape::Webhook] {
            let token = JobToken { shape, ..case.token.clone() };
            let job = Job::read(&issuer(&token), &token.subject()).unwrap();
            let jobs = CircleCiJobs {
                issuer: job.issuer,
                projects: vec![Project { id: job.project, vcs_origin: None }],
                refs: Vec::new(),
                user: None,
            };
            let mut plan = Plan { jobs: TrustedJobs::CircleCi(jobs), ..case.plan.clone() };
            assert_allowed(&policy(&plan), &plan, &JobToken { shape: Shape::V1, ..token.clone() });
            assert_allowed(&policy(&plan), &plan, &JobToken { shape: Shape::V2, ..token.clone() });
            circleci(&mut plan).projects[0].vcs_origin = job.vcs_origin;
            assert_allowed(&policy(&plan), &plan, &token);
        }
    }
}

fn assert_allowed(policy: &TrustPolicy, plan: &Plan, token: &JobToken) {
    assert_eq!(verdict(policy, plan, token), Verdict::Allowed, "{token:?}");
}

/// A plan, and a token that it is for.
#[derive(Debug)]
struct Case {
    plan: Plan,
    token: JobToken,
    /// With wildcards, as the user gave them: refs in full.
    refs: Vec<String>,
    has_origin: bool,
    limits_user: bool,
}

impl Case {
    fn new(random: &mut Random) -> Self {
        let mut token = JobToken::new(&random.uuid(), 0);
        token.project_id = random.uuid();
        token.user_id = random.uuid();
        token.audience =
            random.pick(&[token.organization_id.as_str(), "https://aud.example/a$b", "a\"'{b}"]).into();
        token.vcs_origin =
            format!("github.com/{}/r-{}", random.pick(&["o", "Org.x", "o_1"]), random.below(9));
        let (has_origin, names) = match random.below(4) {
            0 => (false, Vec::new()),
            1 => (true, Vec::new()),
            _ => (true, (0..=random.below(3)).map(|_| name(random)).collect::<Vec<_>>()),
        };
        let mut refs = Vec::new();
        let patterns = names.iter().map(|name| {
            let (kind, pattern) = if random.one_in(3) {
                ("refs/tags/", RefPattern::tag(name))
            } else {
                ("refs/heads/", RefPattern::branch(name))
            };
            refs.push(format!("{kind}{name}"));
            pattern.unwrap()
        });
        let patterns = patterns.collect();
        let own = Project {
            id: token.project_id.parse().unwrap(),
            vcs_origin: has_origin.then(|| token.vcs_origin.parse().unwrap()),
        };
        let mut projects = vec![own.clone()];
        for _ in 0..random.below(3) {
            projects.push(Project { id: random.uuid().parse().unwrap(), ..own.clone() });
        }
        let first = random.below(projects.len());
        projects.rotate_left(first);
        let partition = random.pick(&["aws", "aws-cn", "aws-us-gov"]);
        let user = random.one_in(4).then(|| token.user_id.parse().unwrap());
        let limits_user = user.is_some();
        let jobs = CircleCiJobs { issuer: issuer(&token).parse().unwrap(), projects, refs: patterns, user };
        let plan = Plan {
            jobs: TrustedJobs::CircleCi(jobs),
            audience: token.audience.as_str().unwrap().parse().unwrap(),
            permissions_policies: Vec::new(),
            role: format!("arn:{partition}:iam::123456789012:role/ci/deploy").parse().unwrap(),
            workload_roles: Vec::new(),
            external_id: None,
            max_session_duration: None,
            provider: Provider::New,
            context_provider: false,
            thumbprints: Vec::new(),
        };
        token.vcs_ref = match refs.len() {
            0 => format!("refs/heads/{}", name(random)),
            count => filled_in(&refs[random.below(count)], random),
        };
        Self { plan, token, refs, has_origin, limits_user }
    }

    /// Tokens, and whether they must be allowed.
    fn tokens(&self, random: &mut Random) -> Vec<(&'static str, JobToken, bool)> {
        let own = || self.token.clone();
        let mut stranger = JobToken::new(&random.uuid(), 0);
        stranger.audience = self.token.audience.clone();
        stranger.project_id.clone_from(&self.token.project_id);
        let mut tokens = vec![
            ("its own V2", own(), true),
            ("its own V1", JobToken { shape: Shape::V1, ..own() }, !self.has_origin),
            ("a webhook's", JobToken { shape: Shape::Webhook, ..own() }, !self.has_origin),
            ("a sibling project's", JobToken { project_id: random.uuid(), ..own() }, false),
            (
                "a longer project's",
                JobToken { project_id: format!("{}0", self.token.project_id), ..own() },
                false,
            ),
            ("for another audience", JobToken { audience: "other".into(), ..own() }, false),
            ("another organization's", stranger, false),
            ("another user's", JobToken { user_id: random.uuid(), ..own() }, !self.limits_user),
            (
                "a user's whose id begins alike",
                JobToken { user_id: format!("{}0", self.token.user_id), ..own() },
                !self.limits_user,
            ),
        ];
        let fork = format!("github.com/evil/{}", self.token.vcs_origin.rsplit('/').next().unwrap());
        tokens.push(("a fork's", JobToken { vcs_origin: fork.clone(), ..own() }, !self.has_origin));
        if !self.has_origin {
            return tokens;
        }
        let forged = format!("x/vcs-origin/{}/vcs-ref/{}", self.token.vcs_origin, self.token.vcs_ref);
        for kind in ["refs/heads/", "refs/tags/"] {
            let vcs_ref = format!("{kind}{forged}");
            tokens.push(("a crafted branch's", JobToken { vcs_ref: vcs_ref.clone(), ..own() }, false));
            let of_fork = JobToken { vcs_ref, vcs_origin: fork.clone(), ..own() };
            tokens.push(("a fork's with a crafted branch", of_fork, false));
        }
        let nested = format!("gitlab.com/evil/vcs-origin/{}", self.token.vcs_origin);
        tokens.push(("a repository's in crafted groups", JobToken { vcs_origin: nested, ..own() }, false));
        let longer = format!("{}-other", self.token.vcs_origin);
        tokens.push((
            "a repository's whose name begins alike",
            JobToken { vcs_origin: longer, ..own() },
            false,
        ));
        if !self.refs.is_empty() && self.refs.iter().all(|name| !name.contains(['*', '?'])) {
            let longer = format!("{}~", self.token.vcs_ref);
            tokens.push(("another branch's", JobToken { vcs_ref: longer, ..own() }, false));
        }
        tokens
    }
}

/// A branch's name or a pattern of some.
fn name(random: &mut Random) -> String {
    let mut name = format!("b{}", random.word(&NAME_PARTS, 6));
    if random.one_in(3) {
        name = format!("{name}/{}", random.word(&NAME_PARTS, 3));
    }
    match random.below(6) {
        0 => format!("{name}/*"),
        1 => format!("*{name}"),
        2 => format!("{name}?z"),
        _ => name,
    }
}

/// A name that matches the pattern.
fn filled_in(pattern: &str, random: &mut Random) -> String {
    pattern.replace('*', random.pick(&WILD)).replace('?', random.pick(&["q", "%", "/"]))
}
