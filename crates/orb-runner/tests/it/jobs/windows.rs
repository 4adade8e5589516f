//! `install` in a bash of Windows, with replacements for `uname`, `certutil` and PowerShell.
//!
//! Separate from the other downloads because it tests less: the shell's part. The script for PowerShell does not run here.

use super::downloads::BINARY;
use super::file_server::Manner;
use super::fixture::program;
use super::image::Tool;
use super::install::{Release, digest};

const CURL: Tool = ("curl", "curl");
const SHA256SUM: Tool = ("sha256sum", "sha256sum");
const GIT_BASH: &str = "MINGW64_NT-10.0-20348";

/// A release for Windows, in an image whose `uname` names this system.
fn release(system: &str, served: &str) -> Release {
    let release = Release::of_platform("windows-x86_64.exe", Some(BINARY), served, Manner::Whole);
    stand_in(&release, "uname", &format!("case $1 in -m) echo x86_64 ;; *) echo {system} ;; esac"));
    release
}

fn stand_in(release: &Release, name: &str, script: &str) {
    release.fixture.write_program(&format!("image/{name}"), format!("#!/bin/sh\n{script}\n"));
}

fn path_of(name: &str) -> String {
    program(name).unwrap().display().to_string()
}

#[test]
fn every_bash_of_windows_gets_the_exe() {
    for system in [GIT_BASH, "MSYS_NT-10.0-20348", "CYGWIN_NT-10.0-20348"] {
        let release = release(system, BINARY);
        let image = release.image(&[CURL, SHA256SUM]).unwrap();
        let env_file = release.fixture.write("contexts", format!("PATH={}\n", image.display()));
        let outcome =
            release.install("", "circleci-aws-oidc.exe", &["--env-file", env_file.to_str().unwrap()]);
        assert!(outcome.stdout.ends_with("==> then\ninstalled\n"), "{system}: {outcome:?}");
        assert_eq!(release.left(), ["circleci-aws-oidc.exe"]);
    }
}

#[test]
fn both_forms_of_certutil_are_read() {
    let (sha256sum, sed) = (path_of("sha256sum"), path_of("sed"));
    for blanks in ["", "s/../& /g"] {
        // As the real program, it refuses an empty file.
        let certutil = format!(
            "[ \"$1 $3\" = '-hashfile SHA256' ] && [ -s \"$2\" ] || exit 1
printf 'SHA256 hash of %s:\\r\\n' \"$2\"
{sha256sum} <\"$2\" | {sed} -e 's/ .*//' -e '{blanks}' -e 's/$/\\r/'
printf 'CertUtil: -hashfile command completed successfully.\\r\\n'"
        );
        let install = |served| {
            let release = release(GIT_BASH, served);
            stand_in(&release, "certutil.exe", &certutil);
            let outcome = release.install_with(&[CURL], "").unwrap();
            (release, outcome)
        };
        let (_, outcome) = install(BINARY);
        assert!(outcome.stdout.contains("\ninstalled circleci-aws-oidc "), "{outcome:?}");
        let (release, outcome) = install("another");
        let found = format!("found {}); the file is removed", digest("another"));
        assert!(outcome.stderr.contains(&found), "{outcome:?}");
        release.assert_refused(&outcome);
    }
}

#[test]
fn the_certutil_of_linux_is_not_taken_for_the_one_of_windows() {
    let release = release(GIT_BASH, BINARY);
    stand_in(&release, "certutil", "echo executed >&2");
    let outcome = release.install_with(&[CURL], "").unwrap();
    assert!(
        outcome.stderr.starts_with("error: no program in the image can calculate a SHA-256\n"),
        "{outcome:?}"
    );
    release.assert_refused(&outcome);
}

#[test]
fn powershell_is_given_the_address_and_the_directory() {
    let curl = path_of("curl");
    for name in ["pwsh", "powershell.exe"] {
        let release = release(GIT_BASH, BINARY);
        let powershell = format!(
            "[ \"$# $1 $2 $3\" = '4 -NoProfile -NonInteractive -Command' ] || exit 2
case $4 in *'-Uri $env:INSTALL_AWS_OIDC_URL -OutFile download '*) ;; *) exit 3 ;; esac
exec {curl} -fsS -o download \"$INSTALL_AWS_OIDC_URL\""
        );
        stand_in(&release, name, &powershell);
        let outcome = release.install_with(&[SHA256SUM], "").unwrap();
        assert!(outcome.stdout.contains("\ninstalled circleci-aws-oidc "), "{name}: {outcome:?}");
    }
}

#[test]
fn a_refusal_in_the_words_of_powershell_is_final() {
    let release = release(GIT_BASH, BINARY);
    let error = "HTTP error 404: The remote server returned an error: (404) Not Found.";
    stand_in(&release, "powershell.exe", &format!("echo '{error}' >&2\nexit 1"));
    let outcome = release.install_with(&[SHA256SUM], "").unwrap();
    let cause = format!("  caused by: powershell.exe: {error}\n  hint: check the parameters");
    assert!(outcome.stderr.contains(&cause), "{outcome:?}");
    release.assert_refused(&outcome);
}
