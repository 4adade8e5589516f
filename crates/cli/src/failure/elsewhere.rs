//! Where a file can be instead: the setting that decides it.

/// What decides where a file is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Elsewhere {
    /// The variables of AWS's shared files.
    SharedFiles,
    /// `BASH_ENV`.
    BashEnv,
    /// HOME, where the cache and the endpoint descriptor are.
    Home,
    /// The flag that named the file.
    Flag,
    /// GitHub's runner: only another destination is elsewhere.
    Destination,
}

impl Elsewhere {
    /// An imperative; `which` says what the directory has to be like.
    pub(super) fn in_a_directory(self, which: &str) -> String {
        match self {
            Self::SharedFiles => format!(
                "set AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE to files in a directory {which}, in this step and in \
                 the steps that use the profile"
            ),
            Self::BashEnv => format!("set BASH_ENV to a file in a directory {which}"),
            Self::Home => {
                format!("set HOME to a directory {which}, in this step and in those that use the credentials")
            }
            Self::Flag => format!("name a file in a directory {which}"),
            Self::Destination => {
                format!("choose another destination, such as `--to dotenv:PATH` in a directory {which}")
            }
        }
    }
}
