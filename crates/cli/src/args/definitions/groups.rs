//! The flags that commands share, under their headings.

use crate::args::command::{Flag, Group};
use crate::settings::table as t;

pub(super) static ROLE: Group = Group {
    heading: "Role",
    flags: &[
        Flag::of(&t::ROLE_ARN),
        Flag::of(&t::SESSION_NAME),
        Flag::of(&t::DURATION),
        Flag::of(&t::REGION),
    ],
};
pub(super) static TOKEN: Group =
    Group { heading: "Token", flags: &[Flag::of(&t::TOKEN_SOURCE), Flag::of(&t::AUDIENCE)] };
pub(super) static CHAIN: Group = Group {
    heading: "Chain",
    flags: &[
        Flag::of(&t::CHAIN_ROLE_ARN),
        Flag::of(&t::EXTERNAL_ID),
        Flag::of(&t::TAG),
        Flag::of(&t::TRANSITIVE_TAG),
        Flag::of(&t::SOURCE_IDENTITY),
    ],
};
pub(super) static SCOPE: Group = Group {
    heading: "Scope",
    flags: &[
        Flag::of(&t::POLICY),
        Flag::of(&t::POLICY_ARN),
        Flag::of(&t::SCOPE_POLICY),
        Flag::of(&t::SCOPE_DURATION),
        Flag::of(&t::SCOPE_DESCRIPTION),
    ],
};
pub(super) static GUARDS: Group = Group {
    heading: "Guards",
    flags: &[
        Flag::of(&t::ALLOWED_ACCOUNT_ID),
        Flag::of(&t::FORBIDDEN_ACCOUNT_ID),
        Flag::of(&t::REFUSE_SSH_RERUN),
        Flag::of(&t::REFUSE_FORK),
        Flag::of(&t::EXPECT_AWS),
    ],
};
pub(super) static DESTINATIONS: Group = Group {
    heading: "Destinations",
    flags: &[
        Flag::of(&t::PROFILE),
        Flag::of(&t::TO),
        Flag::of(&t::MODE),
        Flag::of(&t::OVERWRITE),
        Flag::of(&t::USE_EXISTING),
        Flag::of(&t::VERIFY),
    ],
};
pub(super) static NETWORK: Group = Group {
    heading: "Network",
    flags: &[
        Flag::of(&t::STS_ENDPOINT),
        Flag::of(&t::CA_BUNDLE),
        Flag::of(&t::CONNECT_TIMEOUT),
        Flag::of(&t::DEADLINE),
        Flag::of(&t::MAX_ATTEMPTS),
    ],
};
pub(super) static OUTPUT: Group =
    Group { heading: "Output", flags: &[Flag::of(&t::QUIET), Flag::of(&t::COLOR)] };
/// How a result for people or programs is printed.
pub(super) const FORMAT: Flag = Flag::with_help(
    &t::FORMAT,
    "The format of the result: text, json [default: text]",
    "json: one object on stdout, with the same facts (docs/troubleshooting.md has the fields).",
);
/// Of the command that narrows credentials.
pub(super) static OUTPUT_OF_A_SCOPE: Group =
    Group { heading: "Output", flags: &[Flag::of(&t::QUIET), Flag::of(&t::COLOR), Flag::of(&t::DETAILS)] };
/// Of a command that prints a result.
pub(super) static OUTPUT_OF_A_RESULT: Group =
    Group { heading: "Output", flags: &[FORMAT, Flag::of(&t::QUIET), Flag::of(&t::COLOR)] };
/// Of the command that assumes many roles.
pub(super) static OUTPUT_OF_ROLES: Group = Group {
    heading: "Output",
    flags: &[FORMAT, Flag::of(&t::QUIET), Flag::of(&t::COLOR), Flag::of(&t::DETAILS), Flag::of(&t::RECEIPT)],
};
/// Of the checks before a role is assumed.
pub(super) static OUTPUT_OF_CHECKS: Group = Group {
    heading: "Output",
    flags: &[
        FORMAT,
        Flag::of(&t::QUIET),
        Flag::of(&t::COLOR),
        Flag::of(&t::DETAILS),
        Flag::of(&t::TRUST_POLICY),
        Flag::of(&t::RECEIPT),
    ],
};
/// Of a command that assumes one role once.
pub(super) static OUTPUT_WITH_RECEIPT: Group = Group {
    heading: "Output",
    flags: &[
        Flag::of(&t::QUIET),
        Flag::of(&t::COLOR),
        Flag::of(&t::DETAILS),
        Flag::of(&t::TRUST_POLICY),
        Flag::of(&t::RECEIPT),
    ],
};
/// Of the commands that assume one role again and again.
pub(super) static OUTPUT_OF_A_ROLE: Group = Group {
    heading: "Output",
    flags: &[Flag::of(&t::QUIET), Flag::of(&t::COLOR), Flag::of(&t::DETAILS), Flag::of(&t::TRUST_POLICY)],
};
