//! A `:` inside a name of a GitHub subject: the token has `%3A` there (facts/aws-2026.md 6).

use crate::lint::{
    language::HOLE,
    provider_trust::ProviderTrust,
    report::{PolicyLocation, Report},
    repository_scope::is_joined,
    rule::Rule,
};

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
    let is_claim = is_joined(next);
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
