//! CircleCI's two stages: which jobs run for a tag, in which order, and that only a version tag publishes.
//!
//! CircleCI does not report a job that its filters exclude, so an error would show only on the day of a release.

use std::collections::{BTreeMap, BTreeSet};

use orb_runner::yaml::Value;

use super::{read_yaml, root};

const STAGES: [&str; 2] = [".circleci/config.yml", ".circleci/test-deploy.yml"];
const VERSION_TAG: &str = r"/^v[0-9]+\.[0-9]+\.[0-9]+$/";
/// The context that holds the tokens for publishing.
const PUBLISHING: &str = "aws-oidc-publishing";
/// The context that holds the key that signs.
const SIGNING: &str = "aws-oidc-signing";

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
    let with = |context| jobs.iter().filter(move |(_, call)| text_at(call, &["context"]) == Some(context));
    let names = |context| with(context).map(|(name, _)| &**name).collect::<Vec<_>>();
    assert_eq!(names(PUBLISHING), ["publish-binaries", "publish-orb"]);
    assert_eq!(names(SIGNING), ["sign-release"]);
    for (name, call) in with(PUBLISHING).chain(with(SIGNING)) {
        assert_eq!(text_at(call, &["filters", "tags", "only"]), Some(VERSION_TAG), "{name}");
        assert_eq!(text_at(call, &["filters", "branches", "ignore"]), Some("/.*/"), "{name}");
    }
}

#[test]
fn the_orb_is_published_last_and_its_binaries_were_tried_before() {
    let jobs = jobs(STAGES[1]);
    let publish = "publish-orb";
    let others: BTreeSet<&str> = jobs.keys().map(|name| &**name).filter(|name| *name != publish).collect();
    assert_eq!(before(publish, &jobs), others);
    for tried in ["built", "built-macos-x86_64", "test", "orb-tools/review"] {
        assert!(before("publish-binaries", &jobs).contains(tried), "{tried}");
    }
    for tried in ["published", "published-macos-x86_64"] {
        assert!(before(tried, &jobs).contains("publish-binaries"), "{tried}");
    }
}

#[test]
fn a_person_approves_what_is_published() {
    let jobs = jobs(STAGES[1]);
    let approval = "approve-release";
    assert_eq!(text_at(&jobs[approval], &["type"]), Some("approval"));
    for publish in ["sign-release", "publish-binaries", "publish-orb"] {
        assert!(before(publish, &jobs).contains(approval), "{publish}");
    }
    assert!(before("publish-binaries", &jobs).contains("sign-release"));
    for tried in ["test", "orb-tools/review", "fetch-release", "built", "built-macos-x86_64"] {
        assert!(before(approval, &jobs).contains(tried), "{tried} ends before the approval");
    }
}

#[test]
fn every_platform_of_a_release_has_a_job_that_runs_its_binary() {
    let config = read_yaml(&root().join(STAGES[1]));
    let jobs = jobs(STAGES[1]);
    for binary in ["built", "published"] {
        let in_matrix = jobs[binary].at(&["matrix", "parameters", "where"]).and_then(Value::as_list).unwrap();
        let of_its_own = jobs[&format!("{binary}-macos-x86_64")].at(&["where"]).unwrap();
        let executors: Vec<&str> = in_matrix.iter().chain([of_its_own]).filter_map(Value::as_text).collect();
        for executor in ["machine", "arm", "macos", "macos-x86_64", "windows"] {
            assert!(executors.contains(&executor), "{binary} has no job on {executor}");
        }
    }
    let shell = text_at(&config, &["executors", "macos-x86_64", "shell"]).unwrap();
    assert!(shell.starts_with("/usr/bin/arch -x86_64 "), "{shell}");
}

#[test]
fn the_second_stage_waits_for_every_job_of_the_first() {
    let jobs = jobs(STAGES[0]);
    let hand_over = "continue";
    let others: BTreeSet<&str> = jobs.keys().map(|name| &**name).filter(|name| *name != hand_over).collect();
    assert_eq!(before(hand_over, &jobs), others);
}

#[test]
fn the_review_leaves_out_the_rule_about_snake_case_alone() {
    assert_eq!(text_at(&jobs(STAGES[1])["orb-tools/review"], &["exclude"]), Some("RC010"));
}
