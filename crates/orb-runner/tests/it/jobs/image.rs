//! Images with only a few programs: one that downloads, one that calculates digests.

use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::Command;

use super::fixture::{Outcome, program, report_skipped};
use super::install::Release;

/// The programs of all images. A test adds the others.
const BASE: [&str; 15] = [
    "cat", "chmod", "cp", "grep", "id", "ls", "mkdir", "mktemp", "mv", "rm", "sed", "sh", "sleep", "tr",
    "uname",
];

/// A program in an image: its name there, and the program of this machine that it runs.
pub(crate) type Tool = (&'static str, &'static str);

/// Each download program, by its name in error messages.
pub(crate) const DOWNLOADERS: [Tool; 6] = [
    ("curl", "curl"),
    ("wget", "wget"),
    ("wget", "busybox"),
    ("busybox", "busybox"),
    ("python3", "python3"),
    ("perl", "perl"),
];

/// Each program that calculates digests on Linux and macOS.
pub(crate) const HASHERS: [Tool; 6] = [
    ("sha256sum", "sha256sum"),
    ("sha256sum", "busybox"),
    ("shasum", "shasum"),
    ("openssl", "openssl"),
    ("python3", "python3"),
    ("perl", "perl"),
];

impl Release {
    /// Adds `tools` to an image with the base programs. `None` if this machine does not have one of them.
    pub(crate) fn image(&self, tools: &[Tool]) -> Option<PathBuf> {
        let image = self.fixture.path("image");
        std::fs::create_dir_all(&image).unwrap();
        for (name, behind) in BASE.map(|name| (name, name)).iter().chain(tools) {
            let Some(path) = executable(behind) else {
                report_skipped(behind);
                return None;
            };
            let link = image.join(name);
            if !link.exists() {
                symlink(path, link).unwrap();
            }
        }
        Some(image)
    }

    /// Installs in an image of `tools`, with more variables of the job, then runs the binary.
    pub(crate) fn install_with(&self, tools: &[Tool], variables: &str) -> Option<Outcome> {
        let image = self.image(tools)?;
        let contexts = format!("PATH={}\n{variables}", image.display());
        let env_file = self.fixture.write("contexts", contexts);
        Some(self.install("", "circleci-aws-oidc", &["--env-file", env_file.to_str().unwrap()]))
    }
}

/// The real program: a version manager's wrapper for Python would not work in an image.
fn executable(name: &str) -> Option<PathBuf> {
    let path = program(name)?;
    if name != "python3" {
        return Some(path);
    }
    let show = "import os, sys; print(os.path.realpath(sys.executable), end='')";
    let output = Command::new(path).args(["-c", show]).output().unwrap();
    Some(PathBuf::from(String::from_utf8(output.stdout).unwrap()))
}
