//! The tokens beside a denied token: the same job but for one thing. What a changed policy allows of them is what the
//! change lets in.

use std::collections::BTreeSet;
use std::fmt;

use oidc::{JobSubject, Subject, SubjectPart, VcsSubject};
use serde::Serialize;

use crate::claim_keys::PROJECT_ID;
use crate::condition_keys::ConditionKeys;

/// In what another token differs from the denied one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Sibling {
    /// Another user's job.
    User,
    /// Another branch or tag, or for GitHub another event or environment.
    Ref,
    /// A branch whose name imitates the end of another subject.
    CraftedRef,
    /// Another repository: a fork that builds in the same project, for GitHub any other.
    Repository,
    /// Another project.
    Project,
}

impl Sibling {
    /// Whether a change that lets in such a token is not proposed at all.
    pub(super) fn is_never_proposed(self) -> bool {
        !matches!(self, Self::User | Self::Ref)
    }
}

impl fmt::Display for Sibling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::User => "every user of the project",
            Self::Ref => "other branches, tags, environments and pull requests of the repository",
            Self::CraftedRef => "branches whose names imitate this one",
            Self::Repository => "other repositories, forks included",
            Self::Project => "other projects",
        })
    }
}

/// A name that no pattern has.
const OTHER: &str = "zz-other";

/// The siblings of the token with these keys: for each part of its subject another name, for each of `patterns` a subject
/// that it matches, and subjects with crafted names. Each with all in which it differs. `None` where the subject is
/// neither a CircleCI job's nor a GitHub workflow's, or where the parts of a pattern cannot be told apart.
pub(super) fn of(
    keys: &ConditionKeys,
    subject: &str,
    patterns: &[String],
) -> Option<Vec<(BTreeSet<Sibling>, ConditionKeys)>> {
    if let Subject::Job(job) = Subject::parse(subject) {
        return patterns.iter().all(|pattern| cut(pattern).is_some()).then(|| circleci(keys, job, patterns));
    }
    let (repository, context) = github(subject)?;
    let halves: Option<Vec<_>> = patterns.iter().map(|pattern| github(pattern)).collect();
    Some(of_github(keys, (repository, context), &halves?))
}

fn circleci(
    keys: &ConditionKeys,
    job: JobSubject<'_>,
    patterns: &[String],
) -> Vec<(BTreeSet<Sibling>, ConditionKeys)> {
    let cut: Vec<_> = patterns.iter().filter_map(|pattern| cut(pattern)).collect();
    let named = |part: SubjectPart| {
        let index = SubjectPart::ALL.iter().position(|one| *one == part).unwrap_or_default();
        names(cut.iter().filter_map(|parts| parts.get(index).copied().flatten()))
    };
    let (users, projects) = (named(SubjectPart::User), named(SubjectPart::Project));
    let mut others = Vec::new();
    others.extend(users.iter().map(|user| JobSubject { user, ..job }.to_string()));
    others.extend(projects.iter().map(|project| JobSubject { project, ..job }.to_string()));
    if let Some(vcs @ VcsSubject { origin, git_ref }) = job.vcs {
        let with_vcs = |vcs: VcsSubject<'_>| JobSubject { vcs: Some(vcs), ..job }.to_string();
        let (origins, refs) = (named(SubjectPart::VcsOrigin), named(SubjectPart::VcsRef));
        others.extend(origins.iter().map(|origin| with_vcs(VcsSubject { origin, ..vcs })));
        others.extend(refs.iter().map(|git_ref| with_vcs(VcsSubject { git_ref, ..vcs })));
        // Subjects that end like this one, of another branch and of a fork.
        let ref_end = format!("{}{git_ref}", SubjectPart::VcsRef.marker());
        let vcs_end = format!("{}{origin}{ref_end}", SubjectPart::VcsOrigin.marker());
        for (origin, end) in [(origin, &ref_end), (origin, &vcs_end), (OTHER, &vcs_end)] {
            let git_ref = format!("refs/heads/{OTHER}{end}");
            others.push(with_vcs(VcsSubject { origin, git_ref: &git_ref }));
        }
    }
    others.extend(patterns.iter().map(|pattern| filled(pattern)));
    let mut siblings: Vec<_> = others.iter().filter_map(|other| other_job(keys, job, other)).collect();
    if job.vcs.is_none() {
        // A subject without a repository is the same for all of them.
        siblings.push((BTreeSet::from([Sibling::Ref, Sibling::Repository]), keys.clone()));
    }
    siblings
}

/// Another job's keys, and in what it differs; `None` if it does not, or is no job of the same form.
fn other_job(
    keys: &ConditionKeys,
    job: JobSubject<'_>,
    other: &str,
) -> Option<(BTreeSet<Sibling>, ConditionKeys)> {
    let Subject::Job(found) = Subject::parse(other) else { return None };
    let mut kinds = BTreeSet::new();
    kinds.extend((found.user != job.user).then_some(Sibling::User));
    kinds.extend((found.project != job.project).then_some(Sibling::Project));
    match (found.vcs, job.vcs) {
        (Some(found), Some(own)) => {
            let end = format!("{}{}", SubjectPart::VcsRef.marker(), own.git_ref);
            let is_crafted = found.git_ref.ends_with(&end);
            kinds.extend(is_crafted.then_some(Sibling::CraftedRef));
            kinds.extend((!is_crafted && found.git_ref != own.git_ref).then_some(Sibling::Ref));
            kinds.extend((!is_crafted && found.origin != own.origin).then_some(Sibling::Repository));
        }
        (None, None) => {}
        (Some(_), None) | (None, Some(_)) => return None,
    }
    let keys = keys.clone().with_claim("sub", other).with_claim(PROJECT_ID, found.project);
    (!kinds.is_empty()).then_some((kinds, keys))
}

fn of_github(
    keys: &ConditionKeys,
    (repository, context): (&str, &str),
    patterns: &[(&str, &str)],
) -> Vec<(BTreeSet<Sibling>, ConditionKeys)> {
    let mut contexts = names(patterns.iter().map(|(_, context)| *context));
    contexts.extend(["pull_request", "environment:zz-other", "ref:refs/tags/zz-other"].map(str::to_owned));
    let mut repositories = names(patterns.iter().map(|(repository, _)| *repository));
    if let Some((owner, name)) = repository.split_once('/') {
        repositories.extend([format!("{owner}/{OTHER}"), format!("{OTHER}/{name}")]);
    }
    let contexts = contexts.iter().map(|other| (repository, other.as_str()));
    let repositories = repositories.iter().map(|other| (other.as_str(), context));
    let whole: Vec<_> =
        patterns.iter().map(|(repository, context)| (filled(repository), filled(context))).collect();
    let whole = whole.iter().map(|(repository, context)| (repository.as_str(), context.as_str()));
    let others = contexts.chain(repositories).chain(whole).map(|(other, other_context)| {
        let mut kinds = BTreeSet::new();
        kinds.extend((other != repository).then_some(Sibling::Repository));
        kinds.extend((other_context != context).then_some(Sibling::Ref));
        (kinds, keys.clone().with_claim("sub", &format!("repo:{other}:{other_context}")))
    });
    let mut siblings: Vec<_> = others.filter(|(kinds, _)| !kinds.is_empty()).collect();
    if !context.starts_with("ref:") {
        // An environment's subject is the same for all refs, and that of a pull request for all of them.
        siblings.push((BTreeSet::from([Sibling::Ref]), keys.clone()));
    }
    siblings
}

/// Repository and context of a GitHub subject, or of a pattern for one.
fn github(subject: &str) -> Option<(&str, &str)> {
    subject.strip_prefix("repo:")?.split_once(':')
}

/// The parts of a pattern. `None` where a wildcard may stand for a marker, but for a `*` at the end.
fn cut(pattern: &str) -> Option<[Option<&str>; SubjectPart::ALL.len()]> {
    let parts = SubjectPart::cut(pattern)?;
    let known: Vec<&str> = parts.iter().map_while(|part| *part).collect();
    let has_gap = parts.iter().skip(known.len()).any(Option::is_some);
    let ids = known.iter().take(IDS);
    let is_clear = match (known.len(), known.last()?.strip_suffix('*')) {
        (count, _) if count == parts.len() => ids.clone().all(|id| !id.contains('/')),
        (_, Some(last)) => {
            let last = last.strip_suffix('/').unwrap_or(last);
            let before = ids.take(known.len().saturating_sub(1).min(IDS));
            before.copied().chain([last]).all(|name| !name.contains(['/', '*', '?']) || name == "*")
        }
        (IDS, None) => ids.clone().all(|id| !id.contains('/')),
        _ => false,
    };
    (is_clear && !has_gap).then_some(parts)
}

/// Organization, project and user, which a V1 subject ends with.
const IDS: usize = 3;

/// Other names than the denied token's: some that are nobody's, and one that each pattern matches.
fn names<'a>(patterns: impl Iterator<Item = &'a str>) -> BTreeSet<String> {
    let others = [OTHER, "refs/heads/zz-other", "refs/tags/zz-other"].map(str::to_owned);
    patterns.map(filled).chain(others).collect()
}

/// A text that the pattern matches.
fn filled(pattern: &str) -> String {
    pattern.replace('*', OTHER).replace('?', "z")
}
