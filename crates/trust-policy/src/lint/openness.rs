//! What a condition's values allow as patterns, in words: a fix that turns a text into a pattern says it.

use super::{
    condition::Condition,
    language::Holes,
    operator::{Comparison, Operator},
    provider_trust::ProviderTrust,
    subject_shape::{V1, V2, with_origins},
};
use crate::explain::Sibling;

/// What the values of a condition would allow under `StringLike`.
pub(super) fn under_like(trust: &ProviderTrust<'_>, condition: &Condition<'_>) -> String {
    let operator = Operator { comparison: Comparison::Like, negated: false, ..condition.operator };
    let like = Condition { operator, ..*condition };
    let siblings = if like.is_on("sub") { siblings(trust, &like) } else { Vec::new() };
    if siblings.is_empty() {
        return "every value of this form, across `/` and `:`".to_owned();
    }
    siblings.iter().map(ToString::to_string).collect::<Vec<_>>().join(", ")
}

fn siblings(trust: &ProviderTrust<'_>, like: &Condition<'_>) -> Vec<Sibling> {
    let matches = |shape: &str| like.matching_text(shape, Holes::AreNames).is_some();
    let either = |from: &str, to: &str| [V1, V2].iter().any(|shape| matches(&shape.replacen(from, to, 1)));
    let of_kinds = |kinds: &[&str], name: &str| kinds.iter().any(|kind| matches(&format!("{kind}{name}")));
    let found = if trust.provider.is_circleci() {
        let refs = ["heads", "tags"].map(|kind| V2.replacen("refs/%", &format!("refs/{kind}/"), 1));
        let refs = refs.each_ref().map(String::as_str);
        let origins = ["\u{1}/#/#", "#/\u{1}/#", "#/#/\u{1}"];
        vec![
            (Sibling::User, either("user/#", "user/\u{1}")),
            (Sibling::Ref, of_kinds(&refs, "\u{1}")),
            (Sibling::CraftedRef, !of_kinds(&refs, "\u{1}") && of_kinds(&refs, "\u{1}%")),
            (Sibling::Repository, with_origins(&origins).any(|shape| matches(&shape))),
            (Sibling::Project, either("project/#", "project/\u{1}")),
        ]
    } else if trust.provider.is_github() {
        let contexts = ["repo:#/#:ref:refs/heads/", "repo:#/#:ref:refs/tags/", "repo:#/#:environment:"];
        vec![
            (Sibling::Ref, of_kinds(&contexts, "\u{1}")),
            (Sibling::Repository, matches("repo:#/\u{1}:%") || matches("repo:\u{1}/#:%")),
        ]
    } else {
        Vec::new()
    };
    found.into_iter().filter_map(|(sibling, is_open)| is_open.then_some(sibling)).collect()
}
