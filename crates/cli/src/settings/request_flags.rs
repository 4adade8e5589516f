//! A request that outlives the step: the flags by which another process asks for the same session, and the name by which
//! processes of one job know it. Paths become absolute and values are filled in, as that process has neither this one's
//! working directory nor its settings.

use ring::digest::{SHA256, digest};

use crate::args::{NetworkArgs, SessionArgs};
use crate::io::environment::{Environment, vars};
use crate::io::files::text_file;
use crate::settings::table::{self, Setting};
use crate::settings::{Lookup, SessionSettings, SettingsError, invalid};

/// One session, asked for again and again.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Standing {
    /// What has to be given to get it, and nothing that a later process would read from elsewhere.
    pub(crate) flags: Vec<String>,
    /// Of the flags and the job, fit for a file's name: credentials of one job are not for the next.
    pub(crate) key: String,
}

/// What tells jobs apart that run under one home, as on a self-hosted runner.
const JOB: [&str; 5] = [
    vars::CIRCLE_WORKFLOW_JOB_ID,
    vars::CIRCLE_NODE_INDEX,
    vars::GITHUB_RUN_ID,
    vars::GITHUB_RUN_ATTEMPT,
    vars::GITHUB_JOB,
];

impl Standing {
    /// Puts the flags together. The trust policy is left out: it is a file of the checkout, and explains no more than the
    /// first denial.
    pub(crate) fn read(
        args: &SessionArgs,
        network: &NetworkArgs,
        settings: &SessionSettings,
        look: Lookup<'_>,
    ) -> Result<Self, SettingsError> {
        let mut flags = Flags { all: Vec::new(), look };
        flags.push(table::ROLE_ARN, settings.role.to_string());
        flags.push(table::SESSION_NAME, settings.session_name.to_string());
        flags.push(table::DURATION, settings.duration.seconds().to_string());
        if let Some(region) = &settings.region {
            flags.push(table::REGION, region.to_string());
        }
        flags.token_source(args)?;
        flags.as_given(table::AUDIENCE, args.audience.as_deref())?;
        for hop in &settings.chain {
            flags.push(table::CHAIN_ROLE_ARN, hop.role.to_string());
        }
        flags.as_given(table::EXTERNAL_ID, args.external_id.as_deref())?;
        flags.list(table::TAG, &args.tag)?;
        flags.list(table::TRANSITIVE_TAG, &args.transitive_tag)?;
        flags.as_given(table::SOURCE_IDENTITY, args.source_identity.as_deref())?;
        if let Some(policy) = settings.policies.inline() {
            flags.push(table::POLICY, policy.as_str().to_owned());
        }
        flags.list(table::POLICY_ARN, &args.policy_arn)?;
        flags.list(table::ALLOWED_ACCOUNT_ID, &args.allowed_account_id)?;
        flags.list(table::FORBIDDEN_ACCOUNT_ID, &args.forbidden_account_id)?;
        flags.switch(table::REFUSE_SSH_RERUN, args.job_guard.refuse_ssh_rerun)?;
        flags.switch(table::REFUSE_FORK, args.job_guard.refuse_fork)?;
        flags.as_given(table::STS_ENDPOINT, network.sts_endpoint.as_deref())?;
        flags.ca_bundle(network)?;
        // How long somebody waits for a session is no part of it.
        let key = key(&flags.all, look);
        flags.as_given(table::CONNECT_TIMEOUT, network.connect_timeout.as_deref())?;
        flags.as_given(table::DEADLINE, network.deadline.as_deref())?;
        flags.as_given(table::MAX_ATTEMPTS, network.max_attempts.as_deref())?;
        Ok(Self { flags: flags.all, key })
    }
}

struct Flags<'a> {
    all: Vec<String>,
    look: Lookup<'a>,
}

impl Flags<'_> {
    fn push(&mut self, setting: Setting, value: String) {
        if value.starts_with('-') {
            // By itself it would be read as a flag.
            self.all.push(format!("{}={value}", setting.flag));
        } else {
            self.all.extend([setting.flag.to_owned(), value]);
        }
    }

    fn as_given(&mut self, setting: Setting, flag: Option<&str>) -> Result<(), SettingsError> {
        if let Some(value) = self.look.given(flag, setting)? {
            self.push(setting, value.text.trim().to_owned());
        }
        Ok(())
    }

    fn list(&mut self, setting: Setting, flags: &[String]) -> Result<(), SettingsError> {
        for (_, text) in self.look.list(flags, setting)? {
            self.push(setting, text);
        }
        Ok(())
    }

    fn switch(&mut self, setting: Setting, flag: bool) -> Result<(), SettingsError> {
        if flag || self.look.is_on(setting)? {
            self.all.push(setting.flag.to_owned());
        }
        Ok(())
    }

    fn token_source(&mut self, args: &SessionArgs) -> Result<(), SettingsError> {
        let Some(value) = self.look.given(args.token_source.as_deref(), table::TOKEN_SOURCE)? else {
            return Ok(());
        };
        let text = match value.text.trim().split_once(':') {
            Some(("file", path)) => format!("file:{}", absolute(value.name, path)?),
            _ => value.text.trim().to_owned(),
        };
        self.push(table::TOKEN_SOURCE, text);
        Ok(())
    }

    fn ca_bundle(&mut self, network: &NetworkArgs) -> Result<(), SettingsError> {
        let Some(value) = self.look.given(network.ca_bundle.as_deref(), table::CA_BUNDLE)? else {
            return Ok(());
        };
        let path = absolute(value.name, &value.text)?;
        self.push(table::CA_BUNDLE, path);
        Ok(())
    }
}

fn absolute(name: &'static str, path: &str) -> Result<String, SettingsError> {
    let absolute =
        std::path::absolute(path).map_err(|error| invalid(name, text_file::ReadError::Io(error)))?;
    Ok(absolute.to_string_lossy().into_owned())
}

/// 32 hexadecimal digits: two requests of one job never share them.
fn key(flags: &[String], look: Lookup<'_>) -> String {
    let parts: Vec<&str> = flags.iter().map(String::as_str).chain(job_parts(look.environment)).collect();
    digest_of(&parts)
}

/// What all requests of this job have in common; empty outside of a job.
pub(crate) fn job(environment: &Environment) -> String {
    let parts: Vec<&str> = job_parts(environment).collect();
    if parts.iter().all(|part| part.is_empty()) { String::new() } else { digest_of(&parts) }
}

fn job_parts(environment: &Environment) -> impl Iterator<Item = &str> {
    JOB.into_iter().map(|name| environment.raw(name).unwrap_or_default())
}

fn digest_of(parts: &[&str]) -> String {
    let digest = digest(&SHA256, parts.join("\0").as_bytes());
    digest.as_ref().iter().take(16).map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::CommandLine;
    use clap::Parser;

    const ROLE: &str = "arn:aws:iam::123456789012:role/ci";

    fn standing(flags: &[&str], environment: &Environment) -> Standing {
        let line = ["circleci-aws-oidc", "assume"].iter().chain(flags).copied();
        let crate::args::Command::Assume(args) = CommandLine::try_parse_from(line).unwrap().command else {
            unreachable!()
        };
        let look = Lookup { environment };
        let settings = SessionSettings::read(&args.session, &args.network, look).unwrap();
        Standing::read(&args.session, &args.network, &settings, look).unwrap()
    }

    fn given_in_variables() -> Environment {
        Environment::from([
            ("AWS_OIDC_ROLE_ARN", "arn:aws:iam::$ACCOUNT:role/ci"),
            ("ACCOUNT", "123456789012"),
            ("AWS_OIDC_DURATION", "45m"),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_OIDC_TOKEN_SOURCE", "file:token"),
            ("AWS_OIDC_AUDIENCE", "a.example"),
            ("AWS_OIDC_CHAIN_ROLE_ARN", "arn:aws:iam::123456789012:role/a arn:aws:iam::123456789012:role/b"),
            ("AWS_OIDC_EXTERNAL_ID", "e-1"),
            ("AWS_OIDC_TAG", "K=v w, auto"),
            ("AWS_OIDC_TRANSITIVE_TAG", "K"),
            ("AWS_OIDC_SOURCE_IDENTITY", "s-1"),
            ("AWS_OIDC_POLICY", r#"{"Version": "2012-10-17"}"#),
            ("AWS_OIDC_POLICY_ARN", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
            ("AWS_OIDC_ALLOWED_ACCOUNT_ID", "123456789012"),
            ("AWS_OIDC_FORBIDDEN_ACCOUNT_ID", "1".repeat(12).as_str()),
            ("AWS_OIDC_REFUSE_SSH_RERUN", "1"),
            ("AWS_OIDC_REFUSE_FORK", "true"),
            ("AWS_OIDC_STS_ENDPOINT", "https://sts.eu-west-1.amazonaws.com"),
            ("AWS_OIDC_CA_BUNDLE", "ca.pem"),
            ("AWS_OIDC_CONNECT_TIMEOUT", "3s"),
            ("AWS_OIDC_DEADLINE", "30s"),
            ("AWS_OIDC_MAX_ATTEMPTS", "2"),
        ])
    }

    #[test]
    fn the_flags_alone_ask_for_the_same_session() {
        let first = standing(&[], &given_in_variables());
        let flags: Vec<&str> = first.flags.iter().map(String::as_str).collect();
        assert_eq!(standing(&flags, &Environment::default()), first);
        let own: Vec<&str> = flags.iter().filter(|flag| flag.starts_with("--")).copied().collect();
        // Each of them but the trust policy, and the one that may come twice as often as it was given.
        let all = table::ALL.map(|setting| setting.flag);
        let asked =
            all.iter().skip_while(|flag| **flag != "--role-arn").take_while(|flag| **flag != "--quiet");
        let elsewhere = [
            "--claims",
            "--organization-id",
            "--project-id",
            "--vcs-origin",
            "--branch",
            "--git-tag",
            "--user-id",
            "--workload-role-arn",
            "--max-session-duration",
            "--provider",
            "--thumbprint",
            "--format",
            "--trust-policy",
            "--profile",
            "--to",
            "--mode",
            "--verify",
        ];
        for flag in asked.filter(|flag| !elsewhere.contains(flag)) {
            assert!(own.contains(flag), "{flag}");
        }
    }

    #[test]
    fn a_value_that_looks_like_a_flag_stays_a_value() {
        let chain =
            ["--role-arn", ROLE, "--chain-role-arn", ROLE, "--external-id=--quiet", "--session-name=-ci"];
        let first = standing(&chain, &Environment::default());
        let flags: Vec<&str> = first.flags.iter().map(String::as_str).collect();
        assert_eq!(standing(&flags, &Environment::default()), first);
    }

    #[test]
    fn a_path_does_not_depend_on_the_working_directory() {
        let flags = standing(&[], &given_in_variables()).flags;
        let here = std::path::absolute("token").unwrap();
        assert!(flags.contains(&format!("file:{}", here.display())), "{flags:?}");
    }

    #[test]
    fn every_job_and_every_request_has_a_key_of_its_own() {
        let job = |id| Environment::from([("AWS_OIDC_ROLE_ARN", ROLE), ("CIRCLE_WORKFLOW_JOB_ID", id)]);
        let one = standing(&[], &job("1"));
        assert_eq!(one, standing(&["--role-arn", ROLE], &job("1")));
        assert_ne!(one.key, standing(&[], &job("2")).key);
        assert_ne!(one.key, standing(&["--duration", "900"], &job("1")).key);
        assert_eq!(one.key, standing(&["--deadline", "5s", "--max-attempts", "1"], &job("1")).key);
        assert_eq!(one.key.len(), 32);
    }
}
