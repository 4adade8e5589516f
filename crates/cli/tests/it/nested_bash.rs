//! Every bash below a step reads the file of `BASH_ENV` again: what the step has set has to stand there, whichever program
//! starts that bash.

use std::process::Command;

use local_sts::{Config, Role};

use crate::support::files::visibly;
use crate::support::serving::Serving;
use crate::support::{Job, ROLE, project_policy};

const PRODUCTION: &str = "arn:aws:iam::123456789012:role/ci/production";

/// Prints what a consumer of the variables would use.
const SHOW: &str = "#!/bin/bash\necho \"${AWS_ACCESS_KEY_ID-unset} ${AWS_SESSION_TOKEN+token} ${AWS_PROFILE-unset} ${AWS_REGION-unset}\"\n";

/// A job with two roles, whose earlier step has exported the first, and with scripts of bash.
fn job() -> Job {
    let role = |arn| Role::new(arn, &project_policy(testkit::example_ids::ORGANIZATION_ID));
    let mut job = Job::with(Config { roles: vec![role(ROLE), role(PRODUCTION)], ..Config::default() });
    job.set("CIRCLECI_AWS_OIDC_REGION", "eu-west-1").set("PRODUCTION", PRODUCTION);
    for (name, text) in [("show", SHOW), ("deploy.sh", "#!/bin/bash\nexec circleci-aws-oidc whoami\n")] {
        job.write_program(name, text);
    }
    job
}

/// What this shell prints as a step of the job, with the binary on the PATH.
fn step_of(job: &Job, shell: &[&str], script: &str) -> String {
    let of_job = job.command(&[]);
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_circleci-aws-oidc")).parent().unwrap();
    let mut command = Command::new(shell[0]);
    command.args(&shell[1..]).arg(script).env_clear().current_dir(job.directory.path());
    command.envs(of_job.get_envs().filter_map(|(name, value)| Some((name, value?))));
    command.env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", binary.display()));
    let output = command.output().unwrap();
    assert!(output.status.success(), "{script}\n{}", String::from_utf8_lossy(&output.stderr));
    job.assert_no_secret_in(&[("stderr", &output.stderr)]);
    String::from_utf8(output.stdout).unwrap()
}

/// The same in CircleCI's default shell.
fn step(job: &Job, script: &str) -> String {
    step_of(job, &["/bin/bash", "-eo", "pipefail", "-c"], script)
}

fn is_installed(program: &str) -> bool {
    let is_there = |directory: &str| std::path::Path::new(directory).join(program).exists();
    let found = ["/usr/local/bin", "/usr/bin", "/bin"].into_iter().any(is_there);
    if !found {
        visibly(&format!("skipped: no {program}"));
    }
    found
}

#[test]
fn a_script_acts_as_the_role_that_its_step_evaluated() {
    let job = job();
    job.assume(&[]).succeeds();
    let identities = step(
        &job,
        "circleci-aws-oidc whoami\n\
         eval \"$(circleci-aws-oidc assume --role-arn \"$PRODUCTION\" --to shell --verify)\"\n\
         circleci-aws-oidc whoami\n./deploy.sh\nbash -c ./deploy.sh\n",
    );
    let roles: Vec<&str> =
        identities.lines().filter(|line| line.contains(":assumed-role/")).map(role_of).collect();
    assert_eq!(roles, ["deploy", "production", "production", "production"], "{identities}");
}

#[test]
fn what_a_step_evaluates_stands_below_shells_that_have_not_read_the_file() {
    let job = job();
    job.assume(&[]).succeeds();
    let script = "eval \"$(circleci-aws-oidc assume --role-arn \"$PRODUCTION\" --to shell)\"; ./deploy.sh";
    let in_one_step = format!("circleci-aws-oidc assume 2>/dev/null\n{script}");
    for (shell, script) in [("/bin/sh", script), ("/bin/bash", &in_one_step), ("/bin/sh", &in_one_step)] {
        let identity = step_of(&job, &[shell, "-ec"], script);
        assert!(identity.contains(":assumed-role/production/"), "{shell} {script}: {identity}");
    }
    // A later `assume` counts anew here as well.
    let identity = step(&job, &format!("{script}\ncircleci-aws-oidc assume 2>/dev/null; ./deploy.sh"));
    let roles: Vec<&str> =
        identity.lines().filter(|line| line.contains(":assumed-role/")).map(role_of).collect();
    assert_eq!(roles, ["production", "deploy"], "{identity}");
}

/// The role's name in a line with a session's ARN.
fn role_of(line: &str) -> &str {
    line.split(":assumed-role/").nth(1).unwrap().split('/').next().unwrap()
}

/// What a step does, with a program that it needs, and what a bash below it then has.
const STEPS: [(&str, &str, &str, &str); 16] = [
    (
        "nothing set",
        "bash",
        "./show; bash ./show",
        "OURS token unset eu-west-1\nOURS token unset eu-west-1\n",
    ),
    (
        "keys before a script",
        "bash",
        "AWS_ACCESS_KEY_ID=testing AWS_SESSION_TOKEN= AWS_REGION=us-east-1 ./show",
        "testing token unset us-east-1\n",
    ),
    (
        "exported keys",
        "bash",
        "export AWS_ACCESS_KEY_ID=testing; ./show; bash -c ./show",
        "testing token unset eu-west-1\ntesting token unset eu-west-1\n",
    ),
    (
        "keys of a Makefile",
        "make",
        "printf 'SHELL := /bin/bash\\nexport AWS_ACCESS_KEY_ID := testing\\ntest:\\n\\t@./show\\n\\t@. ./show\\n' >Makefile; \
         make --silent --jobs=1; make --silent AWS_REGION=us-west-2",
        "testing token unset eu-west-1\ntesting token unset eu-west-1\n\
         testing token unset us-west-2\ntesting token unset us-west-2\n",
    ),
    (
        "a profile in place of the keys",
        "bash",
        "unset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN; export AWS_PROFILE=production; ./show",
        "unset  production eu-west-1\n",
    ),
    (
        "all names of AWS unset",
        "bash",
        "unset ${!AWS_*}; export AWS_PROFILE=production; ./show",
        "unset  production unset\n",
    ),
    ("another Region", "bash", "AWS_REGION=us-west-2 bash ./show", "OURS token unset us-west-2\n"),
    (
        "xargs",
        "xargs",
        "export AWS_PROFILE=mine; echo us-east-1 us-west-2 | AWS_ACCESS_KEY_ID=testing xargs -n 1 bash -c 'AWS_REGION=$0 ./show'",
        "testing token mine us-east-1\ntesting token mine us-west-2\n",
    ),
    ("env", "env", "env -u AWS_SESSION_TOKEN AWS_ACCESS_KEY_ID=testing ./show", "testing  unset eu-west-1\n"),
    (
        "a wrapper that sets keys for its child",
        "python3",
        "python3 -c 'import os, subprocess; subprocess.run([\"./show\"], env={**os.environ, \"AWS_ACCESS_KEY_ID\": \"testing\"})'",
        "testing token unset eu-west-1\n",
    ),
    (
        "a wrapper in sh",
        "dash",
        "printf '#!/bin/dash\\nAWS_ACCESS_KEY_ID=testing; export AWS_ACCESS_KEY_ID\\nexec \"$@\"\\n' >wrap; chmod +x wrap; ./wrap bash ./show",
        "testing token unset eu-west-1\n",
    ),
    (
        "npm with bash as its shell",
        "npm",
        "echo '{\"scripts\": {\"show\": \"AWS_PROFILE=mine ./show\"}}' >package.json; \
         AWS_ACCESS_KEY_ID=testing npm run --silent --script-shell=bash show",
        "testing token mine eu-west-1\n",
    ),
    (
        "direnv",
        "direnv",
        "echo 'export AWS_PROFILE=production; unset AWS_ACCESS_KEY_ID AWS_SESSION_TOKEN' >.envrc; \
         direnv allow . 2>/dev/null; direnv exec . ./show 2>/dev/null; \
         eval \"$(direnv export bash 2>/dev/null)\"; ./show",
        "unset  production eu-west-1\nunset  production eu-west-1\n",
    ),
    (
        "a clean environment with the file alone",
        "env",
        "AWS_ACCESS_KEY_ID=testing; env -i PATH=\"$PATH\" BASH_ENV=\"$BASH_ENV\" ./show",
        "OURS token unset eu-west-1\n",
    ),
    ("a clean environment without the file", "env", "env -i PATH=\"$PATH\" ./show", "unset  unset unset\n"),
    (
        "the file read by hand",
        "bash",
        "AWS_ACCESS_KEY_ID=testing; . \"$BASH_ENV\"; ./show; unset BASH_ENV_AWS_OIDC_BLOCKS; . \"$BASH_ENV\"; ./show",
        "testing token unset eu-west-1\nOURS token unset eu-west-1\n",
    ),
];

#[test]
fn what_a_step_sets_stands_in_every_bash_below_it() {
    let job = job();
    job.assume(&["--role-arn", PRODUCTION]).succeeds();
    job.assume(&[]).succeeds();
    let ours = job.sts.granted()[1].access_key_id.clone();
    for (name, program, script, seen) in STEPS {
        if is_installed(program) {
            assert_eq!(step(&job, script).replace(&ours, "OURS"), seen, "{name}");
        }
    }
}

#[test]
fn a_later_assume_of_the_same_step_counts_anew() {
    let job = job();
    job.assume(&[]).succeeds();
    let script = "export AWS_PROFILE=mine; ./show; \
                  circleci-aws-oidc assume --role-arn \"$PRODUCTION\" 2>/dev/null; ./show; AWS_REGION=us-west-2 bash -c \
                  'export AWS_REGION; ./show; AWS_REGION=us-east-1 ./show'";
    let seen = step(&job, script);
    let [first, second] = [0, 1].map(|index| job.sts.granted()[index].access_key_id.clone());
    assert_eq!(
        seen.replace(&first, "FIRST").replace(&second, "SECOND"),
        "FIRST token mine eu-west-1\nSECOND token unset eu-west-1\n\
         SECOND token unset eu-west-1\nSECOND token unset us-east-1\n"
    );
}

#[test]
fn an_endpoint_counts_once_too() {
    let mut job = job();
    job.set("URI", "AWS_CONTAINER_CREDENTIALS_FULL_URI");
    job.assume(&[]).succeeds();
    let serving = Serving::start(&job, &[]);
    job.assume(&["--mode", "endpoint"]).succeeds();
    let script = "echo \"${!URI}\"; ./show; AWS_ACCESS_KEY_ID=testing AWS_REGION=us-west-2 ./show; unset \"$URI\"; \
                  bash -c 'echo \"${!URI-unset}\"; ./show'";
    assert_eq!(
        step(&job, script),
        format!(
            "http://{}/credentials\nunset  unset eu-west-1\ntesting  unset us-west-2\nunset\nunset  unset eu-west-1\n",
            serving.address
        )
    );
    serving.stop(&job);
}

#[test]
fn a_trace_below_a_step_shows_no_secret() {
    let job = job();
    job.assume(&[]).succeeds();
    // `step_of` looks through what the trace prints.
    assert!(step(&job, "bash -x ./show").ends_with(" token unset eu-west-1\n"));
}

#[test]
fn in_a_step_of_sh_the_first_bash_is_the_one_that_has_the_block() {
    let job = job();
    job.assume(&[]).succeeds();
    let script = "./show; AWS_ACCESS_KEY_ID=testing bash -c './show; AWS_ACCESS_KEY_ID=testing ./show'";
    let seen = step_of(&job, &["/bin/sh", "-ec"], script);
    let ours = &job.sts.granted()[0].access_key_id;
    assert_eq!(
        seen.replace(ours, "OURS"),
        "OURS token unset eu-west-1\nOURS token unset eu-west-1\ntesting token unset eu-west-1\n"
    );
}

#[test]
fn a_fish_step_acts_as_the_role_that_it_sources_and_so_does_a_bash_below_it() {
    if !is_installed("fish") {
        return;
    }
    let mut job = job();
    job.assume(&[]).succeeds();
    job.set("AWS_PROFILE", "stale");
    let identity = step_of(
        &job,
        &["fish", "-c"],
        "circleci-aws-oidc assume --role-arn \"$PRODUCTION\" --to fish | source; and test $pipestatus[1] -eq 0; and ./deploy.sh",
    );
    assert!(identity.contains(":assumed-role/production/"), "{identity}");
}
