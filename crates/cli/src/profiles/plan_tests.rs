//! Plans of declared roles: sources in any order, cycles of any length, and the defaults.

use export::roles_file;

use super::*;

const ROLE: &str = "role_arn = arn:aws:iam::111111111111:role/a\n";

/// `a<b` is a profile `a` whose source is `b`.
fn text(profiles: &str) -> String {
    let section = |profile: &str| match profile.split_once('<') {
        Some((name, source)) => format!("[profile {name}]\n{ROLE}source_profile = {source}\n"),
        None => format!("[profile {profile}]\n{ROLE}"),
    };
    profiles.split(' ').map(section).collect()
}

fn defaults() -> Defaults {
    Defaults {
        session_name: "job".parse().unwrap(),
        duration: SessionDuration::DEFAULT,
        region: None,
        expanded: false,
    }
}

fn resolve(text: &str, defaults: &Defaults) -> Result<(Plan, Vec<String>), Vec<String>> {
    let mut notes = Vec::new();
    let plan = Plan::resolve(roles_file::read(text).unwrap(), defaults, &mut notes);
    plan.map(|plan| (plan, notes)).map_err(|flaws| flaws.iter().map(ToString::to_string).collect())
}

#[test]
fn a_source_may_stand_anywhere() {
    for (profiles, sources, dependents) in [
        ("a", vec![None], vec![vec![]]),
        ("a b<a c<b", vec![None, Some(0), Some(1)], vec![vec![1], vec![2], vec![]]),
        ("c<b b<a a", vec![Some(1), Some(2), None], vec![vec![], vec![0], vec![1]]),
        ("t a<t b<t", vec![None, Some(0), Some(0)], vec![vec![1, 2], vec![], vec![]]),
    ] {
        let (plan, _) = resolve(&text(profiles), &defaults()).unwrap();
        assert_eq!(plan.roles.iter().map(PlannedRole::source).collect::<Vec<_>>(), sources, "{profiles}");
        assert_eq!(plan.dependents(), dependents, "{profiles}");
    }
}

#[test]
fn each_cycle_is_reported_once_and_what_leads_into_it_is_not_one() {
    for (profiles, cycles) in [
        ("a<a", vec!["line 3: the sources form a cycle, `a` from `a`"]),
        ("a<b b<a", vec!["line 3: the sources form a cycle, `a` from `b` from `a`"]),
        ("x<a a<b b<c c<a y<x z", vec!["line 6: the sources form a cycle, `a` from `b` from `c` from `a`"]),
        (
            "a<a b c<d d<c",
            vec![
                "line 3: the sources form a cycle, `a` from `a`",
                "line 8: the sources form a cycle, `c` from `d` from `c`",
            ],
        ),
    ] {
        let flaws = resolve(&text(profiles), &defaults()).unwrap_err();
        assert_eq!(flaws.len(), cycles.len(), "{profiles}: {flaws:?}");
        for (flaw, cycle) in flaws.iter().zip(cycles) {
            assert!(flaw.starts_with(cycle), "{profiles}: {flaw}");
        }
    }
}

#[test]
fn a_chain_of_a_thousand_is_resolved() {
    let profiles: Vec<String> =
        (0..1000).map(|n| if n == 999 { "p999".to_owned() } else { format!("p{n}<p{}", n + 1) }).collect();
    let (plan, _) = resolve(&text(&profiles.join(" ")), &defaults()).unwrap();
    assert_eq!(plan.roles[0].source(), Some(1));
    let closed = text(&profiles.join(" ").replace("p999", "p999<p0").replace("p998<p999<p0", "p998<p999"));
    assert_eq!(resolve(&closed, &defaults()).unwrap_err().len(), 1);
}

#[test]
fn a_missing_source_is_reported_at_its_line() {
    let flaws = resolve(&text("a<gone b<a c<lost"), &defaults()).unwrap_err();
    assert_eq!(
        flaws,
        [
            "line 3: the source of `a`, `gone`, is not declared here",
            "line 9: the source of `c`, `lost`, is not declared here",
        ]
    );
}

#[test]
fn a_longer_default_is_cut_for_chained_roles() {
    let defaults = Defaults { duration: "2h".parse().unwrap(), ..defaults() };
    let (plan, notes) = resolve(&text("a b<a c<b"), &defaults).unwrap();
    let seconds: Vec<u32> = plan.roles.iter().map(|role| role.duration.seconds()).collect();
    assert_eq!(seconds, [7200, 3600, 3600]);
    assert_eq!(notes, ["2 of the profiles get 1h instead of 2h: AWS's limit for role chaining"]);
}

#[test]
fn what_a_profile_says_comes_before_the_defaults() {
    let defaults = Defaults { region: Some(("AWS_REGION", "eu-west-1".parse().unwrap())), ..defaults() };
    let own = format!(
        "[profile a]\n{ROLE}region = us-east-2\nduration_seconds = 43200\nrole_session_name = own\n[profile b]\n{ROLE}"
    );
    let (plan, _) = resolve(&own, &defaults).unwrap();
    let words = |role: &PlannedRole| {
        format!("{} {} {}", role.session_name, role.duration, role.region.as_ref().unwrap())
    };
    assert_eq!(plan.roles.iter().map(words).collect::<Vec<_>>(), ["own 12h us-east-2", "job 1h eu-west-1"]);
}
