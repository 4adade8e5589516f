//! A secret in a place that is for another value: every flag and variable of the table of settings, every positional
//! argument, every variable that the program reads. Whatever the run leads to, no piece of the secret is printed.

use std::collections::{BTreeSet, HashSet};
use std::os::unix::process::CommandExt;
use std::process::{Command, Output};

use testkit::Shape;

use crate::support::{Job, ROLE};

const BINARY: &str = env!("CARGO_BIN_EXE_circleci-aws-oidc");

/// The source of the table: a row names its flag.
const TABLE: [&str; 5] = [
    include_str!("../../src/settings/table/session.rs"),
    include_str!("../../src/settings/table/destination.rs"),
    include_str!("../../src/settings/table/network.rs"),
    include_str!("../../src/settings/table/trust.rs"),
    include_str!("../../src/settings/table/output.rs"),
];

/// The source of the list of variables that the program reads.
const VARIABLES: &str = include_str!("../../src/io/environment.rs");

const COMMANDS: [&[&str]; 11] = [
    &["assume"],
    &["profiles", "--config", "[profile a]\nrole_arn = arn:aws:iam::123456789012:role/ci/deploy\n"],
    &["credential-process"],
    &["serve"],
    &["scope", "--scope-duration", "5m", "--to", "profile:a"],
    &["whoami"],
    &["clear"],
    &["preflight"],
    &["trust", "generate"],
    &["trust", "lint", "policy.json"],
    &["trust", "test", "--policy", "policy.json"],
];

/// What comes before a value in a text that has parts.
const PREFIXES: [&str; 12] = [
    "",
    "env:",
    "file:",
    "profile:",
    "dotenv:",
    "K=",
    "https://",
    "https://x.example/",
    "auto,",
    "/tmp/",
    "$",
    "arn:aws:iam::123456789012:role/",
];

/// The rows that take a value, and the variable of each.
fn settings() -> Vec<(String, String)> {
    let flags = TABLE.iter().flat_map(|text| text.lines()).filter_map(|line| {
        let (_, after) = line.trim().split_once(": \"--")?;
        Some(format!("--{}", after.split_once('"')?.0))
    });
    let name = |flag: &str| flag.trim_start_matches("--").replace('-', "_").to_ascii_uppercase();
    flags.map(|flag| (flag.clone(), format!("CIRCLECI_AWS_OIDC_{}", name(&flag)))).collect()
}

fn variables() -> BTreeSet<String> {
    let names = VARIABLES.split_once("pub(crate) mod vars {").unwrap().1.split_once("\n}\n").unwrap().0;
    let quoted = names.split('"').skip(1).step_by(2).map(str::to_owned);
    quoted.filter(|name| !name.contains(' ')).collect()
}

/// One run to try.
struct Attempt {
    place: String,
    secret: String,
    arguments: Vec<String>,
    variables: Vec<(String, String)>,
}

/// One job, the runs that are tried, and what was found.
struct Search {
    job: Job,
    pending: Vec<Attempt>,
    runs: usize,
    leaks: Vec<String>,
}

impl Search {
    fn new() -> Self {
        let job = Job::new();
        job.write("policy.json", &crate::support::policy("org/*"));
        Self { job, pending: Vec::new(), runs: 0, leaks: Vec::new() }
    }

    fn try_one(&mut self, place: &str, secret: &str, arguments: &[&str], variables: &[(&str, &str)]) {
        let owned = |text: &&str| (*text).to_owned();
        self.pending.push(Attempt {
            place: place.to_owned(),
            secret: secret.to_owned(),
            arguments: arguments.iter().map(owned).collect(),
            variables: variables.iter().map(|(name, value)| (owned(name), owned(value))).collect(),
        });
    }

    /// Runs what is pending, side by side: some runs wait for a server.
    fn run(&mut self) {
        let pending = std::mem::take(&mut self.pending);
        self.runs += pending.len();
        let search = &*self;
        let found: Vec<String> = std::thread::scope(|scope| {
            let parts = pending.chunks(pending.len().div_ceil(12).max(1));
            let threads: Vec<_> = parts
                .map(|part| scope.spawn(|| part.iter().filter(|run| search.leaks(run)).collect::<Vec<_>>()))
                .collect();
            let found = threads.into_iter().flat_map(|thread| thread.join().unwrap());
            found.map(|run| run.place.clone()).collect()
        });
        self.leaks.extend(found);
    }

    /// Whether the run prints a piece of the secret.
    fn leaks(&self, run: &Attempt) -> bool {
        let arguments: Vec<&str> = run.arguments.iter().map(String::as_str).collect();
        let variables: Vec<(&str, &str)> =
            run.variables.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        let output = self.output(&arguments, &variables);
        let printed = String::from_utf8_lossy(&[output.stdout, output.stderr].concat()).to_ascii_lowercase();
        let secret = run.secret.to_ascii_lowercase();
        let pieces: HashSet<&[u8]> = secret.as_bytes().windows(16).collect();
        printed.as_bytes().windows(16).any(|piece| pieces.contains(piece))
    }

    /// `serve` and a hanging network end after a few seconds.
    fn output(&self, arguments: &[&str], variables: &[(&str, &str)]) -> Output {
        let mut command = Command::new("/usr/bin/timeout");
        command.args(["1", BINARY]).args(arguments);
        let of_job = self.job.command(&[]);
        let environment = of_job.get_envs().filter_map(|(name, value)| Some((name, value?)));
        command.env_clear().envs(environment).current_dir(self.job.directory.path());
        command.env("CIRCLECI_AWS_OIDC_MAX_ATTEMPTS", "1").env("CIRCLECI_AWS_OIDC_DEADLINE", "1s");
        command.envs(variables.iter().copied()).process_group(0);
        command.output().unwrap()
    }

    /// Every place, with this text that holds the secret.
    fn try_everywhere(&mut self, name: &str, text: &str, secret: &str, others: &[(&str, &str)]) {
        for command in COMMANDS {
            let help = self.output(&[&command[..command.len().min(2)], &["--help"]].concat(), &[]);
            let help = String::from_utf8_lossy(&help.stdout).into_owned();
            for (flag, variable) in settings() {
                let place = format!("{name} {} {flag}", command.join(" "));
                if help.contains(&format!("{flag} <")) {
                    self.try_one(&place, secret, &[command, &[&flag, text]].concat(), others);
                }
                if help.contains(&format!("{flag} ")) {
                    let variables = [others, &[(variable.as_str(), text)]].concat();
                    self.try_one(&format!("{place} (variable)"), secret, command, &variables);
                    let variables = [others, &[(variable.as_str(), "$PLACE"), ("PLACE", text)]].concat();
                    self.try_one(&format!("{place} (named)"), secret, command, &variables);
                }
            }
            self.try_one(&format!("{name} {command:?} stray"), secret, &[command, &[text]].concat(), others);
            let flag = format!("--{text}");
            self.try_one(&format!("{name} {command:?} flag"), secret, &[command, &[&flag]].concat(), others);
        }
        self.try_one(&format!("{name} subcommand"), secret, &[text], others);
        self.try_one(&format!("{name} trust"), secret, &["trust", text], others);
        for file in ["lint", "test"] {
            self.try_one(&format!("{name} file"), secret, &["trust", file, text], others);
        }
    }

    #[track_caller]
    fn finds_nothing(&mut self, at_least: usize) {
        self.run();
        assert!(self.leaks.is_empty(), "{} of {}:\n{}", self.leaks.len(), self.runs, self.leaks.join("\n"));
        assert!(self.runs >= at_least, "{}", self.runs);
    }
}

#[test]
fn a_token_in_the_place_of_any_setting_is_not_printed() {
    let mut search = Search::new();
    let token = search.job.token(Shape::V2);
    search.try_everywhere("token", &token, &token, &[]);
    search.finds_nothing(300);
}

#[test]
fn a_secret_of_a_response_in_the_place_of_any_setting_is_not_printed() {
    let mut search = Search::new();
    search.job.assume(&[]).succeeds();
    let granted = search.job.sts.granted()[0].clone();
    let (key, token) = (granted.secret_access_key, granted.session_token);
    search.try_everywhere("key", &key, &key, &[]);
    search.try_everywhere("session", &token, &token, &[("AWS_SESSION_TOKEN", &token)]);
    search.finds_nothing(600);
}

#[test]
fn a_token_in_another_form_or_in_parts_is_not_printed() {
    let mut search = Search::new();
    let token = search.job.value("CIRCLE_OIDC_TOKEN_V2").to_owned();
    let signature = token.rsplit('.').next().unwrap();
    let encoded: String = token.replace('.', "%2E").replace('-', "%2D");
    let forms = [
        ("cut", token[..token.len() / 2].to_owned()),
        ("signature", signature.to_owned()),
        ("quoted", format!("'{token}'")),
        ("encoded", encoded),
        ("lines", format!("{}\n{}", &token[..40], &token[40..])),
        ("bidi", format!("\u{202e}{token}\u{1b}[2J")),
    ];
    for (name, form) in forms {
        for flag in ["--role-arn", "--region", "--token-source", "--to", "--session-name", "--policy"] {
            for prefix in PREFIXES {
                let text = format!("{prefix}{form}");
                let place = format!("{name} {flag} {prefix}");
                search.try_one(&place, &token, &["assume", flag, &text], &[]);
                search.try_one(&place, &token, &["preflight", flag, &text], &[]);
            }
        }
        search.try_one(name, &token, &["assume", "--what", &form], &[]);
        search.try_one(name, &token, &["clear", "--to", &format!("profile:{form}")], &[]);
        search.try_one(name, &token, &["whoami", "--profile", &form], &[]);
        search.try_one(name, &token, &["trust", "lint", &form], &[]);
    }
    search.finds_nothing(800);
}

#[test]
fn a_secret_in_any_variable_that_the_program_reads_is_not_printed() {
    let mut search = Search::new();
    let token = search.job.token(Shape::V2);
    search.job.assume(&[]).succeeds();
    let key = search.job.sts.granted()[0].secret_access_key.clone();
    let names = variables();
    assert!(names.len() > 40 && names.contains("AWS_REGION") && names.contains("HTTPS_PROXY"), "{names:?}");
    for secret in [token, key] {
        for variable in &names {
            // `serve` reads what `assume` reads, and would run.
            for command in COMMANDS.into_iter().filter(|command| command[0] != "serve") {
                let place = format!("{} {variable}", command.join(" "));
                search.try_one(&place, &secret, command, &[(variable, &secret)]);
            }
        }
    }
    search.finds_nothing(800);
}

#[test]
fn a_token_in_the_declared_roles_is_not_printed() {
    let mut search = Search::new();
    let token = search.job.token(Shape::V2);
    let role = "role_arn = arn:aws:iam::123456789012:role/ci/deploy";
    for key in [
        "role_arn",
        "source_profile",
        "external_id",
        "duration_seconds",
        "region",
        "role_session_name",
        "x",
        "[",
    ] {
        for text in [
            format!("[profile a]\n{role}\n{key} = {token}\n"),
            format!("[profile a]\n{key} = {token}\n"),
            format!("[profile {token}]\n{role}\n"),
            format!("[profile a]\n{role}\n{token} = {key}\n"),
            format!("{token}\n[profile a]\n{role}\n"),
        ] {
            let path = search.job.write("roles", &text);
            search.try_one(key, &token, &["profiles", "--config", &text], &[]);
            search.try_one(key, &token, &["profiles", "--config-file", path.to_str().unwrap()], &[]);
            search.job.write("home/.aws/config", &text);
            search.try_one(key, &token, &["whoami", "--profile", "a"], &[]);
            search.run();
            std::fs::remove_file(search.job.path("home/.aws/config")).unwrap();
        }
    }
    search.finds_nothing(100);
}

/// A policy or an identity with a gap in it would be used like a whole one.
#[test]
fn a_commit_is_no_secret() {
    const COMMIT: &str = "11f6ad8ec52a2984abaafd7c3b516503785c2072";
    let mut job = Job::new();
    job.set("CIRCLE_SHA1", COMMIT);
    job.set("CIRCLECI_AWS_OIDC_SESSION_NAME", "deploy-$CIRCLE_SHA1");
    job.assume(&["--profile", "prod"]).expect(0, &format!("/deploy-{COMMIT} until "));
    job.unset("CIRCLECI_AWS_OIDC_SESSION_NAME");
    let identity = job.run(&["whoami", "--profile", "prod"]);
    assert!(identity.succeeds().stdout.contains(&format!("/deploy-{COMMIT}\n")), "{}", identity.stdout);
    let branch = format!("release/{COMMIT}");
    let policy = job.run(&["trust", "generate", "--role-arn", ROLE, "--branch", &branch]);
    assert!(policy.succeeds().stdout.contains(&format!("/refs/heads/{branch}\"")), "{}", policy.stdout);
}
