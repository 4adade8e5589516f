//! `install`: which binary is taken, and what is left behind when none is.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use super::file_server::{FileServer, Manner, PACKED, Served};
use super::fixture::{Fixture, Outcome, shells};

pub(crate) const BINARY: &str = "#!/bin/sh\necho \"the binary: $*\"\n";
const NAME: &str = "circleci-aws-oidc";
const LEFT_BEHIND: &str = "command -v circleci-aws-oidc || echo nothing on the PATH";

/// A release on a web server, an orb, and an install directory.
pub(crate) struct Release {
    pub(crate) fixture: Fixture,
    pub(crate) server: FileServer,
    orb: PathBuf,
    path: String,
}

pub(crate) fn platform() -> String {
    format!("{}-{}", std::env::consts::OS, std::env::consts::ARCH)
}

pub(crate) fn digest(contents: &str) -> String {
    let fixture = Fixture::new();
    let output = Command::new("sha256sum").arg(fixture.write("file", contents)).output().unwrap();
    String::from_utf8(output.stdout).unwrap().split(' ').next().unwrap().to_owned()
}

impl Release {
    /// The orb pins `pinned`, the server has `served`.
    pub(crate) fn new(pinned: Option<&str>, served: &str, manner: Manner) -> Self {
        Self::of_platform(&platform(), pinned, served, manner)
    }

    /// The orb pins `BINARY`, the server has `served` and `packed`, which should be the same compressed.
    pub(crate) fn with_packed((served, manner): (&str, Manner), packed: (&[u8], Manner)) -> Self {
        Self::serving(&platform(), Some(BINARY), (served, manner), Some(packed))
    }

    /// The same without `packed`, and for another platform than this machine's.
    pub(crate) fn of_platform(platform: &str, pinned: Option<&str>, served: &str, manner: Manner) -> Self {
        Self::serving(platform, pinned, (served, manner), None)
    }

    fn serving(
        platform: &str,
        pinned: Option<&str>,
        (served, manner): (&str, Manner),
        packed: Option<(&[u8], Manner)>,
    ) -> Self {
        let fixture = Fixture::new();
        let sums = pinned.map(|pinned| format!("{}  {NAME}-{platform}\n", digest(pinned)));
        let orb = fixture.pack_orb(sums.as_deref());
        let path = format!("/v{}/{NAME}-{platform}", env!("CARGO_PKG_VERSION"));
        let mut files = vec![Served { path: path.clone(), file: served.into(), manner }];
        files.extend(packed.map(|(file, manner)| Served {
            path: format!("{path}{PACKED}"),
            file: file.to_owned(),
            manner,
        }));
        Self { server: FileServer::start(files), fixture, orb, path }
    }

    /// The address that the orb asks for, if the base is the server's and ends in a slash.
    pub(crate) fn url(&self) -> String {
        format!("{}{}", self.server.address(), self.path)
    }

    pub(crate) fn directory(&self) -> PathBuf {
        self.fixture.path("it's here/bin")
    }

    /// The text of a digest file for what the server has.
    pub(crate) fn sums() -> String {
        format!("{}  {NAME}-{}\n", digest(BINARY), platform())
    }

    fn installed(&self) -> PathBuf {
        self.directory().join(NAME)
    }

    /// Runs `install` with more arguments, then a step in bash.
    pub(crate) fn install(&self, arguments: &str, then: &str, options: &[&str]) -> Outcome {
        self.install_from(self.server.address(), arguments, then, options)
    }

    /// The same from another address. A failed job tells what it left on the PATH.
    pub(crate) fn install_from(&self, base: &str, arguments: &str, then: &str, options: &[&str]) -> Outcome {
        let config = format!(
            "orbs: {{aws-oidc: any/orb@0}}\njobs:\n  build:\n    steps:\n      - aws-oidc/install: {{install-dir: \"{}\", download-base-url: {base}/{arguments}}}\n      - run: {{name: then, command: {then:?}}}\n      - run: {{name: failed, when: on_fail, command: '{LEFT_BEHIND}'}}\n",
            self.directory().display(),
        );
        let orb = format!("aws-oidc={}", self.orb.display());
        self.fixture.run(&config, &[&["--orb", &orb][..], options].concat())
    }

    /// The job ended at `install`, with one message, and no file is where a later step would run it.
    pub(crate) fn assert_refused(&self, outcome: &Outcome) {
        assert_eq!(outcome.status, 1, "{outcome:?}");
        assert_eq!(
            outcome.stdout, "==> Install circleci-aws-oidc\n==> failed\nnothing on the PATH\n",
            "{outcome:?}"
        );
        assert!(outcome.stderr.starts_with("error: "), "{outcome:?}");
        let (error, hint) = outcome.stderr.trim_end().rsplit_once('\n').unwrap();
        assert!(hint.starts_with("  hint: "), "{outcome:?}");
        assert!(error.lines().skip(1).all(|line| line.starts_with("  caused by: ")), "{outcome:?}");
        assert!(self.left().is_empty(), "{:?}", self.left());
    }

    /// What the install directory holds, hidden files included.
    pub(crate) fn left(&self) -> Vec<String> {
        let Ok(entries) = fs::read_dir(self.directory()) else { return Vec::new() };
        entries.map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect()
    }
}

#[test]
fn a_pinned_binary_is_installed_and_later_bash_steps_find_it() {
    for shell in shells() {
        let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
        let outcome = release.install(
            &format!(", shell: \"{shell}\""),
            "circleci-aws-oidc --version; stat -c %a \"$BASH_ENV\"",
            &[],
        );
        assert_eq!(outcome.status, 0, "{shell}: {outcome:?}");
        assert!(outcome.stdout.ends_with("==> then\nthe binary: --version\n600\n"), "{shell}: {outcome:?}");
        assert_eq!(release.left(), [NAME], "{shell}");
        assert_eq!(fs::metadata(release.installed()).unwrap().permissions().mode() & 0o777, 0o755, "{shell}");
    }
}

#[test]
fn another_digest_is_refused_and_nothing_is_left() {
    let other = "#!/bin/sh\necho executed >&2\n";
    for shell in shells() {
        let release = Release::new(Some(BINARY), other, Manner::Whole);
        let outcome = release.install(&format!(", shell: \"{shell}\""), "circleci-aws-oidc", &[]);
        assert_eq!(outcome.status, 1, "{shell}: {outcome:?}");
        let message = format!(
            "is not the pinned one ({}, found {}); the file is removed",
            digest(BINARY),
            digest(other)
        );
        assert!(outcome.stderr.contains(&message), "{shell}: {outcome:?}");
        assert!(!outcome.stderr.contains("executed"), "{shell}: {outcome:?}");
        assert!(release.left().is_empty(), "{shell}: {:?}", release.left());
    }
}

#[test]
fn an_installed_file_of_another_digest_is_replaced() {
    let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
    release.fixture.write_program("it's here/bin/circleci-aws-oidc", "#!/bin/sh\necho executed\n");
    let outcome = release.install("", "circleci-aws-oidc", &[]);
    assert!(outcome.stdout.ends_with("==> then\nthe binary: \n"), "{outcome:?}");
    assert!(!outcome.stdout.contains("executed"), "{outcome:?}");
    assert_eq!(release.server.requests().len(), 1);
}

#[test]
fn an_installed_file_of_another_digest_does_not_survive_a_failed_download() {
    let release = Release::new(Some(BINARY), "something else", Manner::Whole);
    release.fixture.write_program("it's here/bin/circleci-aws-oidc", "#!/bin/sh\necho executed\n");
    assert_eq!(release.install("", "true", &[]).status, 1);
    assert!(release.left().is_empty(), "{:?}", release.left());
}

#[test]
fn a_binary_on_the_path_is_copied_if_it_is_the_pinned_one() {
    for (on_path, downloads) in [(BINARY, 0), ("#!/bin/sh\necho executed\n", 1)] {
        let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
        let program = release.fixture.write_program("image/circleci-aws-oidc", on_path);
        let path = format!("PATH={}:/usr/bin:/bin\n", program.parent().unwrap().display());
        let env_file = release.fixture.write("contexts", path);
        let outcome =
            release.install("", "command -v circleci-aws-oidc", &["--env-file", env_file.to_str().unwrap()]);
        assert_eq!(outcome.status, 0, "{outcome:?}");
        assert!(!outcome.stdout.contains("executed"), "{outcome:?}");
        assert!(outcome.stdout.ends_with(&format!("{}\n", release.installed().display())), "{outcome:?}");
        assert_eq!(release.server.requests().len(), downloads);
        assert_eq!(fs::read_to_string(release.installed()).unwrap(), BINARY);
    }
}

#[test]
fn without_a_digest_nothing_is_downloaded() {
    let release = Release::new(None, BINARY, Manner::Whole);
    let outcome = release.install("", "true", &[]);
    let message = format!(
        "error: no SHA-256 is pinned for circleci-aws-oidc {} on {}\n",
        env!("CARGO_PKG_VERSION"),
        platform()
    );
    assert!(outcome.stderr.starts_with(&message), "{outcome:?}");
    assert_eq!((outcome.status, release.server.requests().len()), (1, 0));
}

#[test]
fn the_pinned_digests_are_not_for_another_version() {
    let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
    let outcome = release.install(", version: 9.9.9", "true", &[]);
    assert!(
        outcome.stderr.starts_with("error: no SHA-256 is pinned for circleci-aws-oidc 9.9.9 "),
        "{outcome:?}"
    );
    let outcome = release.install(&format!(", version: 9.9.9, sha256: {}", digest(BINARY)), "true", &[]);
    assert!(outcome.stderr.contains("/v9.9.9/circleci-aws-oidc-"), "{outcome:?}");
}

#[test]
fn the_parameter_replaces_the_pinned_digests() {
    for pinned in [None, Some("another binary")] {
        let release = Release::new(pinned, BINARY, Manner::Whole);
        let upper = digest(BINARY).to_uppercase();
        let outcome = release.install(&format!(", sha256: {upper}"), "circleci-aws-oidc", &[]);
        assert!(outcome.stdout.ends_with("the binary: \n"), "{outcome:?}");
    }
}

#[test]
fn a_digest_that_is_none_is_refused_before_the_download() {
    let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
    for sha256 in ["abc".to_owned(), "g".repeat(64), format!("{} ", "a".repeat(64)), "a".repeat(65)] {
        let outcome = release.install(&format!(", sha256: \"{sha256}\""), "true", &[]);
        let message = format!(
            "error: invalid value `{sha256}` of the parameter sha256; expected 64 hexadecimal digits\n"
        );
        assert_eq!((outcome.status, &outcome.stderr), (1, &message));
    }
    assert!(release.server.requests().is_empty());
}

#[test]
fn a_directory_that_cannot_be_used_is_told() {
    let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
    let file = release.fixture.write("file", "");
    let table = [
        (format!("{}/bin", file.display()), format!("error: cannot create `{}/bin`\n", file.display())),
        (
            "/a:b".to_owned(),
            "error: the parameter install-dir holds a colon or a line break, which PATH cannot hold\n"
                .to_owned(),
        ),
        (String::new(), "error: the parameter install-dir is empty\n".to_owned()),
    ];
    for (directory, message) in table {
        let again = format!("}}\n      - aws-oidc/install: {{install-dir: \"{directory}\"");
        let outcome = release.install(&again, "true", &[]);
        assert!(outcome.stderr.contains(&message), "{outcome:?}");
        assert_eq!(outcome.status, 1);
    }
}

#[test]
fn a_job_without_home_needs_an_absolute_directory() {
    let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
    let without_home = ", shell: env -u HOME bash -e";
    let again = format!("{without_home}}}\n      - aws-oidc/install: {{install-dir: ~/bin{without_home}");
    let outcome = release.install(&again, "true", &[]);
    assert!(outcome.stdout.contains("\ninstalled circleci-aws-oidc "), "{outcome:?}");
    let message = "error: HOME is not set\n  hint: set the parameter install-dir to an absolute path\n";
    assert_eq!((outcome.status, outcome.stderr.as_str()), (1, message));
}

#[test]
fn the_default_directory_is_in_the_home_of_the_job() {
    let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
    let again =
        format!("}}\n      - aws-oidc/install: {{download-base-url: \"{}\"", release.server.address());
    let outcome = release.install(&again, "\"$HOME/.circleci-aws-oidc/bin/circleci-aws-oidc\"", &[]);
    assert!(outcome.stdout.ends_with("==> then\nthe binary: \n"), "{outcome:?}");
}
