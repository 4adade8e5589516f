//! The command that shows the job's token: `token`.

use super::groups::NETWORK;
use crate::args::command::{Definition, Example, Flag, Group};
use crate::settings::table as t;

static ROLE: Group = Group {
    heading: "Role",
    flags: &[Flag::with_help(
        &t::ROLE_ARN,
        "The role, for the ARN of the identity provider in its account",
        "Without it only the provider's name is printed.",
    )],
};
static SHOWN: Group = Group {
    heading: "Token",
    flags: &[
        Flag::of(&t::TOKEN_SOURCE),
        Flag::with_help(
            &t::AUDIENCE,
            "The audience; a token that has another one is replaced by a new one",
            "With auto on CircleCI and on GitHub; another source must have a token for this audience.",
        ),
    ],
};
static DESTINATION: Group = Group {
    heading: "Destination",
    flags: &[Flag::with_help(
        &t::TO,
        "Write the token to a file, too: file:PATH",
        "For tools that take a web identity token file. Whoever reads it can assume what trusts the token.",
    )],
};
static OUTPUT: Group = Group {
    heading: "Output",
    flags: &[
        Flag::with_help(&t::FORMAT, "The format of the claims: text, json [default: text]", ""),
        Flag::of(&t::QUIET),
        Flag::of(&t::COLOR),
    ],
};

pub(super) static TOKEN: Definition = Definition {
    path: &["token"],
    about: "Print the claims of the job's token and what AWS makes of them",
    notes: &[
        "Prints the claims and the condition keys that a trust policy can compare, never the token itself.",
        "The signature is not verified: only AWS does that.",
    ],
    examples: &[
        Example { purpose: "What a trust policy is compared with", line: "circleci-aws-oidc token" },
        Example {
            purpose: "A token file for Terraform's S3 backend",
            line: "circleci-aws-oidc token --to file:token.jwt --quiet",
        },
    ],
    exit_codes: &[
        (0, "done"),
        (1, "local fault"),
        (2, "usage or settings"),
        (3, "no usable token"),
        (6, "the file or stdout cannot be written"),
    ],
    groups: &[&ROLE, &SHOWN, &DESTINATION, &NETWORK, &OUTPUT],
    operand: None,
};
