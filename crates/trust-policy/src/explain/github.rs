//! Differences that only GitHub's `sub` has: ids in the names since 2026, and an environment or a pull request in place of the
//! ref.

use super::value;
use crate::{one_line::one_line, pattern};

/// The difference between a token's subject and the subjects that the policy requires.
pub(super) fn subject(asked: &[String], found: &str) -> Option<String> {
    let (found_repository, found_context) = split(found)?;
    let form = asked.iter().find_map(|asked| form(asked, found, found_repository));
    form.or_else(|| value::difference(asked, found))
        .or_else(|| asked.iter().find_map(|asked| context(asked, found_repository, found_context)))
        .or_else(|| repository(asked, found_repository))
}

/// CircleCI's form, or ids in one of the two subjects only.
fn form(asked: &str, found: &str, found_repository: &str) -> Option<String> {
    let (asked_text, found_text) = (one_line(asked), one_line(found));
    if asked.starts_with("org/") {
        return Some(format!(
            "the policy requires `{asked_text}`, which has CircleCI's form; GitHub's `sub` is `{found_text}`"
        ));
    }
    if pattern::matches(asked, &without_ids(found)) {
        let named = one_line(found_repository);
        return Some(format!(
            "the policy requires `{asked_text}`; this token has GitHub's immutable subject with the ids of owner and repository: require `repo:{named}:…`"
        ));
    }
    pattern::matches(&without_ids(asked), found).then(|| {
        format!(
            "the policy requires GitHub's immutable subject `{asked_text}`; this token's subject has no ids: `{found_text}`"
        )
    })
}

/// The same repository, but another branch, or an environment in place of a branch and so on.
fn context(asked: &str, found_repository: &str, found_context: &str) -> Option<String> {
    let (repository, context) = split(asked)?;
    if !pattern::matches(repository, found_repository) {
        return None;
    }
    let (asked_kind, found_kind) = (kind(context)?, kind(found_context)?);
    let (context, found_context) = (one_line(context), one_line(found_context));
    Some(if asked_kind == found_kind {
        format!("the {found_kind} differs: the policy requires `{context}`, the token has `{found_context}`")
    } else {
        format!("the policy requires `{context}`; the token has the {found_kind} instead: `{found_context}`")
    })
}

fn repository(asked: &[String], found: &str) -> Option<String> {
    let asked = asked.iter().filter_map(|asked| Some(split(asked)?.0));
    let others: Vec<String> =
        asked.filter(|asked| !pattern::matches(asked, found)).map(str::to_owned).collect();
    (!others.is_empty()).then(|| {
        let (others, found) = (value::list(&others), one_line(found));
        format!("the repository differs: the policy requires {others}, the token has `{found}`")
    })
}

/// Owner and repository, and the context after them.
fn split(subject: &str) -> Option<(&str, &str)> {
    subject.strip_prefix("repo:")?.split_once(':')
}

fn kind(context: &str) -> Option<&'static str> {
    let kinds = [("ref:", "ref"), ("environment:", "environment"), ("pull_request", "pull request")];
    kinds.iter().find(|(start, _)| context.starts_with(start)).map(|(_, kind)| *kind)
}

/// `repo:O@1/R@2:…` without `@1` and `@2`; no name contains an `@`.
fn without_ids(subject: &str) -> String {
    let Some((repository, context)) = split(subject) else { return subject.to_owned() };
    let names: Vec<&str> =
        repository.split('/').map(|name| name.split_once('@').map_or(name, |(name, _)| name)).collect();
    format!("repo:{}:{context}", names.join("/"))
}
