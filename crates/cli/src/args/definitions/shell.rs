//! The commands that print texts made of these definitions: `completions` and `man`.

use crate::args::command::{Definition, Example, Operand, OperandKind};

pub(super) static COMPLETIONS: Definition = Definition {
    path: &["completions"],
    about: "Print completions for a shell",
    notes: &["Reads neither the environment nor files."],
    examples: &[
        Example { purpose: "bash, in ~/.bashrc", line: "eval \"$(circleci-aws-oidc completions bash)\"" },
        Example {
            purpose: "fish",
            line: "circleci-aws-oidc completions fish > ~/.config/fish/completions/circleci-aws-oidc.fish",
        },
        Example {
            purpose: "zsh, in a directory of $fpath; a new shell then finds it",
            line: "circleci-aws-oidc completions zsh > ~/.zfunc/_circleci-aws-oidc",
        },
        Example {
            purpose: "PowerShell, in $PROFILE",
            line: "circleci-aws-oidc completions powershell | Out-String | Invoke-Expression",
        },
    ],
    exit_codes: &[(0, "done"), (1, "local fault"), (2, "usage"), (6, "stdout cannot be written")],
    groups: &[],
    operand: Some(Operand {
        name: "SHELL",
        help: "bash (3.2 or later), zsh, fish or powershell",
        kind: OperandKind::Words(&["bash", "zsh", "fish", "powershell"]),
    }),
};

pub(super) static MAN: Definition = Definition {
    path: &["man"],
    about: "Print the manual page of all commands",
    notes: &["Reads neither the environment nor files."],
    examples: &[
        Example { purpose: "Read it", line: "circleci-aws-oidc man | man -l -" },
        Example {
            purpose: "Install it for this user",
            line: "circleci-aws-oidc man > ~/.local/share/man/man1/circleci-aws-oidc.1",
        },
    ],
    exit_codes: &[(0, "done"), (1, "local fault"), (2, "usage"), (6, "stdout cannot be written")],
    groups: &[],
    operand: None,
};
