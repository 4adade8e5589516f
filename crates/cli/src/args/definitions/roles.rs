//! The commands that assume roles once: `assume` and `profiles`.

use super::groups::{
    CHAIN, DESTINATIONS, GUARDS, NETWORK, OUTPUT_OF_ROLES, OUTPUT_WITH_RECEIPT, ROLE, SCOPE, TOKEN,
};
use crate::args::command::{Definition, Example, Flag, Group};
use crate::settings::table as t;

/// The exit codes of an exchange.
pub(super) static EXIT_CODES: [(u8, &str); 8] = [
    (0, "done"),
    (1, "a fault of this program or of local I/O that no other code names"),
    (2, "usage or settings"),
    (3, "no usable identity token"),
    (4, "STS refused"),
    (5, "STS not reached, or transient errors until attempts or deadline ran out"),
    (6, "a destination cannot be written"),
    (7, "a guard refused: account, SSH rerun, fork, host, a user's own keys"),
];

pub(super) static ASSUME: Definition = Definition {
    path: &["assume"],
    about: "Assume one role and pass its credentials to the steps that follow",
    notes: &[
        "Without --to the destination is profile:NAME if --profile is given, else bash-env or github, as this CI \
         supports.",
        "All destinations are written, or none.",
    ],
    examples: &[
        Example {
            purpose: "Credentials for the next steps of the job",
            line: "circleci-aws-oidc assume --role-arn arn:aws:iam::123456789012:role/deploy --region eu-west-1",
        },
        Example {
            purpose: "A chained role of another account, as the profile prod, checked with AWS",
            line: "circleci-aws-oidc assume --role-arn arn:aws:iam::123456789012:role/ci \\\n  \
                   --chain-role-arn arn:aws:iam::210987654321:role/deploy --profile prod --verify",
        },
    ],
    exit_codes: &EXIT_CODES,
    groups: &[&ROLE, &TOKEN, &CHAIN, &SCOPE, &GUARDS, &DESTINATIONS, &NETWORK, &OUTPUT_WITH_RECEIPT],
    operand: None,
};

static DECLARED_ROLES: Group = Group {
    heading: "Roles",
    flags: &[
        Flag::of(&t::CONFIG_FILE),
        Flag::of(&t::CONFIG),
        Flag::with_help(
            &t::SESSION_NAME,
            "The session name of profiles without one [default: the job's]",
            "2 to 64 of the characters A-Z, a-z, 0-9 and _+=,.@-",
        ),
        Flag::with_help(
            &t::DURATION,
            "How long profiles without a duration are valid [default: 1h]",
            "Seconds (3600), minutes (45m) or hours (1h), from 15m to 12h; at most 1h with role chaining.",
        ),
        Flag::with_help(
            &t::REGION,
            "The Region of profiles without one [default: AWS_REGION]",
            "Without it and AWS_REGION: AWS_DEFAULT_REGION.",
        ),
    ],
};

static PROFILES_WRITTEN: Group = Group {
    heading: "Destinations",
    flags: &[
        Flag::with_help(
            &t::OVERWRITE,
            "Replace a user's own long-term keys in the profiles",
            "Keys without a session token are a user's own; without this flag they are refused, exit code 7.",
        ),
        Flag::with_help(
            &t::VERIFY,
            "Check with AWS that each profile has its role's session",
            "Calls GetCallerIdentity with each profile, and undoes everything if one has another identity.",
        ),
    ],
};

pub(super) static PROFILES: Definition = Definition {
    path: &["profiles"],
    about: "Assume many roles at once and write each as a profile",
    notes: &[
        "The roles are declared in sections [profile NAME] or [default] with role_arn, source_profile, external_id, \
         duration_seconds, region, role_session_name and, of this program alone, scope_policy, scope_duration and scope_description. A role without source_profile is assumed with the job's \
         token.",
        "Writes all profiles into AWS's shared files, or none; prints profile, account, role and expiry.",
    ],
    examples: &[
        Example {
            purpose: "All roles that a file of the repository declares",
            line: "circleci-aws-oidc profiles --config-file .circleci/aws-roles.ini --region eu-west-1",
        },
        Example {
            purpose: "The same, only in these two accounts, each profile checked with AWS",
            line: "circleci-aws-oidc profiles --config-file .circleci/aws-roles.ini --verify \\\n  \
                   --allowed-account-id 123456789012,210987654321",
        },
    ],
    exit_codes: &EXIT_CODES,
    groups: &[&DECLARED_ROLES, &TOKEN, &GUARDS, &PROFILES_WRITTEN, &NETWORK, &OUTPUT_OF_ROLES],
    operand: None,
};
