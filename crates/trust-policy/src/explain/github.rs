//! Differences that only GitHub's `sub` has: ids in the names since 2026, and an environment or a pull request in
//! place of the ref.

use super::value;
use crate::{one_line::one_line, pattern};

/// The difference between a token's subject and the subjects that the policy requires.
pub(super) fn subject(required: &[String], found: &str) -> Option<String> {
    let (found_repository, found_context) = split(found)?;
    let form = required.iter().find_map(|required| form(required, found));
    form.or_else(|| value::difference(required, found))
        .or_else(|| required.iter().find_map(|required| context(required, found_repository, found_context)))
        .or_else(|| repository(required, found_repository))
}

/// CircleCI's form, or ids in one of the two subjects only.
fn form(required: &str, found: &str) -> Option<String> {
    let (required_text, found_text) = (one_line(required), one_line(found));
    if required.starts_with("org/") {
        return Some(format!(
            "the policy requires `{required_text}`, which has CircleCI's form; GitHub's `sub` is `{found_text}`"
        ));
    }
    if pattern::matches(required, &without_ids(found)) {
        return Some(format!(
            "the policy requires `{required_text}`; this token has GitHub's immutable subject with the ids of owner and repository"
        ));
    }
    pattern::matches(&without_ids(required), found).then(|| {
        format!(
            "the policy requires GitHub's immutable subject `{required_text}`; this token's subject has no ids: `{found_text}`"
        )
    })
}

/// The same repository, but another branch, or an environment in place of a branch and so on.
fn context(required: &str, found_repository: &str, found_context: &str) -> Option<String> {
    let (repository, context) = split(required)?;
    if !pattern::matches(repository, found_repository) {
        return None;
    }
    let (required_kind, found_kind) = (kind(context)?, kind(found_context)?);
    let (context, found_context) = (one_line(context), one_line(found_context));
    Some(if required_kind == found_kind {
        format!("the {found_kind} differs: the policy requires `{context}`, the token has `{found_context}`")
    } else {
        format!("the policy requires `{context}`; the token has the {found_kind} instead: `{found_context}`")
    })
}

fn repository(required: &[String], found: &str) -> Option<String> {
    let required = required.iter().filter_map(|required| Some(split(required)?.0));
    let others: Vec<String> =
        required.filter(|required| !pattern::matches(required, found)).map(str::to_owned).collect();
    (!others.is_empty()).then(|| {
        let (others, found) = (value::list(&others), one_line(found));
        format!("the repository differs: the policy requires {others}, the token has `{found}`")
    })
}

/// Owner and repository, and the context after them.
fn split(subject: &str) -> Option<(&str, &str)> {
    subject.strip_prefix("repo:")?.split_once(':')
}

/// The pattern `required` with the owner and the repository of `found`, if these are the same but for the ids.
pub(super) fn with_ids(required: &str, found: &str) -> Option<String> {
    let ((repository, context), (found_repository, _)) = (split(required)?, split(found)?);
    let is_same = found_repository != repository
        && without_ids(found) == format!("repo:{repository}:{}", split(found)?.1);
    is_same.then(|| format!("repo:{found_repository}:{context}"))
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
