//! `install` with the programs of different images, from a server that has the file.

use super::file_server::Manner;
use super::fixture::Outcome;
use super::image::{DOWNLOADERS, HASHERS, Tool};
use super::install::Release;

pub(crate) const BINARY: &str = "#!/bin/sh\necho installed\n";
const CURL: Tool = ("curl", "curl");
const SHA256SUM: Tool = ("sha256sum", "sha256sum");

#[test]
fn any_downloader_will_do_and_follows_to_where_releases_lie() {
    for manner in [Manner::Whole, Manner::Moved] {
        for downloader in DOWNLOADERS {
            let release = Release::new(Some(BINARY), BINARY, manner);
            let Some(outcome) = release.install_with(&[downloader, SHA256SUM], "") else { continue };
            assert!(outcome.stdout.ends_with("==> then\ninstalled\n"), "{downloader:?}: {outcome:?}");
            assert_eq!(outcome.stderr, "", "{downloader:?}");
        }
    }
}

#[test]
fn any_hasher_will_do() {
    for hasher in HASHERS {
        let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
        let Some(outcome) = release.install_with(&[CURL, hasher], "") else { continue };
        assert!(outcome.stdout.ends_with("==> then\ninstalled\n"), "{hasher:?}: {outcome:?}");
    }
}

#[test]
fn python_or_perl_alone_is_enough() {
    for tool in [("python3", "python3"), ("perl", "perl")] {
        let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
        let Some(outcome) = release.install_with(&[tool], "") else { continue };
        assert!(outcome.stdout.ends_with("==> then\ninstalled\n"), "{tool:?}: {outcome:?}");
    }
}

#[test]
fn every_hasher_tells_a_wrong_file() {
    for hasher in HASHERS {
        let release = Release::new(Some(BINARY), "something else", Manner::Whole);
        let Some(outcome) = release.install_with(&[CURL, hasher], "") else { continue };
        assert!(outcome.stderr.contains("is not the pinned one"), "{hasher:?}: {outcome:?}");
        release.assert_refused(&outcome);
    }
}

#[test]
fn a_hasher_that_is_broken_gives_way_to_the_next() {
    for broken in ["exit 1", "echo 0123456789", "cat"] {
        let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
        release.fixture.write_program("image/sha256sum", format!("#!/bin/sh\n{broken}\n"));
        let Some(outcome) = release.install_with(&[CURL, ("openssl", "openssl")], "") else { return };
        assert!(outcome.stdout.ends_with("==> then\ninstalled\n"), "{broken}: {outcome:?}");
    }
}

#[test]
fn a_downloader_that_is_broken_gives_way_to_the_next() {
    let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
    release
        .fixture
        .write_program("image/curl", "#!/bin/sh\necho 'curl: (60) no certificates' >&2\nexit 60\n");
    let Some(outcome) = release.install_with(&[("wget", "busybox"), SHA256SUM], "") else { return };
    assert!(outcome.stdout.ends_with("==> then\ninstalled\n"), "{outcome:?}");
    assert_eq!((outcome.stderr.as_str(), release.server.requests().len()), ("", 1));
}

#[test]
fn a_python_module_of_the_project_is_not_run() {
    let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
    for module in ["hashlib", "urllib", "ssl"] {
        release.fixture.write(&format!("project/{module}.py"), "open('executed', 'w')");
    }
    let project = release.fixture.path("project");
    let Some(image) = release.image(&[("python3", "python3")]) else { return };
    let contexts = format!("PATH={}\nPYTHONPATH={}\n", image.display(), project.display());
    let env_file = release.fixture.write("contexts", contexts).display().to_string();
    let options = ["--project", project.to_str().unwrap(), "--env-file", &env_file];
    let outcome = release.install("", "circleci-aws-oidc", &options);
    assert!(outcome.stdout.ends_with("==> then\ninstalled\n"), "{outcome:?}");
    assert!(!project.join("executed").exists());
}

/// Installs with a perl that has no `HTTP::Tiny`, as Debian's `perl-base`.
fn install_with_smallest_perl(release: &Release, base: &str) -> Option<Outcome> {
    let image = release.image(&[("perl", "perl"), SHA256SUM])?;
    // Perl finds it before the real module, and it fails to load.
    release.fixture.write("perl/HTTP/Tiny.pm", "die 'not here'");
    let variables =
        format!("PATH={}\nPERL5LIB={}\n", image.display(), release.fixture.path("perl").display());
    let env_file = release.fixture.write("contexts", variables);
    Some(release.install_from(base, "", "circleci-aws-oidc", &["--env-file", env_file.to_str().unwrap()]))
}

#[test]
fn the_smallest_perl_is_enough_for_plain_http() {
    let table = [
        (Manner::Whole, None),
        (Manner::Refused("403 Forbidden"), Some("  caused by: perl: HTTP error 403 Forbidden\n")),
        (Manner::CutShort, Some("  caused by: perl: the response was cut short\n")),
    ];
    for (manner, cause) in table {
        let release = Release::new(Some(BINARY), BINARY, manner);
        let Some(outcome) = install_with_smallest_perl(&release, release.server.address()) else { return };
        match cause {
            None => assert!(outcome.stdout.ends_with("==> then\ninstalled\n"), "{outcome:?}"),
            Some(cause) => {
                assert!(outcome.stderr.contains(cause), "{outcome:?}");
                release.assert_refused(&outcome);
            }
        }
    }
}

#[test]
fn the_smallest_perl_says_what_https_takes() {
    let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
    let Some(outcome) = install_with_smallest_perl(&release, "https://127.0.0.1:1") else { return };
    let cause = "\n  caused by: perl: https needs the modules HTTP::Tiny and IO::Socket::SSL\n  hint: check the network";
    assert!(outcome.stderr.contains(cause), "{outcome:?}");
    release.assert_refused(&outcome);
}

#[test]
fn an_image_without_the_tools_is_told_what_it_lacks() {
    let table = [
        (
            CURL,
            "error: no program in the image can calculate a SHA-256\n  hint: add sha256sum, shasum, openssl, python3 or perl to the image\n",
        ),
        (
            SHA256SUM,
            "error: no program in the image can download\n  hint: add curl, wget, python3 or perl to the image\n",
        ),
    ];
    for (tool, message) in table {
        let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
        let Some(outcome) = release.install_with(&[tool], "") else { continue };
        assert_eq!(outcome.stderr, message);
        release.assert_refused(&outcome);
        assert!(release.server.requests().is_empty());
    }
}
