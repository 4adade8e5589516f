//! Which repositories a statement for GitHub allows: what its conditions fix of owner and name, in `sub` or in a claim
//! of its own.
//!
//! Anyone can register an owner, and an owner chooses the names of workflows and environments, the template of its
//! subjects, and which public workflows it calls (facts/aws-2026.md 6). Only what GitHub fills in about the
//! repository tells owners apart, and only where no wildcard replaces a part of it.

use super::{condition::Condition, language::HOLE, provider_trust::ProviderTrust, variable::WILDCARD};

/// How much of a name a value fixes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Extent {
    /// It may be any.
    Open,
    /// A wildcard replaces a part of it.
    Partly,
    /// Every character is given, or unknown here.
    Fixed,
}

/// What is fixed of a repository.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Scope {
    pub(super) owner: Extent,
    pub(super) name: Extent,
}

/// The claims with condition keys that tell owners apart. AWS has none for `repository_owner` (`unexposed-key`).
const CLAIMS: [&str; 6] =
    ["sub", "repository", "repository_id", "repository_owner_id", "repository_owner", "enterprise_id"];

/// Those that every token has, so that `…IfExists` requires them.
const ALWAYS_PRESENT: [&str; 4] = ["sub", "repository", "repository_id", "repository_owner_id"];

/// The claims that a template can join in `sub`, each as `name:value`.
const JOINED: [&str; 28] = [
    "actor",
    "actor_id",
    "base_ref",
    "context",
    "enterprise",
    "enterprise_id",
    "environment",
    "event_name",
    "head_ref",
    "job_workflow_ref",
    "job_workflow_sha",
    "ref",
    "ref_protected",
    "ref_type",
    "repo",
    "repository",
    "repository_id",
    "repository_owner",
    "repository_owner_id",
    "repository_visibility",
    "run_attempt",
    "run_id",
    "run_number",
    "runner_environment",
    "sha",
    "workflow",
    "workflow_ref",
    "workflow_sha",
];

/// Whether a template can join a claim of this name.
pub(super) fn is_joined(name: &str) -> bool {
    JOINED.contains(&name) || name.starts_with("repo_property_")
}

impl Scope {
    const OPEN: Self = Self { owner: Extent::Open, name: Extent::Open };
    const FIXED: Self = Self { owner: Extent::Fixed, name: Extent::Fixed };

    /// What all conditions together fix.
    pub(super) fn of(trust: &ProviderTrust<'_>) -> Self {
        let textual = limits(trust).map(|(claim, condition)| Self::of_condition(claim, condition));
        let numeric =
            CLAIMS.iter().filter(|claim| is_number(trust, claim)).map(|claim| Self::of_value(claim, "1"));
        textual.chain(numeric).fold(Self::OPEN, Self::narrowest)
    }

    /// What every value of a condition fixes.
    fn of_condition(claim: &str, condition: &Condition<'_>) -> Self {
        let scopes = condition.marked_values().map(|(_, value)| Self::of_value(claim, &value));
        scopes.fold(Self::FIXED, |all, one| Self {
            owner: all.owner.min(one.owner),
            name: all.name.min(one.name),
        })
    }

    /// What one marked value fixes.
    pub(super) fn of_value(claim: &str, value: &str) -> Self {
        match claim {
            "sub" => Self::of_subject(value),
            "repo" | "repository" | "workflow_ref" => Self::of_path(value),
            "repository_id" => Self { owner: Extent::of(value), name: Extent::of(value) },
            "repository_owner" | "repository_owner_id" | "enterprise" | "enterprise_id" => {
                Self { owner: Extent::of(value), name: Extent::Open }
            }
            _ => Self::OPEN,
        }
    }

    fn of_subject(value: &str) -> Self {
        let parts: Vec<String> = value.split(':').map(str::to_ascii_lowercase).collect();
        let pairs = parts.iter().zip(parts.iter().skip(1));
        let names_owner = |name: &str| Self::of_value(name, "1") != Self::OPEN;
        let named: Vec<Self> = pairs
            .filter(|(name, _)| names_owner(name))
            .map(|(name, value)| Self::of_value(name, value))
            .collect();
        let first = parts.first().map_or("", String::as_str);
        match named.is_empty() {
            false => named.into_iter().fold(Self::OPEN, Self::narrowest),
            // The unknown part may name the owner.
            true if value.contains(HOLE) => Self::FIXED,
            true if is_joined(first) || first.contains(WILDCARD) => Self::OPEN,
            // No token's; `never-met` is about that.
            true => Self::FIXED,
        }
    }

    /// `OWNER/NAME`, each perhaps with an id, and perhaps the path of a file.
    fn of_path(path: &str) -> Self {
        let without_id = |text: &str| Extent::of(text.split('@').next().unwrap_or_default());
        match path.split_once('/') {
            Some((owner, rest)) => {
                let name = rest.split('/').next().unwrap_or_default();
                Self { owner: without_id(owner), name: without_id(name) }
            }
            // The wildcard matches the slash too. What is unknown may have one.
            None if path.contains(WILDCARD) && !path.contains(HOLE) => {
                Self { owner: without_id(path), name: Extent::Open }
            }
            None => Self { owner: Extent::of(path), name: Extent::Fixed },
        }
    }

    fn narrowest(self, other: Self) -> Self {
        Self { owner: self.owner.max(other.owner), name: self.name.max(other.name) }
    }
}

impl Extent {
    fn of(text: &str) -> Self {
        match text.find([WILDCARD, HOLE]) {
            None => Self::Fixed,
            Some(at) if text[at..].starts_with(HOLE) => Self::Fixed,
            Some(_) if text.chars().all(|character| character == WILDCARD) => Self::Open,
            Some(_) => Self::Partly,
        }
    }
}

/// The conditions that a token must meet, on claims that tell owners apart.
pub(super) fn limits<'t, 'a>(
    trust: &'t ProviderTrust<'a>,
) -> impl Iterator<Item = (&'static str, &'t Condition<'a>)> {
    CLAIMS.iter().flat_map(|claim| trust.limits_on(claim).map(|condition| (*claim, condition))).filter(
        |(claim, condition)| !condition.operator.holds_when_absent() || ALWAYS_PRESENT.contains(claim),
    )
}

/// Whether an id of the owner or the repository is fixed beside `sub`.
pub(super) fn has_id(trust: &ProviderTrust<'_>) -> bool {
    let claims = ["repository_id", "repository_owner_id"];
    let is_fixed = |(claim, condition): (&str, &Condition<'_>)| {
        claims.contains(&claim) && Scope::of_condition(claim, condition).owner == Extent::Fixed
    };
    limits(trust).any(is_fixed) || claims.iter().any(|claim| is_number(trust, claim))
}

/// Whether a claim that is an id is compared as a number. A number has no wildcards.
fn is_number(trust: &ProviderTrust<'_>, claim: &str) -> bool {
    claim.ends_with("_id")
        && trust.on(claim).any(|condition| condition.operator_name.eq_ignore_ascii_case("NumericEquals"))
}

#[cfg(test)]
mod tests {
    use super::{Extent::*, *};

    #[test]
    fn a_value_fixes_what_no_wildcard_replaces() {
        for (claim, value, owner, name) in [
            ("sub", "repo:octo/app:ref:refs/heads/*", Fixed, Fixed),
            ("sub", "repo:octo@1/app@2:*", Fixed, Fixed),
            ("sub", "repo:octo@*/app@?:*", Fixed, Fixed),
            ("sub", "repo:octo@1*", Fixed, Open),
            ("sub", "repo:octo/*", Fixed, Open),
            ("sub", "repo:octo/???:pull_request", Fixed, Open),
            ("sub", "repo:octo/ap?:*", Fixed, Partly),
            ("sub", "repo:octo*/app:*", Partly, Fixed),
            ("sub", "repo:?cto/app:*", Partly, Fixed),
            ("sub", "repo:octo*", Partly, Open),
            ("sub", "repo:*/app:*", Open, Fixed),
            // With a template, a workflow named `x@1/app@2` has such a subject.
            ("sub", "repo:*@1/app@2:environment:prod", Open, Fixed),
            ("sub", "repo:*", Open, Open),
            ("sub", "*repo:octo/app:*", Open, Open),
            ("sub", "*:repo:octo/app:*", Fixed, Fixed),
            ("sub", "repository_owner:octo", Fixed, Open),
            ("sub", "repository_owner:octo*", Partly, Open),
            ("sub", "repo:*:repository_owner:octo", Fixed, Open),
            ("sub", "environment:prod", Open, Open),
            ("sub", "job_workflow_ref:octo/app/.github/workflows/a.yml@refs/heads/main", Open, Open),
            ("sub", "workflow_ref:octo/app/.github/workflows/a.yml@refs/heads/main", Fixed, Fixed),
            ("sub", "repository_id:2:environment:prod", Fixed, Fixed),
            ("sub", "org/O/project/P", Fixed, Fixed),
            ("sub", "\u{FDD0}", Fixed, Fixed),
            ("sub", "\u{FDD0}:*", Fixed, Fixed),
            ("sub", "repo:\u{FDD0}:*", Fixed, Fixed),
            ("sub", "repo:\u{FDD0}*", Fixed, Fixed),
            ("sub", "repo:\u{FDD0}/*:*", Fixed, Open),
            ("sub", "repo:*:ref:refs/heads/\u{FDD0}", Open, Open),
            ("repository", "octo/*", Fixed, Open),
            ("repository", "oct*", Partly, Open),
            ("repository_id", "7*", Partly, Partly),
            ("repository_owner_id", "1", Fixed, Open),
            ("enterprise_id", "1?", Partly, Open),
            ("actor", "mona", Open, Open),
        ] {
            let marked = value.replace(['*', '?'], &WILDCARD.to_string());
            assert_eq!(Scope::of_value(claim, &marked), Scope { owner, name }, "{claim} {value}");
        }
    }
}
