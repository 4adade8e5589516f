//! The second promise where other programs have the file open, where it is large, or is no file.

use std::io::Read;
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};

use crate::support::files::{is_root, mode, set_mode, snapshot, visibly};
use crate::support::github_job;
use crate::support::{Job, Run};

const MIB: usize = 1024 * 1024;

/// A process of another user, or of this one where this is not root, with a file open for reading.
struct Reader(Child);

impl Reader {
    fn of(job: &Job, file: &str) -> Self {
        set_mode(job.directory.path(), 0o755);
        let mut command = Command::new("sh");
        command.args(["-c", "exec 3<\"$0\"; echo; read line; cat <&3"]).arg(job.path(file));
        if is_root() {
            command.uid(65534).gid(65534);
        }
        let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().unwrap();
        child.stdout.as_mut().unwrap().read_exact(&mut [0]).unwrap();
        Self(child)
    }

    fn reads(mut self) -> String {
        drop(self.0.stdin.take());
        let mut text = String::new();
        self.0.stdout.take().unwrap().read_to_string(&mut text).unwrap();
        self.0.wait().unwrap();
        text
    }
}

#[test]
fn promise_2_who_opened_a_file_before_sees_no_secret_in_it() {
    let mut job = Job::new();
    job.set("AWS_REGION", "eu-west-1");
    let files = ["bash_env", "out.env"];
    for old_mode in [0o644, 0o604, 0o664] {
        for file in files {
            set_mode(&job.write(file, "MINE=1\n"), old_mode);
        }
        let readers = files.map(|file| Reader::of(&job, file));
        job.assume(&["--to", "bash-env", "--to", "dotenv:out.env"]).succeeds();
        assert_eq!(readers.map(Reader::reads), ["MINE=1\n"; 2], "{old_mode:o}");
        for file in files {
            assert!(job.read(file).starts_with("MINE=1\n") && job.read(file).contains("ASIA"), "{file}");
            assert_eq!(mode(&job.path(file)), 0o600);
        }
    }
}

#[test]
fn promise_2_who_opened_the_files_of_github_before_sees_no_secret_in_them() {
    let (job, _endpoint) = github_job::job();
    let files = ["GITHUB_ENV", "GITHUB_OUTPUT"].map(|name| {
        let path = job.path(job.value(name));
        crate::support::write(&path, "A=1\n");
        set_mode(&path, 0o644);
        job.value(name).to_owned()
    });
    let readers = [&files[0], &files[1]].map(|file| Reader::of(&job, file));
    job.assume(&["--to", "github"]).succeeds();
    assert_eq!(readers.map(Reader::reads), ["A=1\n"; 2]);
    for file in &files {
        let text = job.read(file);
        assert!(text.starts_with("A=1\n") && text.len() > 100, "{text}");
    }
}

#[test]
fn promise_2_a_file_that_cannot_be_replaced_is_appended_to_and_that_is_said() {
    if !is_root() {
        visibly("skipped: only root can mount a file");
        return;
    }
    let job = Job::new();
    set_mode(&job.write("mounted", "export MINE=1\n"), 0o644);
    job.write("bash_env", "");
    let script = "mount --bind mounted bash_env && exec \"$@\"";
    let inside = |arguments: &[&str]| {
        let mut command = Command::new("unshare");
        command
            .args(["-m", "sh", "-c", script, "sh", env!("CARGO_BIN_EXE_circleci-aws-oidc")])
            .args(arguments);
        let environment = job.command(&[]);
        let environment = environment.get_envs().filter_map(|(name, value)| Some((name, value?)));
        command.env_clear().env("PATH", "/usr/bin:/bin:/usr/sbin:/sbin").envs(environment);
        Run::from(&command.current_dir(job.directory.path()).output().unwrap())
    };
    let run = inside(&["assume"]);
    if run.stderr.contains("unshare failed") || run.stderr.contains("mount:") {
        visibly(&format!("skipped: this root cannot mount: {}", run.stderr));
        return;
    }
    run.expect(0, "note: other users could open `")
        .expect(0, "it cannot be replaced by a private file (Device or resource busy")
        .expect(0, "a program that has it open since then can read the credentials in it");
    assert!(job.read("mounted").contains("ASIA"));
    assert_eq!(mode(&job.path("mounted")), 0o600);
    inside(&["assume"]).succeeds();
    inside(&["clear"]).expect(0, "note: blank lines are in the place of the credentials in `");
    assert_eq!(job.read("mounted").trim_end_matches('\n'), "export MINE=1");
}

#[test]
fn promise_2_a_failed_verify_leaves_files_of_any_size_as_they_were() {
    const LIMIT: usize = 8 * MIB;
    let text = |size: usize| format!("# {}\n", "x".repeat(size - 3));
    // The last two fit before the keys are in them.
    for size in [2 * MIB, LIMIT - 4096, LIMIT - 100, LIMIT] {
        let mut job = Job::new();
        job.set("AWS_REGION", "eu-west-1");
        for file in ["home/.aws/credentials", "home/.aws/config", "out.env"] {
            job.write(file, &text(size));
        }
        // The next step could not use the credentials.
        job.write("bash_env", &format!("readonly AWS_SESSION_TOKEN\n{}", text(size)));
        let before = snapshot(&job);
        let to =
            ["--to", "bash-env", "--to", "profile:prod", "--to", "dotenv:out.env", "--max-attempts", "1"];
        let run = job.assume(&[&to[..], &["--verify"]].concat());
        assert!(matches!(run.status, 4..=7), "{size}: {}", run.stderr);
        assert!(!run.stderr.contains("restored"), "{}", run.stderr);
        assert!(snapshot(&job) == before, "{size}: {}", run.stderr);
    }
}

#[test]
fn promise_2_what_cannot_be_read_again_is_not_written() {
    let job = Job::new();
    job.write("out.env", &format!("# {}\n", "x".repeat(8 * MIB - 100)));
    let before = snapshot(&job);
    job.assume(&["--to", "dotenv:out.env"])
        .expect(6, "`out.env` cannot be written: with the credentials it is larger than 8 MiB");
    assert!(snapshot(&job) == before);
}

#[test]
fn clear_takes_credentials_out_of_whatever_assume_appends_to() {
    for start in [vec![b'#'; 9 * MIB], b"export A=\xe9\xff\n# \x80".to_vec()] {
        let job = Job::new();
        let path = job.write("bash_env", "");
        std::io::Write::write_all(&mut std::fs::File::create(&path).unwrap(), &start).unwrap();
        set_mode(&path, 0o600);
        job.assume(&[]).succeeds();
        assert!(std::fs::read(&path).unwrap().windows(4).any(|window| window == b"ASIA"));
        job.run(&["clear"]).expect(0, "the next steps start without the credentials");
        assert!(std::fs::read(&path).unwrap() == start);
    }
}

#[test]
fn an_append_is_taken_back_where_no_descriptor_is_left_for_anything_else() {
    let job = Job::new();
    set_mode(&job.write("bash_env", "export MINE=1\n"), 0o600);
    let before = snapshot(&job);
    let mut failed = 0;
    // Each limit stops the run at another place; the last one is enough.
    for limit in 6..40 {
        let run = job.bash(&format!(
            "ulimit -n {limit}; {} assume --quiet || exit $?",
            env!("CARGO_BIN_EXE_circleci-aws-oidc")
        ));
        if run.status == 0 {
            job.run(&["clear"]).succeeds();
        } else {
            failed += 1;
            let is_told = run.stderr.contains("  hint: raise `ulimit -n` in the shell");
            assert!(is_told || !run.stderr.contains("Too many open files"), "{limit}: {}", run.stderr);
        }
        assert!(snapshot(&job) == before, "{limit}: {}", run.stderr);
    }
    assert!(failed > 0);
}

/// Without a handler SIGXFSZ ends the process in the middle of the write.
#[test]
fn promise_2_a_file_that_would_exceed_the_limit_of_the_shell_leaves_all_as_they_were() {
    let job = Job::new();
    let profiles: String = (1..100).map(|n| format!("[p{n}]\naws_access_key_id = x\n")).collect();
    set_mode(&job.write("home/.aws/credentials", &profiles), 0o600);
    let before = snapshot(&job);
    let script = format!(
        "ulimit -f 2; {} assume --to bash-env --to dotenv:out.env --to profile:prod",
        env!("CARGO_BIN_EXE_circleci-aws-oidc")
    );
    job.bash(&script)
        .expect(6, "home/.aws/credentials` cannot be written")
        .expect(6, "hint: raise `ulimit -f` in the shell that starts this process");
    assert_eq!(snapshot(&job), before);
}

#[test]
fn promise_2_a_block_of_which_only_a_part_can_be_written_leaves_no_line() {
    let job = Job::new();
    // As much as is permitted, but for a part of a block.
    set_mode(&job.write("bash_env", &"# a line of another program\n".repeat(60)), 0o600);
    let before = snapshot(&job);
    let run =
        job.bash(&format!("ulimit -f 2; {} assume --to bash-env", env!("CARGO_BIN_EXE_circleci-aws-oidc")));
    run.expect(6, "only a part was written").expect(6, "hint: free space on that file system");
    assert_eq!(snapshot(&job), before);
}

#[test]
fn a_pipe_is_read_as_the_file_that_it_stands_for() {
    let mut job = Job::new();
    job.unset("AWS_CA_BUNDLE");
    job.write("token", job.value("CIRCLE_OIDC_TOKEN_V2"));
    job.write("policy.json", r#"{"Version":"2012-10-17","Statement":[]}"#);
    job.write(
        "roles.ini",
        &format!("[profile one]\nrole_arn = {}\nregion = eu-west-1\n", crate::support::ROLE),
    );
    job.write("trust.json", &crate::support::project_policy("o"));
    let binary = env!("CARGO_BIN_EXE_circleci-aws-oidc");
    for command in [
        "assume --ca-bundle <(cat ca.pem)",
        "assume --ca-bundle <(sleep 0.3; cat ca.pem) --verify",
        "assume --ca-bundle ca.pem --token-source file:<(cat token)",
        "assume --ca-bundle ca.pem --policy <(cat policy.json)",
        "profiles --ca-bundle <(cat ca.pem) --config-file <(cat roles.ini)",
        "trust lint <(cat trust.json)",
        "preflight --ca-bundle <(cat ca.pem) --token-source file:<(cat token)",
    ] {
        let run = job.bash(&format!("export PATH=/usr/bin:/bin; {binary} {command}"));
        assert!(
            matches!(run.status, 0 | 8) && !run.stderr.contains("cannot be read"),
            "{command}: {}",
            run.stderr
        );
    }
}

#[test]
fn a_pipe_without_a_writer_ends_at_the_deadline_or_at_once() {
    let mut job = Job::new();
    assert!(Command::new("mkfifo").arg(job.path("pipe")).status().unwrap().success());
    let within_deadline = [
        (2, "assume --ca-bundle pipe"),
        (2, "assume --policy pipe"),
        (2, "assume --trust-policy pipe"),
        (3, "assume --token-source file:pipe"),
        (2, "profiles --config-file pipe"),
        (2, "trust lint pipe"),
        (2, "trust test --policy pipe"),
    ];
    job.set("CIRCLECI_AWS_OIDC_DEADLINE", "1s");
    for (status, command) in within_deadline {
        let arguments: Vec<&str> = command.split(' ').collect();
        job.run(&arguments).expect(status, "it is a pipe, and its writer has not closed it within 1 s");
    }
    job.set("AWS_CONFIG_FILE", "pipe");
    for command in
        ["assume --profile x", "clear --profile x", "clear --to dotenv:pipe", "assume --to dotenv:pipe"]
    {
        let arguments: Vec<&str> = command.split(' ').collect();
        job.run(&arguments).expect(6, "not a regular file");
    }
    job.set("BASH_ENV", "pipe");
    for command in ["assume", "clear"] {
        job.run(&[command]).expect(6, "not a regular file");
    }
    assert_eq!(job.sts.requests().len(), 0);
}
