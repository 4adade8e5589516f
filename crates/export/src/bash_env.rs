//! The block of lines that is written to the file of `BASH_ENV`, and its removal. Separate from [`shell`], whose text is
//! also run by `eval`: if `eval` joins it to one line, a leading comment hides the rest.
//!
//! Every bash below a step reads the file again, so a block counts once a step: it adds its id to [`BLOCKS`], and a bash
//! that inherits this id skips the block. What the step sets or unsets afterwards stays.
//! One variable holds the ids of all blocks. With the last id alone, two blocks of one file would undo each other in every
//! nested bash. With a variable for each block, no single name could be unset to read the file once more.

mod ending;
mod removal;

use std::fmt;

use aws::Secret;

use crate::lines;
use crate::{EndpointEnvironment, STALE_VARIABLES, Session, endpoint_env, shell, variables};
pub use ending::has_only_whole_lines;
pub use removal::{blanked, remove};

/// The variable with the ids of the blocks that this process or one above it has read, separated by spaces.
///
/// It does not begin with `AWS_`: a step that unsets all such names must not bring the block back. Nor does it begin as
/// our settings do, where an unknown name is refused. `orb/src/scripts/install.sh` uses it for its line, too.
pub const BLOCKS: &str = "BASH_ENV_AWS_OIDC_BLOCKS";

/// Before its first secret a block switches off what makes a shell print the lines that it reads (`set -v`) or runs
/// (`set -x`), and on again behind the last one: a file of `BASH_ENV`, or `shell: bash -x`, would print the secrets into the
/// log of every step. A shell reads the guard as a whole, so this is a line before it.
///
/// A DEBUG trap has each command as `BASH_COMMAND`, and often prints it. It does not run for what a function does, except
/// with `set -T`, which only bash has. So the lines with secrets are the body of a function that exists for one call.
const QUIET: &str = "BASH_ENV_AWS_OIDC_OPTIONS=$-; set +vx; case ${BASH_VERSION+$-} in *T*) set +T ;; esac\n";
const AS_BEFORE: &str = "case $BASH_ENV_AWS_OIDC_OPTIONS in *v*) set -v ;; esac; \
    case $BASH_ENV_AWS_OIDC_OPTIONS in *x*) set -x ;; esac; \
    case ${BASH_VERSION+$BASH_ENV_AWS_OIDC_OPTIONS} in *T*) set -T ;; esac; unset BASH_ENV_AWS_OIDC_OPTIONS\n";

const BEGIN: &str = "# circleci-aws-oidc: begin";
const END: &str = "# circleci-aws-oidc: end";

/// How a line of a block begins, except for its first and last line and the guard. Blocks of earlier versions have no guard,
/// or nothing around it.
const OURS: [&str; 13] = [
    "BASH_ENV_AWS_OIDC_OPTIONS=",
    "case $BASH_ENV_AWS_OIDC_OPTIONS in ",
    "unset AWS_",
    "export AWS_CONTAINER_CREDENTIALS_FULL_URI=",
    "export AWS_CONTAINER_AUTHORIZATION_TOKEN=",
    "export AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE=",
    "export AWS_ACCESS_KEY_ID=",
    "export AWS_SECRET_ACCESS_KEY=",
    "export AWS_SESSION_TOKEN=",
    "export AWS_REGION=",
    "export AWS_DEFAULT_REGION=",
    "export BASH_ENV_AWS_OIDC_BLOCKS=",
    "case ${http_proxy-}${HTTP_PROXY-}",
];

/// The guard of a block, around its id. The line of `install` begins in the same way and ends in another.
const GUARD: (&str, &str) =
    ("case \" ${BASH_ENV_AWS_OIDC_BLOCKS-} \" in *' ", " '*) ;; *) BASH_ENV_AWS_OIDC() {");

/// The end of the function that the guard's line begins, its call, and the end of the guard.
const CALL: &str = "}; BASH_ENV_AWS_OIDC; unset -f BASH_ENV_AWS_OIDC ;; esac\n";

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
pub fn render_endpoint(endpoint: &EndpointEnvironment<'_>, id: &BlockId) -> Secret {
    framed(&endpoint.render(), id)
}

fn framed(lines: &Secret, BlockId(id): &BlockId) -> Secret {
    let (open, close) = GUARD;
    let counted = format!("export {BLOCKS}=\"${{{BLOCKS}:+${BLOCKS} }}{id}\"; {CALL}");
    let parts = ["\n", BEGIN, "\n", QUIET, open, id, close, lines.expose(), &counted, AS_BEFORE, END, "\n"];
    // Room for all of it: a string that grows leaves copies of the secrets behind.
    let mut text = String::with_capacity(parts.iter().map(|part| part.len()).sum());
    text.extend(parts);
    Secret::new(text)
}

/// The name of each variable that a block sets or unsets, apart from [`BLOCKS`].
pub fn names() -> impl Iterator<Item = &'static str> {
    let set = [variables::KEYS.as_slice(), &variables::REGIONS].concat();
    let unset = STALE_VARIABLES.into_iter().chain(endpoint_env::UNSET);
    let unset = unset.filter(|name| !variables::KEYS.contains(name));
    set.into_iter().chain(unset)
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
mod tests;
