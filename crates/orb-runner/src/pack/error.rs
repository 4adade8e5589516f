//! Why a source tree is refused. Each error names the file, since an orb has many.

use std::io;
use std::path::PathBuf;

use crate::yaml::YamlError;

/// Why an orb's source was not packed.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// A required file or directory.
    #[error("cannot read `{}`", path.display())]
    Unreadable {
        /// The file or directory.
        path: PathBuf,
        /// The system's reason.
        source: io::Error,
    },
    /// A YAML file that readers understand in different ways.
    #[error("`{}` cannot be packed", path.display())]
    Yaml {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        source: YamlError,
    },
    /// A list or a scalar where a mapping is needed.
    #[error("`{}` is not a mapping", path.display())]
    NotAMapping {
        /// The file.
        path: PathBuf,
    },
    /// One packer drops such a key.
    #[error("unexpected key `{key}` in `@orb.yml`; expected version, description, display or orbs")]
    UnexpectedKey {
        /// The key.
        key: String,
    },
    /// One packer skips it, the other one takes its files as elements.
    #[error("`{}` is a directory inside a section; move its files up", path.display())]
    NestedDirectory {
        /// The directory.
        path: PathBuf,
    },
    /// One packer makes a section of its directory or merges it into the top level.
    #[error("`{}` is YAML outside of commands, executors, jobs and examples", path.display())]
    StrayYaml {
        /// The file.
        path: PathBuf,
    },
    /// CircleCI takes lower-case names only.
    #[error("`{}` needs a lower-case name of letters, digits, `_` and `-` that ends in .yml", path.display())]
    ElementName {
        /// The file.
        path: PathBuf,
    },
    /// One packer allows only this form.
    #[error("`{}` has an include that is not the whole value: `{value}`", path.display())]
    IncludeNotWhole {
        /// The file.
        path: PathBuf,
        /// The value's first line.
        value: String,
    },
    /// An include can only name a file inside the orb.
    #[error("`{}` includes `{include}`, which leaves the orb's directory", path.display())]
    IncludeLeaves {
        /// The file.
        path: PathBuf,
        /// The path in the include.
        include: String,
    },
    /// There is no place for new pins.
    #[error("no command includes `{file}`, so no version or digests can be replaced")]
    NoPins {
        /// The file, relative to the orb.
        file: &'static str,
    },
    /// A digest file that is cut off or of another kind.
    #[error("line {line} of the digests is not `<64 hex digits>  <file name>`")]
    BadDigestLine {
        /// The line's number.
        line: usize,
    },
    /// A digest file of another project, or an empty one.
    #[error("the digests name no file that starts with `{prefix}`")]
    NoDigests {
        /// What the names have to start with.
        prefix: &'static str,
    },
}
