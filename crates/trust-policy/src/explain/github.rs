//! What is peculiar to GitHub's `sub`: ids in the names since 2026, and that an environment or a pull request
//! takes the place of the ref.

use super::value;
use crate::{one_line::one_line, pattern};

/// What keeps the subject `found` from being one of `asked`.
pub(super) fn subject(asked: &[String], found: &str) -> Option<String> {
    let (found_repository, found_context) = split(found)?;
    let form = asked.iter().find_map(|asked| form(asked, found, found_repository));
    form.or_else(|| value::difference(asked, found))
        .or_else(|| asked.iter().find_map(|asked| context(asked, found_repository, found_context)))
        .or_else(|| repository(asked, found_repository))
}

/// CircleCI's form, or ids on one side only.
fn form(asked: &str, found: &str, found_repository: &str) -> Option<String> {
    let (told, told_found) = (one_line(asked), one_line(found));
    if asked.starts_with("org/") {
        return Some(format!(
            "the policy asks for `{told}`, which is CircleCI's form; GitHub's `sub` is `{told_found}`"
        ));
    }
    if pattern::matches(asked, &without_ids(found)) {
        let named = one_line(found_repository);
        return Some(format!(
            "the policy asks for `{told}`; this token has GitHub's immutable subject with the ids of owner and repository: ask for `repo:{named}:…`"
        ));
    }
    pattern::matches(&without_ids(asked), found).then(|| {
        format!(
            "the policy asks for GitHub's immutable subject `{told}`; this token's has no ids: `{told_found}`"
        )
    })
}

/// Another branch, or another kind of what comes behind the same repository.
fn context(asked: &str, found_repository: &str, found_context: &str) -> Option<String> {
    let (repository, context) = split(asked)?;
    if !pattern::matches(repository, found_repository) {
        return None;
    }
    let (asked_kind, found_kind) = (kind(context)?, kind(found_context)?);
    let (context, found_context) = (one_line(context), one_line(found_context));
    Some(if asked_kind == found_kind {
        format!("the {found_kind} differs: the policy asks for `{context}`, the token has `{found_context}`")
    } else {
        format!(
            "the policy asks for `{context}`; the job has the {found_kind} in its place: `{found_context}`"
        )
    })
}

fn repository(asked: &[String], found: &str) -> Option<String> {
    let asked = asked.iter().filter_map(|asked| Some(split(asked)?.0));
    let others: Vec<String> =
        asked.filter(|asked| !pattern::matches(asked, found)).map(str::to_owned).collect();
    (!others.is_empty()).then(|| {
        let (others, found) = (value::list(&others), one_line(found));
        format!("the repository differs: the policy asks for {others}, the token has `{found}`")
    })
}

/// Owner and repository, and what comes behind them.
fn split(subject: &str) -> Option<(&str, &str)> {
    subject.strip_prefix("repo:")?.split_once(':')
}

fn kind(context: &str) -> Option<&'static str> {
    let kinds = [("ref:", "ref"), ("environment:", "environment"), ("pull_request", "pull request")];
    kinds.iter().find(|(start, _)| context.starts_with(start)).map(|(_, kind)| *kind)
}

/// `repo:O@1/R@2:…` as it would be without `@1` and `@2`, which no name can hold.
fn without_ids(subject: &str) -> String {
    let Some((repository, context)) = split(subject) else { return subject.to_owned() };
    let names: Vec<&str> =
        repository.split('/').map(|name| name.split_once('@').map_or(name, |(name, _)| name)).collect();
    format!("repo:{}:{context}", names.join("/"))
}
