//! What the config's author wrote decides what is requested, whatever a variable holds; and where files are written
//! whose paths begin with `~/` or `$HOME/`.

use local_sts::{Config, Role};

use crate::support::files::snapshot;
use crate::support::{Job, ROLE, project_policy};

const WORKLOAD: &str = "arn:aws:iam::222222222222:role/workload";

fn job() -> Job {
    let trusts = serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": {"AWS": ROLE},
            "Action": ["sts:AssumeRole", "sts:TagSession"],
        }],
    });
    let roles = vec![
        Role::new(ROLE, &project_policy(testkit::example_ids::ORGANIZATION_ID)),
        Role::new(WORKLOAD, &trusts.to_string()),
    ];
    Job::with(Config { roles, ..Config::default() })
}

/// The parameters of the last request whose names begin like this.
fn sent(job: &Job, name: &str) -> Vec<String> {
    let requests = job.sts.requests();
    let form = &requests.last().unwrap().form;
    form.iter().filter(|(key, _)| key.starts_with(name)).map(|(_, value)| value.clone()).collect()
}

#[test]
fn a_branch_sends_one_tag_whatever_its_name_is() {
    let mut job = job();
    job.set("CIRCLECI_AWS_OIDC_CHAIN_ROLE_ARN", WORKLOAD)
        .set("CIRCLECI_AWS_OIDC_TAG", "Team=\"Data Platform\"\nBranch=$CIRCLE_BRANCH");
    for branch in ["x", "x Env=prod", "a=b", "auto", "x/y=auto "] {
        job.set("CIRCLE_BRANCH", branch);
        job.assume(&[]).succeeds();
        assert_eq!(sent(&job, "Tags."), ["Team", "Data Platform", "Branch", branch.trim()], "{branch}");
    }
    let before = job.sts.requests().len();
    for branch in ["x,Env=prod", ",", "x\nEnv=prod", "\""] {
        job.set("CIRCLE_BRANCH", branch);
        job.assume(&[]).expect(2, "`CIRCLECI_AWS_OIDC_TAG` cannot be used");
    }
    // Neither the words of the config nor a key are a variable's to choose.
    for (tags, branch, part) in [
        ("$CIRCLE_BRANCH", "auto", "the tag `auto` has no `=`"),
        ("$CIRCLE_BRANCH=x", "a=b", "the tag key `a=b` holds `=`"),
        ("Branch=x $CIRCLE_BRANCH", "", "the element `$CIRCLE_BRANCH` of the list is empty"),
    ] {
        job.set("CIRCLECI_AWS_OIDC_TAG", tags).set("CIRCLE_BRANCH", branch);
        job.assume(&[]).expect(2, part);
    }
    assert_eq!(job.sts.requests().len(), before);
}

#[test]
fn a_list_in_one_variable_is_refused_with_the_way_to_write_it() {
    let mut job = job();
    job.set("CIRCLECI_AWS_OIDC_CHAIN_ROLE_ARN", WORKLOAD).set("V", &format!("123456789012, {WORKLOAD} x"));
    for (setting, value) in [
        ("CIRCLECI_AWS_OIDC_ALLOWED_ACCOUNT_ID", "222222222222 $V"),
        ("CIRCLECI_AWS_OIDC_FORBIDDEN_ACCOUNT_ID", "$V"),
        ("CIRCLECI_AWS_OIDC_POLICY_ARN", "${V}"),
        ("CIRCLECI_AWS_OIDC_CHAIN_ROLE_ARN", "$V"),
        ("CIRCLECI_AWS_OIDC_TO", "${NONE:-$V}"),
    ] {
        let before = job.value("CIRCLECI_AWS_OIDC_CHAIN_ROLE_ARN").to_owned();
        job.set(setting, value);
        let run = job.assume(&[]);
        run.expect(2, &format!("`{setting}` cannot be used"));
        assert!(run.stderr.contains("a variable for each, such as `$FIRST $SECOND`"), "{}", run.stderr);
        job.unset(setting).set("CIRCLECI_AWS_OIDC_CHAIN_ROLE_ARN", &before);
    }
    job.set("CIRCLECI_AWS_OIDC_ALLOWED_ACCOUNT_ID", "$V").set("V", " ");
    job.assume(&[]).expect(2, "write `${V:-}` if the list may be without this element");
    job.set("CIRCLECI_AWS_OIDC_ALLOWED_ACCOUNT_ID", "${V:-} 123456789012 222222222222");
    job.assume(&[]).succeeds();
    assert_eq!(job.sts.requests().len(), 2);
}

/// A variable that is empty by mistake would otherwise allow every account.
#[test]
fn a_list_of_accounts_that_names_none_does_not_switch_the_guard_off() {
    let mut job = job();
    job.set("V", " ");
    for setting in ["CIRCLECI_AWS_OIDC_ALLOWED_ACCOUNT_ID", "CIRCLECI_AWS_OIDC_FORBIDDEN_ACCOUNT_ID"] {
        for list in ["${V:-}", ",", "${V:-} ${NONE:-}", " ,\n"] {
            job.set(setting, list);
            job.assume(&[]).expect(2, "the list is set and names no account");
        }
        job.set(setting, " ");
    }
    job.assume(&["--allowed-account-id", ","]).expect(2, "the list is set and names no account");
    assert_eq!(job.sts.requests().len(), 0);
}

#[test]
fn commas_spaces_and_line_breaks_are_alike_in_variables_and_flags() {
    let mut job = job();
    job.set("CIRCLECI_AWS_OIDC_CHAIN_ROLE_ARN", WORKLOAD);
    let policies = ["arn:aws:iam::aws:policy/ReadOnlyAccess", "arn:aws:iam::aws:policy/job,one"];
    for list in ["222222222222, 333333333333", "333333333333,222222222222", "333333333333\n 222222222222"] {
        job.set("CIRCLECI_AWS_OIDC_ALLOWED_ACCOUNT_ID", list);
        job.assume(&[]).succeeds();
        job.assume(&["--allowed-account-id", list]).succeeds();
        job.set("CIRCLECI_AWS_OIDC_ALLOWED_ACCOUNT_ID", "");
        job.assume(&["--forbidden-account-id", list]).expect(7, "222222222222");
    }
    let flags = ["--policy-arn", &format!("{}, \"{}\"", policies[0], policies[1]), "--tag", "A=b c,D=e"];
    job.assume(&flags).succeeds();
    assert_eq!(sent(&job, "PolicyArns."), policies);
    assert_eq!(sent(&job, "Tags."), ["A", "b c", "D", "e"]);
    job.assume(&["--policy-arn", policies[1]]).expect(2, "in double quotes");
}

#[test]
fn a_policy_keeps_its_structure_whatever_a_variable_holds() {
    let mut job = Job::new();
    let policy = r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":["arn:aws:s3:::b/$V/*"]}]}"#;
    job.set("CIRCLECI_AWS_OIDC_POLICY", policy);
    for value in ["main", "\"],\"Resource\":[\"*", "x\\", "\\\"", "'"] {
        job.set("V", value);
        job.assume(&[]).succeeds();
        let read: serde_json::Value = serde_json::from_str(&sent(&job, "Policy")[0]).unwrap();
        let mut expected: serde_json::Value = serde_json::from_str(policy).unwrap();
        expected["Statement"][0]["Resource"][0] = format!("arn:aws:s3:::b/{value}/*").into();
        assert_eq!(read, expected, "{value}");
    }
    let before = job.sts.requests().len();
    job.set("V", "a\nb").assume(&[]).expect(2, "the value of `$V` holds `\\n`, a control character");
    job.set("V", "{}");
    for (policy, part) in [
        ("$V", "the whole policy is in a variable"),
        ("{\"Statement\": $V}", "`$V` is outside of a JSON string"),
        ("{\"$V\": []}", "`$V` is in the name of a JSON member"),
    ] {
        job.set("CIRCLECI_AWS_OIDC_POLICY", policy);
        job.assume(&[]).expect(2, part);
    }
    assert_eq!(job.sts.requests().len(), before);
}

fn assert_no_literal_home(job: &Job) {
    for (path, ..) in snapshot(job) {
        let name = path.file_name().unwrap().to_str().unwrap();
        assert!(!name.starts_with(['~', '$']), "{}", path.display());
    }
}

#[test]
fn a_path_that_begins_with_the_home_directory_is_there() {
    let mut job = Job::new();
    job.write("home/token.jwt", job.value("CIRCLE_OIDC_TOKEN_V2"));
    job.write("home/policy.json", r#"{"Version":"2012-10-17","Statement":[]}"#);
    job.set("CIRCLECI_AWS_OIDC_TOKEN_SOURCE", "file:~/token.jwt")
        .set("CIRCLECI_AWS_OIDC_POLICY", "~/policy.json")
        .set("AWS_REGION", "eu-west-1")
        .set("AWS_CONFIG_FILE", "$HOME/project/.aws/config")
        .set("AWS_SHARED_CREDENTIALS_FILE", "~/project/.aws/credentials");
    let run = job.assume(&["--to", "dotenv:~/out.env", "--to", "profile:deploy", "--verify"]);
    run.succeeds();
    assert!(job.path("home/out.env").exists());
    let credentials = job.read("home/project/.aws/credentials");
    assert!(credentials.starts_with("[deploy]\naws_access_key_id = "), "{}", credentials.len());
    assert_eq!(job.read("home/project/.aws/config"), "[profile deploy]\nregion = eu-west-1\n");
    assert_no_literal_home(&job);
    job.run(&["whoami", "--profile", "deploy"]).succeeds();
    job.run(&["preflight", "--to", "profile:deploy"]).succeeds();
    job.run(&["clear", "--to", "profile:deploy", "--to", "dotenv:~/out.env"]).succeeds();
    assert_eq!(job.read("home/project/.aws/credentials"), "");
}

#[test]
fn a_path_that_is_not_expanded_is_refused() {
    let mut job = Job::new();
    for (flags, status, part) in [
        (&["--to", "dotenv:~root/x"][..], 2, "`~root/x` is not expanded"),
        (&["--to", "dotenv:$HOME/x"], 2, "`$HOME/x` is not expanded here"),
        (&["--policy", "${HOME}/p.json"], 2, "`${HOME}/p.json` is not expanded here"),
        (&["--token-source", "file:$HOME/t"], 2, "`$HOME/t` is not expanded here"),
        (&["--trust-policy", "~x/t"], 2, "`~x/t` is not expanded"),
        (&["--ca-bundle", "~x/t"], 2, "`~x/t` is not expanded"),
    ] {
        job.assume(flags).expect(status, part);
    }
    job.set("AWS_CONFIG_FILE", "$NONE/config");
    job.assume(&["--to", "profile:a"]).expect(6, "`$NONE` in `$NONE/config` is not set in this step");
    job.run(&["whoami"]).expect(2, "the path in AWS_CONFIG_FILE is invalid");
    assert_no_literal_home(&job);
    assert_eq!(job.sts.requests().len(), 0);
}

#[cfg(unix)]
#[test]
fn a_variable_that_is_not_utf_8_is_refused_where_it_decides_something() {
    use std::ffi::OsStr;
    use std::os::unix::ffi::OsStrExt;

    let mut job = job();
    job.set("CIRCLECI_AWS_OIDC_SESSION_NAME", "${ODD_NAME:-nobody}");
    // A no-break space and a letter in Latin-1, as documents have them.
    let value = OsStr::from_bytes(b"999999999999\xa0\xe9");
    let run = |arguments: &[&str], name: &str| {
        let output = job.command(arguments).env(OsStr::from_bytes(name.as_bytes()), value).output().unwrap();
        (output.status.code(), String::from_utf8(output.stderr).unwrap())
    };
    let assume = ["assume", "--role-arn", ROLE, "--to", "json"];
    for name in [
        "CIRCLECI_AWS_OIDC_ALLOWED_ACCOUNT_ID",
        "CIRCLECI_AWS_OIDC_POLICY",
        "CIRCLECI_AWS_OIDC_EXPECT_AWS",
        "CIRCLECI_AWS_OIDC_REFUSE_FORK",
        "CIRCLECI_AWS_OIDC_NO_SETTING",
        "AWS_ENDPOINT_URL_STS",
        "AWS_SHARED_CREDENTIALS_FILE",
        "AWS_CA_BUNDLE",
        "SSL_CERT_DIR",
        "HTTPS_PROXY",
        "BASH_ENV",
        "CIRCLE_PR_USERNAME",
    ] {
        let (code, stderr) = run(&assume, name);
        assert_eq!(code, Some(2), "{name}: {stderr}");
        assert!(stderr.contains(&format!("the variable `{name}` is not UTF-8")), "{stderr}");
        assert!(!stderr.contains("999999"), "{stderr}");
    }
    // A default would stand for a value that is there.
    assert!(run(&assume, "ODD_NAME").1.contains("`ODD_NAME` is not UTF-8"));
    assert_eq!(run(&["exec", "--role-arn", ROLE, "--", "true"], "CIRCLECI_AWS_OIDC_POLICY").0, Some(2));
    assert!(job.sts.requests().is_empty());
    let (code, stderr) = run(&assume, "OTHER");
    assert_eq!(code, Some(0), "{stderr}");
}
