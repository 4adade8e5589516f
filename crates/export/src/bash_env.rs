//! The block of lines that is written to the file of `BASH_ENV`, and its removal. Separate from [`shell`], whose text is
//! also run by `eval`: if `eval` joins it to one line, a leading comment hides the rest.
//!
//! Every bash below a step reads the file again, so a block counts once a step: it adds its id to [`BLOCKS`], and a bash
//! that inherits this id skips the block. What the step sets or unsets afterwards stays.
//! One variable holds the ids of all blocks. With the last id alone, two blocks of one file would undo each other in every
//! nested bash. With a variable for each block, no single name could be unset to read the file once more.

use std::fmt;

use aws::{Region, Secret};

use crate::lines::{self, Line};
use crate::{EndpointDescriptor, Removal, Session, endpoint_env, shell};

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

/// Removes every block, with the line break before it. Lines that others have added to a block stay; a block without its
/// end mark reaches to the next block.
pub fn remove(existing: &str) -> Removal {
    let all = lines::split(existing);
    let mut kept = Kept { text: String::with_capacity(existing.len() + all.len()) };
    let mut found = false;
    each_line(&all, |line, part| match part {
        Part::Begin => {
            found = true;
            kept.drop_line_break(line.ending);
        }
        Part::Ours => {}
        Part::Other => kept.push(line),
    });
    if found { Removal::Without(Secret::new(kept.text)) } else { Removal::Nothing }
}

/// The same text, and as long, with line breaks in the place of every block: for a file that other programs append to now.
/// A file for `GITHUB_ENV` may have blank lines, too, and no comment.
pub fn blanked(existing: &str) -> Secret {
    let mut text = String::with_capacity(existing.len());
    each_line(&lines::split(existing), |line, part| match part {
        Part::Other => text.extend([line.text, line.ending]),
        Part::Begin | Part::Ours => {
            text.extend(std::iter::repeat_n('\n', line.text.len() + line.ending.len()));
        }
    });
    Secret::new(text)
}

/// What a line is part of.
enum Part {
    /// The first line of a block.
    Begin,
    /// Another line of a block that this program writes.
    Ours,
    /// The rest.
    Other,
}

fn each_line<'a>(all: &[Line<'a>], mut take: impl FnMut(Line<'a>, Part)) {
    let mut rest = all;
    while let Some((line, after)) = rest.split_first() {
        if line.text != BEGIN {
            take(*line, Part::Other);
            rest = after;
            continue;
        }
        take(*line, Part::Begin);
        let (block, behind) = split_at_end(after);
        let is_part = |line: &Line<'_>| line.text == END || is_ours(line);
        block.iter().for_each(|line| take(*line, if is_part(line) { Part::Ours } else { Part::Other }));
        rest = behind;
    }
}

/// The lines of a block with its end, and what follows it.
fn split_at_end<'l, 'a>(after: &'l [Line<'a>]) -> (&'l [Line<'a>], &'l [Line<'a>]) {
    let next = after.iter().position(|line| line.text == BEGIN).unwrap_or(after.len());
    let end = after.iter().take(next).position(|line| line.text == END).map_or(next, |end| end + 1);
    after.split_at(end)
}

fn is_ours(line: &Line<'_>) -> bool {
    let (open, close) = GUARD;
    OURS.iter().any(|beginning| line.text.starts_with(beginning))
        || (line.text.starts_with(open) && line.text.ends_with(close))
}

/// The new text. It has no `Debug`: other lines may hold secrets too.
struct Kept {
    text: String,
}

impl Kept {
    /// Never joins a line to one whose line break [`Kept::drop_line_break`] has removed.
    fn push(&mut self, line: Line<'_>) {
        if !line.text.is_empty() {
            lines::end_line(&mut self.text, "\n");
        }
        self.text.extend([line.text, line.ending]);
    }

    /// Removes the line break before a block, which has the ending of the block's lines.
    fn drop_line_break(&mut self, ending: &str) {
        let without = self.text.strip_suffix(ending).or_else(|| self.text.strip_suffix('\n'));
        if let Some(length) = without.map(str::len) {
            self.text.truncate(length);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::session;

    fn block_of(id: u8) -> String {
        let session = session("ASIA1", "wJalr'x", "IQoJb", Some("eu-west-1")).unwrap();
        render(&session, &BlockId::new([id; 8])).expose().to_owned()
    }

    fn block() -> String {
        block_of(0xab)
    }

    fn endpoint_block() -> String {
        let endpoint = EndpointDescriptor::new("", 1, Secret::new("secret".to_owned())).unwrap();
        let region = "eu-west-1".parse().unwrap();
        render_endpoint(&endpoint, Some(&region), &BlockId::new([0xcd; 8])).expose().to_owned()
    }

    /// As versions before the guard wrote it.
    fn block_without_guard() -> String {
        let is_guard = |line: &&str| line.starts_with("case ") || line.contains(BLOCKS);
        block().split_inclusive('\n').filter(|line| !is_guard(line)).collect()
    }

    #[track_caller]
    fn assert_left(existing: &str, left: &str) {
        assert_eq!(remove(existing), Removal::Without(Secret::new(left.to_owned())), "{existing:?}");
    }

    #[test]
    fn a_file_is_byte_for_byte_what_it_was_before_its_blocks() {
        for before in
            ["", "\n", "A=1", "A=1\r", "A=1\n", "A=1\n\n", "\n\nA=1\r\n", "# mine\nexport AWS_REGION='x'\n"]
        {
            assert_left(&format!("{before}{}", block()), before);
            assert_left(&format!("{before}{}{}", block(), block()), before);
            assert_left(&format!("{before}{}{}", endpoint_block(), block()), before);
            assert_left(&format!("{before}{}{}", block_without_guard(), block()), before);
        }
    }

    #[test]
    fn blanked_blocks_are_as_long_and_no_other_byte_changes() {
        for before in ["", "A=1", "A=1\r\n"] {
            for whole in
                [block(), endpoint_block(), block_without_guard(), block()[..block().len() - 30].to_owned()]
            {
                let existing = format!("{before}{whole}B=2");
                let blank = blanked(&existing);
                assert_eq!(blank.expose().len(), existing.len());
                let is_other = |line: &&str| !line.is_empty();
                let left: Vec<&str> = blank.expose().split('\n').filter(is_other).collect();
                let expected: Vec<&str> = before.split('\n').chain(["B=2"]).filter(is_other).collect();
                if whole.ends_with('\n') {
                    assert_eq!(left, expected, "{existing:?}");
                }
            }
        }
        let edited = block().replace("export AWS_REGION", "export AWS_PROFILE=x\nexport AWS_REGION");
        assert_eq!(blanked(&edited).expose().trim_matches('\n'), "export AWS_PROFILE=x");
    }

    #[test]
    fn what_others_appended_stays_and_is_never_glued_together() {
        let block = block();
        for (existing, left) in [
            (format!("A=1{block}B=2\n"), "A=1\nB=2\n"),
            (format!("A=1\n{block}B=2"), "A=1\nB=2"),
            (format!("A=1{block}\nB=2\n"), "A=1\nB=2\n"),
            (format!("{block}B=2\n{block}C=3\n"), "B=2\nC=3\n"),
            (format!("{block}{block}export AWS_REGION=x\n"), "export AWS_REGION=x\n"),
        ] {
            assert_left(&existing, left);
        }
    }

    #[test]
    fn a_file_whose_breaks_somebody_changed_is_cleared_too() {
        assert_left(&format!("A=1\n{}B=2\n", block()).replace('\n', "\r\n"), "A=1\r\nB=2\r\n");
    }

    #[test]
    fn lines_that_were_put_into_a_block_stay() {
        let edited = block().replace("export AWS_REGION", "export AWS_PROFILE=x\n\nexport AWS_REGION");
        assert_left(&edited, "export AWS_PROFILE=x\n\n");
    }

    #[test]
    fn a_block_without_its_end_leaves_no_secret() {
        let open = block().replace("# circleci-aws-oidc: end\n", "B=2\n");
        assert_left(&format!("A=1\n{open}"), "A=1\nB=2\n");
        assert_left(&format!("{open}{}C=3", block()), "B=2\nC=3");
    }

    #[test]
    fn a_block_that_is_cut_after_any_line_leaves_nothing() {
        for whole in [block(), endpoint_block(), block_without_guard()] {
            let lines: Vec<&str> = whole.split_inclusive('\n').collect();
            for count in 2..=lines.len() {
                assert_left(&format!("A=1\n{}", lines[..count].concat()), "A=1\n");
            }
        }
    }

    #[test]
    fn the_line_of_install_stays_even_behind_a_block_without_its_end() {
        let install = "case \" ${BASH_ENV_AWS_OIDC_BLOCKS-} \" in *' 0a1b '*) ;; *) export PATH='/b':\"$PATH\" \
                       BASH_ENV_AWS_OIDC_BLOCKS=\"${BASH_ENV_AWS_OIDC_BLOCKS:+$BASH_ENV_AWS_OIDC_BLOCKS }0a1b\" ;; esac\n";
        let open = block().replace("# circleci-aws-oidc: end\n", "");
        for block in [block(), open] {
            assert_left(&format!("{install}{block}"), install);
            assert_left(&format!("{block}{install}"), install);
        }
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

    #[test]
    fn a_text_without_a_block_is_nothing_to_remove() {
        for text in [
            "",
            "export AWS_ACCESS_KEY_ID='x'\n",
            " # circleci-aws-oidc: begin\n",
            "# circleci-aws-oidc: end\n",
        ] {
            assert_eq!(remove(text), Removal::Nothing, "{text}");
        }
    }
}
