//! Settings that a profile's line would have to quote: the file that the line names in their place.

use std::fs::{self, File};
use std::path::PathBuf;
use std::time::{Duration, SystemTime};

use super::mode::{PROD, tool};
use crate::support::files::{mode, set_mode};
use crate::support::{Job, Run};

/// Spaces, quotes, braces, what a shell expands, what readers of INI files take for a comment, a line break.
const POLICY: &str = "{\"Version\": \"2012-10-17\",\n \"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:Get*\", \
                      \"Resource\": \"arn:aws:s3:::it's/$HOME #1 ;%(x)s\"}]}";

fn job() -> Job {
    let mut job = Job::new();
    job.set("CIRCLECI_AWS_OIDC_POLICY", POLICY);
    job
}

fn files(job: &Job) -> Vec<PathBuf> {
    let entries = fs::read_dir(job.path(super::DIRECTORY)).into_iter().flatten();
    let paths = entries.map(|entry| entry.unwrap().path());
    paths.filter(|path| path.extension().is_some_and(|it| it == "settings")).collect()
}

fn forget_credentials(job: &Job) {
    for entry in fs::read_dir(job.path(super::DIRECTORY)).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|it| it == "json") {
            fs::remove_file(path).unwrap();
        }
    }
}

fn line(job: &Job) -> String {
    let config = job.read("home/.aws/config");
    config.lines().find_map(|line| line.strip_prefix("credential_process = ")).unwrap().to_owned()
}

#[test]
fn the_line_holds_nothing_that_a_client_could_split_or_unquote() {
    let job = job();
    job.assume(&PROD).succeeds();
    let line = line(&job);
    let is_plain = |byte: u8| byte.is_ascii_alphanumeric() || b" _@+=:,./-".contains(&byte);
    assert!(line.bytes().all(is_plain) && !line.contains("  "), "{line}");
    let [file] = &files(&job)[..] else { panic!("not one file") };
    assert_eq!(mode(file), 0o600);
    let digest = file.file_stem().unwrap().to_str().unwrap();
    assert!(line.contains(&format!(" --settings {digest} ")), "{line}");
    let text = fs::read_to_string(file).unwrap();
    job.assert_no_secret_in(&[("settings", text.as_bytes())]);
    let read: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(read["settings"][0][0], "--policy");
    assert_eq!(read["settings"].as_array().unwrap().len(), 1, "all others are in the line: {text}");
    // Nothing but the line is needed to get the same session, from the cache and from STS.
    let first = tool(&job, &[]);
    first.succeeds();
    assert_eq!(job.sts.requests().len(), 1);
    forget_credentials(&job);
    tool(&job, &[("CIRCLECI_AWS_OIDC_POLICY", "{}")]).succeeds();
    let forms: Vec<_> = job.sts.requests().into_iter().map(|request| request.form).collect();
    assert_eq!(forms[0], forms[1]);
    // The same settings have the same file.
    job.assume(&PROD).succeeds();
    assert_eq!(files(&job), std::slice::from_ref(file));
}

#[test]
fn settings_without_such_a_value_need_no_file() {
    let job = Job::new();
    job.assume(&PROD).succeeds();
    assert!(files(&job).is_empty() && !line(&job).contains("--settings"));
}

#[test]
fn a_file_that_is_missing_or_was_changed_is_named_with_the_way_out() {
    type Spoil = fn(&PathBuf);
    let spoils: [(&str, Spoil); 4] = [
        ("error: the settings of this profile are missing: `", |path| fs::remove_file(path).unwrap()),
        ("` was changed since `assume` wrote it\n", |path| {
            let text = fs::read_to_string(path).unwrap().replace("s3:Get*", "s3:Put*");
            crate::support::write(path, &text);
        }),
        ("` cannot be read as a private file of this user\n", |path| set_mode(path, 0o644)),
        ("` cannot be read as a private file of this user\n", |path| {
            fs::rename(path, path.with_extension("elsewhere")).unwrap();
            std::os::unix::fs::symlink(path.with_extension("elsewhere"), path).unwrap();
        }),
    ];
    for (what, spoil) in spoils {
        let job = job();
        job.assume(&PROD).succeeds();
        spoil(&files(&job)[0]);
        // Credentials in the cache are not a way around it: they are of the policy that nothing confirms.
        let run: Run = tool(&job, &[]);
        run.expect(2, what)
            .expect(2, "hint: run `assume --mode credential-process` with these settings again");
        assert_eq!(run.stdout, "");
        job.assume(&PROD).succeeds();
        tool(&job, &[]).succeeds();
    }
    let job = job();
    for digest in ["../../../etc/passwd", "abc", &"A".repeat(64)] {
        let run = job.run(&["credential-process", "--role-arn", crate::support::ROLE, "--settings", digest]);
        run.expect(2, &format!("error: invalid digest `{digest}`"));
    }
}

#[test]
fn a_file_whose_digest_is_right_and_whose_flags_are_not_ours_is_refused() {
    let job = job();
    job.assume(&PROD).succeeds();
    let file = &files(&job)[0];
    for flag in ["--job-key", "--refuse-fork", "--to", "--policies"] {
        let text = fs::read_to_string(file).unwrap().replace("\"--policy\"", &format!("\"{flag}\""));
        let output = std::process::Command::new("python3")
            .args([
                "-c",
                "import hashlib, sys; print(hashlib.sha256(sys.argv[1].encode()).hexdigest())",
                &text,
            ])
            .output();
        let digest = String::from_utf8(output.unwrap().stdout).unwrap();
        let other = file.with_file_name(format!("{}.settings", digest.trim()));
        crate::support::write(&other, &text);
        set_mode(&other, 0o600);
        let line = ["credential-process", "--role-arn", crate::support::ROLE, "--settings", digest.trim()];
        job.run(&line).expect(2, ".settings` is not of this version\n");
    }
}

#[test]
fn clear_deletes_the_files_that_no_profile_names_any_longer() {
    let job = job();
    job.assume(&PROD).succeeds();
    job.assume(&["--mode", "credential-process", "--profile", "other"]).succeeds();
    job.assume(&["--mode", "credential-process", "--profile", "third", "--tag", "a=b"]).expect(2, "--tag");
    assert_eq!(files(&job).len(), 1, "two profiles with the same settings");
    // What an earlier `assume` of this profile has left, and what another one may be about to name.
    let age = |name: char, seconds: u64| {
        let path = job.path(super::DIRECTORY).join(format!("{}.settings", name.to_string().repeat(64)));
        crate::support::write(&path, "{}");
        set_mode(&path, 0o600);
        let file = File::options().append(true).open(&path).unwrap();
        file.set_modified(SystemTime::UNIX_EPOCH + Duration::from_secs(local_sts::unix_time_now() - seconds))
            .unwrap();
        path
    };
    let (old, young) = (age('a', 120), age('b', 10));
    job.run(&["clear", "--to", "profile:other"]).succeeds();
    assert!(!old.exists() && young.exists());
    assert_eq!(files(&job).len(), 2, "the other profile names it still");
    tool(&job, &[]).succeeds();
    job.run(&["clear", "--to", "profile:prod"]).succeeds();
    assert_eq!(files(&job), [young]);
}

#[test]
fn clear_tells_of_a_file_that_it_cannot_read_and_leaves_it() {
    let job = job();
    job.assume(&PROD).succeeds();
    let file = files(&job)[0].clone();
    // Its config file is a directory, which is no text; then the settings are no private file.
    let config = job.path("home/.aws/config");
    for is_settings in [false, true] {
        if is_settings {
            set_mode(&file, 0o644);
        } else {
            fs::rename(&config, config.with_extension("kept")).unwrap();
            fs::create_dir(&config).unwrap();
        }
        let mut elsewhere = job.command(&["clear", "--to", "profile:other"]);
        let run = Run::from(&elsewhere.env("AWS_CONFIG_FILE", job.path("no")).output().unwrap());
        let why =
            if is_settings { "it is not a private file" } else { "cannot be read: it is not a regular file" };
        let note = format!("note: the settings file `{}` stays, as a profile may name it: ", file.display());
        run.expect(0, &note).expect(0, why);
        assert!(file.exists());
        if !is_settings {
            fs::remove_dir(&config).unwrap();
            fs::rename(config.with_extension("kept"), &config).unwrap();
        }
    }
}

#[test]
fn a_home_with_a_space_is_quoted() {
    let mut job = job();
    fs::rename(job.path("home"), job.path("a home")).unwrap();
    let home = job.text("a home");
    job.set("HOME", &home);
    job.assume(&PROD).succeeds();
    job.write("home/.aws/config", &job.read("a home/.aws/config"));
    assert!(line(&job).ends_with(&format!(" --home \"{home}\"")), "{}", line(&job));
    tool(&job, &[]).succeeds();
    assert_eq!(job.sts.requests().len(), 1);
}

#[test]
fn a_relative_home_is_no_flag_as_the_line_would_be_refused() {
    let mut job = job();
    job.set("HOME", "home");
    job.assume(&PROD).succeeds();
    assert!(!line(&job).contains("--home"), "{}", line(&job));
}
