//! `local-sts serve`: the server, and the files by which a script finds it.

use std::{
    fs,
    io::{self, Write as _},
    thread,
};

use local_sts::{Config, LocalSts, Role, unix_time_now};
use testkit::{JobToken, Shape, TestIssuer, example_ids::PROJECT_ID};

use crate::{
    arguments::{RoleFile, Serve},
    failure::Failure,
    state_directory::StateDirectory,
};

/// Runs until killed, or until standard input closes.
pub(crate) fn run(options: Serve) -> Result<(), Failure> {
    let directory = StateDirectory::create(&options.dir)?;
    let issuer = directory.issuer_or_new(&options.organization)?;
    let environment = Tokens::mint(&issuer)?;
    let roles = options
        .roles
        .iter()
        .map(|file| role(file, &issuer, options.max_session_duration))
        .collect::<Result<_, _>>()?;
    let server = LocalSts::start(Config {
        roles,
        faults: options.faults,
        issuer: Some(issuer),
        port: options.port,
        request_log: Some(directory.log("requests.jsonl")?),
        ..Config::default()
    })
    .map_err(Failure::Start)?;
    directory.write("ca.pem", server.ca_pem().as_bytes())?;
    directory.write_endpoint(server.endpoint())?;
    let ca_bundle = directory.path("ca.pem");
    let lines = [
        format!("AWS_ENDPOINT_URL_STS={}", server.endpoint()),
        format!("AWS_CA_BUNDLE={}", ca_bundle.display()),
        format!("CIRCLE_OIDC_TOKEN={}", environment.v1),
        format!("CIRCLE_OIDC_TOKEN_V2={}", environment.v2),
    ];
    directory.write("env", format!("{}\n", lines.join("\n")).as_bytes())?;
    writeln!(io::stdout(), "local-sts listens on {}", server.endpoint()).map_err(Failure::Streams)?;
    if options.until_stdin_closes {
        io::copy(&mut io::stdin(), &mut io::sink()).map_err(Failure::Streams)?;
        return Ok(());
    }
    loop {
        thread::park();
    }
}

/// The tokens in the environment of a job of the default project.
struct Tokens {
    v1: String,
    v2: String,
}

impl Tokens {
    fn mint(issuer: &TestIssuer) -> Result<Self, Failure> {
        let v2 = JobToken::new(issuer.organization_id(), unix_time_now());
        let v1 = JobToken { shape: Shape::V1, ..v2.clone() };
        let mint = |token: JobToken| token.mint(issuer).map_err(Failure::Issuer);
        Ok(Self { v1: mint(v1)?, v2: mint(v2)? })
    }
}

fn role(file: &RoleFile, issuer: &TestIssuer, max_session_duration: i64) -> Result<Role, Failure> {
    let policy = fs::read_to_string(&file.policy)
        .map_err(|source| Failure::Read { path: file.policy.clone(), source })?;
    let mut role = Role { max_session_duration, ..Role::new(&file.arn, &policy) };
    role.trust_policy = policy
        .replace("${ORGANIZATION_ID}", issuer.organization_id())
        .replace("${PROJECT_ID}", PROJECT_ID)
        .replace("${ACCOUNT_ID}", &role.account().unwrap_or_default());
    Ok(role)
}
