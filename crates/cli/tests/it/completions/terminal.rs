//! A shell at a terminal, in which a person types. In place of the program there is one that says what it was called
//! with.

use std::fs::File;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use crate::support::write;

/// Every prompt. A shell that has printed it reads keys, and no longer lines.
pub(super) const PROMPT: &str = "READY> ";
/// What the program says: this, a space, and its arguments in angle brackets.
const CALLED: &str = "CALLED-WITH";
const PATIENCE: Duration = Duration::from_secs(30);

/// Types each line and returns the arguments with which the program was then called.
pub(super) struct Terminal {
    directory: tempfile::TempDir,
    shell: Child,
    seen: usize,
}

impl Terminal {
    /// Starts the shell with this command, in a directory with these files. `start` writes what the shell reads first
    /// and returns the command.
    pub(super) fn with(files: &[&str], start: impl FnOnce(&dyn Fn(&str, &str) -> PathBuf) -> String) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let in_directory = |name: &str, text: &str| {
            let path = directory.path().join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            write(&path, text);
            path
        };
        let script = format!("#!/bin/sh\nprintf '{CALLED} '\nprintf '<%s>' \"$@\"\necho\n");
        testkit::write_program(&directory.path().join("bin/circleci-aws-oidc"), script.as_bytes()).unwrap();
        for file in files {
            in_directory(&format!("job/{file}"), "");
        }
        let shell = start(&in_directory);
        let shell = Command::new("script")
            .args(["-qfc", &shell, directory.path().join("typescript").to_str().unwrap()])
            .env_clear()
            .env("PATH", format!("{}:/usr/local/bin:/usr/bin:/bin", directory.path().join("bin").display()))
            .env("HOME", directory.path())
            .env("ZDOTDIR", directory.path())
            .env("TERM", "xterm")
            .env("LC_ALL", "C.UTF-8")
            .current_dir(directory.path().join("job"))
            .stdin(Stdio::piped())
            .stdout(File::create("/dev/null").unwrap())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut terminal = Self { directory, shell, seen: 0 };
        terminal.wait_for(PROMPT);
        terminal
    }

    /// Types the line and Return, and returns the arguments of the call, each in angle brackets.
    pub(super) fn arguments_of(&mut self, line: &str) -> String {
        let keys = self.shell.stdin.as_mut().unwrap();
        keys.write_all(format!("{line}\n").as_bytes()).unwrap();
        keys.flush().unwrap();
        self.wait_for(CALLED);
        let after = self.wait_for(PROMPT);
        after.lines().next().unwrap().trim().to_owned()
    }

    /// Waits for the text, and returns what came before it.
    #[expect(clippy::disallowed_methods, reason = "a test waits for another process")]
    fn wait_for(&mut self, text: &str) -> String {
        let start = Instant::now();
        loop {
            let all = std::fs::read(self.directory.path().join("typescript")).unwrap_or_default();
            let all = String::from_utf8_lossy(&all).into_owned();
            let fresh = all.get(self.seen..).unwrap_or_default();
            if let Some(at) = fresh.find(text) {
                self.seen += at + text.len();
                return fresh[..at].to_owned();
            }
            assert!(start.elapsed() < PATIENCE, "no `{text}` in {fresh:?}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        let _ = self.shell.kill();
        let _ = self.shell.wait();
    }
}
