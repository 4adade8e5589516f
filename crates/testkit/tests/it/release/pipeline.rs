//! CircleCI's two stages: which jobs run for a tag, in which order, and that only a version tag publishes.
//!
//! CircleCI does not report a job that its filters exclude, so an error would show only on the day of a release.

use std::collections::{BTreeMap, BTreeSet};

use orb_runner::yaml::Value;

use super::{namespace, read_yaml, root};

const STAGES: [&str; 2] = [".circleci/config.yml", ".circleci/test-deploy.yml"];
const VERSION_TAG: &str = r"/^v[0-9]+\.[0-9]+\.[0-9]+$/";
/// The context that holds the tokens for publishing.
const PUBLISHING: &str = "aws-oidc-publishing";

/// The jobs of a stage's only workflow: their names and their calls.
fn jobs(stage: &str) -> BTreeMap<String, Value> {
    let config = read_yaml(&root().join(stage));
    let workflows = config.at(&["workflows"]).and_then(Value::as_map).unwrap();
    assert_eq!(workflows.len(), 1, "a setup config may have one workflow: {stage}");
    let list = workflows.values().next().unwrap().at(&["jobs"]).and_then(Value::as_list).unwrap();
    list.iter()
        .map(|entry| {
            let (job, call) =
                entry.as_map().and_then(|entry| entry.iter().next()).expect("a job with filters");
            let name = call.at(&["matrix", "alias"]).or_else(|| call.at(&["name"])).and_then(Value::as_text);
            (name.unwrap_or(job).to_owned(), call.clone())
        })
        .collect()
}

fn text_at<'a>(call: &'a Value, path: &[&str]) -> Option<&'a str> {
    call.at(path).and_then(Value::as_text)
}

fn requirements(call: &Value) -> Vec<&str> {
    let list = call.at(&["requires"]).and_then(Value::as_list).unwrap_or_default();
    list.iter().filter_map(Value::as_text).collect()
}

/// All jobs that must succeed before `job` starts.
fn before<'a>(job: &str, jobs: &'a BTreeMap<String, Value>) -> BTreeSet<&'a str> {
    let direct = requirements(&jobs[job]);
    let further: Vec<&str> = direct.iter().flat_map(|required| before(required, jobs)).collect();
    direct.into_iter().chain(further).collect()
}

#[test]
fn every_job_runs_for_a_tag_and_requires_jobs_that_exist() {
    for stage in STAGES {
        let jobs = jobs(stage);
        for (name, call) in &jobs {
            assert!(
                text_at(call, &["filters", "tags", "only"]).is_some(),
                "{stage}: {name} has no filter for tags"
            );
            for required in requirements(call) {
                assert!(jobs.contains_key(required), "{stage}: {name} requires {required}");
            }
        }
    }
}

#[test]
fn only_a_version_tag_publishes() {
    let jobs = jobs(STAGES[1]);
    let publishing = jobs.iter().filter(|(_, call)| text_at(call, &["context"]) == Some(PUBLISHING));
    let names: Vec<&str> = publishing.clone().map(|(name, _)| &**name).collect();
    assert_eq!(names, ["orb-tools/publish", "publish-binaries"]);
    for (name, call) in publishing {
        assert_eq!(text_at(call, &["filters", "tags", "only"]), Some(VERSION_TAG), "{name}");
        assert_eq!(text_at(call, &["filters", "branches", "ignore"]), Some("/.*/"), "{name}");
    }
}

#[test]
fn the_orb_is_published_last_and_its_binaries_were_tried_before() {
    let jobs = jobs(STAGES[1]);
    let publish = "orb-tools/publish";
    let others: BTreeSet<&str> = jobs.keys().map(|name| &**name).filter(|name| *name != publish).collect();
    assert_eq!(before(publish, &jobs), others);
    assert!(before("publish-binaries", &jobs).contains("built"));
    assert!(before("published", &jobs).contains("publish-binaries"));
    assert_eq!(text_at(&jobs[publish], &["orb_name"]), Some(&*format!("{}/aws-oidc", namespace())));
}

#[test]
fn the_second_stage_waits_for_every_job_of_the_first() {
    let jobs = jobs(STAGES[0]);
    let hand_over = "orb-tools/continue";
    let others: BTreeSet<&str> = jobs.keys().map(|name| &**name).filter(|name| *name != hand_over).collect();
    assert_eq!(before(hand_over, &jobs), others);
}

#[test]
fn the_review_leaves_out_the_rule_about_snake_case_alone() {
    assert_eq!(text_at(&jobs(STAGES[0])["orb-tools/review"], &["exclude"]), Some("RC010"));
}

#[test]
fn cross_is_of_one_version_and_so_are_its_images() {
    let config = std::fs::read_to_string(root().join(STAGES[0])).unwrap();
    let (_, command) = config.split_once("cargo install cross --version ").unwrap();
    let version = command.split(' ').next().unwrap();
    // A released cross uses the images of its own version, unless a configuration says otherwise.
    assert!(version.split('.').filter(|part| part.parse::<u32>().is_ok()).count() == 3, "{version}");
    assert!(!config.contains("CROSS_CONFIG") && !root().join("Cross.toml").exists());
}
