//! A config in a temporary directory, and the runner that runs it.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

/// A directory that is removed after the test.
pub(crate) struct Fixture {
    directory: TempDir,
}

/// The result of the runner.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) status: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Fixture {
    pub(crate) fn new() -> Self {
        Self { directory: tempfile::tempdir().unwrap() }
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.directory.path().join(name)
    }

    /// Writes a file, with the directories above it.
    #[expect(clippy::disallowed_methods, reason = "the files of a test, in a directory of its own")]
    pub(crate) fn write(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, contents).unwrap();
        path
    }

    /// Writes a file that can be run.
    pub(crate) fn write_program(&self, name: &str, contents: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        testkit::write_program(&path, contents.as_ref()).unwrap();
        path
    }

    /// Runs job `build` of the config; `options` come last.
    pub(crate) fn run(&self, config: &str, options: &[&str]) -> Outcome {
        let config = self.write("config.yml", config).display().to_string();
        let job = ["run", "--config", &config, "--job", "build"];
        orb_runner(&[&job[..], options].concat())
    }

    /// Packs the project's orb with the text of a digest file, or without digests, also where the source has some.
    pub(crate) fn pack_orb(&self, sums: Option<&str>) -> PathBuf {
        let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../orb/src").display().to_string();
        let version = env!("CARGO_PKG_VERSION").to_owned();
        let mut arguments = vec!["pack".to_owned(), source, "--version".to_owned(), version];
        if let Some(sums) = sums {
            arguments.extend(["--sums".to_owned(), self.write("SHA256SUMS", sums).display().to_string()]);
        }
        let packed = orb_runner(&arguments.iter().map(String::as_str).collect::<Vec<_>>());
        assert_eq!(packed.status, 0, "{}", packed.stderr);
        self.write("orb.yml", packed.stdout)
    }
}

/// Starts the runner with these arguments.
pub(crate) fn orb_runner(arguments: &[&str]) -> Outcome {
    let output = Command::new(env!("CARGO_BIN_EXE_orb-runner")).args(arguments).output().unwrap();
    Outcome {
        status: output.status.code().unwrap(),
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8(output.stderr).unwrap(),
    }
}

/// The path of a program, if this machine has it.
pub(crate) fn program(name: &str) -> Option<PathBuf> {
    let output = Command::new("sh").args(["-c", "command -v \"$0\"", name]).output().unwrap();
    output.status.success().then(|| PathBuf::from(String::from_utf8(output.stdout).unwrap().trim()))
}

/// Writes to stdout that part of a test is skipped; the test program would hide a `println!`.
pub(crate) fn report_skipped(missing: &str) {
    io::stdout().write_all(format!("skipped: no {missing}\n").as_bytes()).unwrap();
}

/// The shells in which the orb's scripts have to work, as values of `shell`; the first is CircleCI's default. As paths,
/// because a job's PATH can differ from this process's.
pub(crate) fn shells() -> Vec<String> {
    let mut shells = vec![String::new()];
    for (name, arguments) in [("dash", " -e"), ("busybox", " sh -e"), ("bash", "")] {
        match program(name) {
            Some(path) => shells.push(format!("{}{arguments}", path.display())),
            None => report_skipped(name),
        }
    }
    shells
}
