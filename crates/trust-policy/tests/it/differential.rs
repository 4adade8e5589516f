//! Random policies and claims, evaluated by this crate and by a second evaluator in another language, which was written
//! only from the guide (`differential/string_operators.py`): the results do not differ.

pub(crate) mod random;

use std::{
    io::{self, BufWriter, ErrorKind, Write},
    process::{Command, Stdio},
};

use random::Random;
use serde::Deserialize;
use trust_policy::{ConditionKeys, TokenClaims, TrustPolicy, Verdict, WebIdentity, evaluate};

const CASES: usize = 100_000;
/// Printed with a difference, so that it can be found again.
const SEED: u64 = 20_261_122;
/// Neither answer may be so frequent that always giving it would nearly pass.
const FEWEST_OF_EACH: usize = CASES / 5;

const EVALUATOR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/tests/it/differential/string_operators.py");
const ISSUER: &str = "https://i/O";
const PROVIDER: &str = "arn:aws:iam::111122223333:oidc-provider/i/O";

const WRONG: &str = r#"{"policy": {"Version": "2012-10-17", "Statement": []}, "claims": {"iss": "", "sub": "", "aud": ""}, "allowed": true}"#;

/// What the other evaluator says.
#[derive(Debug, PartialEq, Deserialize)]
struct Answer {
    lines: usize,
    different: Vec<usize>,
}

#[test]
fn an_independent_evaluator_agrees() {
    let spawned = Command::new("python3").arg(EVALUATOR).stdin(Stdio::piped()).stdout(Stdio::piped()).spawn();
    let mut other = match spawned {
        Ok(other) => other,
        Err(error) if error.kind() == ErrorKind::NotFound => {
            // Past the capture of tests that pass.
            return io::stdout().write_all(b"skipped: no python3\n").unwrap();
        }
        Err(error) => panic!("{error}"),
    };
    let mut random = Random::new(SEED);
    let mut lines = BufWriter::new(other.stdin.take().unwrap());
    let mut written = Vec::new();
    let mut allowed = 0;
    for _ in 0..CASES {
        let claims = random.claims(ISSUER);
        let policy = random.policy(&claims, PROVIDER).to_string();
        let claims = claims.to_string();
        let is_allowed = is_allowed(&policy, &claims);
        allowed += usize::from(is_allowed);
        let line = format!(r#"{{"policy": {policy}, "claims": {claims}, "allowed": {is_allowed}}}"#);
        writeln!(lines, "{line}").unwrap();
        written.push(line);
    }
    // A wrong verdict, to check that the second evaluator notices it.
    writeln!(lines, "{WRONG}").unwrap();
    drop(lines);
    let output = other.wait_with_output().unwrap();
    assert!(output.status.success());
    let answer: Answer = serde_json::from_slice(&output.stdout).unwrap();
    let examples: Vec<_> =
        answer.different.iter().filter_map(|number| written.get(number - 1)).take(3).collect();
    assert_eq!(answer, Answer { lines: CASES + 1, different: vec![CASES + 1] }, "seed {SEED}: {examples:#?}");
    println!("{allowed} of {CASES} allowed");
    assert!((FEWEST_OF_EACH..=CASES - FEWEST_OF_EACH).contains(&allowed), "{allowed} of {CASES} allowed");
}

fn is_allowed(policy: &str, claims: &str) -> bool {
    let policy: TrustPolicy = policy.parse().unwrap();
    let claims: TokenClaims = claims.parse().unwrap();
    let identity =
        WebIdentity { provider_arn: PROVIDER.to_owned(), keys: ConditionKeys::from_token(&claims) };
    match evaluate(&policy, &identity) {
        Verdict::Allowed => true,
        Verdict::Denied { .. } => false,
        Verdict::Unknown { reasons } => panic!("{policy:?} on {claims:?}: {reasons:?}"),
    }
}
