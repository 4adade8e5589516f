//! The second promise of docs/promises.md: files with secrets are private, whole, and what they were where a run fails.

use local_sts::{Config, Fault};

use crate::support::Job;
use crate::support::files::{is_root, mode, set_mode, snapshot, the_one, visibly};
use crate::support::serving::{Serving, announcements};

#[test]
fn promise_2_files_with_secrets_are_private_from_the_start() {
    let mut job = Job::new();
    job.set("AWS_REGION", "eu-west-1");
    job.assume(&["--to", "bash-env", "--to", "profile:prod", "--to", "dotenv:out.env"]).succeeds();
    for file in ["bash_env", "home/.aws/credentials", "home/.aws/config", "out.env"] {
        assert_eq!(mode(&job.path(file)), 0o600, "{file}");
    }
    assert_eq!(mode(&job.path("home/.aws")), 0o700);
    job.assume(&["--mode", "credential-process", "--profile", "other"]).succeeds();
    assert_eq!(mode(&job.path("home/.aws/circleci-aws-oidc")), 0o700);
    assert_eq!(mode(&job.path(&the_one(&job, "home/.aws/circleci-aws-oidc/*.json"))), 0o600);
}

#[test]
fn promise_2_the_announcement_of_serve_is_private_whatever_its_directory_was() {
    let job = Job::new();
    std::fs::create_dir_all(job.path("home/.aws/circleci-aws-oidc")).unwrap();
    set_mode(&job.path("home/.aws/circleci-aws-oidc"), 0o755);
    let _serving = Serving::start(&job, &[]);
    assert_eq!(mode(&job.path("home/.aws/circleci-aws-oidc")), 0o700);
    assert_eq!(mode(&announcements(&job)[0].0), 0o600);
    job.assume(&["--mode", "endpoint"]).succeeds();
    assert_eq!(mode(&job.path("bash_env")), 0o600);
}

#[test]
fn promise_2_files_that_others_could_read_are_closed() {
    let job = Job::new();
    for file in ["bash_env", "home/.aws/credentials", "out.env"] {
        set_mode(&job.write(file, "# mine\n"), 0o644);
    }
    job.assume(&["--to", "bash-env", "--to", "profile:prod", "--to", "dotenv:out.env"]).succeeds();
    for file in ["bash_env", "home/.aws/credentials", "out.env"] {
        assert_eq!(mode(&job.path(file)), 0o600, "{file}");
        assert!(job.read(file).starts_with("# mine\n"), "{file}");
    }
}

#[test]
fn promise_2_links_of_our_own_are_followed_and_stay_links() {
    let job = Job::new();
    job.write("real/credentials", "[other]\nregion = eu-west-1\n");
    std::fs::create_dir(job.path("home/.aws")).unwrap();
    std::os::unix::fs::symlink(job.path("real/credentials"), job.path("home/.aws/credentials")).unwrap();
    job.assume(&["--to", "profile:prod"]).succeeds();
    assert!(job.path("home/.aws/credentials").is_symlink());
    assert!(job.read("real/credentials").starts_with("[other]\nregion = eu-west-1\n\n[prod]\n"));
}

#[test]
fn promise_2_what_a_link_leads_to_is_not_created() {
    for (link, flags) in [
        ("bash_env", &[][..]),
        ("home/.aws/credentials", &["--profile", "prod"]),
        ("home/.aws/config", &["--mode", "credential-process"]),
        ("out.env", &["--to", "dotenv:out.env"]),
    ] {
        let mut job = Job::new();
        job.set("AWS_REGION", "eu-west-1");
        std::fs::create_dir(job.path("home/.aws")).unwrap();
        std::os::unix::fs::symlink("nowhere", job.path(link)).unwrap();
        let nowhere = job.path(link).with_file_name("nowhere");
        let shown = if link == "out.env" { "./nowhere".as_ref() } else { nowhere.as_path() };
        let said = format!(
            "{link}` cannot be written to\n  caused by: it is a link to `{}`, which does not exist\n  hint: create the file \
             that it leads to, or remove the link\n",
            shown.display()
        );
        job.assume(flags).expect(6, &said);
        assert_eq!((nowhere.exists(), job.sts.requests().len()), (false, 0), "{link}");
    }
}

#[test]
fn promise_2_what_another_user_planted_is_not_written_to() {
    if !is_root() {
        visibly("skipped: only root can make files of another user");
        return;
    }
    let job = Job::new();
    let shared = job.path("shared");
    std::fs::create_dir(&shared).unwrap();
    set_mode(&shared, 0o1777);
    let victim = job.write("victim", "");
    let (link, file) = (shared.join("link"), shared.join("file"));
    std::os::unix::fs::symlink(&victim, &link).unwrap();
    crate::support::write(&file, "");
    for planted in [&link, &file] {
        std::os::unix::fs::lchown(planted, Some(65534), Some(65534)).unwrap();
        let destination = format!("dotenv:{}", planted.display());
        job.assume(&["--to", &destination]).expect(6, "belongs to another user");
        let mut job = Job::new();
        job.set("BASH_ENV", planted.to_str().unwrap());
        job.assume(&[]).expect(6, "belongs to another user");
        assert_eq!(job.sts.requests().len(), 0);
    }
    assert_eq!((job.read("victim"), job.read("shared/file")), (String::new(), String::new()));
}

#[test]
fn promise_2_a_profile_makes_no_line_of_another_user_trusted() {
    let job = Job::new();
    let planted = format!("[profile evil]\ncredential_process = touch {}\n", job.path("ran").display());
    set_mode(&job.write("home/.aws/config", &planted), 0o606);
    for mode in ["profile", "credential-process"] {
        let outcome = job.assume(&["--mode", mode, "--profile", "prod"]);
        outcome.expect(6, "all users can change");
        assert!(outcome.stderr.contains("chmod o-w"), "{}", outcome.stderr);
    }
    assert_eq!((job.read("home/.aws/config"), job.sts.requests().len()), (planted, 0));
    assert_eq!(mode(&job.path("home/.aws/config")), 0o606);
}

#[test]
fn promise_2_a_failed_run_leaves_every_file_as_it_was() {
    let all = ["--to", "bash-env", "--to", "profile:prod", "--to", "dotenv:out.env", "--max-attempts", "1"];
    let process = ["--mode", "credential-process", "--profile", "prod", "--max-attempts", "1"];
    let policy =
        || vec![local_sts::Role::new(crate::support::ROLE, &crate::support::policy("org/somebody/else"))];
    let jobs = [
        (4, Job::with(Config { roles: policy(), ..Config::default() })),
        (5, Job::with_fault(Fault::TruncatedXml, None)),
        (6, Job::with_fault(Fault::HostileCredentials, None)),
    ];
    for (status, job) in jobs {
        // Nothing there yet …
        let before = snapshot(&job);
        job.assume(&all).expect(status, "");
        assert_eq!(snapshot(&job), before, "exit code {status}, new files");
        job.assume(&process).expect(status, "");
        assert_eq!(snapshot(&job), before, "exit code {status}, new files of a process");
        // … and all of them there.
        set_mode(&job.write("bash_env", "export A=1"), 0o644);
        set_mode(
            &job.write(
                "home/.aws/credentials",
                "[prod]\r\naws_access_key_id = ASIAOLD\r\naws_session_token = old\r\n",
            ),
            0o640,
        );
        set_mode(&job.write("home/.aws/config", "[profile prod]\nregion=us-east-1"), 0o604);
        set_mode(&job.write("out.env", "AWS_PROFILE=x\n"), 0o644);
        let before = snapshot(&job);
        job.assume(&all).expect(status, "");
        assert_eq!(snapshot(&job), before, "exit code {status}, files that were there");
        job.write("home/.aws/credentials", "[other]\nregion=us-east-1");
        let before = snapshot(&job);
        job.assume(&process).expect(status, "");
        assert_eq!(snapshot(&job), before, "exit code {status}, files that were there, of a process");
    }
}

#[test]
fn promise_2_a_home_that_cannot_be_written_fails_before_sts_is_asked() {
    let job = Job::new();
    set_mode(&job.path("home"), 0o555);
    let run = run_without_root(&job, &["assume", "--to", "profile:prod"]);
    run.expect(6, "home/.aws/credentials` cannot be written to").expect(6, "ermission denied");
    assert_eq!(job.sts.requests().len(), 0);
}

#[test]
fn promise_2_a_read_only_file_is_told_from_a_directory_that_cannot_be_written() {
    let mut job = Job::new();
    let file = job.write("own/bash_env", "# mine\n");
    set_mode(&file, 0o400);
    if is_root() {
        for path in [&file, &job.path("own")] {
            std::os::unix::fs::chown(path, Some(NOBODY), Some(NOBODY)).unwrap();
        }
    }
    job.set("BASH_ENV", file.to_str().unwrap());
    let said = format!(
        "  caused by: its mode is read-only: Permission denied (os error 13)\n  hint: run `chmod u+w {}` as its owner, or set \
         BASH_ENV to a file in a directory that this user can write to\n",
        file.display()
    );
    run_without_root(&job, &["assume"]).expect(6, &said);
    assert_eq!((job.sts.requests().len(), job.read("own/bash_env").as_str()), (0, "# mine\n"));
}

const NOBODY: u32 = 65534;

/// Root may write anywhere, so nobody runs it, from where nobody may look.
fn run_without_root(job: &Job, arguments: &[&str]) -> crate::support::Run {
    use std::os::unix::process::CommandExt;
    set_mode(job.directory.path(), 0o755);
    let mut command = job.command(arguments);
    if is_root() {
        let copy = job.path("binary");
        testkit::copy_program(env!("CARGO_BIN_EXE_circleci-aws-oidc").as_ref(), &copy).unwrap();
        let environment: Vec<_> =
            command.get_envs().map(|(name, value)| (name.to_owned(), value.unwrap().to_owned())).collect();
        command = std::process::Command::new(copy);
        command.args(arguments).env_clear().envs(environment).uid(NOBODY).gid(NOBODY);
    }
    crate::support::Run::from(&command.output().unwrap())
}
