//! `install` from a server that fails, with each download program: one message, and no file that could run.

use std::thread;
use std::time::Instant;

use super::downloads::BINARY;
use super::file_server::Manner;
use super::fixture::{Outcome, shells};
use super::image::{DOWNLOADERS, Tool};
use super::install::{Release, digest};

const SHA256SUM: Tool = ("sha256sum", "sha256sum");

/// Installs with each download program, in parallel: most of the time is spent in pauses.
fn by_each_downloader(served: &str, manner: Manner, variables: &str, judge: fn(&str, &Release, &Outcome)) {
    thread::scope(|scope| {
        for tool in DOWNLOADERS {
            scope.spawn(move || {
                let release = Release::new(Some(BINARY), served, manner);
                if let Some(outcome) = release.install_with(&[tool, SHA256SUM], variables) {
                    judge(tool.0, &release, &outcome);
                }
            });
        }
    });
}

fn cannot_download(release: &Release) -> String {
    format!("error: cannot download `{}\n", release.url() + "`")
}

#[test]
fn a_tampered_file_is_neither_kept_nor_asked_for_again() {
    const OTHER: &str = "#!/bin/sh\necho executed\n";
    by_each_downloader(OTHER, Manner::Whole, "", |tool, release, outcome| {
        let digests = format!("({}, found {})", digest(BINARY), digest(OTHER));
        let message = format!(
            "error: the SHA-256 of `{}` is not the pinned one {digests}; the file is removed\n",
            release.url()
        );
        assert!(outcome.stderr.starts_with(&message), "{tool}: {outcome:?}");
        assert_eq!(release.server.requests().len(), 1, "{tool}");
        release.assert_refused(outcome);
    });
}

#[test]
fn a_file_that_is_not_there_is_asked_for_once() {
    by_each_downloader(BINARY, Manner::Refused("404 Not Found"), "", |tool, release, outcome| {
        assert!(outcome.stderr.starts_with(&cannot_download(release)), "{tool}: {outcome:?}");
        assert!(outcome.stderr.contains(&format!("\n  caused by: {tool}: ")), "{tool}: {outcome:?}");
        assert!(outcome.stderr.contains("404"), "{tool}: {outcome:?}");
        assert!(
            outcome.stderr.ends_with("hint: check the parameters version and download-base-url\n"),
            "{tool}"
        );
        assert_eq!(release.server.requests().len(), 1, "{tool}: {outcome:?}");
        release.assert_refused(outcome);
    });
}

#[test]
fn a_server_that_is_busy_for_a_moment_is_asked_again() {
    by_each_downloader(BINARY, Manner::BusyFor(1), "", |tool, release, outcome| {
        assert!(outcome.stdout.ends_with("==> then\ninstalled\n"), "{tool}: {outcome:?}");
        assert_eq!((outcome.stderr.as_str(), release.server.requests().len()), ("", 2), "{tool}");
    });
}

#[test]
fn a_server_that_stays_busy_is_asked_three_times() {
    for status in ["503 Service Unavailable", "429 Too Many Requests"] {
        by_each_downloader(BINARY, Manner::Refused(status), "", |tool, release, outcome| {
            assert!(outcome.stderr.starts_with(&cannot_download(release)), "{tool}: {outcome:?}");
            assert_eq!(release.server.requests().len(), 3, "{tool}: {outcome:?}");
            release.assert_refused(outcome);
        });
    }
}

#[test]
fn half_a_file_is_never_kept() {
    by_each_downloader(BINARY, Manner::CutShort, "", |tool, release, outcome| {
        assert!(outcome.stderr.starts_with(&cannot_download(release)), "{tool}: {outcome:?}");
        assert!(outcome.stderr.contains(&format!("\n  caused by: {tool}: ")), "{tool}: {outcome:?}");
        // Perl's module retries such a request once by itself.
        assert!(release.server.requests().len() <= 6, "{tool}: {:?}", release.server.requests());
        release.assert_refused(outcome);
    });
}

#[test]
fn a_server_that_hangs_costs_three_times_the_limit() {
    let start = Instant::now();
    by_each_downloader(BINARY, Manner::Hanging, "INSTALL_AWS_OIDC_TIMEOUT=1\n", |tool, release, outcome| {
        let message = format!(
            "{}  caused by: {tool}: not finished after 1 seconds\n  hint: set INSTALL_AWS_OIDC_TIMEOUT to more seconds, or the parameter download-base-url to a faster mirror\n",
            cannot_download(release)
        );
        assert_eq!(outcome.stderr, message, "{tool}");
        assert_eq!(release.server.requests().len(), 3, "{tool}");
        release.assert_refused(outcome);
    });
    assert!(start.elapsed().as_secs() < 40, "nothing continues in the background");
}

#[test]
fn a_server_that_hangs_keeps_other_programs_from_waiting_too() {
    let release = Release::new(Some(BINARY), BINARY, Manner::Hanging);
    let tools = [("curl", "curl"), ("python3", "python3"), SHA256SUM];
    let Some(outcome) = release.install_with(&tools, "INSTALL_AWS_OIDC_TIMEOUT=1\n") else { return };
    assert!(
        outcome.stderr.contains("  caused by: curl: not finished after 1 seconds\n  hint: "),
        "{outcome:?}"
    );
    assert_eq!(release.server.requests().len(), 3);
}

#[test]
fn every_program_that_failed_is_named_with_its_error() {
    let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
    let table = [
        ("curl", "printf 'curl: (60) no certificates\\nMore details\\n\\ngive up\\n' >&2; exit 60"),
        ("wget", "printf 'connecting\\r\\nno TLS\\n\\n' >&2; exit 1"),
        ("python3", "exit 9"),
    ];
    for (name, script) in table {
        release.fixture.write_program(&format!("image/{name}"), format!("#!/bin/sh\n{script}\n"));
    }
    let Some(outcome) = release.install_with(&[SHA256SUM], "") else { return };
    let causes = "`
  caused by: curl: (60) no certificates
  caused by: wget: no TLS
  caused by: python3: ended with exit code 9
  hint: if a proxy or a mirror has a certificate of its own CA, set AWS_CA_BUNDLE, ";
    assert!(outcome.stderr.contains(causes), "{outcome:?}");
    release.assert_refused(&outcome);
}

#[test]
fn time_is_limited_in_every_shell() {
    thread::scope(|scope| {
        for shell in shells() {
            scope.spawn(move || {
                let release = Release::new(Some(BINARY), BINARY, Manner::Hanging);
                let env_file = release.fixture.write("contexts", "INSTALL_AWS_OIDC_TIMEOUT=1\n");
                let options = ["--env-file", env_file.to_str().unwrap()];
                let outcome = release.install(&format!(", shell: '{shell}'"), "true", &options);
                assert!(
                    outcome.stderr.contains(": not finished after 1 seconds\n  hint: "),
                    "{shell}: {outcome:?}"
                );
                release.assert_refused(&outcome);
            });
        }
    });
}

#[test]
fn an_address_that_nobody_serves_is_told() {
    thread::scope(|scope| {
        for tool in DOWNLOADERS {
            scope.spawn(move || {
                let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
                let Some(image) = release.image(&[tool, SHA256SUM]) else { return };
                let env_file = release.fixture.write("contexts", format!("PATH={}\n", image.display()));
                let options = ["--env-file", env_file.to_str().unwrap()];
                let outcome = release.install_from("http://127.0.0.1:1", "", "true", &options);
                assert!(outcome.stderr.to_lowercase().contains("connect"), "{tool:?}: {outcome:?}");
                release.assert_refused(&outcome);
            });
        }
    });
}

#[test]
fn a_setting_that_cannot_be_used_is_refused_before_the_download() {
    let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
    for limit in ["0", "1m", "-5", "01", " 5"] {
        let env_file = release.fixture.write("contexts", format!("INSTALL_AWS_OIDC_TIMEOUT={limit}\n"));
        let outcome = release.install("", "true", &["--env-file", env_file.to_str().unwrap()]);
        let message = format!(
            "error: invalid value `{limit}` of INSTALL_AWS_OIDC_TIMEOUT; expected a number of seconds\n"
        );
        assert!(outcome.stderr.starts_with(&message), "{outcome:?}");
    }
    for base in ["file:///opt/mirror", "--output", "mirror.example"] {
        let outcome = release.install_from(base, "", "true", &[]);
        let message = format!(
            "error: invalid value `{base}/` of the parameter download-base-url; expected an http or https URL\n"
        );
        assert!(outcome.stderr.starts_with(&message), "{outcome:?}");
    }
    assert!(release.server.requests().is_empty());
}
