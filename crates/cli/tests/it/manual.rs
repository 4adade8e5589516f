//! Blocks of docs/ run as they stand there, in a job with stand-ins for other programs. docs/examples.md says which test
//! runs which block.

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};

use local_sts::{Config, Role};
use orb_runner::yaml::{BareWords, Value, parse};
use testkit::manual::{blocks, root};

use crate::support::{Job, policy, project_policy};

/// The role of the manual's examples.
const ROLE: &str = "arn:aws:iam::123456789012:role/deploy";
const ARN: &str = "arn: arn:aws:sts::123456789012:assumed-role/deploy/";

/// A job whose role trusts the example project, with programs in front of the system's.
fn job(programs: &[(&str, &str)]) -> Job {
    job_of(&project_policy(testkit::example_ids::ORGANIZATION_ID), programs)
}

/// The same with this trust policy.
fn job_of(policy: &str, programs: &[(&str, &str)]) -> Job {
    let mut job = Job::with(Config { roles: vec![Role::new(ROLE, policy)], ..Config::default() });
    let own = Path::new(env!("CARGO_BIN_EXE_circleci-aws-oidc")).parent().unwrap().display().to_string();
    for (name, script) in programs {
        job.write_program(&format!("programs/{name}"), &format!("#!/bin/sh\n{script}\n"));
    }
    let search = format!("{}:{own}:/usr/local/bin:/usr/bin:/bin", job.text("programs"));
    job.set("PATH", &search).set("AWS_REGION", "eu-west-1").unset("CIRCLECI_AWS_OIDC_ROLE_ARN");
    job.write("trust.json", policy);
    job
}

/// The only block of the page that has this text.
fn block(page: &str, part: &str) -> String {
    let text = fs::read_to_string(root().join("docs").join(page)).unwrap();
    let mut found = blocks(&text).into_iter().filter(|block| block.text.contains(part));
    let block = found.next().unwrap_or_else(|| panic!("{page} has no block with `{part}`")).text.to_owned();
    assert!(found.next().is_none(), "{page} has two blocks with `{part}`");
    block
}

#[test]
fn the_profile_of_long_jobs_md_renews() {
    let job = job(&[]);
    job.write_program("migrate.sh", "#!/bin/sh\nexec circleci-aws-oidc whoami\n");
    let run = job.bash(&block("long-jobs.md", "--mode credential-process"));
    run.succeeds();
    assert!(run.stdout.contains(ARN), "{}{}", run.stdout, run.stderr);
}

#[test]
fn the_endpoint_of_long_jobs_md_serves_the_steps_after_it() {
    let job = job(&[]);
    job.write_program("migrate.sh", "#!/bin/sh\nexec circleci-aws-oidc whoami\n");
    let document = parse(&block("long-jobs.md", "serve --role-arn"), BareWords::AreBooleans).unwrap();
    let steps = document.at(&["steps"]).and_then(Value::as_list).unwrap();
    let command = steps[0].at(&["run", "command"]).and_then(Value::as_text).unwrap();
    assert_eq!(steps[0].at(&["run", "background"]), Some(&Value::Boolean(true)));
    let arguments: Vec<&str> = command.split(' ').skip(1).collect();
    let mut background = job.command(&arguments).stderr(Stdio::null()).spawn().unwrap();
    let runs: Vec<_> =
        steps[1..].iter().map(|step| job.bash(step.at(&["run"]).unwrap().as_text().unwrap())).collect();
    background.kill().unwrap();
    background.wait().unwrap();
    for run in &runs {
        run.succeeds();
    }
    let last = runs.last().unwrap();
    assert!(
        last.stdout.contains(ARN) && last.stdout.contains("AWS_CONTAINER_CREDENTIALS_FULL_URI"),
        "{}",
        last.stdout
    );
}

#[test]
fn the_refusal_of_readme_and_troubleshooting_md_is_what_is_printed() {
    let job = job_of(&policy("org/another/project/of-no-one/user/*"), &[]);
    let run = job.assume(&["--role-arn", ROLE]);
    run.expect(4, "");
    let printed: Vec<&str> = run.stderr.lines().skip_while(|line| !line.starts_with("error: ")).collect();
    for page in ["../README.md", "troubleshooting.md"] {
        let text = block(page, "error: cannot assume");
        assert_eq!(text.lines().count(), printed.len(), "{page}: {}", run.stderr);
        for (line, printed) in text.lines().zip(&printed) {
            assert!(line.split('…').all(|part| printed.contains(part)), "{page}: {line}\n{}", run.stderr);
        }
    }
}

#[test]
fn the_profile_and_the_env_file_of_docker_md_are_found_where_docker_reads_them() {
    // The engine is played: it shows that the files are there, not that Docker reads them.
    let docker = "case $* in *--env-file*) grep -q '^AWS_SESSION_TOKEN=' \"$4\";; *--volume*) [ \"$4\" = \"$HOME/.aws:/root/.aws:ro\" ] && grep -q aws_session_token \"$HOME/.aws/credentials\";; *) exit 9;; esac";
    for part in ["--env-file", "--volume"] {
        let job = job(&[("docker", docker)]);
        job.bash(&block("docker.md", part)).succeeds();
    }
}

#[test]
fn the_command_of_exec_md_has_the_credentials_and_the_rest_of_the_step_has_not() {
    let job =
        job(&[("aws", "echo \"$* ${AWS_SESSION_TOKEN:+with keys}${CIRCLE_OIDC_TOKEN_V2:+ and token}\"")]);
    let script = block("exec.md", "-- aws") + "echo \"after: ${AWS_SESSION_TOKEN-none}\"\n";
    assert_eq!(job.bash(&script).succeeds().stdout, "s3 sync dist s3://my-bucket with keys\nafter: none\n");
}

#[test]
fn the_long_command_of_exec_md_has_an_endpoint_and_no_keys() {
    let job = job(&[]);
    let ask = "curl -sS -H \"Authorization: $AWS_CONTAINER_AUTHORIZATION_TOKEN\" \"$AWS_CONTAINER_CREDENTIALS_FULL_URI\" | tr , '\\n' | grep AccessKeyId";
    job.write_program("migrate.sh", &format!("#!/bin/sh\necho \"${{AWS_SESSION_TOKEN-no keys}}\"\n{ask}\n"));
    let run = job.bash(&block("exec.md", "-- ./migrate.sh"));
    let (keys, answer) = run.succeeds().stdout.split_once('\n').unwrap();
    assert_eq!(keys, "no keys");
    assert!(answer.contains(&job.sts.granted()[0].access_key_id), "{answer}");
}

#[test]
fn the_commands_of_scope_md_narrow_what_an_earlier_step_assumed() {
    let mut job = job(&[("terraform", "echo \"$* $AWS_ACCESS_KEY_ID\"")]);
    let policy =
        r#"{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"s3:Get*","Resource":"*"}]}"#;
    job.write("read-only.json", policy);
    job.assume(&["--role-arn", ROLE, "--profile", "wide"]).succeeds();
    job.set("AWS_PROFILE", "wide");
    let run = job.bash(&block("scope.md", "-- terraform plan"));
    let narrowed = job.sts.granted().remove(1).access_key_id;
    assert_eq!(run.succeeds().stdout, format!("plan {narrowed}\n"));
    let script = block("scope.md", "--to profile:reader") + "circleci-aws-oidc whoami --profile reader\n";
    let run = job.bash(&script);
    assert!(run.succeeds().stdout.contains(ARN), "{}", run.stdout);
    let signer = job.sts.requests().pop().unwrap().signer.unwrap();
    assert_eq!(signer.scope_policies, [policy]);
}

#[test]
fn the_commands_of_token_md_do_what_the_page_says() {
    let job = job(&[]);
    let run = job.bash(&block("token.md", "token --role-arn"));
    run.succeeds();
    for line in ["source", "claim sub", "provider", "key oidc.circleci.com/org/"] {
        assert!(run.stdout.lines().any(|it| it.starts_with(line)), "{line}: {}", run.stdout);
    }
    job.bash(&block("token.md", "--to file:")).succeeds();
    assert_eq!(job.read("token.jwt"), job.value("CIRCLE_OIDC_TOKEN_V2"));
    assert!(job.read("claims.txt").contains("valid until"));
}

#[test]
fn the_policy_of_troubleshooting_md_is_judged_as_iam_prints_it() {
    let job = job(&[("aws", "cat trust.json")]);
    let run = job.bash(&block("troubleshooting.md", "aws iam get-role --role-name deploy >role.json\n"));
    run.succeeds();
    assert!(run.stdout.contains("allowed"), "{}", run.stdout);
}

#[test]
fn the_claims_of_troubleshooting_md_take_the_place_of_a_token() {
    let verdict = |project: &str| {
        let job = job(&[]);
        let claims = block("troubleshooting.md", "\"iss\"")
            .replace("ORG", testkit::example_ids::ORGANIZATION_ID)
            .replace("PROJECT", project);
        job.write("claims.json", &claims);
        job.bash("circleci-aws-oidc trust test --policy trust.json --claims claims.json").stdout
    };
    let allowed = verdict(testkit::example_ids::PROJECT_ID);
    assert!(allowed.starts_with("verdict: allowed\n"), "{allowed}");
    let denied = verdict("00000000-0000-4000-8000-000000000000");
    assert!(denied.starts_with("verdict: denied\n"), "{denied}");
}

#[test]
fn the_commands_of_trust_policies_md_do_what_the_page_says() {
    let generated = |part: &str, expected: &str| {
        let run = job(&[]).bash(&block("trust-policies.md", part));
        run.succeeds();
        assert!(run.stdout.contains(expected), "{}", run.stdout);
    };
    generated("--vcs-origin github.com/example-org/example-app", "create-open-id-connect-provider");
    generated("--repository example-org@700/example-app@70", "aws_iam_role");
    let with_files = || {
        let job = job(&[("aws", "cat trust.json")]);
        job.write("infrastructure/none.tf", "# no policy\n");
        fs::copy(job.path("trust.json"), job.path("role.json")).unwrap();
        fs::copy(job.path("trust.json"), job.path("template.yaml")).unwrap();
        let claims = format!(
            r#"{{"iss":"https://oidc.circleci.com/org/{0}","aud":"{0}","sub":"org/{0}/project/{1}/user/u"}}"#,
            testkit::example_ids::ORGANIZATION_ID,
            testkit::example_ids::PROJECT_ID
        );
        job.write("claims.json", &claims);
        job
    };
    let run = with_files().bash(&block("trust-policies.md", "--claims claims.json"));
    run.succeeds();
    assert!(run.stdout.contains("\"verdict\":\"allowed\""), "{}", run.stdout);
    // The policy of the job allows the V1 subject with any end: the rules find that, with exit code 8.
    let job = with_files();
    for line in block("trust-policies.md", "--format sarif > trust.sarif").lines() {
        job.bash(line);
    }
    assert!(job.read("trust.sarif").contains("\"$schema\""));
}

#[test]
fn the_policy_of_trust_policies_md_allows_the_project_alone() {
    let (organization, project) = (testkit::example_ids::ORGANIZATION_ID, testkit::example_ids::PROJECT_ID);
    let policy = block("trust-policies.md", "oidc.circleci.com/project-id").replace("ORG", organization);
    for (allowed, status) in [(project, 0), ("another", 8)] {
        let job = job(&[]);
        job.write("policy.json", &policy.replace("PROJECT", allowed));
        let run = job.run(&["trust", "test", "--policy", "policy.json"]);
        assert_eq!(run.status, status, "{}{}", run.stdout, run.stderr);
    }
}

#[test]
fn the_downloads_of_get_the_binary_md_install_what_the_digests_name() {
    let binary = env!("CARGO_BIN_EXE_circleci-aws-oidc");
    let release =
        format!("{}/releases/download/v{}", env!("CARGO_PKG_REPOSITORY"), env!("CARGO_PKG_VERSION"));
    for (part, system, machine, name) in [
        ("sha256sum", "Linux", "x86_64", "circleci-aws-oidc-linux-x86_64"),
        ("sha256sum", "Linux", "aarch64", "circleci-aws-oidc-linux-aarch64"),
        ("shasum", "Darwin", "x86_64", "circleci-aws-oidc-macos-x86_64"),
        ("shasum", "Darwin", "arm64", "circleci-aws-oidc-macos-aarch64"),
    ] {
        for tampered in [false, true] {
            let curl = format!(
                "for url; do :; done\ncase $url in {release}/{name}) cp {binary} {name} ;; \
                 {release}/SHA256SUMS) cp sums SHA256SUMS ;; *) exit 22 ;; esac"
            );
            let uname = format!("[ \"$*\" = -m ] && echo {machine} || echo {system}");
            let job = job(&[("curl", &curl), ("uname", &uname)]);
            let sum = Command::new("sha256sum").arg(binary).output().unwrap().stdout;
            let digest = String::from_utf8(sum).unwrap().split(' ').next().unwrap().to_owned();
            let digest = if tampered { digest.chars().rev().collect() } else { digest };
            job.write("sums", &format!("{}  other\n{digest}  {name}\n", "0".repeat(64)));
            let run = job.bash(&block("get-the-binary.md", &format!("| {part}")));
            let installed = job.path("home/.local/bin/circleci-aws-oidc").exists();
            assert_eq!(
                (run.status == 0, installed),
                (!tampered, !tampered),
                "{name}: {}{}",
                run.stdout,
                run.stderr
            );
        }
    }
}
