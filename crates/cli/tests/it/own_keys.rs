//! A user's own long-term keys in a profile: refused before anything is sent, in every command that writes profiles, and
//! given up only with `--overwrite`.

use crate::support::{Job, ROLE};

const OWN: &str = "aws_access_key_id = AKIAOWN\naws_secret_access_key = mine\nregion = eu-west-1\n";
const GRANTED: &str = "aws_access_key_id = ASIAOLD\naws_secret_access_key = old\naws_session_token = old\n";

/// Each way to write a profile, and the profile's name.
const WAYS: [(&[&str], &str); 7] = [
    (&["assume", "--profile", "prod"], "prod"),
    (&["assume", "--to", "profile:prod"], "prod"),
    (&["assume", "--mode", "profile"], "default"),
    (&["assume", "--mode", "profile", "--profile", "prod"], "prod"),
    (&["assume", "--mode", "credential-process"], "default"),
    (&["assume", "--mode", "credential-process", "--profile", "prod"], "prod"),
    (&["profiles", "--config-file", "roles"], "prod"),
];

fn job(name: &str) -> Job {
    let job = Job::new();
    job.write("roles", &format!("[profile {name}]\nrole_arn = {ROLE}\n"));
    job
}

#[test]
fn own_keys_are_never_replaced_without_a_word() {
    for (way, name) in WAYS {
        let job = job(name);
        let before = format!("[other]\nx = 1\n\n[{name}]\n{OWN}");
        job.write("home/.aws/credentials", &before);
        let run = job.run(way);
        run.expect(7, &format!("line 5 sets `aws_access_key_id` in `[{name}]`"));
        run.expect(7, "home/.aws/credentials`").expect(7, "`--overwrite`");
        assert_eq!(job.sts.requests().len(), 0, "{way:?}");
        assert_eq!(job.read("home/.aws/credentials"), before, "{way:?}");
        assert!(!job.path("home/.aws/config").exists(), "{way:?}");

        job.run(&[way, &["--overwrite"]].concat()).succeeds();
        let after = job.read("home/.aws/credentials");
        assert!(!after.contains("AKIAOWN") && !after.contains("mine"), "{way:?}: {after}");
        assert!(after.starts_with("[other]\nx = 1\n"), "{way:?}: {after}");
        // What this program wrote is replaced without the flag.
        job.run(way).succeeds();
    }
}

#[test]
fn own_keys_in_the_config_file_are_a_users_too() {
    for (way, name) in WAYS {
        let job = job(name);
        let header = if name == "default" { "default".to_owned() } else { format!("profile {name}") };
        job.write("home/.aws/config", &format!("[{header}]\n{OWN}"));
        job.run(way).expect(7, &format!("line 2 sets `aws_access_key_id` in `[{header}]`"));
        assert_eq!(job.sts.requests().len(), 0, "{way:?}");
        job.run(&[way, &["--overwrite"]].concat()).succeeds();
    }
}

#[test]
fn keys_of_a_session_and_of_other_profiles_are_no_obstacle() {
    for (way, name) in WAYS {
        let job = job(name);
        job.write("home/.aws/credentials", &format!("[{name}]\n{GRANTED}[other]\n{OWN}"));
        job.run(way).succeeds();
        assert!(job.read("home/.aws/credentials").ends_with(&format!("[other]\n{OWN}")), "{way:?}");
    }
}

#[test]
fn an_empty_session_token_makes_no_session() {
    let keys = format!("[prod]\n{OWN}aws_session_token =\n");
    let job = Job::new();
    job.write("home/.aws/credentials", &keys);
    job.assume(&["--profile", "prod"]).expect(7, "without a session token");
    job.run(&["clear", "--profile", "prod"]).expect(0, "stay");
    assert_eq!(job.read("home/.aws/credentials"), keys);
}

/// Other sources of credentials are a user's too: `--overwrite` is about keys alone.
#[test]
fn other_sources_of_credentials_stay_with_overwrite_too() {
    for (line, status) in [
        ("sso_session = corp", 6),
        ("role_arn = arn:aws:iam::123456789012:role/x\nsource_profile = b", 6),
        ("web_identity_token_file = /t", 6),
        ("credential_process = /opt/other", 6),
    ] {
        for flags in [&["--profile", "prod"][..], &["--profile", "prod", "--overwrite"]] {
            let job = Job::new();
            let text = format!("[profile prod]\n{line}\n");
            job.write("home/.aws/config", &text);
            job.assume(flags).expect(status, "line 2 sets");
            assert_eq!(job.read("home/.aws/config"), text);
            assert_eq!(job.sts.requests().len(), 0);
        }
        let job = Job::new();
        job.write("home/.aws/config", &format!("[profile prod]\n{line}\n"));
        let status = if line.starts_with("credential_process") { 7 } else { 6 };
        let run = job.assume(&["--mode", "credential-process", "--profile", "prod", "--overwrite"]);
        run.expect(status, "line 2 sets");
    }
}

#[test]
fn preflight_says_so() {
    let job = Job::new();
    job.write("home/.aws/credentials", &format!("[default]\n{OWN}"));
    let run = job.run(&["preflight", "--mode", "profile"]);
    assert_eq!(run.status, 8);
    let line = run.stdout.lines().find(|line| line.starts_with("problem destination")).unwrap();
    for part in ["home/.aws/credentials`", "line 2 sets `aws_access_key_id`", "`--overwrite`"] {
        assert!(line.contains(part), "{line}");
    }
    let run = job.run(&["preflight", "--mode", "profile", "--overwrite"]);
    assert!(run.stdout.contains("profile `default` can be written to"), "{}", run.stdout);
}

#[test]
fn own_keys_in_an_env_file_are_a_users_too() {
    const OWN: &str = "DB=1\nAWS_ACCESS_KEY_ID=AKIAOWN\nAWS_SECRET_ACCESS_KEY=mine\n";
    let job = Job::new();
    job.write("out.env", OWN);
    let to = ["--to", "dotenv:out.env"];
    let run = job.assume(&to);
    run.expect(7, "out.env`").expect(7, "line 2 sets `AWS_ACCESS_KEY_ID` without a session token");
    run.expect(7, "use another file; `--overwrite`");
    let preflight = job.run(&["preflight", to[0], to[1]]);
    assert!(preflight.stdout.contains("problem destination"), "{}", preflight.stdout);
    job.run(&["clear", to[0], to[1]]).expect(0, "stay");
    assert_eq!((job.read("out.env").as_str(), job.sts.requests().len()), (OWN, 0));

    job.assume(&["--overwrite", to[0], to[1]]).succeeds();
    let after = job.read("out.env");
    assert!(after.starts_with("DB=1\nAWS_ACCESS_KEY_ID=ASIA") && !after.contains("mine"), "{after}");
    // What this program wrote is replaced without the flag.
    job.assume(&to).succeeds();
}
