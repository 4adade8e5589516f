//! Tokens of CircleCI's and GitHub's jobs, and in what two of them differ.

use std::collections::BTreeSet;

use oidc::{JobSubject, Subject, VcsSubject};
use trust_policy::{Claims, ConditionKeys, Sibling, WebIdentity};

use crate::differential::random::Random;

const PROVIDER: &str = "oidc.circleci.com/org/O";

const USERS: [&str; 2] = ["U", "V"];
pub(super) const PROJECTS: [&str; 2] = ["P", "Q"];
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
pub(super) enum Job {
    Circleci { project: &'static str, user: &'static str, vcs: Option<(String, String)> },
    Github { repository: &'static str, context: &'static str },
}

impl Job {
    pub(super) fn random(random: &mut Random, like: Option<&Self>) -> Self {
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
    pub(super) fn sibling(&self, random: &mut Random) -> Self {
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
    pub(super) fn differences(&self, other: &Self) -> BTreeSet<Sibling> {
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

    pub(super) fn subject(&self) -> String {
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

    pub(super) fn provider(&self) -> &'static str {
        match self {
            Self::Github { .. } => "token.actions.githubusercontent.com",
            Self::Circleci { .. } => PROVIDER,
        }
    }

    pub(super) fn identity(&self) -> WebIdentity {
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
