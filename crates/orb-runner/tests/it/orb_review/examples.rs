//! The orb's examples: CircleCI's rules, the order that the registry's reader meets them in, and that each job expands.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;

use orb_runner::expand::{expand, names_in_workflows};
use orb_runner::yaml::{BareWords, Value, parse};

use super::{packed, source, text_at, written};

/// The examples by name, in the order of the packed orb: CircleCI's CLI sorts the names. In which order the registry's page
/// has them is not documented (facts/circleci.md 10).
fn examples() -> Vec<(String, Value)> {
    let name = |file: &str| Path::new(file).file_stem().unwrap().to_str().unwrap().to_owned();
    let mut examples: Vec<_> =
        written("examples").iter().map(|(file, it)| (name(file), it.clone())).collect();
    examples.sort_by(|one, other| one.0.cmp(&other.0));
    examples
}

/// The orb, and what stands for CircleCI's own orbs.
fn orbs() -> BTreeMap<String, Value> {
    let stand_ins = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../scripts/end-to-end/circleci-orbs");
    let of_circleci = ["aws-cli", "aws-ecr", "aws-ecs"].map(|name| {
        let text = fs::read_to_string(stand_ins.join(name).with_extension("yml")).unwrap();
        (name.to_owned(), parse(&text, BareWords::AreRefused).unwrap())
    });
    of_circleci.into_iter().chain([("aws-oidc".to_owned(), packed())]).collect()
}

/// Every value under this key, at any depth.
fn values_of<'a>(wanted: &str, value: &'a Value) -> Vec<&'a Value> {
    match value {
        Value::List(list) => list.iter().flat_map(|each| values_of(wanted, each)).collect(),
        Value::Map(map) => {
            let each = |(key, value)| if key == wanted { vec![value] } else { values_of(wanted, value) };
            map.iter().flat_map(each).collect()
        }
        _ => Vec::new(),
    }
}

#[test]
fn rc003_rc004_there_are_examples_with_telling_names() {
    assert!(!examples().is_empty());
    for (name, _) in examples() {
        assert!(!name.contains("example"), "{name}");
    }
}

#[test]
fn rc011_an_example_imports_the_current_release_from_the_orbs_namespace() {
    let namespace = fs::read_to_string(source().join("../namespace")).unwrap();
    let release = concat!(env!("CARGO_PKG_VERSION_MAJOR"), ".", env!("CARGO_PKG_VERSION_MINOR"));
    let import = format!("{}/aws-oidc@{release}", namespace.trim_end());
    for (name, example) in examples() {
        assert_eq!(text_at(&example, &["usage", "orbs", "aws-oidc"]), import, "{name}");
    }
}

#[test]
fn a_newcomer_meets_the_first_steps_first_and_then_one_group_after_the_other() {
    let names: Vec<_> = examples().into_iter().map(|(name, _)| name).collect();
    assert_eq!(names[..2], ["assume-one-role", "before-the-first-deployment"]);
    for name in &names[2..] {
        let groups = ["deploy-", "long-job", "many-roles-", "on-"];
        assert!(groups.iter().any(|group| name.starts_with(group)), "{name} is in no group");
    }
}

#[test]
fn every_job_of_an_example_expands() {
    for (name, example) in examples() {
        let usage = example.at(&["usage"]).unwrap();
        let jobs = names_in_workflows(usage).unwrap();
        assert!(!jobs.is_empty(), "{name}");
        for job in jobs {
            let steps = expand(usage, &orbs(), &job).unwrap_or_else(|error| panic!("{name}: {error}")).steps;
            assert!(!steps.is_empty(), "{name}: {job}");
        }
    }
}

/// Mappings with branches and tags are deprecated, and CircleCI's compiler of 2026 refuses look-around in a pattern and
/// more than 128 characters (facts/aws-2026.md 5).
#[test]
fn filters_are_expressions_that_the_compiler_of_2026_takes() {
    let mut seen = 0;
    for (name, example) in examples() {
        for filters in values_of("filters", &example) {
            let expression =
                filters.as_text().unwrap_or_else(|| panic!("{name}: filters are not an expression"));
            assert!(expression.len() <= 128 && !expression.contains("(?"), "{name}: {expression}");
            seen += 1;
        }
        // An orb's example has no parameters of a pipeline to declare.
        let steps = format!("{:?}", example.at(&["usage", "jobs"]));
        assert!(!steps.contains("pipeline."), "{name}");
    }
    assert!(seen > 0, "no example has a filter");
}
