//! The command that runs another one: `exec`.

use super::groups::{CHAIN, GUARDS, NETWORK, OUTPUT_WITH_RECEIPT, ROLE, SCOPE, TOKEN};
use crate::args::command::{Definition, Example, Flag, Group, Operand, OperandKind};
use crate::settings::table as t;

static CHILD: Group = Group { heading: "Command", flags: &[Flag::of(&t::SERVE), Flag::of(&t::PASS_TOKEN)] };

pub(super) static EXEC: Definition = Definition {
    path: &["exec"],
    about: "Run one command with one role's credentials in its environment only",
    notes: &[
        "Writes no file but the receipt that you ask for, so nothing has to be cleared. On Unix this process becomes the command; on Windows it waits for \
         it and ends with its exit code.",
        "The command does not inherit what would override the credentials, nor the job's token and the settings of this \
         program, with which it could assume the role again. One note names what that was.",
    ],
    examples: &[
        Example {
            purpose: "One command as the role; the next step has no credentials",
            line: "circleci-aws-oidc exec --role-arn arn:aws:iam::123456789012:role/deploy --region eu-west-1 \\\n  \
                   -- aws s3 sync dist s3://my-bucket",
        },
        Example {
            purpose: "A command that takes longer than the session",
            line: "circleci-aws-oidc exec --serve --role-arn arn:aws:iam::123456789012:role/deploy --duration 1h \\\n  \
                   -- ./migrate.sh",
        },
        Example {
            purpose: "A shell's syntax needs a shell",
            line: "circleci-aws-oidc exec --role-arn arn:aws:iam::123456789012:role/deploy \\\n  \
                   -- sh -c 'terraform init && terraform plan'",
        },
    ],
    exit_codes: &EXIT_CODES,
    groups: &[&ROLE, &TOKEN, &CHAIN, &SCOPE, &GUARDS, &CHILD, &NETWORK, &OUTPUT_WITH_RECEIPT],
    operand: Some(Operand {
        name: "COMMAND",
        help: "The program and its arguments, which are not read here",
        kind: OperandKind::CommandLine,
    }),
};

/// Those of the command itself are not told apart from these; an error of this program is on stderr.
static EXIT_CODES: [(u8, &str); 8] = [
    (0, "that of the command, like any other code, once it runs"),
    (1, "the command cannot be started, or another local fault"),
    (2, "usage or settings, also a command that does not exist"),
    (3, "no usable identity token"),
    (4, "STS refused"),
    (5, "STS not reached, or transient errors until attempts or deadline ran out"),
    (6, "the receipt cannot be written"),
    (7, "a guard refused: account, SSH rerun, fork, host"),
];
