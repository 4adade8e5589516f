//! A `:` inside a name of a GitHub subject: the token has `%3A` there (facts/aws-2026.md 6).

use crate::lint::{
    language::HOLE,
    provider_trust::ProviderTrust,
    report::{PolicyLocation, Report},
    rule::Rule,
};

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

/// Reports each limit on `sub` that has a value of which no token is.
pub(super) fn check(trust: &ProviderTrust<'_>, rule: &'static Rule, report: &mut Report) {
    for condition in trust.limits_on("sub").filter(|_| trust.provider.is_github()) {
        let found = condition.values.iter().find_map(|value| Some((value, unescaped(value)?)));
        let Some((value, name)) = found else { continue };
        let escaped = name.replace(':', "%3A");
        let reason =
            format!("`{value}` matches no token: GitHub writes `:` in an environment's name as `%3A`");
        let fix = format!(
            "write `environment:{escaped}`; it also allows an environment that is named `{escaped}`, as `%` is not escaped"
        );
        report.find(rule, PolicyLocation::condition(condition), &reason, &fix);
    }
}

/// The name of an environment that has a `:`. What follows may also be the next claim of a template.
fn unescaped(value: &str) -> Option<&str> {
    let (_, name) = value.split_once(":environment:")?;
    let (first, rest) = name.split_once(':')?;
    let next = rest.split(':').next().unwrap_or_default();
    let is_claim = JOINED.contains(&next) || next.starts_with("repo_property_");
    let is_open = first.contains(['*', HOLE, '$']) || rest.starts_with(['*', '?', HOLE, '$']);
    (!is_claim && !is_open).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_colon_is_part_of_a_name_unless_a_claim_follows() {
        for (value, name) in [
            ("repo:o/r:environment:Production:V1", Some("Production:V1")),
            ("repo:o@1/r@2:environment:a:b:c", Some("a:b:c")),
            ("repo:o/r:environment:Production%3AV1", None),
            ("repo:o/r:environment:prod:job_workflow_ref:o/r/.github/workflows/f.yml@refs/heads/main", None),
            ("repo:o/r:environment:prod:repo_property_team:a", None),
            ("repo:o/r:environment:*:V1", None),
            ("repo:o/r:environment:prod:*", None),
            ("repo:o/r:ref:refs/heads/main", None),
        ] {
            assert_eq!(unescaped(value), name, "{value}");
        }
    }
}
