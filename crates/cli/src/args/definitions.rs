//! The definitions of all commands. Commands share lists of settings.

mod trust;

use super::command::{Command, Definition, Flag};
use super::with_flags;
use crate::settings::table as t;

impl Command {
    /// Its definition.
    pub(super) fn definition(self) -> &'static Definition {
        match self {
            Self::Assume => &ASSUME,
            Self::Profiles => &PROFILES,
            Self::CredentialProcess => &CREDENTIAL_PROCESS,
            Self::Serve => &SERVE,
            Self::Whoami => &WHOAMI,
            Self::Clear => &CLEAR,
            Self::Preflight => &PREFLIGHT,
            Self::TrustGenerate => &trust::GENERATE,
            Self::TrustLint => &trust::LINT,
            Self::TrustTest => &trust::TEST,
        }
    }
}

/// One session: role, token, chain, policies, guards.
static SESSION: [Flag; 19] = [
    Flag::of(&t::ROLE_ARN),
    Flag::of(&t::SESSION_NAME),
    Flag::of(&t::DURATION),
    Flag::of(&t::REGION),
    Flag::of(&t::TOKEN_SOURCE),
    Flag::of(&t::AUDIENCE),
    Flag::of(&t::CHAIN_ROLE_ARN),
    Flag::of(&t::EXTERNAL_ID),
    Flag::of(&t::TAG),
    Flag::of(&t::TRANSITIVE_TAG),
    Flag::of(&t::SOURCE_IDENTITY),
    Flag::of(&t::POLICY),
    Flag::of(&t::POLICY_ARN),
    Flag::of(&t::ALLOWED_ACCOUNT_ID),
    Flag::of(&t::FORBIDDEN_ACCOUNT_ID),
    Flag::of(&t::REFUSE_SSH_RERUN),
    Flag::of(&t::REFUSE_FORK),
    Flag::of(&t::EXPECT_AWS),
    Flag::of(&t::TRUST_POLICY),
];
static DESTINATION: [Flag; 5] = [
    Flag::of(&t::PROFILE),
    Flag::of(&t::TO),
    Flag::of(&t::MODE),
    Flag::of(&t::OVERWRITE),
    Flag::of(&t::VERIFY),
];
static NETWORK: [Flag; 5] = [
    Flag::of(&t::STS_ENDPOINT),
    Flag::of(&t::CA_BUNDLE),
    Flag::of(&t::CONNECT_TIMEOUT),
    Flag::of(&t::DEADLINE),
    Flag::of(&t::MAX_ATTEMPTS),
];
static OUTPUT: [Flag; 2] = [Flag::of(&t::QUIET), Flag::of(&t::COLOR)];
/// Of the commands that assume roles.
static OUTPUT_OF_ROLES: [Flag; 3] = [Flag::of(&t::QUIET), Flag::of(&t::COLOR), Flag::of(&t::DETAILS)];

pub(super) static ASSUME: Definition = Definition {
    path: &["assume"],
    about: "Assume one role and pass its credentials to the steps that follow",
    after_help:
        "\
Destinations: bash-env, profile:NAME, dotenv:PATH, github; on stdout: json, shell.
Without --to: profile:NAME if --profile is given, else bash-env or github, as this CI supports.
Exit codes: 0 done, 1 local fault, 2 settings, 3 token, 4 refused, 5 STS not reached, 6 destination, 7 guard.",
    groups: &[&SESSION, &DESTINATION, &NETWORK, &OUTPUT_OF_ROLES],
    positional: None,
    build: |command| with_flags(command, &ASSUME),
};

static PROFILES_FLAGS: [Flag; 14] = [
    Flag::of(&t::CONFIG_FILE),
    Flag::of(&t::CONFIG),
    Flag::with_help(
        &t::SESSION_NAME,
        "The session name, for profiles that set none [default: one for each job]",
    ),
    Flag::with_help(
        &t::DURATION,
        "How long the credentials are valid, for profiles that do not set it [default: 1h]",
    ),
    Flag::with_help(
        &t::REGION,
        "The Region, for profiles that set none [default: AWS_REGION, AWS_DEFAULT_REGION]",
    ),
    Flag::of(&t::TOKEN_SOURCE),
    Flag::of(&t::AUDIENCE),
    Flag::of(&t::ALLOWED_ACCOUNT_ID),
    Flag::of(&t::FORBIDDEN_ACCOUNT_ID),
    Flag::of(&t::REFUSE_SSH_RERUN),
    Flag::of(&t::REFUSE_FORK),
    Flag::of(&t::EXPECT_AWS),
    Flag::with_help(&t::OVERWRITE, "Replace a user's own long-term keys in the profiles"),
    Flag::with_help(
        &t::VERIFY,
        "Get each profile's identity from AWS; roll back if one is not its role's session",
    ),
];

pub(super) static PROFILES: Definition = Definition {
    path: &["profiles"],
    about: "Assume many roles at once and write each as a profile",
    after_help: "\
[profile NAME] or [default]: role_arn, source_profile, external_id, duration_seconds, region,
role_session_name. Without source_profile a role is assumed with the job's token.
Writes all profiles into AWS's shared files, or none; prints profile, account, role and expiry.
Exit codes: 0 done, 1 local fault, 2 settings, 3 no usable token, 4 STS refused a role,
5 STS not reached, 6 files not writable, 7 a guard refused.",
    groups: &[&PROFILES_FLAGS, &NETWORK, &OUTPUT_OF_ROLES],
    positional: None,
    build: |command| with_flags(command, &PROFILES),
};

static OF_THE_LINE: [Flag; 2] = [Flag::of(&t::JOB_KEY), Flag::of(&t::HOME)];

pub(super) static CREDENTIAL_PROCESS: Definition = Definition {
    path: &["credential-process"],
    about: "Print credentials for an AWS tool's profile, cached until close to expiry",
    after_help: "\
For `credential_process` in AWS's config file; assume --mode credential-process writes that line.
With --role-arn it ignores CIRCLECI_AWS_OIDC_ variables: the line requests the same session in every step.
Caches credentials in ~/.aws/circleci-aws-oidc until 20 min, or half of their lifetime, are left.
If STS returns no new ones then, it prints the old ones, with a note, until a minute is left.
Exit codes: those of assume; 6 is a value that cannot be exported.",
    groups: &[&SESSION, &NETWORK, &OUTPUT_OF_ROLES, &OF_THE_LINE],
    positional: None,
    build: |command| with_flags(command, &CREDENTIAL_PROCESS),
};

pub(super) static SERVE: Definition = Definition {
    path: &["serve"],
    about: "Serve one role's credentials to AWS tools on this machine, and renew them",
    after_help: "\
Run it in the background, and `assume --mode endpoint` with the same settings in the next step.
Listens on 127.0.0.1, requires its authorization token in each request, ends after `clear`.
Exit codes: those of assume; 0 after its descriptor in ~/.aws/circleci-aws-oidc was removed.",
    groups: &[&SESSION, &NETWORK, &OUTPUT_OF_ROLES],
    positional: None,
    build: |command| with_flags(command, &SERVE),
};

static WHOAMI_FLAGS: [Flag; 2] = [
    Flag::with_help(
        &t::REGION,
        "The Region to call [default: AWS_REGION, AWS_DEFAULT_REGION, the profile's, us-east-1]",
    ),
    Flag::with_help(
        &t::PROFILE,
        "The profile to use, even where key variables are set [default: AWS_PROFILE, default]",
    ),
];

pub(super) static WHOAMI: Definition = Definition {
    path: &["whoami"],
    about: "Print the identity of the next step and the source of its credentials",
    after_help: "\
Order: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, unless --profile is given;
then the profile: keys in the credentials file, its credential_process, keys in the config file;
then the endpoint of AWS_CONTAINER_CREDENTIALS_FULL_URI, if it is on this machine.
Roles, SSO, web identity and other endpoints are reported, not followed.
Prints account, arn, user-id and source, one line each.
Exit codes: 0 done, 1 local fault, also a process or an endpoint without usable credentials,
2 settings or no credentials, 4 STS refused, 5 STS not reached.",
    groups: &[&WHOAMI_FLAGS, &NETWORK, &OUTPUT],
    positional: None,
    build: |command| with_flags(command, &WHOAMI),
};

static CLEAR_FLAGS: [Flag; 2] = [
    Flag::of(&t::PROFILE),
    Flag::with_help(&t::TO, "The destination to clear, named as for assume; may be repeated"),
];

pub(super) static CLEAR: Definition = Definition {
    path: &["clear"],
    about: "Remove the credentials that assume or profiles wrote",
    after_help: "\
Removes credentials from bash-env, profile:NAME and dotenv:PATH; other lines stay byte for byte.
For a profile also its credential_process, if it runs this program, and this program's cache.
For bash-env also ends each `serve` of this job.
Without --to: profile:NAME if --profile is given, else bash-env if BASH_ENV is set.
Changes all files or none. Nothing to clear is not an error.
Not restored: values that assume replaced, a file's earlier mode. A Region is not removed.
Keys without a session token stay, with a note: assume did not write them.
A session is valid until it expires: AWS has no call that ends it.
Exit codes: 0 done, 1 local fault, 2 settings, 6 a file cannot be changed.",
    groups: &[&CLEAR_FLAGS, &OUTPUT],
    positional: None,
    build: |command| with_flags(command, &CLEAR),
};

static PREFLIGHT_FLAGS: [Flag; 1] = [Flag::of(&t::WITH_NETWORK)];

pub(super) static PREFLIGHT: Definition = Definition {
    path: &["preflight"],
    about: "Check everything that could make assume fail, without calling STS",
    after_help: "\
Prints one line for each check: ok, note or problem, the check's name, the finding, what to do.
Exit codes: 0 no problem, 1 local fault, 2 usage, 8 problems.",
    groups: &[&SESSION, &DESTINATION, &NETWORK, &OUTPUT_OF_ROLES, &PREFLIGHT_FLAGS],
    positional: None,
    build: |command| with_flags(command, &PREFLIGHT),
};
