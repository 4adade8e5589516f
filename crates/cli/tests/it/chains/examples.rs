//! What docs/many-roles.md and the orb show of chains and tags, run as it stands there. That the orb's examples end as their
//! roles is shown elsewhere, by whole jobs; here is what they send.

use std::collections::BTreeMap;
use std::path::Path;

use local_sts::Role;
use orb_runner::expand::{Step, expand};
use orb_runner::pack::{Pins, pack};
use orb_runner::yaml::{BareWords, parse};

use crate::support::many_roles::{job, opened_by, opened_by_token, profiles};

const PAGE: &str = include_str!("../../../../../docs/many-roles.md");
const EXAMPLE: &str = include_str!("../../../../../orb/src/examples/many-roles-chained.yml");

/// The fenced blocks of the page in this language.
fn blocks(language: &str) -> Vec<&'static str> {
    let opening = format!("\n```{language}\n");
    PAGE.split(&opening).skip(1).map(|rest| rest.split("```").next().unwrap()).collect()
}

/// Like [`opened_by`], with the action that session tags need.
fn opened_with_tags(role: &str, principal: &str, external_id: &str) -> Role {
    let condition = serde_json::json!({
        "StringEquals": {"sts:ExternalId": external_id, "aws:RequestTag/CircleCIProject": "example-app"},
    });
    let statement = serde_json::json!([{
        "Effect": "Allow",
        "Principal": {"AWS": principal},
        "Action": ["sts:AssumeRole", "sts:TagSession"],
        "Condition": condition,
    }]);
    Role::new(role, &serde_json::json!({"Version": "2012-10-17", "Statement": statement}).to_string())
}

/// The tags of the last request.
fn tags_sent(job: &crate::support::Job) -> Vec<(String, String)> {
    let request = job.sts.requests().pop().unwrap();
    let member =
        |at: usize, part: &str| request.parameter(&format!("Tags.member.{at}.{part}")).map(str::to_owned);
    (1..).map_while(|at| Some((member(at, "Key")?, member(at, "Value")?))).collect()
}

/// The job's variables that tags are made of, with what each tag is called.
const OF_THE_JOB: [(&str, &str, &str); 4] = [
    ("CIRCLE_PROJECT_REPONAME", "example-app", "CircleCIProject"),
    ("CIRCLE_BRANCH", "feature/x", "CircleCIBranch"),
    ("CIRCLE_JOB", "deploy", "CircleCIJob"),
    ("CIRCLE_PIPELINE_ID", "5034460f-c7c4-4c43-9457-de07e2029e7b", "CircleCIPipeline"),
];

fn expected_tags() -> Vec<(String, String)> {
    OF_THE_JOB.map(|(_, value, key)| (key.to_owned(), value.to_owned())).to_vec()
}

#[test]
fn the_roles_file_of_the_page_becomes_its_profiles() {
    let [text] = blocks("ini")[..] else { panic!("docs/many-roles.md has another number of INI blocks") };
    let (tooling, production) =
        ("arn:aws:iam::111111111111:role/tooling", "arn:aws:iam::222222222222:role/deploy");
    let mut job =
        job(vec![opened_by_token(tooling), opened_by(production, tooling, Some("example-external-id"))]);
    job.set("CIRCLECI_AWS_OIDC_VERIFY", "1");
    let run = profiles(&job, text);
    run.expect(
        0,
        "verified: with AWS_PROFILE each profile is its role's session in the next step that bash runs\n",
    );
    let rows: Vec<Vec<&str>> =
        run.stdout.lines().skip(1).map(|row| row.split_whitespace().take(3).collect()).collect();
    assert_eq!(rows, [["tooling", "111111111111", "tooling"], ["production", "222222222222", "deploy"]]);
    assert_eq!(job.read("home/.aws/config"), "[profile production]\nregion = eu-west-1\n");
}

#[test]
fn tag_auto_sends_the_tags_that_the_page_names() {
    let said = PAGE.lines().find(|line| line.starts_with("`--tag auto` adds ")).unwrap();
    let words = said.split('`').filter(|word| word.starts_with("CircleCI"));
    assert_eq!(words.collect::<Vec<_>>(), OF_THE_JOB.map(|(_, _, key)| key));
    let (first, last) = (crate::support::ROLE, "arn:aws:iam::222222222222:role/deploy");
    let mut job = job(vec![opened_by_token(first), opened_with_tags(last, first, "for-us")]);
    for (variable, value, _) in OF_THE_JOB {
        job.set(variable, value);
    }
    job.assume(&["--chain-role-arn", last, "--external-id", "for-us", "--tag", "auto"]).succeeds();
    assert_eq!(tags_sent(&job), expected_tags());
}

#[test]
fn the_orbs_chained_example_sends_the_tags_of_its_job() {
    let (first, last) = ("arn:aws:iam::123456789012:role/deploy", "arn:aws:iam::333333333333:role/workload");
    let mut job = job(vec![opened_by_token(first), opened_with_tags(last, first, "example-external-id")]);
    for (variable, value, _) in OF_THE_JOB {
        job.set(variable, value);
    }
    let orb = pack(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../../orb/src"), &Pins::default()).unwrap();
    let example = parse(EXAMPLE, BareWords::AreBooleans).unwrap();
    let usage = example.at(&["usage"]).unwrap();
    let steps = expand(usage, &BTreeMap::from([("aws-oidc".to_owned(), orb)]), "deploy").unwrap().steps;
    let step = steps.into_iter().find_map(|step| match step {
        Step::Run(step) if step.name == "Assume the AWS role" => Some(step),
        _ => None,
    });
    for (name, value) in
        step.unwrap().environment.iter().filter(|(name, _)| name.starts_with("CIRCLECI_AWS_OIDC_"))
    {
        job.set(name, value);
    }
    job.assume(&[]).expect(0, "assumed arn:aws:sts::333333333333:assumed-role/workload/");
    assert_eq!(tags_sent(&job), expected_tags());
    assert_eq!(job.sts.requests().len(), 2);
}
