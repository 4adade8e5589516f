//! `install` with the tools that different images have: one way to download, one way to hash.

use std::os::unix::fs::symlink;

use crate::fixture::{Outcome, program, report_skipped};
use crate::install::Release;

const BINARY: &str = "#!/bin/sh\necho installed\n";

/// What any image has. Everything else a test adds.
const BASE: [&str; 12] =
    ["cat", "chmod", "cp", "grep", "mkdir", "mktemp", "mv", "rm", "sed", "sleep", "tr", "uname"];

/// Installs with the base programs and `tools` alone, each as name and program behind it.
///
/// `None` if this machine lacks one of the tools.
fn install_with(tools: &[(&str, &str)], release: &Release) -> Option<Outcome> {
    let all = BASE.iter().map(|name| (*name, *name)).chain(tools.iter().copied());
    for (name, behind) in all {
        let Some(path) = program(behind) else {
            report_skipped(behind);
            return None;
        };
        let link = release.fixture.path("image").join(name);
        std::fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(path, link).unwrap();
    }
    let path = format!("PATH={}\n", release.fixture.path("image").display());
    let env_file = release.fixture.write("contexts", path);
    Some(release.install("", "circleci-aws-oidc", &["--env-file", env_file.to_str().unwrap()]))
}

#[test]
fn any_downloader_and_any_hasher_will_do() {
    let table = [
        [("curl", "curl"), ("sha256sum", "sha256sum")],
        [("wget", "wget"), ("sha256sum", "sha256sum")],
        [("wget", "busybox"), ("sha256sum", "busybox")],
        [("curl", "curl"), ("shasum", "shasum")],
        [("curl", "curl"), ("openssl", "openssl")],
    ];
    for tools in table {
        let release = Release::new(Some(BINARY), BINARY, 0);
        let Some(outcome) = install_with(&tools, &release) else { continue };
        assert!(outcome.stdout.ends_with("==> then\ninstalled\n"), "{tools:?}: {outcome:?}");
    }
}

#[test]
fn every_hasher_tells_a_wrong_file() {
    for hasher in ["sha256sum", "shasum", "openssl"] {
        let release = Release::new(Some(BINARY), "something else", 0);
        let Some(outcome) = install_with(&[("curl", "curl"), (hasher, hasher)], &release) else { continue };
        assert!(outcome.stderr.contains("is not the pinned one"), "{hasher}: {outcome:?}");
        assert_eq!(outcome.status, 1);
    }
}

#[test]
fn a_server_that_is_busy_for_a_moment_is_asked_again() {
    for downloader in [("curl", "curl"), ("wget", "wget"), ("wget", "busybox")] {
        let release = Release::new(Some(BINARY), BINARY, 1);
        let Some(outcome) = install_with(&[downloader, ("sha256sum", "sha256sum")], &release) else {
            continue;
        };
        assert!(outcome.stdout.ends_with("==> then\ninstalled\n"), "{downloader:?}: {outcome:?}");
        assert_eq!(release.server.requests().len(), 2, "{downloader:?}");
    }
}

#[test]
fn a_file_that_is_not_there_is_told_with_its_address() {
    let release = Release::new(Some(BINARY), BINARY, 0);
    let outcome = release.install("wrong", "true", &[]);
    let asked = format!("{}/wrong/v{}", release.server.address(), env!("CARGO_PKG_VERSION"));
    assert!(
        outcome.stderr.contains(&format!("error: cannot download `{asked}/circleci-aws-oidc-")),
        "{outcome:?}"
    );
    assert!(
        outcome.stderr.contains("hint: check the parameters version and download-base-url"),
        "{outcome:?}"
    );
    assert_eq!((outcome.status, release.server.requests().len()), (1, 1));
    assert_eq!(std::fs::read_dir(release.directory()).unwrap().count(), 0, "nothing is left");
}

#[test]
fn an_image_without_the_tools_is_told_what_it_lacks() {
    let table = [
        (
            ("curl", "curl"),
            "error: no program here can check a SHA-256\n  hint: add sha256sum, shasum or openssl to the image\n",
        ),
        (
            ("sha256sum", "sha256sum"),
            "error: neither curl nor wget is here to download with\n  hint: add one of them to the image\n",
        ),
    ];
    for (tool, message) in table {
        let release = Release::new(Some(BINARY), BINARY, 0);
        let Some(outcome) = install_with(&[tool], &release) else { continue };
        assert_eq!((outcome.status, outcome.stderr.as_str()), (1, message));
        assert!(release.server.requests().is_empty());
    }
}
