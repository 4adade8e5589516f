//! Taking the credentials out again: nothing of them is left on disk, nothing else changes, and what is not
//! touched is said.

use std::fs::File;

use crate::support::files::{mode, set_mode, snapshot};
use crate::support::many_roles::profiles;
use crate::support::{Job, ROLE, Run, next_step};

const ALL: [&str; 6] = ["--to", "bash-env", "--to", "profile:prod", "--to", "dotenv:out.env"];

fn clear(job: &Job, flags: &[&str]) -> Run {
    job.run(&[&["clear"], flags].concat())
}

/// A job that had files before, each with something of its user's.
fn with_files() -> Job {
    let job = Job::new();
    job.write("bash_env", "export MINE=1");
    job.write("home/.aws/credentials", "# mine\n[other]\nregion = eu-west-1\n");
    job.write("out.env", "MINE=1\n");
    job
}

/// Text files with what they hold, their modes aside.
fn texts(job: &Job) -> Vec<(std::path::PathBuf, Vec<u8>)> {
    snapshot(job).into_iter().map(|(path, _, text)| (path, text)).collect()
}

#[track_caller]
fn assert_no_secret_on_disk(job: &Job) {
    let files = snapshot(job);
    let texts: Vec<_> = files.iter().map(|(_, _, text)| ("a file", text.as_slice())).collect();
    job.assert_no_secret_in(&texts);
}

#[test]
fn every_file_is_byte_for_byte_what_it_was() {
    let job = with_files();
    let before = texts(&job);
    job.assume(&ALL).succeeds();
    assert_ne!(texts(&job), before);
    let run = clear(&job, &ALL);
    run.expect(0, "the next steps start without the credentials (BASH_ENV, `")
        .expect(0, "the credentials of profile `prod` are removed from `")
        .expect(0, "the credentials are removed from `out.env`; a Region there stays")
        .expect(0, "is valid until they expire: AWS has no call that ends a session");
    assert_eq!(run.stdout, "");
    assert_eq!(texts(&job), before);
    assert_no_secret_on_disk(&job);
}

#[test]
fn files_stay_private_and_a_region_stays() {
    let mut job = with_files();
    job.set("AWS_REGION", "eu-west-1");
    job.assume(&ALL).succeeds();
    for file in ["bash_env", "home/.aws/credentials", "out.env"] {
        set_mode(&job.path(file), 0o644);
    }
    clear(&job, &ALL).succeeds();
    for file in ["bash_env", "home/.aws/credentials", "out.env"] {
        assert_eq!(mode(&job.path(file)), 0o600, "{file}");
    }
    assert_eq!(job.read("home/.aws/config"), "[profile prod]\nregion = eu-west-1\n");
    assert_eq!(job.read("out.env"), "MINE=1\nAWS_REGION=eu-west-1\nAWS_DEFAULT_REGION=eu-west-1\n");
    assert_no_secret_on_disk(&job);
}

#[test]
fn the_next_step_has_the_variables_of_the_job_again() {
    let job = with_files();
    let show = "echo \"$MINE ${AWS_PROFILE-unset} ${AWS_ACCESS_KEY_ID-unset} ${AWS_SESSION_TOKEN-unset}\"";
    let of_job = [("AWS_PROFILE", "ci"), ("AWS_ACCESS_KEY_ID", "AKIAJOB")];
    job.assume(&[]).succeeds();
    job.assume(&[]).succeeds();
    job.write("bash_env", &format!("{}export MINE=2\n", job.read("bash_env")));
    assert!(next_step(&job, &of_job, show).starts_with("2 unset ASIA"));
    clear(&job, &[]).expect(0, "variables that they replaced or unset apply again");
    assert_eq!(next_step(&job, &of_job, show), "2 ci AKIAJOB unset\n");
    assert_eq!(job.read("bash_env"), "export MINE=1\nexport MINE=2\n");
}

#[test]
fn of_three_profiles_in_one_file_all_go_or_none() {
    const THREE: [&str; 6] = ["--to", "profile:one", "--to", "profile:two", "--to", "profile:three"];
    let mut job = with_files();
    let before = texts(&job);
    let text: String =
        ["one", "two", "three"].map(|name| format!("[profile {name}]\nrole_arn = {ROLE}\n")).concat();
    profiles(&job, &text).succeeds();
    std::fs::remove_file(job.path("roles.ini")).unwrap();
    let written = job.read("home/.aws/credentials");
    // Only some of AWS's clients take this for the last of them.
    job.write("home/.aws/credentials", &written.replace("[three]", "[ three]"));
    let broken = snapshot(&job);
    clear(&job, &THREE)
        .expect(6, "names the profile in a form that not all AWS clients read: write `[three]`");
    assert_eq!(snapshot(&job), broken);
    job.write("home/.aws/credentials", &written);
    clear(&job, &THREE)
        .expect(0, "the credentials of profile `one` are removed from `")
        .expect(0, "the credentials of profile `three` are removed from `");
    assert_eq!(texts(&job), before);
    // In the variable they stand with commas between.
    profiles(&job, &text).succeeds();
    std::fs::remove_file(job.path("roles.ini")).unwrap();
    job.set("CIRCLECI_AWS_OIDC_TO", "profile:one, profile:two,profile:three");
    clear(&job, &[]).succeeds();
    assert_eq!(texts(&job), before);
}

#[test]
fn nothing_to_clear_is_no_fault_and_changes_nothing() {
    for mut job in [Job::new(), with_files()] {
        let before = snapshot(&job);
        let run = clear(&job, &ALL);
        run.expect(0, "nothing to clear in `")
            .expect(0, "nothing to clear: profile `prod` has no credentials in `");
        assert!(!run.stderr.contains("expire"), "{}", run.stderr);
        assert_eq!(snapshot(&job), before);
        clear(&job, &["--to", "dotenv:no/such/directory/file"]).expect(0, "nothing to clear in `no/such/");
        job.set("BASH_ENV", &job.text("no/such/directory/file"));
        clear(&job, &["--to", "bash-env"]).expect(0, "nothing to clear in `");
    }
}

#[test]
fn keys_of_a_user_stay() {
    let job = Job::new();
    job.write("home/.aws/credentials", "[prod]\naws_access_key_id = AKIA1\naws_secret_access_key = s\n");
    job.write("out.env", "AWS_ACCESS_KEY_ID=AKIA1\nAWS_SECRET_ACCESS_KEY=s\n");
    let before = snapshot(&job);
    clear(&job, &["--profile", "prod"])
        .expect(0, "note: the keys in `")
        .expect(0, "so `assume` did not write them");
    clear(&job, &["--to", "dotenv:out.env"]).expect(0, "note: the keys in `out.env` stay");
    assert_eq!(snapshot(&job), before);
}

#[test]
fn a_file_that_cannot_be_taken_apart_leaves_all_as_they_are() {
    let job = with_files();
    job.assume(&ALL).succeeds();
    job.write("home/.aws/credentials", &format!("{}[other]\n", job.read("home/.aws/credentials")));
    let before = snapshot(&job);
    clear(&job, &ALL)
        .expect(6, "error: the profile's credentials cannot be removed from `")
        .expect(6, "repeats the section `[other]` of line 2");
    assert_eq!(snapshot(&job), before);
}

#[test]
fn what_is_done_is_put_back_where_a_later_file_fails() {
    let job = with_files();
    job.assume(&ALL).succeeds();
    let before = snapshot(&job);
    // Another process that edits the profiles and does not come to an end.
    let directory = File::open(job.path("home/.aws")).unwrap();
    directory.lock().unwrap();
    clear(&job, &ALL)
        .expect(6, "home/.aws/credentials` cannot be written")
        .expect(6, "held its lock for 5 s")
        .expect(6, if cfg!(target_os = "linux") { "hint: look what process " } else { "hint: " });
    assert_eq!(snapshot(&job), before);
}

#[test]
fn what_a_killed_run_has_left_of_a_cached_session_goes_too() {
    let job = Job::new();
    job.assume(&["--mode", "credential-process", "--profile", "prod"]).succeeds();
    let left = "home/.aws/circleci-aws-oidc/.circleci-aws-oidc-0123456789abcdef.tmp";
    let left = job.write(left, "a session");
    set_mode(&left, 0o600);
    clear(&job, &["--to", "profile:prod"]).succeeds();
    assert!(!left.exists());
    assert_no_secret_on_disk(&job);
}

#[test]
fn a_cache_that_cannot_be_read_is_an_error_and_changes_nothing() {
    let job = Job::new();
    job.assume(&["--to", "profile:prod"]).succeeds();
    let directory = job.path("home/.aws/circleci-aws-oidc");
    std::os::unix::fs::symlink(&directory, &directory).unwrap();
    let before = job.read("home/.aws/credentials");
    clear(&job, &["--to", "profile:prod"]).expect(6, "home/.aws/circleci-aws-oidc` ");
    assert_eq!(job.read("home/.aws/credentials"), before);
}
