//! Where steps run: the project, the job's private directory, and an optional root file system.
//!
//! Separate from the loop over the steps because all paths are decided here: inside a root, a step and this process see
//! different paths.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use tempfile::TempDir;

use super::RunError;
use super::environment::{self, Variables};
use crate::expand::{Job, RunStep};

/// An absolute path: `env_clear` removes PATH, and the PATH inside a root is the root's.
const CHROOT: &str = "/usr/sbin/chroot";

const PATH_OF_A_ROOT: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// The machine of one job. The private directory, with the file of `BASH_ENV`, is removed with it.
///
/// Not `Debug`: the contexts hold secrets.
pub struct Machine {
    root: Option<PathBuf>,
    /// The project as a step sees it.
    project: String,
    /// The private directory as a step sees it.
    private: String,
    image: Variables,
    contexts: Variables,
    _directory: TempDir,
}

impl Machine {
    /// A machine on this host or, with `root`, in a root file system.
    ///
    /// Without a `project` the steps start in an empty directory. `contexts` stands for CircleCI's contexts
    /// and project variables, `host_path` is the PATH of steps outside a root.
    pub fn new(
        root: Option<PathBuf>,
        project: Option<PathBuf>,
        contexts: Variables,
        host_path: &str,
    ) -> Result<Self, RunError> {
        let parent = root.as_ref().map_or_else(std::env::temp_dir, |root| root.join("tmp"));
        let prepare = |source| RunError::Prepare { path: parent.clone(), source };
        fs::create_dir_all(&parent).map_err(prepare)?;
        let directory = tempfile::Builder::new().prefix("job-").tempdir_in(&parent).map_err(prepare)?;
        for part in ["home", "project"] {
            fs::create_dir(directory.path().join(part)).map_err(prepare)?;
        }
        let private = match &root {
            Some(root) => {
                Path::new("/").join(directory.path().strip_prefix(root).unwrap_or(directory.path()))
            }
            None => directory.path().to_owned(),
        };
        let project = match project {
            Some(project) if root.is_none() => project
                .canonicalize()
                .map_err(|source| RunError::Prepare { path: project.clone(), source })?,
            Some(project) => project,
            None => private.join("project"),
        };
        let path = if root.is_some() { PATH_OF_A_ROOT } else { host_path };
        let private = private.display().to_string();
        let image =
            [("HOME".to_owned(), format!("{private}/home")), ("PATH".to_owned(), path.to_owned())].into();
        Ok(Self {
            root,
            project: project.display().to_string(),
            private,
            image,
            contexts,
            _directory: directory,
        })
    }

    /// The process of one step, ready to start.
    pub(super) fn command(&self, job: &Job, step: &RunStep) -> Command {
        let variables = self.variables(job, step);
        let mut line = self.shell(step.shell.as_deref().or(job.shell.as_deref()));
        line.extend(["-c".to_owned(), step.command.clone()]);
        let directory = self.directory(step, &variables);
        let mut line = line.into_iter();
        let mut command = match &self.root {
            None => {
                let mut command = Command::new(line.next().unwrap_or_default());
                command.current_dir(&directory);
                command
            }
            // chroot starts its program in `/`, so a shell inside changes to the directory first.
            Some(root) => {
                let mut command = Command::new(CHROOT);
                command.arg(root).args(["/bin/sh", "-c", "cd \"$0\" && exec \"$@\"", &directory]);
                command
            }
        };
        command.args(line).env_clear().envs(variables).stdin(Stdio::null());
        command
    }

    fn variables(&self, job: &Job, step: &RunStep) -> Variables {
        let built_in = environment::built_in(&job.name, &format!("{}/.bash_env-0-build", self.private));
        environment::of_step(&self.image, &self.contexts, &built_in, job, step)
    }

    /// The shell of the step or job, or CircleCI's default one for this image.
    fn shell(&self, named: Option<&str>) -> Vec<String> {
        let bash =
            self.root.as_ref().map_or_else(|| PathBuf::from("/bin/bash"), |root| root.join("bin/bash"));
        let default = if bash.exists() { "/bin/bash -eo pipefail" } else { "/bin/sh -eo pipefail" };
        named.unwrap_or(default).split_whitespace().map(str::to_owned).collect()
    }

    fn directory(&self, step: &RunStep, variables: &Variables) -> String {
        let home = variables.get("HOME").map_or("/", String::as_str);
        match step.working_directory.as_deref() {
            None => self.project.clone(),
            Some("~") => home.to_owned(),
            Some(path) if path.starts_with('/') => path.to_owned(),
            Some(path) => match path.strip_prefix("~/") {
                Some(below) => format!("{home}/{below}"),
                None => format!("{}/{path}", self.project),
            },
        }
    }
}
