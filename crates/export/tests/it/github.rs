//! How botocore, and so boto3 and the AWS CLI, reads blank variables: `export::github` depends on it.

use std::process::Command;

use export::STALE_VARIABLES;
use export::github::{NOT_BLANKABLE, blankable};

const PROGRAM: &str = "
import sys
try:
    import botocore.session
    from botocore.exceptions import ProfileNotFound
except ImportError:
    print('no botocore')
    sys.exit()
try:
    keys = botocore.session.Session().get_credentials().get_frozen_credentials()
    print(keys.access_key, keys.secret_key, keys.token)
except ProfileNotFound:
    print('no profile')
";

/// What botocore finds in an environment of keys and these blank names; `None` where botocore is not installed.
fn found(blank: &[&str]) -> Option<String> {
    let mut python = Command::new("python3");
    for name in STALE_VARIABLES {
        python.env_remove(name);
    }
    let run = python
        .args(["-c", PROGRAM])
        .envs([("AWS_ACCESS_KEY_ID", "i"), ("AWS_SECRET_ACCESS_KEY", "s"), ("AWS_SESSION_TOKEN", "t")])
        .envs(["AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"].map(|name| (name, "/nonexistent")))
        .envs(blank.iter().map(|name| (name, "")))
        .output();
    let Ok(run) = run else { return None };
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    let said = String::from_utf8_lossy(&run.stdout).trim().to_owned();
    (said != "no botocore").then_some(said)
}

#[test]
fn to_botocore_a_blank_variable_is_absent_unless_it_names_a_profile() {
    let blank: Vec<&str> = blankable().collect();
    assert_eq!(blank.len(), 6, "{blank:?}");
    let Some(said) = found(&blank) else {
        println!("skipped: no python3 with botocore");
        return;
    };
    assert_eq!(said, "i s t");
    for name in NOT_BLANKABLE {
        assert_eq!(found(&[name]).as_deref(), Some("no profile"), "{name}");
    }
}
