//! Why a shared file can't be edited safely. Each variant has its own mend and says which line; none shows
//! a line's text or a value, which could be a secret.

use crate::NotPlain;

/// Why an AWS shared file is left as it is. Lines count from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SharedFileError {
    /// The session's values, not the file, are at fault.
    #[error(transparent)]
    NotPlain(NotPlain),
    /// Far beyond any file that a person or a tool writes.
    #[error("the file has {bytes} bytes: an AWS shared file of more than 8 MiB is not read or edited")]
    TooLarge {
        /// The size that was found.
        bytes: usize,
    },
    /// Some editors on Windows write one.
    #[error(
        "the file begins with a byte order mark, which AWS clients can't read: save it as UTF-8 without one"
    )]
    ByteOrderMark,
    /// A NUL, a lone carriage return, an escape sequence…
    #[error("line {line} holds a control character, which AWS clients read in different ways: remove it")]
    ControlCharacter {
        /// Where it stands.
        line: usize,
    },
    /// A non-breaking space, most often: it comes with text that was copied from a web page.
    #[error(
        "line {line} is indented by a character that only some AWS clients take for a space: use plain spaces"
    )]
    OddSpace {
        /// Where it stands.
        line: usize,
    },
    /// Python's reader stops at the second one.
    #[error(
        "line {line} opens `[{section}]`, which line {first} has opened before: \
         the AWS CLI and boto3 can't read such a file; merge the two"
    )]
    DuplicateSection {
        /// The name in the brackets.
        section: String,
        /// Where the section stands first.
        first: usize,
        /// Where it stands again.
        line: usize,
    },
    /// Python's reader stops at the second one.
    #[error(
        "line {line} sets the same key of `[{section}]` as line {first}: \
         the AWS CLI and boto3 can't read such a file; remove one of the two"
    )]
    DuplicateKey {
        /// The section that both stand in.
        section: String,
        /// Where the key is set first.
        first: usize,
        /// Where it is set again.
        line: usize,
    },
    /// A word without `=`, or a `=` without a word.
    #[error("line {line} is not `key = value`: the AWS CLI and boto3 can't read such a file")]
    NotAKeyLine {
        /// Where it stands.
        line: usize,
    },
    /// Every client stops there.
    #[error("line {line} stands before the first `[section]`: AWS clients can't read such a file")]
    OutsideOfSections {
        /// Where it stands.
        line: usize,
    },
    /// A bracket is missing, or something follows it.
    #[error(
        "line {line} begins like a section but is not one for all AWS clients: write `[name]` and no more"
    )]
    BrokenHeader {
        /// Where it stands.
        line: usize,
    },
    /// It would be part of the value above.
    #[error(
        "line {line} is an indented section, which AWS clients read as part of the line above: \
         remove the indentation"
    )]
    IndentedHeader {
        /// Where it stands.
        line: usize,
    },
    /// botocore takes it for a line of its own, other clients for part of the key above.
    #[error(
        "line {line} in `[{section}]` is indented, and AWS clients disagree about what it belongs to: \
         remove the indentation"
    )]
    Indented {
        /// The profile's section.
        section: String,
        /// Where it stands.
        line: usize,
    },
    /// botocore gives the keys of this section to every profile.
    #[error(
        "line {line} sets `{key}` in `[DEFAULT]`, which the AWS CLI and boto3 give to every profile: \
         rename the section to `[default]` or remove the key"
    )]
    DefaultSection {
        /// The key, in lower case.
        key: String,
        /// Where it stands.
        line: usize,
    },
    /// Another kind of credentials in the same profile.
    #[error(
        "line {line} sets `{key}` in `[{section}]`, which AWS clients may use in place of the new keys: \
         remove it or take another profile"
    )]
    OtherCredentials {
        /// The key, in lower case.
        key: String,
        /// The profile's section.
        section: String,
        /// Where it stands.
        line: usize,
    },
    /// A person wrote it, or another program.
    #[error(
        "line {line} sets a `credential_process` in `[{section}]` that does not run circleci-aws-oidc: \
         remove it or take another profile"
    )]
    ForeignProcess {
        /// The profile's section.
        section: String,
        /// Where it stands.
        line: usize,
    },
    /// A user's own: STS gives none without a session token.
    #[error(
        "line {line} sets `{key}` in `[{section}]`, which AWS clients may use in place of a `credential_process`: \
         remove it or take another profile"
    )]
    OwnKeys {
        /// The key, in lower case.
        key: String,
        /// The profile's section.
        section: String,
        /// Where it stands.
        line: usize,
    },
    /// Only some clients take it for the profile.
    #[error("line {line} names the profile in a way that not all AWS clients read: write `[{plain}]`")]
    OddHeader {
        /// The header that all clients read.
        plain: String,
        /// Where it stands.
        line: usize,
    },
}
