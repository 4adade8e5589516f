//! The commands whose credentials outlive a run: `credential-process` and `serve`.

use super::groups::{CHAIN, GUARDS, NETWORK, OUTPUT_OF_A_ROLE, ROLE, SCOPE, TOKEN};
use super::roles::EXIT_CODES;
use crate::args::command::{Definition, Example, Flag, Group};
use crate::settings::table as t;

static OF_THE_LINE: Group =
    Group { heading: "Profile", flags: &[Flag::of(&t::SETTINGS), Flag::of(&t::JOB_KEY), Flag::of(&t::HOME)] };

pub(super) static CREDENTIAL_PROCESS: Definition = Definition {
    path: &["credential-process"],
    about: "Print credentials for an AWS tool's profile, cached until close to expiry",
    notes: &[
        "For the line `credential_process` in AWS's config file, by which AWS tools start it; `assume --mode \
         credential-process` writes that line.",
        "With --role-arn or --settings it ignores CIRCLECI_AWS_OIDC_ variables: the line requests the same session in every step.",
        "Caches credentials in ~/.aws/circleci-aws-oidc until 20 minutes, or half of their lifetime, are left. If STS \
         returns no new ones then, it prints the old ones until 1 minute, or a tenth of their lifetime, is left.",
        "A success prints nothing on stderr, which some AWS tools read as a part of the JSON. Notes and failures are logged \
         in ~/.aws/circleci-aws-oidc; whoami and preflight print the latest.",
    ],
    examples: &[
        Example {
            purpose: "What an AWS tool gets",
            line: "circleci-aws-oidc credential-process --role-arn arn:aws:iam::123456789012:role/deploy",
        },
        Example {
            purpose: "The line of a profile that renews its credentials",
            line: "circleci-aws-oidc assume --role-arn arn:aws:iam::123456789012:role/deploy \\\n  \
                   --mode credential-process --profile deploy",
        },
    ],
    exit_codes: &EXIT_CODES,
    groups: &[&ROLE, &TOKEN, &CHAIN, &SCOPE, &GUARDS, &NETWORK, &OUTPUT_OF_A_ROLE, &OF_THE_LINE],
    operand: None,
};

pub(super) static SERVE: Definition = Definition {
    path: &["serve"],
    about: "Serve one role's credentials to AWS tools on this machine, and renew them",
    notes: &[
        "Run it in the background, and `assume --mode endpoint` with the same settings in the next step.",
        "Listens on 127.0.0.1, requires its authorization token in each request, ends after `clear`.",
        "Exits with 0 after its descriptor in ~/.aws/circleci-aws-oidc, by which `assume` finds it, was removed.",
    ],
    examples: &[
        Example {
            purpose: "In a background step",
            line: "circleci-aws-oidc serve --role-arn arn:aws:iam::123456789012:role/deploy",
        },
        Example {
            purpose: "In the step after it, for all steps that follow",
            line: "circleci-aws-oidc assume --role-arn arn:aws:iam::123456789012:role/deploy --mode endpoint",
        },
    ],
    exit_codes: &EXIT_CODES,
    groups: &[&ROLE, &TOKEN, &CHAIN, &SCOPE, &GUARDS, &NETWORK, &OUTPUT_OF_A_ROLE],
    operand: None,
};
