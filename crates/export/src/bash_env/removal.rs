//! The removal of blocks from the file of `BASH_ENV`.

use aws::Secret;

use super::{BEGIN, END, GUARD, OURS};
use crate::Removal;
use crate::lines::{self, Line};

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
        for line in block {
            take(*line, if is_part(line) { Part::Ours } else { Part::Other });
        }
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
    use super::super::tests::{block, block_without_guard, endpoint_block};
    use super::*;

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
