//! Every YAML block of the manual that calls the orb: CircleCI's compiler, as `orb-runner` follows it, resolves the orb's
//! commands and parameters. So a renamed parameter is found in the pages too. That the steps work is tested elsewhere.

use std::collections::BTreeMap;

use orb_runner::expand::{ExpandError, expand};
use orb_runner::pack::{Pins, pack};
use orb_runner::yaml::{BareWords, Value, parse};
use testkit::manual::{blocks, root};

use super::manual;

const IMPORT: &str = "aws-oidc";

#[test]
fn every_config_of_the_manual_expands() {
    let orb = pack(&root().join("orb/src"), &Pins::default()).unwrap();
    let mut jobs = 0;
    for (name, page) in manual() {
        for block in blocks(&page).into_iter().filter(|block| block.language == "yaml") {
            if block.text.contains("- aws-oidc/") {
                let count = expanded(block.text, &orb)
                    .unwrap_or_else(|fault| panic!("{name}: {fault}\n{}", block.text));
                jobs += count;
            }
        }
    }
    assert!(jobs > 5, "only {jobs} jobs were found");
}

#[test]
fn a_parameter_that_the_orb_does_not_have_is_a_fault() {
    let orb = pack(&root().join("orb/src"), &Pins::default()).unwrap();
    let steps = "steps:\n  - aws-oidc/aws-configure-credentials:\n      role-arn: a\n";
    assert_eq!(expanded(steps, &orb).unwrap(), 1);
    assert!(expanded(&format!("{steps}      profile: x\n"), &orb).is_err());
    assert!(expanded("steps:\n  - aws-oidc/assume\n", &orb).is_err());
    assert!(expanded("jobs:\n  a:\n    docker: [{image: i}]\n    steps: [aws-oidc/whoami]\n", &orb).is_ok());
}

/// How many jobs the block has; steps alone are those of a job.
fn expanded(block: &str, orb: &Value) -> Result<usize, ExpandError> {
    let config = if block.starts_with("steps:") {
        let indented: String = block.lines().map(|line| format!("    {line}\n")).collect();
        format!("jobs:\n  of-the-page:\n    docker: [{{image: i}}]\n{indented}")
    } else {
        block.to_owned()
    };
    let config = if config.contains("\norbs:") {
        config
    } else {
        format!("orbs: {{{IMPORT}: a/{IMPORT}@1}}\n{config}")
    };
    let config = parse(&config, BareWords::AreBooleans).unwrap_or_else(|fault| panic!("{fault}\n{config}"));
    let orbs = BTreeMap::from([(IMPORT.to_owned(), orb.clone())]);
    let jobs = config.at(&["jobs"]).and_then(Value::as_map).unwrap();
    for job in jobs.keys() {
        expand(&config, &orbs, job)?;
    }
    Ok(jobs.len())
}
