//! `local-sts rehearse`: a trust policy, tried with a token for each job that it should allow or deny.

mod client;
mod error;
mod jobs;

use std::{
    io::{self, Write as _},
    path::Path,
};

use local_sts::{Config, Judgement, LocalSts};
use testkit::TestIssuer;

use self::{client::Client, jobs::Job};
use crate::{arguments::Rehearse, failure::Failure, policy_file};

pub(crate) use error::RehearsalError;

/// As the product names a session by default, so that a condition on the name meets the usual one.
const SESSION_NAME: &str = "CircleCI-rehearsal-1";

/// Tries every job. The first that cannot be tried ends the rehearsal.
pub(crate) fn run(options: &Rehearse) -> Result<(), Failure> {
    let role_arn = role_arn(options)?;
    let role = policy_file::role(&role_arn, &options.policy, &options.organization, &options.project)?;
    let policy = role.trust_policy.clone();
    let issuer = TestIssuer::new(&options.organization).map_err(Failure::Issuer)?;
    let server = LocalSts::start(Config { roles: vec![role], issuer: Some(issuer), ..Config::default() })
        .map_err(Failure::Start)?;
    let client = Client::find(&server, &role_arn, &policy)?;
    say(&match &client {
        Some(client) => format!("note: each exchange is made by `{}`, too", client.path().display()),
        None => "note: judged by local-sts alone: circleci-aws-oidc is neither beside it nor on the PATH"
            .to_owned(),
    });
    let jobs = jobs::of(options);
    let mut wrong = Vec::new();
    for job in &jobs {
        let (is_allowed, explanation) = tried(job, &server, (&role_arn, &options.policy), client.as_ref())
            .map_err(|source| Failure::Rehearsal { job: job.name.clone(), source })?;
        print(&row(job, is_allowed))?;
        if is_allowed != job.is_expected {
            wrong.push(job);
            say(explanation.trim_end());
        }
    }
    if wrong.is_empty() {
        return Ok(());
    }
    Err(Failure::Unexpected { wrong: wrong.len(), all: jobs.len(), hint: hint(options, &wrong) })
}

/// The role of the command line, else one in the account of the provider that the policy trusts.
fn role_arn(options: &Rehearse) -> Result<String, Failure> {
    if let Some(arn) = &options.role_arn {
        return Ok(arn.clone());
    }
    let policy = policy_file::read(&options.policy)?;
    account_of_provider(&policy)
        .map(|(partition, account)| format!("arn:{partition}:iam::{account}:role/rehearsed"))
        .ok_or_else(|| Failure::NoAccount(options.policy.clone()))
}

/// Partition and account of the first `arn:…:iam::…:oidc-provider/…` in the text.
fn account_of_provider(policy: &str) -> Option<(&str, &str)> {
    policy.split("\"arn:").skip(1).find_map(|arn| {
        let (partition, rest) = arn.split_once(":iam::")?;
        let (account, _) = rest.split_once(":oidc-provider/")?;
        let fits = account.len() == 12 && account.bytes().all(|byte| byte.is_ascii_digit());
        let is_word = partition.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
        (fits && is_word).then_some((partition, account))
    })
}

/// Whether the policy allows the job, and why not, as the product says.
fn tried(
    job: &Job,
    server: &LocalSts,
    (role_arn, policy): (&str, &Path),
    client: Option<&Client<'_>>,
) -> Result<(bool, String), RehearsalError> {
    let token = job.token.mint(server.issuer()).map_err(RehearsalError::Token)?;
    let is_allowed = match server.judge(role_arn, SESSION_NAME, &token) {
        Judgement::Allowed => true,
        Judgement::Denied => false,
        Judgement::Undecided => return Err(RehearsalError::Undecided),
        Judgement::Refused { code, message } => return Err(RehearsalError::Refused { code, message }),
    };
    let Some(client) = client else { return Ok((is_allowed, String::new())) };
    let explanation = client.exchange(&token, is_allowed)?;
    let (copy, policy) = (client.policy_file().display().to_string(), policy.display().to_string());
    Ok((is_allowed, explanation.replace(&copy, &policy)))
}

fn row(job: &Job, is_allowed: bool) -> String {
    let word = |is_allowed| if is_allowed { "allowed" } else { "denied" };
    if is_allowed == job.is_expected {
        format!("ok     {:<7}  {}", word(is_allowed), job.name)
    } else {
        format!("wrong  {:<7}  {}, expected {}", word(is_allowed), job.name, word(job.is_expected))
    }
}

fn hint(options: &Rehearse, wrong: &[&Job]) -> String {
    let file = options.policy.display();
    if wrong.iter().all(|job| !job.is_expected) {
        return format!(
            "limit `sub` in the policy; `circleci-aws-oidc trust lint {file}` names the wide conditions"
        );
    }
    if options.origin.is_none() && jobs::ref_counts(options.shape) {
        return "set `--origin` to the repository, such as github.com/your-org/your-app, if the policy names one".to_owned();
    }
    format!(
        "correct the condition of `{file}` that `fails:` names, or expect the job to be denied; `fails:` is printed if \
         `circleci-aws-oidc` is in the PATH"
    )
}

fn print(line: &str) -> Result<(), Failure> {
    writeln!(io::stdout(), "{line}").map_err(Failure::Streams)
}

/// Where standard error is closed, the table and the exit code remain.
fn say(text: &str) {
    if !text.is_empty() {
        let _ = writeln!(io::stderr(), "{text}");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_account_is_that_of_the_first_provider() {
        let policy = r#"{"Principal": {"AWS": "arn:aws:iam::111111111111:root", "Federated": "arn:aws-cn:iam::222222222222:oidc-provider/x"}}"#;
        assert_eq!(account_of_provider(policy), Some(("aws-cn", "222222222222")));
        assert_eq!(account_of_provider(r#"{"Federated": "accounts.google.com"}"#), None);
        assert_eq!(account_of_provider(r#""arn:aws:iam::${ACCOUNT_ID}:oidc-provider/x""#), None);
    }
}
