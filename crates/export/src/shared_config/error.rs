//! Why a shared file cannot be read or edited safely. Each error names the line and how to fix it; none shows a line's
//! text or a value, which could be a secret.

use crate::NotPlain;

/// Why an AWS shared file is not read or changed. Lines are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum SharedFileError {
    /// A value of the session, not the file, is the cause.
    #[error(transparent)]
    NotPlain(NotPlain),
    /// Larger than any file that a person or a tool writes.
    #[error("the file has {bytes} bytes: an AWS shared file of more than 8 MiB is not read or edited")]
    TooLarge {
        /// The size that was found.
        bytes: usize,
    },
    /// Some editors on Windows write one.
    #[error(
        "the file begins with a byte order mark, which AWS clients cannot read: save it as UTF-8 without one"
    )]
    ByteOrderMark,
    /// A NUL, a carriage return alone, an escape sequence…
    #[error("line {line} holds a control character, which AWS clients read in different ways: remove it")]
    ControlCharacter {
        /// Its line.
        line: usize,
    },
    /// Usually a non-breaking space, from text that was copied from a web page.
    #[error(
        "line {line} is indented by a character that only some AWS clients read as a space: use plain spaces"
    )]
    OddSpace {
        /// Its line.
        line: usize,
    },
    /// Python's reader fails at the second one.
    #[error(
        "line {line} repeats the section `[{section}]` of line {first}: \
         the AWS CLI and boto3 cannot read such a file; merge the two"
    )]
    DuplicateSection {
        /// The name in the brackets.
        section: String,
        /// The section's first line.
        first: usize,
        /// The repeated line.
        line: usize,
    },
    /// Python's reader fails at the second one.
    #[error(
        "line {line} sets the same key of `[{section}]` as line {first}: \
         the AWS CLI and boto3 cannot read such a file; remove one of the two"
    )]
    DuplicateKey {
        /// Their section.
        section: String,
        /// The key's first line.
        first: usize,
        /// The repeated line.
        line: usize,
    },
    /// A key without `=`, or `=` without a key.
    #[error("line {line} is not `key = value`: the AWS CLI and boto3 cannot read such a file")]
    NotAKeyLine {
        /// Its line.
        line: usize,
    },
    /// Every client fails there.
    #[error("line {line} is before the first `[section]`: AWS clients cannot read such a file")]
    OutsideOfSections {
        /// Its line.
        line: usize,
    },
    /// A bracket is missing, or other text follows it.
    #[error("line {line} begins as a section, but not all AWS clients read it as one: write only `[name]`")]
    BrokenHeader {
        /// Its line.
        line: usize,
    },
    /// Clients read it as part of the value above.
    #[error(
        "line {line} is an indented section, which AWS clients read as part of the line above: \
         remove the indentation"
    )]
    IndentedHeader {
        /// Its line.
        line: usize,
    },
    /// botocore reads it as a line of its own, other clients as part of the key above.
    #[error(
        "line {line} in `[{section}]` is indented, and AWS clients read it in different ways: \
         remove the indentation"
    )]
    Indented {
        /// The profile's section.
        section: String,
        /// Its line.
        line: usize,
    },
    /// botocore gives the keys of this section to every profile.
    #[error(
        "line {line} sets `{key}` in `[DEFAULT]`, which the AWS CLI and boto3 use for every profile: \
         rename the section to `[default]` or remove the key"
    )]
    DefaultSection {
        /// The key, in lower case.
        key: String,
        /// Its line.
        line: usize,
    },
    /// Another kind of credentials in the same profile.
    #[error(
        "line {line} sets `{key}` in `[{section}]`, which AWS clients may use in place of the new credentials: \
         remove it or use another profile"
    )]
    OtherCredentials {
        /// The key, in lower case.
        key: String,
        /// The profile's section.
        section: String,
        /// Its line.
        line: usize,
    },
    /// A user or another program wrote it.
    #[error(
        "line {line} sets a `credential_process` in `[{section}]` that does not run circleci-aws-oidc: \
         remove it or use another profile"
    )]
    ForeignProcess {
        /// The profile's section.
        section: String,
        /// Its line.
        line: usize,
    },
    /// A user's long-term keys: STS returns none without a session token.
    #[error(
        "line {line} sets `{key}` in `[{section}]`, which AWS clients may use in place of a `credential_process`: \
         remove it or use another profile"
    )]
    OwnKeys {
        /// The key, in lower case.
        key: String,
        /// The profile's section.
        section: String,
        /// Its line.
        line: usize,
    },
    /// The same keys, which the new credentials would replace, or which AWS clients would no longer use.
    #[error(
        "line {line} sets `{key}` in `[{section}]` without a session token: long-term keys are a user's own and are not \
         replaced"
    )]
    LongTermKeys {
        /// The key, in lower case.
        key: String,
        /// The profile's section.
        section: String,
        /// Its line.
        line: usize,
    },
    /// Only some clients read it as the profile's section.
    #[error("line {line} names the profile in a form that not all AWS clients read: write `[{plain}]`")]
    OddHeader {
        /// The header that all clients read.
        plain: String,
        /// Its line.
        line: usize,
    },
}
