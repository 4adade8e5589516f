//! What another program has left in the file of `BASH_ENV` brings no secret into a log, now or in the steps that follow.

use std::process::Command;

use crate::support::files::snapshot;
use crate::support::{Job, next_step};

/// A job with this text in the file.
fn job_with_file(text: &str) -> Job {
    let mut job = Job::new();
    job.set("PATH", "/usr/bin:/bin").set("AWS_REGION", "eu-west-1");
    job.write("bash_env", text);
    job
}

/// Searches every file of the job, except for the destination.
fn assert_only_in_bash_env(job: &Job) {
    let files = snapshot(job);
    let texts = files.iter().filter(|(path, ..)| *path != job.path("bash_env"));
    let texts: Vec<(&str, &[u8])> =
        texts.map(|(path, _, text)| (path.to_str().unwrap(), text.as_slice())).collect();
    job.assert_no_secret_in(&texts);
}

const VERIFIED: &str = "verified: the next step that bash runs has this role's session";
const DIVERTED: &str = "closes or redirects file descriptor 63";

#[test]
fn promise_1_a_file_that_redirects_output_to_a_log_gets_no_secret_from_verify() {
    for (text, status, part) in [
        ("exec >>log\n", 0, VERIFIED),
        ("exec >>log 2>&1\n", 0, VERIFIED),
        ("exec 2>>log\n", 0, VERIFIED),
        ("exec > >(tee -a log) 2>&1\n", 0, VERIFIED),
        ("exec &> >(tee -a log >&2)\n", 0, VERIFIED),
        ("exec 3>&1 4>&2 >>log 2>&1\n", 0, VERIFIED),
        ("exec 9>log; exec >&9\n", 0, VERIFIED),
        ("for n in 3 8 9 10 42 61 62 64 99 200 255; do eval \"exec $n>>log\"; done\n", 0, VERIFIED),
        ("exec >&-\n", 0, VERIFIED),
        ("exec </dev/null >/dev/null 2>&1\n", 0, VERIFIED),
        ("exec 9>log; BASH_XTRACEFD=9; set -x\n", 0, VERIFIED),
        ("exec 2>>log; set -xv\n", 0, VERIFIED),
        ("set -x\n", 0, VERIFIED),
        ("set -v\n", 0, VERIFIED),
        ("exec 63>log\n", 7, DIVERTED),
        ("exec 63>>log\n", 7, DIVERTED),
        ("exec 63<>log\n", 7, DIVERTED),
        ("echo 0123 >log; exec 63<log\n", 7, DIVERTED),
        ("exec 63>&1 >>log\n", 7, DIVERTED),
        ("exec 63> >(cat >log)\n", 7, DIVERTED),
        ("exec 63>&-\n", 7, DIVERTED),
        ("for n in {3..70}; do eval \"exec $n>>log\"; done\n", 7, DIVERTED),
        ("exec 63>log >>log 2>&1; set -x\n", 7, DIVERTED),
    ] {
        let mut job = job_with_file(text);
        job.set("HOME", &job.text("home"));
        let run = job.assume(&["--verify"]);
        assert!(run.stderr.contains(part), "{text}: {}", run.stderr);
        run.expect(status, part);
        assert_only_in_bash_env(&job);
        // The next step reads the file itself, and may print what it likes but what is in our block.
        if status == 0 {
            let output = Command::new("bash")
                .args(["-eo", "pipefail", "-c", "sleep 0.1"])
                .env("BASH_ENV", job.path("bash_env"))
                .current_dir(job.directory.path())
                .output()
                .unwrap();
            job.assert_no_secret_in(&[("stdout", &output.stdout), ("stderr", &output.stderr)]);
            assert_only_in_bash_env(&job);
        }
    }
}

#[test]
fn promise_1_preflight_gives_a_log_nothing_of_an_earlier_block() {
    for text in [
        "exec >>log 2>&1\n",
        "exec 63>log\n",
        "exec 9>log; BASH_XTRACEFD=9; set -x\n",
        "set -xv; exec 2>log\n",
    ] {
        let job = job_with_file("");
        job.assume(&[]).succeeds();
        let block = job.read("bash_env");
        job.write("bash_env", &format!("{text}{block}"));
        job.run(&["preflight"]);
        job.run(&["preflight", "--profile", "ci"]);
        assert_only_in_bash_env(&job);
    }
}

#[test]
fn promise_1_a_step_that_traces_its_commands_prints_no_secret() {
    let job = job_with_file("");
    job.assume(&[]).succeeds();
    for options in ["-x", "-v", "-xv"] {
        let output = Command::new("bash")
            .args([options, "-c", "bash -x -c 'echo seen >&2'"])
            .env("BASH_ENV", job.path("bash_env"))
            .output()
            .unwrap();
        job.assert_no_secret_in(&[("stdout", &output.stdout), ("stderr", &output.stderr)]);
        assert!(String::from_utf8_lossy(&output.stderr).contains("echo seen"), "{options}");
    }
}

/// What would print the block in the steps that follow, or hide it, with the reason.
const UNFINISHED: [(&str, &str); 12] = [
    ("cat <<EOF\n", "the here-document of line 1 has no end"),
    ("export A=1\ncat <<-'END' >log\nx\n", "the here-document of line 2 has no end"),
    ("export A='open\n", "the quote of line 1 is not closed: ' is missing"),
    ("export A='open", "the quote of line 1 is not closed: ' is missing"),
    ("\n\nexport A=\"open\n", "the quote of line 3 is not closed: \" is missing"),
    ("export A=`date\n", "an expansion is not closed: ` is missing"),
    ("export A=$(date\n", "an expansion is not closed: ) is missing"),
    ("export A=${B\n", "an expansion is not closed: } is missing"),
    ("f() {\n", "the text ends within a function, an `if` or another command"),
    ("if true; then\n", "the text ends within a function, an `if` or another command"),
    ("export A=1\n)\n", "bash stops reading at the syntax error of line 2"),
    ("export A=b\\", "the last line ends with a backslash"),
];

#[test]
fn promise_1_nothing_is_appended_behind_what_would_print_it() {
    for (text, reason) in UNFINISHED {
        let mut job = job_with_file(text);
        let before = snapshot(&job);
        for flags in
            [&[][..], &["--verify"], &["--mode", "endpoint"], &["--to", "profile:ci", "--to", "bash-env"]]
        {
            let run = job.assume(flags);
            assert!(run.stderr.contains(reason), "{text}: {}", run.stderr);
            run.expect(
                6,
                &format!("error: nothing can be appended to `{}` (BASH_ENV): ", job.text("bash_env")),
            )
            .expect(6, "hint: correct `");
            assert_eq!(snapshot(&job), before, "{text}");
        }
        assert_eq!(job.sts.requests().len(), 0, "{text}: STS is called for nothing");
        let run = job.run(&["preflight"]);
        assert_eq!(run.stdout.matches(reason).count(), 1, "{text}: {}", run.stdout);
        assert_eq!(run.status, 8);
        // A profile needs no such file.
        job.unset("BASH_ENV");
        job.assume(&["--profile", "ci"]).succeeds();
    }
}

#[test]
fn what_bash_reads_to_its_end_is_appended_to() {
    for text in [
        "cat <<EOF >/dev/null\nit's \"open\nEOF\n",
        "export A='two\nlines'\n",
        "# it's\n",
        "A=$((1 << 2))\n",
        "shopt -s extglob\ncase x in !(y)) ;; esac\n",
        "shopt -s expand_aliases\nalias end='}'\nf() { :\nend\n",
        "export A=1 \\\n",
        "f() {\n  :\n}\n",
        "cat <<<\"it's\" >/dev/null\n",
    ] {
        let job = job_with_file(text);
        job.assume(&["--verify"]).expect(0, VERIFIED);
        let seen = next_step(&job, &[], "echo ${AWS_ACCESS_KEY_ID:+keys}");
        assert_eq!(seen, "keys\n", "{text}");
        job.assume(&[]).succeeds();
        job.run(&["clear", "--to", "bash-env"]).succeeds();
        assert_eq!(job.read("bash_env"), text);
    }
}
