//! Random policies and denied tokens: what a change lets in beyond the denied token is what its text says.

use std::collections::{BTreeMap, BTreeSet};

use oidc::{JobSubject, Subject, VcsSubject};
use serde_json::json;
use trust_policy::{
    Claims, ConditionKeys, Explanation, Sibling, TrustPolicy, Verdict, WebIdentity, evaluate, explain,
};

use crate::differential::random::Random;

const PAIRS: usize = 20_000;
const SIBLINGS: usize = 20;
const SEED: u64 = 20_261_128;
const PROVIDER: &str = "oidc.circleci.com/org/O";

const USERS: [&str; 2] = ["U", "V"];
const PROJECTS: [&str; 2] = ["P", "Q"];
const ORIGINS: [&str; 4] = ["h/o/r", "h/o/s", "h/e/r", "g/o/r"];
const REFS: [&str; 6] = [
    "refs/heads/main",
    "refs/heads/mbin",
    "refs/heads/release/1",
    "refs/heads/release/2",
    "refs/tags/v1",
    "refs/heads/main/vcs-ref/refs/heads/release/1",
];
const REPOSITORIES: [&str; 5] = ["o/r", "o@1/r@2", "o@1/s@3", "e@4/r@5", "e/r"];
const CONTEXTS: [&str; 5] =
    ["ref:refs/heads/main", "ref:refs/heads/mbin", "ref:refs/tags/v1", "environment:prod", "pull_request"];

/// A token in parts, so that the difference between two of them is known without the product's code.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Job {
    Circleci { project: &'static str, user: &'static str, vcs: Option<(String, String)> },
    Github { repository: &'static str, context: &'static str },
}

impl Job {
    fn random(random: &mut Random, like: Option<&Self>) -> Self {
        let is_github = like.map_or_else(|| random.one_in(3), |like| matches!(like, Self::Github { .. }));
        let has_vcs = match like {
            Some(Self::Circleci { vcs, .. }) => vcs.is_some(),
            _ => !random.one_in(4),
        };
        if is_github {
            return Self::Github { repository: random.of(&REPOSITORIES), context: random.of(&CONTEXTS) };
        }
        let vcs = has_vcs.then(|| (random.of(&ORIGINS).to_owned(), random.of(&REFS).to_owned()));
        Self::Circleci { project: random.of(&PROJECTS), user: random.of(&USERS), vcs }
    }

    /// Another job that shares most parts with this one.
    fn sibling(&self, random: &mut Random) -> Self {
        let mut other = Self::random(random, Some(self));
        match (&mut other, self) {
            (
                Self::Github { repository, context },
                Self::Github { repository: own, context: own_context },
            ) => match random.below(3) {
                0 => *repository = own,
                1 => *context = own_context,
                _ => {}
            },
            (
                Self::Circleci { project, user, vcs },
                Self::Circleci { project: own_project, user: own_user, vcs: own_vcs },
            ) => {
                if !random.one_in(4) {
                    *project = own_project;
                }
                if !random.one_in(4) {
                    *user = own_user;
                }
                if let (Some(vcs), Some(own)) = (vcs, own_vcs) {
                    if !random.one_in(3) {
                        vcs.0.clone_from(&own.0);
                    }
                    match random.below(4) {
                        0 => vcs.1.clone_from(&own.1),
                        1 => vcs.1 = format!("refs/heads/x/vcs-ref/{}", own.1),
                        2 => vcs.1 = format!("refs/heads/x/vcs-origin/{}/vcs-ref/{}", own.0, own.1),
                        _ => {}
                    }
                }
            }
            _ => unreachable!("of the same kind"),
        }
        other
    }

    /// In what `other` differs.
    fn differences(&self, other: &Self) -> BTreeSet<Sibling> {
        let mut kinds = BTreeSet::new();
        let mut add = |differs: bool, kind| {
            if differs {
                kinds.insert(kind);
            }
        };
        match (self, other) {
            (
                Self::Circleci { project, user, vcs: Some((origin, git_ref)) },
                Self::Circleci { project: p, user: u, vcs: Some((o, r)) },
            ) => {
                add(project != p, Sibling::Project);
                add(user != u, Sibling::User);
                let is_crafted = r.ends_with(&format!("/vcs-ref/{git_ref}"));
                add(is_crafted, Sibling::CraftedRef);
                add(r != git_ref && !is_crafted, Sibling::Ref);
                add(o != origin && !is_crafted, Sibling::Repository);
            }
            (Self::Circleci { project, user, .. }, Self::Circleci { project: p, user: u, .. }) => {
                add(project != p, Sibling::Project);
                add(user != u, Sibling::User);
            }
            (Self::Github { repository, context }, Self::Github { repository: r, context: c }) => {
                add(repository != r, Sibling::Repository);
                add(context != c, Sibling::Ref);
            }
            _ => unreachable!("of the same kind"),
        }
        kinds
    }

    fn subject(&self) -> String {
        match self {
            Self::Github { repository, context } => format!("repo:{repository}:{context}"),
            Self::Circleci { project, user, vcs } => {
                let vcs = vcs.as_ref().map(|(origin, git_ref)| VcsSubject { origin, git_ref });
                let job = JobSubject { organization: "O", project, user, vcs };
                assert!(matches!(Subject::parse(&job.to_string()), Subject::Job(_)));
                job.to_string()
            }
        }
    }

    fn provider(&self) -> &'static str {
        match self {
            Self::Github { .. } => "token.actions.githubusercontent.com",
            Self::Circleci { .. } => PROVIDER,
        }
    }

    fn identity(&self) -> WebIdentity {
        let project_id = match self {
            Self::Circleci { project, .. } => Some(*project),
            Self::Github { .. } => None,
        };
        let claims = Claims {
            issuer: &format!("https://{}", self.provider()),
            audience: "O",
            authorized_party: None,
            subject: &self.subject(),
            project_id,
        };
        let provider_arn = format!("arn:aws:iam::111122223333:oidc-provider/{}", self.provider());
        WebIdentity { provider_arn, keys: ConditionKeys::from_claims(&claims) }
    }
}

/// A condition on `sub` that some people would write for `job`, or for another.
fn policy(random: &mut Random, job: &Job) -> TrustPolicy {
    let key = |name: &str| format!("{}:{name}", job.provider());
    let values: Vec<String> = (0..=random.below(2))
        .map(|_| {
            let meant = if random.one_in(4) { job.sibling(random) } else { job.clone() };
            let mut subject = meant.subject();
            if random.one_in(3) {
                subject = subject.replace("@1", "").replace("@2", "");
            }
            pattern(random, &subject)
        })
        .collect();
    let operator = random.of(&[
        "StringEquals",
        "StringEquals",
        "StringEquals",
        "StringLike",
        "ForAnyValue:StringEquals",
    ]);
    let mut condition = json!({operator: {key("sub"): values}});
    if random.one_in(2) {
        condition["StringEquals"][key("aud")] = "O".into();
    }
    if random.one_in(4) {
        condition["StringEquals"][key("oidc.circleci.com/project-id")] = random.of(&PROJECTS).into();
    }
    if random.one_in(6) {
        condition["StringNotLike"][key("sub")] = "*/vcs-ref/*/vcs-ref/*".into();
    }
    let statement = json!({
        "Effect": "Allow",
        "Principal": {"Federated": job.identity().provider_arn},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
    });
    json!({"Version": "2012-10-17", "Statement": [statement]}).to_string().parse().unwrap()
}

/// The subject with wildcards for some parts, or its beginning.
fn pattern(random: &mut Random, subject: &str) -> String {
    let mut parts: Vec<String> = subject.split('/').map(str::to_owned).collect();
    for part in parts.iter_mut().skip(1) {
        match random.below(9) {
            0 => "*".clone_into(part),
            1 if part.len() > 1 => part.replace_range(1..2, "?"),
            2 => part.push('*'),
            _ => {}
        }
    }
    if random.one_in(5) {
        parts.truncate(1 + random.below(parts.len()));
        if random.one_in(2) {
            parts.push("*".to_owned());
        }
    }
    parts.join("/")
}

#[test]
fn a_change_lets_in_what_its_text_says_and_no_more() {
    let mut random = Random::new(SEED);
    let (mut seen, mut proposed) = (BTreeMap::<Sibling, usize>::new(), 0);
    for _ in 0..PAIRS {
        let job = Job::random(&mut random, None);
        let policy = policy(&mut random, &job);
        let identity = job.identity();
        let Explanation { verdict, nearest, change: Some(change), .. } = explain(&policy, &identity) else {
            continue;
        };
        assert!(matches!(verdict, Verdict::Denied { .. }));
        assert_eq!(evaluate(&change.policy, &identity), Verdict::Allowed, "{policy:?}");
        proposed += usize::from(change.is_proposed());
        for _ in 0..SIBLINGS {
            let other = job.sibling(&mut random);
            let allows = |policy| evaluate(policy, &other.identity()) == Verdict::Allowed;
            if other == job || allows(&policy) || !allows(&change.policy) {
                continue;
            }
            let let_in = job.differences(&other);
            assert!(
                let_in.is_subset(&change.also_allows),
                "seed {SEED}: {nearest:?}\nlets in {other:?} beside {job:?}: {let_in:?}\n{policy:?}"
            );
            for kind in let_in {
                *seen.entry(kind).or_default() += 1;
            }
        }
        let text = nearest.unwrap();
        for kind in &change.also_allows {
            assert!(text.contains(&kind.to_string()), "{text}");
            assert!(matches!(kind, Sibling::User | Sibling::Ref) || !change.is_proposed(), "{text}");
        }
    }
    println!("{proposed} of {PAIRS} proposed; let in: {seen:?}");
    assert!(proposed > PAIRS / 50, "{proposed}");
    assert_eq!(seen.len(), 5, "each kind was tried: {seen:?}");
}
