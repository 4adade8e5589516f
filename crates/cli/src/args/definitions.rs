//! The commands: which settings each takes, and what its `--help` adds below them. Lists that commands share stand once.

use super::command::{Command, Definition, Flag, Positional};
use super::with_flags;
use crate::settings::table as t;

impl Command {
    /// What the command line knows of it.
    pub(super) fn definition(self) -> &'static Definition {
        match self {
            Self::Assume => &ASSUME,
            Self::Profiles => &PROFILES,
            Self::CredentialProcess => &CREDENTIAL_PROCESS,
            Self::Serve => &SERVE,
            Self::Whoami => &WHOAMI,
            Self::Clear => &CLEAR,
            Self::Preflight => &PREFLIGHT,
            Self::TrustGenerate => &TRUST_GENERATE,
            Self::TrustLint => &TRUST_LINT,
            Self::TrustTest => &TRUST_TEST,
        }
    }
}

/// One session: role, token, chain, policies, guards.
static SESSION: [Flag; 18] = [
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
    Flag::of(&t::TRUST_POLICY),
];
static DESTINATION: [Flag; 4] =
    [Flag::of(&t::PROFILE), Flag::of(&t::TO), Flag::of(&t::MODE), Flag::of(&t::VERIFY)];
static NETWORK: [Flag; 5] = [
    Flag::of(&t::STS_ENDPOINT),
    Flag::of(&t::CA_BUNDLE),
    Flag::of(&t::CONNECT_TIMEOUT),
    Flag::of(&t::DEADLINE),
    Flag::of(&t::MAX_ATTEMPTS),
];
static OUTPUT: [Flag; 2] = [Flag::of(&t::QUIET), Flag::of(&t::COLOR)];

pub(super) static ASSUME: Definition = Definition {
    path: &["assume"],
    about: "Assume one role and pass its credentials to the steps that follow",
    after_help: "\
Destinations: bash-env, profile:NAME, dotenv:PATH, github; on stdout: json, shell.
Without --to: profile:NAME if --profile is given, else bash-env or github, whichever this CI has.
Exit codes: 0 done, 1 local fault, 2 settings, 3 no usable token, 4 STS refused,
5 STS not reached, 6 destination not writable, 7 a guard refused.",
    groups: &[&SESSION, &DESTINATION, &NETWORK, &OUTPUT],
    positional: None,
    build: |command| with_flags(command, &ASSUME),
};

static PROFILES_FLAGS: [Flag; 12] = [
    Flag::of(&t::CONFIG_FILE),
    Flag::of(&t::CONFIG),
    Flag::meaning(&t::SESSION_NAME, "The session name of profiles that set none [default: one for each job]"),
    Flag::meaning(
        &t::DURATION,
        "How long credentials of profiles that set nothing are valid: 3600, 45m, 1h [default: 1h]",
    ),
    Flag::meaning(
        &t::REGION,
        "The Region of profiles that set none [default: AWS_REGION, AWS_DEFAULT_REGION]",
    ),
    Flag::of(&t::TOKEN_SOURCE),
    Flag::of(&t::AUDIENCE),
    Flag::of(&t::ALLOWED_ACCOUNT_ID),
    Flag::of(&t::FORBIDDEN_ACCOUNT_ID),
    Flag::of(&t::REFUSE_SSH_RERUN),
    Flag::of(&t::REFUSE_FORK),
    Flag::meaning(&t::VERIFY, "Ask AWS for the identity of each profile; undo everything if one is wrong"),
];

pub(super) static PROFILES: Definition = Definition {
    path: &["profiles"],
    about: "Assume many roles side by side and write each as a profile",
    after_help: "\
[profile NAME] or [default]: role_arn, source_profile, external_id, duration_seconds, region,
role_session_name. Without source_profile a role is assumed with the job's token.
Writes all profiles into AWS's shared files, or none; prints profile, account, role and expiry.
Exit codes: 0 done, 1 local fault, 2 settings, 3 no usable token, 4 STS refused a role,
5 STS not reached, 6 files not writable, 7 a guard refused.",
    groups: &[&PROFILES_FLAGS, &NETWORK, &OUTPUT],
    positional: None,
    build: |command| with_flags(command, &PROFILES),
};

static OF_THE_LINE: [Flag; 2] = [Flag::of(&t::JOB_KEY), Flag::of(&t::HOME)];

pub(super) static CREDENTIAL_PROCESS: Definition = Definition {
    path: &["credential-process"],
    about: "Print credentials for an AWS tool's profile, cached until close to expiry",
    after_help: "\
For `credential_process` in AWS's config file; assume --mode credential-process writes that line.
With --role-arn no AWS_OIDC_ variable counts, so that the line means the same in every step.
Cached in ~/.aws/circleci-aws-oidc and printed again until 20 min, or half their time, are left.
If STS gives no new ones then, the old ones are printed with a note while over a minute is left.
Exit codes: 0 done, 1 local fault, 2 settings, 3 no usable token, 4 STS refused, 5 not reached,
6 a value that cannot be passed on, 7 a guard refused.",
    groups: &[&SESSION, &NETWORK, &OUTPUT, &OF_THE_LINE],
    positional: None,
    build: |command| with_flags(command, &CREDENTIAL_PROCESS),
};

pub(super) static SERVE: Definition = Definition {
    path: &["serve"],
    about: "Serve one role's credentials to AWS tools on this machine, and renew them",
    after_help: "\
Run it in the background; `assume --mode endpoint` with the same settings points the next steps to it.
Listens on 127.0.0.1, answers requests with its authorization, ends when `clear` has been run.
Exit codes: those of assume; 0 when its descriptor in ~/.aws/circleci-aws-oidc is gone.",
    groups: &[&SESSION, &NETWORK, &OUTPUT],
    positional: None,
    build: |command| with_flags(command, &SERVE),
};

static WHOAMI_FLAGS: [Flag; 2] = [
    Flag::meaning(
        &t::REGION,
        "The Region to call [default: AWS_REGION, AWS_DEFAULT_REGION, the profile's, us-east-1]",
    ),
    Flag::meaning(
        &t::PROFILE,
        "The profile to use, even where key variables are set [default: AWS_PROFILE, default]",
    ),
];

pub(super) static WHOAMI: Definition = Definition {
    path: &["whoami"],
    about: "Print whose credentials the next step would use, and where they come from",
    after_help: "\
Order: AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, unless --profile is given;
then the profile: keys in the credentials file, its credential_process, keys in the config file;
then the endpoint of AWS_CONTAINER_CREDENTIALS_FULL_URI, if that is on this machine.
Roles, SSO, web identity and other endpoints are named and not followed.
Prints account, arn, user-id and source, a line each.
Exit codes: 0 done, 1 local fault, also a process or an endpoint that gives no keys,
2 settings or no credentials, 4 STS refused, 5 STS not reached.",
    groups: &[&WHOAMI_FLAGS, &NETWORK, &OUTPUT],
    positional: None,
    build: |command| with_flags(command, &WHOAMI),
};

static CLEAR_FLAGS: [Flag; 2] = [
    Flag::of(&t::PROFILE),
    Flag::meaning(&t::TO, "Where the credentials are, in the words of assume; may be repeated"),
];

pub(super) static CLEAR: Definition = Definition {
    path: &["clear"],
    about: "Remove the credentials from where assume put them",
    after_help: "\
Removes the keys from bash-env, profile:NAME and dotenv:PATH; all other lines stay byte for byte.
With a profile it removes its credential_process, if that is this program, and its whole cache.
Without --to: profile:NAME if --profile is given, else bash-env if BASH_ENV is set.
With bash-env each serve of this job ends.
All or none of the files are changed. Nothing to clear is not a fault.
Not restored: values that assume replaced, a Region beside the keys, a file's earlier mode.
Keys without a session token were not written by assume and stay, with a note.
The session itself is valid until it expires: AWS has no call that ends it.
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
Prints a line for each check: ok, note or problem, what it is about, what was found and what to do.
Exit codes: 0 no problem, 1 local fault, 2 usage, 8 problems.",
    groups: &[&SESSION, &DESTINATION, &NETWORK, &OUTPUT, &PREFLIGHT_FLAGS],
    positional: None,
    build: |command| with_flags(command, &PREFLIGHT),
};

static TRUST_GENERATE_FLAGS: [Flag; 15] = [
    Flag::meaning(&t::ROLE_ARN, "The role that the jobs assume: account, partition, path and name"),
    Flag::meaning(
        &t::TOKEN_SOURCE,
        "The token to take missing ids from: auto, circleci-v2, file:PATH ... [default: auto]",
    ),
    Flag::of(&t::ORGANIZATION_ID),
    Flag::of(&t::PROJECT_ID),
    Flag::of(&t::VCS_ORIGIN),
    Flag::of(&t::BRANCH),
    Flag::of(&t::GIT_TAG),
    Flag::of(&t::USER_ID),
    Flag::meaning(&t::AUDIENCE, "The tokens' audience [default: the token's, the organization's id]"),
    Flag::of(&t::WORKLOAD_ROLE_ARN),
    Flag::meaning(&t::EXTERNAL_ID, "The external ID that the workload roles expect"),
    Flag::of(&t::MAX_SESSION_DURATION),
    Flag::of(&t::PROVIDER),
    Flag::of(&t::THUMBPRINT),
    Flag::meaning(
        &t::FORMAT,
        "json (the trust policy alone), aws-cli, terraform, cloudformation [default: json]",
    ),
];

pub(super) static TRUST_GENERATE: Definition = Definition {
    path: &["trust", "generate"],
    about: "Write the provider, role and least trust policy that allow a project's jobs",
    after_help: "\
No token is read if --organization-id and --project-id are given. A branch or tag needs the repository.
The text goes to stdout, notes go to stderr; nothing is sent.
Exit codes: 0 done, 1 local fault, 2 settings, 3 no usable token.",
    groups: &[&TRUST_GENERATE_FLAGS, &OUTPUT],
    positional: None,
    build: |command| with_flags(command, &TRUST_GENERATE),
};

static TRUST_LINT_FLAGS: [Flag; 1] =
    [Flag::meaning(&t::FORMAT, "text, sarif (for code scanning) [default: text]")];

pub(super) static TRUST_LINT: Definition = Definition {
    path: &["trust", "lint"],
    about: "Judge trust policies by rules",
    after_help: "\
Findings go to stdout as FILE:LINE: severity[rule]; notes about what cannot be judged go to stderr.
A value that is not literal, such as a reference, is never the reason of a finding.
Exit codes: 0 nothing found, 2 settings or a file that cannot be read, 8 findings.",
    groups: &[&TRUST_LINT_FLAGS, &OUTPUT],
    positional: Some(Positional {
        help: "Trust policies: JSON, CloudFormation (YAML, JSON) or Terraform (HCL)",
    }),
    build: |command| with_flags(command, &TRUST_LINT),
};

static TRUST_TEST_FLAGS: [Flag; 6] = [
    Flag::meaning(
        &t::ROLE_ARN,
        "The role, for its account and partition [default: those of the policy's provider]",
    ),
    Flag::meaning(
        &t::SESSION_NAME,
        "The session name, where the policy has a condition on it [default: one for each job]",
    ),
    Flag::meaning(
        &t::TOKEN_SOURCE,
        "The token to test: auto, circleci-v2, circleci-v1, file:PATH ... [default: auto]",
    ),
    Flag::of(&t::CLAIMS),
    Flag::meaning(
        &t::POLICY,
        "The trust policy: JSON, or a file of CloudFormation or Terraform with one role",
    ),
    Flag::of(&t::FORMAT),
];

pub(super) static TRUST_TEST: Definition = Definition {
    path: &["trust", "test"],
    about: "Test whether a trust policy allows a token, and explain why not",
    after_help: "\
Judges offline, by IAM's rules; neither token nor policy is sent anywhere.
Prints the verdict, what is nearest to it, and the result of each condition.
What cannot be seen from here, such as the caller's address, makes the verdict unknown, never allowed.
Exit codes: 0 allowed, 2 settings, 3 no usable token, 8 denied or unknown.",
    groups: &[&TRUST_TEST_FLAGS, &OUTPUT],
    positional: None,
    build: |command| with_flags(command, &TRUST_TEST),
};
