//! A job in a directory of its own: the real binary, the environment that the test gives it and no other, an
//! STS on loopback.

pub(crate) mod container_endpoint;
#[cfg(unix)]
pub(crate) mod files;
pub(crate) mod github_job;
pub(crate) mod many_roles;
pub(crate) mod outage;
pub(crate) mod proxy;
pub(crate) mod runner;
pub(crate) mod serving;
pub(crate) mod token_endpoint;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use local_sts::{Config, Fault, LocalSts, PlannedFault, Role, unix_time_now};
use testkit::{JobToken, Shape, find_leaks};

pub(crate) const ROLE: &str = "arn:aws:iam::123456789012:role/ci/deploy";

/// Trusts the example project, V1 and V2 alike.
pub(crate) fn project_policy(sts_organization: &str) -> String {
    policy(&format!("org/{sts_organization}/project/{}/user/*", testkit::example_ids::PROJECT_ID))
}

/// Trusts what has this `sub`.
pub(crate) fn policy(subject: &str) -> String {
    let provider = format!("oidc.circleci.com/org/{}", testkit::example_ids::ORGANIZATION_ID);
    serde_json::json!({
        "Version": "2012-10-17",
        "Statement": [{
            "Effect": "Allow",
            "Principal": {"Federated": format!("arn:aws:iam::123456789012:oidc-provider/{provider}")},
            "Action": "sts:AssumeRoleWithWebIdentity",
            "Condition": {
                "StringEquals": {format!("{provider}:aud"): testkit::example_ids::ORGANIZATION_ID},
                "StringLike": {format!("{provider}:sub"): subject},
            },
        }],
    })
    .to_string()
}

/// One job, with an STS of its own.
pub(crate) struct Job {
    pub(crate) sts: LocalSts,
    pub(crate) directory: tempfile::TempDir,
    environment: BTreeMap<String, String>,
    /// Tokens that come from elsewhere than the environment.
    secrets: Vec<String>,
}

/// What a run of the binary left.
pub(crate) struct Run {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Job {
    /// A job of the example project; `ROLE` trusts it.
    pub(crate) fn new() -> Self {
        Self::with(Config::default())
    }

    /// The same, with answers that go wrong: the first ones, or all.
    pub(crate) fn with_fault(fault: Fault, uses: Option<u32>) -> Self {
        let faults = vec![PlannedFault { role_arn: ROLE.to_owned(), fault, uses }];
        Self::with(Config { faults, ..Config::default() })
    }

    /// The same, with a server made to order.
    pub(crate) fn with(mut config: Config) -> Self {
        if config.roles.is_empty() {
            config.roles.push(Role::new(ROLE, &project_policy(testkit::example_ids::ORGANIZATION_ID)));
        }
        let sts = LocalSts::start(config).unwrap();
        let directory = tempfile::tempdir().unwrap();
        let mut job = Self { sts, directory, environment: BTreeMap::new(), secrets: Vec::new() };
        std::fs::create_dir(job.path("home")).unwrap();
        write(&job.path("ca.pem"), job.sts.ca_pem());
        let endpoint = job.sts.endpoint().to_owned();
        job.set("HOME", &job.text("home"));
        job.set("BASH_ENV", &job.text("bash_env"));
        job.set("AWS_CA_BUNDLE", &job.text("ca.pem"));
        job.set("AWS_ENDPOINT_URL_STS", &endpoint);
        job.set("CIRCLECI_AWS_OIDC_ROLE_ARN", ROLE);
        job.set("CIRCLE_OIDC_TOKEN_V2", &job.token(Shape::V2));
        job
    }

    /// A fresh token of the example project.
    pub(crate) fn token(&self, shape: Shape) -> String {
        JobToken { shape, ..self.fresh() }.mint(self.sts.issuer()).unwrap()
    }

    /// Puts this token where the job has its tokens.
    pub(crate) fn set_token(&mut self, variable: &str, token: &JobToken) -> &mut Self {
        let token = token.mint(self.sts.issuer()).unwrap();
        self.set(variable, &token)
    }

    /// What a fresh token would say.
    pub(crate) fn fresh(&self) -> JobToken {
        JobToken::new(self.sts.issuer().organization_id(), unix_time_now())
    }

    pub(crate) fn set(&mut self, name: &str, value: &str) -> &mut Self {
        self.environment.insert(name.to_owned(), value.to_owned());
        self
    }

    pub(crate) fn unset(&mut self, name: &str) -> &mut Self {
        self.environment.remove(name);
        self
    }

    /// Nothing that is printed may hold this text from now on.
    pub(crate) fn keep_secret(&mut self, text: &str) {
        self.secrets.push(text.to_owned());
    }

    pub(crate) fn value(&self, name: &str) -> &str {
        &self.environment[name]
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    pub(crate) fn text(&self, name: &str) -> String {
        self.path(name).display().to_string()
    }

    /// A file's text; empty where there is none.
    pub(crate) fn read(&self, name: &str) -> String {
        std::fs::read_to_string(self.path(name)).unwrap_or_default()
    }

    pub(crate) fn write(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        write(&path, text);
        path
    }

    /// Writes a script that can be run.
    pub(crate) fn write_program(&self, name: &str, text: &str) -> PathBuf {
        let path = self.path(name);
        testkit::write_program(&path, text.as_bytes()).unwrap();
        path
    }

    /// `assume` with more flags.
    pub(crate) fn assume(&self, flags: &[&str]) -> Run {
        self.run(&[&["assume"], flags].concat())
    }

    /// The binary; whatever it prints must hold no secret of this job, stdout of `--to` formats and of
    /// `credential-process` aside.
    pub(crate) fn run(&self, arguments: &[&str]) -> Run {
        let exports = arguments.iter().any(|argument| {
            matches!(*argument, "json" | "shell" | "fish" | "powershell" | "credential-process")
        });
        let run = self.run_of(&self.command(arguments).output().unwrap(), exports);
        if arguments.first() == Some(&"credential-process") {
            run.is_silent_if_it_succeeds();
        }
        run
    }

    /// A step's script, as a runner starts it, with the job's variables. Its output is searched too.
    pub(crate) fn bash(&self, script: &str) -> Run {
        let mut command = Command::new("bash");
        command.args(["-e", "-c", script]).env_clear().envs(&self.environment);
        self.run_of(&command.current_dir(self.directory.path()).output().unwrap(), false)
    }

    fn run_of(&self, output: &Output, exports: bool) -> Run {
        let run = Run::from(output);
        let mut texts = vec![("stderr", output.stderr.as_slice())];
        let stdout = if self.environment.contains_key("GITHUB_ENV") {
            runner::without_masks(&output.stdout)
        } else {
            output.stdout.clone()
        };
        if !exports {
            texts.push(("stdout", &stdout));
        }
        self.assert_no_secret_in(&texts);
        run
    }

    pub(crate) fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_circleci-aws-oidc"));
        command.args(arguments).env_clear().envs(&self.environment).current_dir(self.directory.path());
        command
    }

    /// Tokens, everything that STS gave out, and what it tells of a person.
    pub(crate) fn assert_no_secret_in(&self, texts: &[(&str, &[u8])]) {
        let granted = self.sts.granted();
        let mut secrets: Vec<(&str, &str)> = Vec::new();
        for name in [
            "CIRCLE_OIDC_TOKEN",
            "CIRCLE_OIDC_TOKEN_V2",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
            "BITBUCKET_STEP_OIDC_TOKEN",
            "AWS_TOKEN",
        ] {
            // Broken tokens of tests may be too short to be told from other texts.
            secrets.extend(
                self.environment
                    .get(name)
                    .filter(|token| token.len() > 40)
                    .map(|token| (name, token.as_str())),
            );
        }
        secrets.extend(self.secrets.iter().map(|text| ("token", text.as_str())));
        for credentials in &granted {
            secrets.push(("secret access key", &credentials.secret_access_key));
            secrets.push(("session token", &credentials.session_token));
        }
        secrets.push(("person", local_sts::PROPAGATED_SUBJECT));
        secrets.push(("claim of the identity context", local_sts::PROPAGATED_CLAIM));
        let leaks = find_leaks(&secrets, texts);
        assert!(leaks.is_empty(), "{leaks:?}");
    }
}

impl From<&Output> for Run {
    fn from(output: &Output) -> Self {
        Self {
            status: output.status.code().unwrap_or(-1),
            stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        }
    }
}

impl Run {
    /// Checks exit code and a part of what was said.
    #[track_caller]
    pub(crate) fn expect(&self, status: i32, part: &str) -> &Self {
        assert_eq!(self.status, status, "{}", self.stderr);
        assert!(self.stderr.contains(part), "`{part}` is not in:\n{}", self.stderr);
        self
    }

    /// Some SDKs read what `credential-process` prints on stderr as a part of its JSON.
    #[track_caller]
    pub(crate) fn is_silent_if_it_succeeds(&self) -> &Self {
        assert!(self.status != 0 || self.stderr.is_empty(), "not silent: {}", self.stderr);
        self
    }

    #[track_caller]
    pub(crate) fn succeeds(&self) -> &Self {
        self.expect(0, "")
    }
}

/// What bash makes of `BASH_ENV`, in an environment that holds `before`.
pub(crate) fn next_step(job: &Job, before: &[(&str, &str)], script: &str) -> String {
    let output = Command::new("bash")
        .args(["-eo", "pipefail", "-c", script])
        .env_clear()
        .env("PATH", "/usr/local/bin:/usr/bin:/bin")
        .env("BASH_ENV", job.path("bash_env"))
        .envs(before.iter().copied())
        .current_dir(job.directory.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[expect(clippy::disallowed_methods, reason = "a fixture is no file of a user")]
pub(crate) fn write(path: &Path, text: &str) {
    std::fs::write(path, text).unwrap();
}
