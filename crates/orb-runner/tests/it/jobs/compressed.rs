//! `install` where the image can unpack gzip: the compressed file is asked for first, and the binary itself where that
//! one is not there or is another file.

use std::fs;
use std::process::Command;
use std::thread;
use std::time::Instant;

use super::file_server::Manner;
use super::fixture::{Fixture, Outcome, shells};
use super::image::{DOWNLOADERS, Tool};
use super::install::{BINARY, Release, digest};

const CURL: Tool = ("curl", "curl");
/// Its errors name no time.
const WGET: Tool = ("wget", "wget");
const SHA256SUM: Tool = ("sha256sum", "sha256sum");
const GZIP: Tool = ("gzip", "gzip");
const HEAD: Tool = ("head", "head");
const OTHER: &str = "#!/bin/sh\necho executed >&2\n";
/// The most that is unpacked.
const LIMIT: u64 = 64 * 1024 * 1024;

fn compressed(contents: impl AsRef<[u8]>) -> Vec<u8> {
    let file = Fixture::new();
    Command::new("gzip").args(["-9nc"]).arg(file.write("file", contents)).output().unwrap().stdout
}

/// A release as it is published.
fn whole_release() -> Release {
    Release::with_packed((BINARY, Manner::Whole), (&compressed(BINARY), Manner::Whole))
}

/// Installed without a word, after these numbers of requests for the compressed file and the binary itself.
fn assert_silent(case: &str, release: &Release, outcome: &Outcome, packed: usize, itself: usize) {
    assert!(outcome.stdout.ends_with("==> then\nthe binary: \n"), "{case}: {outcome:?}");
    assert_eq!(outcome.stderr, "", "{case}");
    assert_asked(case, release, packed, itself);
    assert_eq!(release.left(), ["circleci-aws-oidc"], "{case}");
}

fn assert_asked(case: &str, release: &Release, packed: usize, itself: usize) {
    let asked = (release.server.packed_requests().len(), release.server.requests().len());
    assert_eq!(asked, (packed, itself), "{case}");
}

/// The note of a compressed file that is of no use.
fn note(release: &Release) -> String {
    let url = release.url();
    format!("note: `{url}.gz` does not unpack to the pinned file; `{url}` is downloaded instead\n")
}

#[test]
fn every_shell_takes_the_compressed_file() {
    for shell in shells() {
        let release = whole_release();
        let outcome = release.install(&format!(", shell: \"{shell}\""), "circleci-aws-oidc", &[]);
        assert_silent(&shell, &release, &outcome, 1, 0);
    }
}

#[test]
fn every_downloader_takes_the_compressed_file_and_follows_to_where_it_lies() {
    for manner in [Manner::Whole, Manner::Moved] {
        for downloader in DOWNLOADERS {
            let release = Release::with_packed((BINARY, Manner::Whole), (&compressed(BINARY), manner));
            let Some(outcome) = release.install_with(&[downloader, SHA256SUM, GZIP, HEAD], "") else {
                continue;
            };
            let asked = if matches!(manner, Manner::Moved) { 2 } else { 1 };
            let asked_at_itself = release.server.requests().len();
            assert_eq!(release.server.packed_requests().len() + asked_at_itself, asked, "{downloader:?}");
            assert!(outcome.stdout.ends_with("==> then\nthe binary: \n"), "{downloader:?}: {outcome:?}");
            assert_eq!(outcome.stderr, "", "{downloader:?}");
        }
    }
}

#[test]
fn any_program_that_unpacks_gzip_will_do() {
    for unpacker in [GZIP, ("gzip", "busybox"), ("busybox", "busybox")] {
        let release = whole_release();
        let Some(outcome) = release.install_with(&[CURL, SHA256SUM, HEAD, unpacker], "") else { continue };
        assert_silent(&format!("{unpacker:?}"), &release, &outcome, 1, 0);
    }
}

#[test]
fn an_image_that_cannot_unpack_gets_the_binary_itself() {
    let table: [(&str, &[Tool], Option<&str>); 5] = [
        ("no gzip", &[HEAD], None),
        ("no head", &[GZIP], None),
        ("a gzip that fails", &[HEAD], Some("exit 1")),
        ("a gzip that prints nothing", &[HEAD], Some("exit 0")),
        ("a gzip that prints something else", &[HEAD], Some("echo compressed")),
    ];
    for (case, tools, script) in table {
        let release = whole_release();
        if let Some(script) = script {
            release.fixture.write_program("image/gzip", format!("#!/bin/sh\n{script}\n"));
        }
        let Some(outcome) = release.install_with(&[&[CURL, SHA256SUM], tools].concat(), "") else { return };
        assert_silent(case, &release, &outcome, 0, 1);
    }
}

#[test]
fn a_mirror_of_binaries_alone_costs_one_more_request_and_no_word() {
    for refusal in ["404 Not Found", "403 Forbidden", "410 Gone"] {
        for downloader in DOWNLOADERS {
            let release = Release::with_packed((BINARY, Manner::Whole), (b"", Manner::Refused(refusal)));
            let Some(outcome) = release.install_with(&[downloader, SHA256SUM, GZIP, HEAD], "") else {
                continue;
            };
            assert_silent(&format!("{refusal}, {downloader:?}"), &release, &outcome, 1, 1);
        }
    }
}

/// What a server can have in the place of the compressed file.
fn unusable() -> [(&'static str, Vec<u8>); 6] {
    let right = compressed(BINARY);
    let mut changed = right.clone();
    changed[right.len() / 2] ^= 0x55;
    let (half, _) = right.split_at(right.len() / 2);
    [
        ("another program", compressed(OTHER)),
        ("more than the binary", compressed(format!("{BINARY}echo executed >&2\n"))),
        ("a changed byte", changed),
        ("half of it", half.to_owned()),
        ("a page", b"<html>Log in to continue</html>\n".to_vec()),
        ("nothing", Vec::new()),
    ]
}

#[test]
fn a_compressed_file_of_something_else_is_not_taken() {
    for (case, packed) in unusable() {
        let release = Release::with_packed((BINARY, Manner::Whole), (&packed, Manner::Whole));
        let outcome = release.install("", "circleci-aws-oidc", &[]);
        assert!(outcome.stdout.ends_with("==> then\nthe binary: \n"), "{case}: {outcome:?}");
        assert_eq!(outcome.stderr, note(&release), "{case}");
        assert_asked(case, &release, 1, 1);
        assert_eq!(release.left(), ["circleci-aws-oidc"], "{case}");
    }
}

#[test]
fn neither_file_is_kept_if_both_are_something_else() {
    for (case, packed) in unusable() {
        let release = Release::with_packed((OTHER, Manner::Whole), (&packed, Manner::Whole));
        let outcome = release.install("", "circleci-aws-oidc", &[]);
        let message = format!(
            "{}error: the SHA-256 of `{}` is not the pinned one ({}, found {}); the file is removed\n",
            note(&release),
            release.url(),
            digest(BINARY),
            digest(OTHER)
        );
        assert_eq!(outcome.status, 1, "{case}: {outcome:?}");
        assert!(outcome.stderr.starts_with(&message), "{case}: {outcome:?}");
        assert!(!outcome.stderr.contains("executed"), "{case}: {outcome:?}");
        assert!(release.left().is_empty(), "{case}: {:?}", release.left());
    }
}

#[test]
fn a_bomb_fills_no_more_than_the_limit() {
    let bomb = compressed(vec![0; 3 * usize::try_from(LIMIT).unwrap()]);
    let release = Release::with_packed((BINARY, Manner::Whole), (&bomb, Manner::Whole));
    // The image's `rm` writes down how much was unpacked.
    let sizes = release.fixture.write("sizes", "");
    let rm = format!("#!/bin/sh\n/bin/ls -ln \"$2\" >>'{}'\nexec /bin/rm \"$@\"\n", sizes.display());
    release.fixture.write_program("image/rm", rm);
    let Some(outcome) = release.install_with(&[CURL, SHA256SUM, GZIP, HEAD], "") else { return };
    assert!(outcome.stdout.ends_with("==> then\nthe binary: \n"), "{outcome:?}");
    assert_eq!(outcome.stderr, note(&release));
    assert_eq!(release.left(), ["circleci-aws-oidc"]);
    let sizes = fs::read_to_string(sizes).unwrap();
    assert!(sizes.contains(&format!(" {LIMIT} ")), "{sizes}");
}

#[test]
fn unpacking_has_the_time_of_a_download() {
    let release = whole_release();
    // It unpacks the word that it is tried with, and no file.
    let gzip =
        "#!/bin/sh\nif [ -e \"$0-was-here\" ]; then exec sleep 20; fi\n: >\"$0-was-here\"\nprintf ok\n";
    release.fixture.write_program("image/gzip", gzip);
    let start = Instant::now();
    let Some(outcome) = release.install_with(&[CURL, SHA256SUM, HEAD], "INSTALL_AWS_OIDC_TIMEOUT=1\n") else {
        return;
    };
    assert!(outcome.stdout.ends_with("==> then\nthe binary: \n"), "{outcome:?}");
    assert_eq!(outcome.stderr, note(&release));
    assert!(start.elapsed().as_secs() < 15, "{:?}", start.elapsed());
}

#[test]
fn a_server_that_hangs_costs_the_same_three_attempts() {
    by_each_downloader(|tool, tools| {
        let packed = compressed(BINARY);
        let release = Release::with_packed((BINARY, Manner::Hanging), (&packed, Manner::Hanging));
        let Some(outcome) = release.install_with(tools, "INSTALL_AWS_OIDC_TIMEOUT=1\n") else { return };
        let message = format!(
            "error: cannot download `{}`\n  caused by: {tool}: not finished after 1 seconds\n  hint: set INSTALL_AWS_OIDC_TIMEOUT to more seconds, or the parameter download-base-url to a faster mirror\n",
            release.url()
        );
        assert_eq!(outcome.stderr, message, "{tool}");
        assert_asked(tool, &release, 1, 2);
        release.assert_refused(&outcome);
    });
}

#[test]
fn a_server_that_stays_busy_is_asked_the_same_three_times() {
    by_each_downloader(|tool, tools| {
        for status in ["503 Service Unavailable", "429 Too Many Requests"] {
            let manner = Manner::Refused(status);
            let release = Release::with_packed((BINARY, manner), (b"", manner));
            let Some(outcome) = release.install_with(tools, "") else { return };
            assert_asked(tool, &release, 1, 2);
            release.assert_refused(&outcome);
        }
    });
}

#[test]
fn what_prevents_the_compressed_file_alone_costs_one_attempt() {
    by_each_downloader(|tool, tools| {
        for manner in [Manner::CutShort, Manner::Refused("502 Bad Gateway")] {
            let release = Release::with_packed((BINARY, Manner::Whole), (&compressed(BINARY), manner));
            let Some(outcome) = release.install_with(tools, "") else { return };
            assert!(outcome.stdout.ends_with("==> then\nthe binary: \n"), "{tool}, {manner:?}: {outcome:?}");
            assert_eq!(
                (outcome.stderr.as_str(), release.server.requests().len()),
                ("", 1),
                "{tool}, {manner:?}"
            );
        }
    });
    let release = Release::with_packed((BINARY, Manner::Whole), (&compressed(BINARY), Manner::Hanging));
    let tools = [CURL, SHA256SUM, GZIP, HEAD];
    let Some(outcome) = release.install_with(&tools, "INSTALL_AWS_OIDC_TIMEOUT=4\n") else { return };
    assert_silent("hanging", &release, &outcome, 1, 1);
}

#[test]
fn a_file_that_is_not_there_in_any_form_is_told_as_without_gzip() {
    let table: [&[Tool]; 2] = [&[CURL, SHA256SUM], &[CURL, SHA256SUM, GZIP, HEAD]];
    let said = table.map(|tools| {
        let release = Release::new(Some(BINARY), BINARY, Manner::Refused("404 Not Found"));
        let outcome = release.install_with(tools, "")?;
        assert_eq!(release.server.requests().len(), 1, "{outcome:?}");
        release.assert_refused(&outcome);
        Some(outcome.stderr.replace(&release.url(), "URL"))
    });
    let [Some(without), Some(with)] = said else { return };
    assert_eq!(with, without);
}

#[test]
fn an_address_that_nobody_serves_is_told_as_without_gzip() {
    let table: [&[Tool]; 2] = [&[WGET, SHA256SUM], &[WGET, SHA256SUM, GZIP, HEAD]];
    let said = table.map(|tools| {
        let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
        let image = release.image(tools)?;
        let env_file = release.fixture.write("contexts", format!("PATH={}\n", image.display()));
        let options = ["--env-file", env_file.to_str().unwrap()];
        Some(release.install_from("http://127.0.0.1:1", "", "true", &options).stderr)
    });
    let [Some(without), Some(with)] = said else { return };
    assert!(with.contains("caused by: wget: "), "{with}");
    assert_eq!(with, without);
}

/// Runs `check` with each download program and an image of it that unpacks, in parallel: most of the time is waiting.
fn by_each_downloader(check: fn(&str, &[Tool])) {
    thread::scope(|scope| {
        for tool in DOWNLOADERS {
            scope.spawn(move || check(tool.0, &[tool, SHA256SUM, GZIP, HEAD]));
        }
    });
}
