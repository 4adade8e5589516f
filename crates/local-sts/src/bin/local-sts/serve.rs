//! `local-sts serve`: the server, and the files by which a script finds it.

use std::{
    io::{self, Write as _},
    thread,
};

use local_sts::{Config, LocalSts, Role, unix_time_now};
use testkit::{JobToken, Shape, TestIssuer, example_ids::PROJECT_ID};

use crate::{
    arguments::Serve,
    failure::Failure,
    policy_file,
    state_directory::{CA, StateDirectory},
};

/// Runs until killed, or until standard input closes.
pub(crate) fn run(options: Serve) -> Result<(), Failure> {
    let directory = StateDirectory::create(&options.dir)?;
    // Scripts wait for `env`: one of an earlier run names an endpoint where nothing listens any more.
    directory.remove_files_of_a_run()?;
    let issuer = directory.issuer_or_new(&options.organization)?;
    let environment = Tokens::mint(&issuer)?;
    let roles = options
        .roles
        .iter()
        .map(|file| {
            let role = policy_file::role(&file.arn, &file.policy, issuer.organization_id(), PROJECT_ID)?;
            Ok(Role { max_session_duration: options.max_session_duration, ..role })
        })
        .collect::<Result<_, Failure>>()?;
    let server = LocalSts::start(Config {
        roles,
        faults: options.faults,
        issuer: Some(issuer),
        port: options.port,
        request_log: Some(directory.log("requests.jsonl")?),
        ..Config::default()
    })
    .map_err(Failure::Start)?;
    directory.write(CA, server.ca_pem().as_bytes())?;
    directory.write_endpoint(server.endpoint())?;
    let ca_bundle = directory.path(CA);
    let lines = [
        format!("AWS_ENDPOINT_URL_STS={}", server.endpoint()),
        format!("AWS_CA_BUNDLE={}", ca_bundle.display()),
        format!("CIRCLE_OIDC_TOKEN={}", environment.v1),
        format!("CIRCLE_OIDC_TOKEN_V2={}", environment.v2),
    ];
    directory.write_environment(&format!("{}\n", lines.join("\n")))?;
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
