//! What a condition's values allow as patterns, in words: a fix that turns a text into a pattern says it.

use super::{
    condition::Condition,
    language::Holes,
    operator::{Comparison, Operator},
    provider::Kind,
    provider_trust::ProviderTrust,
    subject_shape::{V1, V2, with_origins},
};
use crate::explain::Sibling;

/// What a pattern lets in beside the one job.
const FORKS: &str = "branches of forks whose names imitate this one";
const ORGANIZATIONS: &str = "other organizations";

/// What the values of a condition would allow under `StringLike`.
pub(super) fn under_like(trust: &ProviderTrust<'_>, condition: &Condition<'_>) -> String {
    let operator = Operator { comparison: Comparison::Like, negated: false, ..condition.operator };
    let like = Condition { operator, ..*condition };
    let allowed = match () {
        () if !like.is_on("sub") => Vec::new(),
        () if trust.provider.is_circleci() => of_circleci(trust, &like),
        () if trust.provider.is_github() => of_github(&like),
        () => Vec::new(),
    };
    if allowed.is_empty() {
        return "every value of this form, across `/` and `:`".to_owned();
    }
    allowed.join(", ")
}

fn of_circleci(trust: &ProviderTrust<'_>, like: &Condition<'_>) -> Vec<String> {
    let matches = |shape: &str| like.matching_text(shape, Holes::AreNames).is_some();
    let either = |from: &str, to: &str| [V1, V2].iter().any(|shape| matches(&shape.replacen(from, to, 1)));
    let of_kinds = |origin: &str, name: &str| {
        let shape = V2.replacen("origin/%", &format!("origin/{origin}"), 1);
        ["heads", "tags"]
            .iter()
            .any(|kind| matches(&shape.replacen("refs/%", &format!("refs/{kind}/{name}"), 1)))
    };
    let other_ref = of_kinds("%", "~") || of_kinds("%", "#/~");
    let other_repository = with_origins(&["~/#/#", "#/~/#", "#/#/~"]).any(|shape| matches(&shape));
    let is_root = trust.provider.kind == Kind::CircleCiRoot;
    let found = [
        (Sibling::User.to_string(), either("user/#", "user/~")),
        (Sibling::Ref.to_string(), other_ref),
        (Sibling::CraftedRef.to_string(), !other_ref && of_kinds("%", "\u{1}%")),
        (FORKS.to_owned(), !other_repository && of_kinds("#/\u{1}/#", "\u{1}%")),
        (Sibling::Repository.to_string(), other_repository),
        (Sibling::Project.to_string(), either("project/#", "project/~")),
        (ORGANIZATIONS.to_owned(), is_root && either("org/#", "org/~")),
    ];
    found.into_iter().filter_map(|(text, is_open)| is_open.then_some(text)).collect()
}

fn of_github(like: &Condition<'_>) -> Vec<String> {
    let matches = |shape: &str| like.matching_text(shape, Holes::AreNames).is_some();
    let contexts = ["ref:refs/heads/^", "ref:refs/tags/^", "environment:^", "\u{1}%"];
    let found = [
        (Sibling::Ref, contexts.iter().any(|context| matches(&format!("repo:#/#:{context}")))),
        (
            Sibling::Repository,
            matches("repo:#/~:%") || matches("repo:#/~@#:%") || matches("repo:~/%") || matches("repo:~@%"),
        ),
    ];
    found.iter().filter(|(_, is_open)| *is_open).map(|(sibling, _)| sibling.to_string()).collect()
}
