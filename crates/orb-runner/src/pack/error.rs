//! Every reason to refuse a source tree; each names the file, since an orb has many.

use std::io;
use std::path::PathBuf;

use crate::yaml::YamlError;

/// Why an orb's source was not packed.
#[derive(Debug, thiserror::Error)]
pub enum PackError {
    /// A file or directory that has to be there.
    #[error("cannot read `{}`", path.display())]
    Unreadable {
        /// What was to be read.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// A YAML file that not every reader understands alike.
    #[error("`{}` cannot be packed", path.display())]
    Yaml {
        /// The file.
        path: PathBuf,
        /// The flaw.
        source: YamlError,
    },
    /// A list or a scalar where keys are needed.
    #[error("`{}` is not a mapping", path.display())]
    NotAMapping {
        /// The file.
        path: PathBuf,
    },
    /// One packer drops such a key.
    #[error("`@orb.yml` has the key `{key}`; it may have version, description, display and orbs")]
    UnexpectedKey {
        /// The key.
        key: String,
    },
    /// One packer skips it, the other one flattens it.
    #[error("`{}` is a directory inside a section; move its files up", path.display())]
    NestedDirectory {
        /// The directory.
        path: PathBuf,
    },
    /// One packer makes a section of its directory or merges it at top level.
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
    /// An include may name what lies inside of the orb only.
    #[error("`{}` includes `{include}`, which leaves the orb's directory", path.display())]
    IncludeLeaves {
        /// The file.
        path: PathBuf,
        /// The path in the include.
        include: String,
    },
    /// New pins need a place to go.
    #[error("no command includes `{file}`, so there is nothing that a version or digests could replace")]
    NoPins {
        /// The file, relative to the orb.
        file: &'static str,
    },
    /// A digest file that was cut or belongs to something else.
    #[error("line {line} of the digests is not `<64 hex digits>  <file name>`")]
    BadDigestLine {
        /// Its number.
        line: usize,
    },
    /// A digest file of another project, or an empty one.
    #[error("the digests name no file that starts with `{prefix}`")]
    NoDigests {
        /// What the names have to start with.
        prefix: &'static str,
    },
}
