//! Which branches a condition's values allow: where `sub` of each service has the branch's name, and whether a wildcard
//! is in it.

use super::{
    condition::Condition, language::Holes, provider::Kind, provider_trust::ProviderTrust,
    shared_service::SharedService,
};

/// Where a claim has the name of a branch.
#[derive(Debug, Clone, Copy)]
pub(super) struct BranchClaim {
    pub(super) claim: &'static str,
    /// What stands before the name in a value.
    pub(super) marker: &'static str,
    /// What stands behind it, as a shape and as the sign that ends the name.
    after: &'static str,
    end: Option<char>,
    /// The shape of all that is before it.
    before: &'static str,
}

const fn branch_claim(claim: &'static str, marker: &'static str, before: &'static str) -> BranchClaim {
    BranchClaim { claim, marker, after: "", end: None, before }
}

const CIRCLECI: [BranchClaim; 1] =
    [branch_claim("sub", "refs/heads/", "org/#/project/#/user/#/vcs-origin/#/#/#/vcs-ref/refs/heads/")];
const GITHUB: [BranchClaim; 2] = [
    branch_claim("sub", "refs/heads/", "repo:#/#:ref:refs/heads/"),
    branch_claim("ref", "refs/heads/", "refs/heads/"),
];
const GITLAB: [BranchClaim; 1] =
    [branch_claim("sub", ":ref_type:branch:ref:", "project_path:&:ref_type:branch:ref:")];
const BUILDKITE: [BranchClaim; 1] = [BranchClaim {
    after: ":%",
    end: Some(':'),
    ..branch_claim("sub", "refs/heads/", "organization:&:pipeline:&:ref:refs/heads/")
}];

/// What a value allows of branches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Branches<'a> {
    /// Those that the value names, any branch, or none.
    Clear,
    /// All below a directory, or any: the name as the value has it.
    Below(&'a str),
    /// Those whose name is partly given: the name as the value has it.
    Partly(&'a str),
    /// The same, where a wildcard replaces what stands before the name.
    WithoutMarker,
}

impl BranchClaim {
    /// Those of the provider.
    pub(super) fn of(trust: &ProviderTrust<'_>) -> &'static [Self] {
        match trust.provider.kind {
            Kind::Shared(SharedService { whose: "group", .. }) => &GITLAB,
            Kind::Shared(SharedService { example, .. }) if example.contains(":pipeline:") => &BUILDKITE,
            _ if trust.provider.is_circleci() => &CIRCLECI,
            _ if trust.provider.is_github() => &GITHUB,
            _ => &[],
        }
    }

    /// What one of the condition's values allows.
    pub(super) fn branches<'a>(&self, condition: &Condition<'_>, value: &'a String) -> Branches<'a> {
        if let Some(at) = value.rfind(self.marker) {
            let name = &value[at + self.marker.len()..];
            let name = self.end.and_then(|end| name.split(end).next()).unwrap_or(name);
            let is_whole_part = name.split('/').all(|part| part == "*" || !part.contains(['*', '?']));
            return match name.contains(['*', '?']) {
                false => Branches::Clear,
                true if is_whole_part => Branches::Below(name),
                true => Branches::Partly(name),
            };
        }
        let one = Condition { values: std::slice::from_ref(value), ..*condition };
        let matches = |name: &str| {
            let shape = format!("{}{name}{}", self.before, self.after);
            one.matching_text(&shape, Holes::AreNames).is_some()
        };
        let is_partly = ["~", "#/~", "~/#"].iter().any(|name| matches(name));
        if is_partly && !matches("\u{1}") { Branches::WithoutMarker } else { Branches::Clear }
    }
}
