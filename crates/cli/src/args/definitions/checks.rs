//! The commands around an exchange: `whoami`, `clear` and `preflight`.

use super::groups::{
    CHAIN, DESTINATIONS, GUARDS, NETWORK, OUTPUT, OUTPUT_OF_A_RESULT, OUTPUT_OF_CHECKS, ROLE, SCOPE, TOKEN,
};
use crate::args::command::{Definition, Example, Flag, Group};
use crate::settings::table as t;

static CREDENTIALS: Group = Group {
    heading: "Credentials",
    flags: &[
        Flag::with_help(
            &t::REGION,
            "The Region to call [default: AWS_REGION]",
            "Without it and AWS_REGION: AWS_DEFAULT_REGION, the profile's Region, us-east-1.",
        ),
        Flag::with_help(
            &t::PROFILE,
            "The profile to use, even where key variables are set",
            "Without it: AWS_PROFILE, then the profile default.",
        ),
    ],
};

pub(super) static WHOAMI: Definition = Definition {
    path: &["whoami"],
    about: "Print the identity of the next step and the source of its credentials",
    notes: &[
        "Takes the credentials that an AWS tool of the next step takes: the variables AWS_ACCESS_KEY_ID, \
         AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN, unless --profile is given; then the profile: keys in the \
         credentials file, its credential_process, keys in the config file; then the endpoint of \
         AWS_CONTAINER_CREDENTIALS_FULL_URI, if it is on this machine.",
        "Roles, SSO, web identity and other endpoints are reported, not followed.",
        "Prints account, arn, user-id and source, one line each; on stderr the latest notes and failures of \
         credential-process in this job.",
    ],
    examples: &[
        Example { purpose: "The identity of the next step", line: "circleci-aws-oidc whoami" },
        Example { purpose: "The identity of a profile", line: "circleci-aws-oidc whoami --profile prod" },
    ],
    exit_codes: &[
        (0, "done"),
        (1, "local fault, also a process or an endpoint without usable credentials"),
        (2, "usage or settings, or no credentials"),
        (4, "STS refused"),
        (5, "STS not reached"),
        (6, "stdout cannot be written"),
    ],
    groups: &[&CREDENTIALS, &NETWORK, &OUTPUT_OF_A_RESULT],
    operand: None,
};

static CLEARED: Group = Group {
    heading: "Destinations",
    flags: &[
        Flag::with_help(&t::PROFILE, "Short for --to profile:NAME", ""),
        Flag::with_help(
            &t::TO,
            "A destination to clear",
            "bash-env, profile:NAME or dotenv:PATH, named as for assume.",
        ),
    ],
};

pub(super) static CLEAR: Definition = Definition {
    path: &["clear"],
    about: "Remove the credentials that assume or profiles wrote",
    notes: &[
        "Without --to the destination is profile:NAME if --profile is given, else bash-env if BASH_ENV is set. Changes \
         all files or none; other lines stay byte for byte. Nothing to clear is not an error.",
        "Of a profile it also removes credential_process, if that runs this program, and this program's cache. With \
         bash-env it also ends each `serve` of this job.",
        "Not restored: values that assume replaced, a file's earlier mode. A Region is not removed. Keys without a \
         session token stay, with a note: assume did not write them.",
        "A session is valid until it expires: AWS has no call that ends it.",
    ],
    examples: &[
        Example { purpose: "The variables of the next steps", line: "circleci-aws-oidc clear" },
        Example {
            purpose: "A profile and a file",
            line: "circleci-aws-oidc clear --to profile:prod --to dotenv:aws.env",
        },
    ],
    exit_codes: &[(0, "done"), (1, "local fault"), (2, "usage or settings"), (6, "a file cannot be changed")],
    groups: &[&CLEARED, &OUTPUT],
    operand: None,
};

static NETWORK_CHECKED: Group = Group {
    heading: "Network",
    flags: &[
        Flag::of(&t::STS_ENDPOINT),
        Flag::of(&t::CA_BUNDLE),
        Flag::of(&t::WITH_NETWORK),
        Flag::of(&t::CONNECT_TIMEOUT),
        Flag::of(&t::DEADLINE),
        Flag::of(&t::MAX_ATTEMPTS),
    ],
};

pub(super) static PREFLIGHT: Definition = Definition {
    path: &["preflight"],
    about: "Check everything that could make assume fail, without calling STS",
    notes: &[
        "Takes the flags of assume. Prints one line for each check: ok, note or problem, the check's name, what was \
         found, what to do. Problems come last, then their count.",
    ],
    examples: &[
        Example {
            purpose: "Check a role before the first deploy",
            line: "circleci-aws-oidc preflight --role-arn arn:aws:iam::123456789012:role/deploy --with-network",
        },
        Example {
            purpose: "Also whether the role's trust policy allows the job's token",
            line: "circleci-aws-oidc preflight --role-arn arn:aws:iam::123456789012:role/deploy \\\n  \
                   --trust-policy trust.json",
        },
    ],
    exit_codes: &[
        (0, "no problem"),
        (1, "local fault"),
        (2, "usage"),
        (6, "stdout cannot be written"),
        (8, "problems"),
    ],
    groups: &[&ROLE, &TOKEN, &CHAIN, &SCOPE, &GUARDS, &DESTINATIONS, &NETWORK_CHECKED, &OUTPUT_OF_CHECKS],
    operand: None,
};
