//! The command that narrows credentials which are there already: `scope`.

use super::groups::{NETWORK, OUTPUT_OF_A_SCOPE};
use crate::args::command::{Definition, Example, Flag, Group, Operand, OperandKind};
use crate::settings::table as t;

static NARROWED: Group = Group {
    heading: "Scope",
    flags: &[
        Flag::with_help(
            &t::REGION,
            "The Region to call and to export [default: AWS_REGION]",
            "Without it and AWS_REGION: AWS_DEFAULT_REGION, the profile's Region. One is needed.",
        ),
        Flag::with_help(
            &t::SCOPE_POLICY,
            "A policy that narrows the credentials",
            "JSON, or its file. They can do what both this policy and the credentials that are found allow.",
        ),
        Flag::with_help(
            &t::SCOPE_DURATION,
            "How long they are valid [default: as those that are found]",
            "Seconds (10), minutes (5m) or hours (1h), from 1s to what is left of the session.",
        ),
        Flag::of(&t::SCOPE_DESCRIPTION),
    ],
};

static GUARDS: Group = Group {
    heading: "Guards",
    flags: &[
        Flag::with_help(
            &t::ALLOWED_ACCOUNT_ID,
            "An AWS account whose credentials may be narrowed; others are refused",
            "12 digits. AWS tells the account of the credentials; another one ends with exit code 7.",
        ),
        Flag::with_help(
            &t::FORBIDDEN_ACCOUNT_ID,
            "An AWS account whose credentials are refused",
            "12 digits. AWS tells the account of the credentials; this one ends with exit code 7.",
        ),
        Flag::with_help(
            &t::EXPECT_AWS,
            "Refuse hosts that are not AWS's own STS, and added root certificates",
            "So that no other server reads the credentials. Root certificates of --ca-bundle and its variables are refused.",
        ),
    ],
};

static TARGETS: Group = Group {
    heading: "Destinations",
    flags: &[Flag::of(&t::TO), Flag::of(&t::OVERWRITE), Flag::of(&t::PASS_TOKEN)],
};

pub(super) static SCOPED: Definition = Definition {
    path: &["scope"],
    about: "Narrow or shorten the credentials of this step for one command or a profile",
    notes: &[
        "Takes the credentials that whoami finds: the variables, else the profile of AWS_PROFILE, else the endpoint of \
         AWS_CONTAINER_CREDENTIALS_FULL_URI. STS gives narrower ones of the same session (GetScopedCredentials). A \
         long-term access key is refused.",
        "Needs --scope-policy or --scope-duration, and a command or --to. The command gets the credentials in its \
         environment only, as with exec. A profile that is the source is refused as destination.",
        "What is found stays where it is: this revokes nothing.",
    ],
    examples: &[
        Example {
            purpose: "One command may only read, and for five minutes",
            line: "circleci-aws-oidc scope --scope-policy read-only.json --scope-duration 5m -- terraform plan",
        },
        Example {
            purpose: "A weaker profile beside the first",
            line: "circleci-aws-oidc scope --scope-policy read-only.json --to profile:reader",
        },
    ],
    exit_codes: &EXIT_CODES,
    groups: &[&NARROWED, &GUARDS, &TARGETS, &NETWORK, &OUTPUT_OF_A_SCOPE],
    operand: Some(Operand {
        name: "COMMAND",
        help: "The program and its arguments, which are not read here",
        kind: OperandKind::OptionalCommandLine,
    }),
};

/// Those of the command itself are not told apart from these; an error of this program is on stderr.
static EXIT_CODES: [(u8, &str); 7] = [
    (0, "done; with a command its exit code, once it runs"),
    (1, "local fault, also a process or an endpoint without usable credentials"),
    (2, "usage or settings, no credentials, or long-term ones"),
    (4, "STS refused"),
    (5, "STS not reached, or transient errors until attempts or deadline ran out"),
    (6, "a destination cannot be written"),
    (7, "a guard refused: account, host, a user's own keys"),
];
