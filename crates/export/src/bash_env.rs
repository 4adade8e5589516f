//! The block of lines that is written to the file of `BASH_ENV`, and its removal. Separate from [`shell`], whose text is
//! also run by `eval`: if `eval` joins it to one line, a leading comment hides the rest.
//!
//! Every bash below a step reads the file again, so a block counts once a step: it adds its id to [`BLOCKS`], and a bash
//! that inherits this id skips the block. What the step sets or unsets afterwards stays.
//! One variable holds the ids of all blocks. With the last id alone, two blocks of one file would undo each other in every
//! nested bash. With a variable for each block, no single name could be unset to read the file once more.

mod removal;

use std::fmt;

use aws::{Region, Secret};

use crate::lines;
use crate::{EndpointDescriptor, Session, endpoint_env, shell};
pub use removal::{blanked, remove};

/// The variable with the ids of the blocks that this process or one above it has read, separated by spaces.
///
/// It does not begin with `AWS_`: a step that unsets all such names must not bring the block back. Nor does it begin as
/// our settings do, where an unknown name is refused. `orb/src/scripts/install.sh` uses it for its line, too.
pub const BLOCKS: &str = "BASH_ENV_AWS_OIDC_BLOCKS";

const BEGIN: &str = "# circleci-aws-oidc: begin";
const END: &str = "# circleci-aws-oidc: end";

/// How a line of a block begins, except for its first and last line and the guard, which blocks of earlier versions do not
/// have.
const OURS: [&str; 9] = [
    "unset AWS_",
    "export AWS_CONTAINER_CREDENTIALS_FULL_URI=",
    "export AWS_CONTAINER_AUTHORIZATION_TOKEN=",
    "export AWS_ACCESS_KEY_ID=",
    "export AWS_SECRET_ACCESS_KEY=",
    "export AWS_SESSION_TOKEN=",
    "export AWS_REGION=",
    "export AWS_DEFAULT_REGION=",
    "export BASH_ENV_AWS_OIDC_BLOCKS=",
];

/// The guard of a block, around its id. The line of `install` begins in the same way and ends in another.
const GUARD: (&str, &str) = ("case \" ${BASH_ENV_AWS_OIDC_BLOCKS-} \" in *' ", " '*) ;; *)");

/// The id of one block, a new one with each export.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BlockId(String);

impl BlockId {
    /// The id of these random bytes.
    pub fn new(random: [u8; 8]) -> Self {
        Self(format!("{:016x}", u64::from_be_bytes(random)))
    }
}

impl fmt::Display for BlockId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// The lines of [`shell::render`] in a guard, between two comments that mark them for removal. No value can imitate a
/// mark: that needs a line break, which a session does not hold.
pub fn render(session: &Session, id: &BlockId) -> Secret {
    framed(&shell::render(session), id)
}

/// The same block with the variables of an endpoint in place of the credentials.
pub fn render_endpoint(endpoint: &EndpointDescriptor, region: Option<&Region>, id: &BlockId) -> Secret {
    framed(&endpoint_env::render(endpoint, region), id)
}

fn framed(lines: &Secret, BlockId(id): &BlockId) -> Secret {
    let (open, close) = GUARD;
    let counted = format!("export {BLOCKS}=\"${{{BLOCKS}:+${BLOCKS} }}{id}\" ;; esac\n");
    let parts = ["\n", BEGIN, "\n", open, id, close, lines.expose(), &counted, END, "\n"];
    // Room for all of it: a string that grows leaves copies of the secrets behind.
    let mut text = String::with_capacity(parts.iter().map(|part| part.len()).sum());
    text.extend(parts);
    Secret::new(text)
}

/// The ids of all blocks, as [`BLOCKS`] holds them.
pub fn blocks(existing: &str) -> String {
    let (open, close) = GUARD;
    let guards = lines::split(existing).into_iter().filter_map(|line| {
        let id = line.text.strip_prefix(open)?.strip_suffix(close)?;
        id.bytes().all(|byte| byte.is_ascii_hexdigit()).then_some(id)
    });
    guards.collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::session;

    pub(super) fn block_of(id: u8) -> String {
        let session = session("ASIA1", "wJalr'x", "IQoJb", Some("eu-west-1")).unwrap();
        render(&session, &BlockId::new([id; 8])).expose().to_owned()
    }

    pub(super) fn block() -> String {
        block_of(0xab)
    }

    pub(super) fn endpoint_block() -> String {
        let endpoint = EndpointDescriptor::new("", 1, Secret::new("secret".to_owned())).unwrap();
        let region = "eu-west-1".parse().unwrap();
        render_endpoint(&endpoint, Some(&region), &BlockId::new([0xcd; 8])).expose().to_owned()
    }

    /// As versions before the guard wrote it.
    pub(super) fn block_without_guard() -> String {
        let is_guard = |line: &&str| line.starts_with("case ") || line.contains(BLOCKS);
        block().split_inclusive('\n').filter(|line| !is_guard(line)).collect()
    }

    #[test]
    fn a_block_counts_only_where_its_id_is_not_among_the_blocks() {
        let text = block();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(
            [&lines[..4], &lines[lines.len() - 3..]].concat(),
            [
                "",
                "# circleci-aws-oidc: begin",
                "case \" ${BASH_ENV_AWS_OIDC_BLOCKS-} \" in *' abababababababab '*) ;; *)",
                "unset AWS_SECURITY_TOKEN AWS_PROFILE AWS_DEFAULT_PROFILE AWS_CREDENTIAL_EXPIRATION \
                 AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_CREDENTIALS_FULL_URI \
                 AWS_CONTAINER_AUTHORIZATION_TOKEN AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
                "export AWS_DEFAULT_REGION='eu-west-1'",
                "export BASH_ENV_AWS_OIDC_BLOCKS=\"${BASH_ENV_AWS_OIDC_BLOCKS:+$BASH_ENV_AWS_OIDC_BLOCKS }abababababababab\" ;; esac",
                "# circleci-aws-oidc: end",
            ]
        );
        assert_eq!(block_of(0).replace(&"00".repeat(8), &"ab".repeat(8)), text);
    }

    #[test]
    fn the_ids_of_all_blocks_are_found_and_nothing_else_is() {
        let forged = format!("\n{}$(run){}\n", GUARD.0, GUARD.1);
        let text = ["A=1", &block_of(1), &block_without_guard(), &forged, &endpoint_block()].concat();
        assert_eq!(blocks(&text), format!("{} {}", "01".repeat(8), "cd".repeat(8)));
        assert_eq!(blocks(""), "");
    }

    #[test]
    fn unsetting_the_names_of_aws_does_not_bring_a_block_back() {
        assert!(!BLOCKS.starts_with("AWS_") && !BLOCKS.starts_with("CIRCLECI_AWS_OIDC_"));
        assert!([GUARD.0, OURS[8]].iter().all(|text| text.contains(BLOCKS)));
    }
}
