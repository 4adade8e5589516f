//! `install` and its directory: the binary alone, whoever put something beside it, and whatever the umask is.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, lchown, symlink};
use std::path::Path;

use super::file_server::Manner;
use super::fixture::{program, report_skipped, shells};
use super::install::{BINARY, Release, digest};

const PLANTED: &str = "#!/bin/sh\necho executed with the keys\n";
const NAME: &str = "it's here/bin/circleci-aws-oidc";

/// The shells that this machine has, for a wrapper that starts one itself.
fn named_shells() -> impl Iterator<Item = &'static str> {
    [("bash", "bash"), ("dash", "dash"), ("busybox", "busybox sh")].into_iter().filter_map(|(name, shell)| {
        let found = program(name);
        if found.is_none() {
            report_skipped(name);
        }
        found.map(|_| shell)
    })
}

#[test]
fn what_lies_beside_the_binary_is_refused_and_named() {
    for shell in shells() {
        for planted in
            ["aws", ".hidden", "..hidden", "a b", "version.dll", "circleci-aws-oidc.exe", ".install.x"]
        {
            let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
            release.fixture.write_program(NAME, BINARY);
            release.fixture.write_program(&format!("it's here/bin/{planted}"), PLANTED);
            let outcome = release.install(&format!(", shell: '{shell}'"), "aws", &[]);
            let message = format!(
                "error: the install directory `{}` holds `{planted}` too; ",
                release.directory().display()
            );
            assert!(outcome.stderr.starts_with(&message), "{shell}: {outcome:?}");
            assert!(outcome.stdout.ends_with("==> failed\nnothing on the PATH\n"), "{shell}: {outcome:?}");
            assert_eq!((outcome.status, release.server.requests().len()), (1, 0), "{shell}, {planted}");
            // A later step must not run the binary there: on Windows it would load what lies beside it.
            assert_eq!(release.left(), [planted], "{shell}");
        }
    }
}

#[test]
fn a_directory_or_a_link_beside_the_binary_is_refused_too() {
    let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
    release.fixture.write("it's here/bin/circleci-aws-oidc.exe.local/version.dll", "");
    assert!(release.install("", "true", &[]).stderr.contains("holds `circleci-aws-oidc.exe.local` too"));
    let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
    fs::create_dir_all(release.directory()).unwrap();
    symlink("/nowhere", release.directory().join("aws")).unwrap();
    assert!(release.install("", "true", &[]).stderr.contains("holds `aws` too"));
    symlink("/usr/bin", release.directory().join(".install.abcdef")).unwrap();
    fs::remove_file(release.directory().join("aws")).unwrap();
    assert!(release.install("", "true", &[]).stderr.contains("holds `.install.abcdef` too"));
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
}

#[test]
fn a_directory_that_another_user_can_change_is_refused() {
    for shell in shells() {
        for (mode, message) in
            [(0o757, "can be changed by all users"), (0o777, "can be changed by all users")]
        {
            for changed in ["it's here/bin", "it's here"] {
                let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
                release.fixture.write_program(NAME, BINARY);
                set_mode(&release.fixture.path(changed), mode);
                let outcome = release.install(&format!(", shell: '{shell}'"), "circleci-aws-oidc", &[]);
                let message = format!("error: `{}` {message}", release.fixture.path(changed).display());
                assert!(outcome.stderr.starts_with(&message), "{shell}, {changed}: {outcome:?}");
                assert!(
                    outcome.stdout.ends_with("==> failed\nnothing on the PATH\n"),
                    "{shell}: {outcome:?}"
                );
            }
        }
    }
}

#[test]
fn a_directory_or_a_link_of_another_user_is_refused() {
    const OTHER: Option<u32> = Some(65534);
    if !rustix::process::geteuid().is_root() {
        report_skipped("right to act as another user");
        return;
    }
    for shell in shells() {
        let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
        let (shared, owned) = (release.fixture.path("it's here"), release.directory());
        // Planted where all users can create directories, and a link that leads out of there.
        release.fixture.write_program(NAME, BINARY);
        set_mode(&shared, 0o1777);
        chown(&owned, OTHER, OTHER).unwrap();
        let refused = format!("error: `{}` belongs to user 65534 (mode ", owned.display());
        let outcome = release.install(&format!(", shell: '{shell}'"), "circleci-aws-oidc", &[]);
        assert!(outcome.stderr.starts_with(&refused), "{shell}: {outcome:?}");
        fs::rename(&owned, release.fixture.path("mine")).unwrap();
        chown(release.fixture.path("mine"), Some(0), Some(0)).unwrap();
        symlink(release.fixture.path("mine"), &owned).unwrap();
        lchown(&owned, OTHER, OTHER).unwrap();
        let outcome = release.install(&format!(", shell: '{shell}'"), "circleci-aws-oidc", &[]);
        assert!(outcome.stderr.starts_with(&refused), "{shell}: {outcome:?}");
    }
}

#[test]
fn the_pinned_binary_that_another_user_can_change_is_replaced() {
    for mode in [0o777, 0o757] {
        let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
        release.fixture.write_program(NAME, BINARY);
        set_mode(&release.fixture.path(NAME), mode);
        let open = fs::File::open(release.fixture.path(NAME)).unwrap();
        let outcome = release.install("", "circleci-aws-oidc", &[]);
        assert!(outcome.stdout.ends_with("==> then\nthe binary: \n"), "{outcome:?}");
        let installed = fs::metadata(release.fixture.path(NAME)).unwrap();
        assert_eq!(installed.permissions().mode() & 0o777, 0o755);
        assert_ne!(installed.ino(), open.metadata().unwrap().ino());
    }
}

/// As another user than root, who lists every directory.
#[test]
fn a_directory_that_cannot_be_listed_is_refused() {
    if !rustix::process::geteuid().is_root() {
        report_skipped("right to act as another user");
        return;
    }
    for shell in named_shells() {
        let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
        release.fixture.write_program(NAME, BINARY);
        release.fixture.write_program("it's here/bin/aws", PLANTED);
        for entry in ["it's here/bin", NAME] {
            chown(release.fixture.path(entry), Some(65534), Some(65534)).unwrap();
        }
        set_mode(&release.directory(), 0o311);
        let wrapper =
            format!("#!/bin/sh\nexec setpriv --reuid 65534 --regid 65534 --clear-groups {shell} -e \"$@\"\n");
        let wrapper = release.fixture.write_program("a-shell", wrapper);
        let outcome = release.install(&format!(", shell: '{}'", wrapper.display()), "aws", &[]);
        assert!(
            outcome.stderr.contains("` cannot be listed, so it may hold more than"),
            "{shell}: {outcome:?}"
        );
        assert!(outcome.stdout.ends_with("==> failed\nnothing on the PATH\n"), "{shell}: {outcome:?}");
    }
}

#[test]
fn the_directory_of_another_run_is_left_alone() {
    let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
    release.fixture.write("it's here/bin/.install.abcdef/download", "half a file");
    let outcome = release.install("", "circleci-aws-oidc", &[]);
    assert!(outcome.stdout.ends_with("==> then\nthe binary: \n"), "{outcome:?}");
    assert!(release.directory().join(".install.abcdef/download").exists());
}

#[test]
fn a_link_to_the_pinned_binary_is_replaced_by_it() {
    for target in ["elsewhere/circleci-aws-oidc", "elsewhere"] {
        let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
        release.fixture.write_program("elsewhere/circleci-aws-oidc", BINARY);
        fs::create_dir_all(release.directory()).unwrap();
        symlink(release.fixture.path(target), release.fixture.path(NAME)).unwrap();
        let outcome = release.install("", "circleci-aws-oidc", &[]);
        assert!(outcome.stdout.ends_with("==> then\nthe binary: \n"), "{target}: {outcome:?}");
        assert!(fs::symlink_metadata(release.fixture.path(NAME)).unwrap().is_file(), "{target}");
        assert_eq!(fs::read_dir(release.fixture.path("elsewhere")).unwrap().count(), 1, "{target}");
    }
}

#[test]
fn the_pinned_binary_without_its_x_bit_gets_it() {
    for shell in shells() {
        let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
        release.fixture.write(NAME, BINARY);
        let outcome = release.install(&format!(", shell: '{shell}'"), "circleci-aws-oidc", &[]);
        assert!(outcome.stdout.ends_with("==> then\nthe binary: \n"), "{shell}: {outcome:?}");
        assert!(release.server.requests().is_empty(), "{shell}");
    }
}

#[test]
fn new_directories_are_their_owners_under_any_umask() {
    for shell in named_shells() {
        for umask in ["000", "022", "277", "777"] {
            let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
            let wrapper = format!("#!/bin/sh\numask {umask}\nexec {shell} -e \"$@\"\n");
            let wrapper = release.fixture.write_program("a-shell", wrapper);
            let outcome =
                release.install(&format!(", shell: '{}'", wrapper.display()), "circleci-aws-oidc", &[]);
            assert!(outcome.stdout.ends_with("==> then\nthe binary: \n"), "{shell}, {umask}: {outcome:?}");
            let mode = |path| fs::metadata(release.fixture.path(path)).unwrap().permissions().mode() & 0o777;
            let modes = (mode("it's here"), mode("it's here/bin"), mode(NAME));
            assert_eq!(modes, (0o700, 0o700, 0o755), "{shell}, {umask}");
        }
    }
}

#[test]
fn the_old_binary_stays_until_the_new_one_is_there() {
    let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
    release.fixture.write_program(NAME, "#!/bin/sh\necho the old one\n");
    let (curl, installed) = (program("curl").unwrap(), release.fixture.path(NAME));
    let script =
        format!("#!/bin/sh\n\"{}\" >&2 || exit 7\nexec {} \"$@\"\n", installed.display(), curl.display());
    release.fixture.write_program("image/curl", script);
    let Some(outcome) = release.install_with(&[("sha256sum", "sha256sum")], "") else { return };
    assert!(outcome.stdout.ends_with("==> then\nthe binary: \n"), "{outcome:?}");
    assert_eq!(digest(&fs::read_to_string(installed).unwrap()), digest(BINARY));
}

#[test]
fn no_escape_code_of_another_program_reaches_the_log() {
    const CODES: &str = "\\033[2J\\033]0;title\\007\\302\\233\\342\\200\\256";
    let uname = |script: &str| {
        let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
        release.fixture.write_program("image/uname", format!("#!/bin/sh\n{script}\n"));
        release.install_with(&[("curl", "curl"), ("sha256sum", "sha256sum")], "").unwrap()
    };
    let downloader = |name: &str| {
        let release = Release::new(Some(BINARY), BINARY, Manner::Whole);
        let script = format!("#!/bin/sh\nprintf 'curl: (22) HTTP error 404{CODES}\\n' >&2\nexit 22\n");
        release.fixture.write_program(&format!("image/{name}"), script);
        release.install_with(&[("sha256sum", "sha256sum")], "").unwrap()
    };
    let outcomes = [
        ("system", uname(&format!("printf 'Plan9{CODES}\\nerror: forged'"))),
        ("machine", uname(&format!("[ \"$1\" = -s ] && echo Linux || printf 'vax{CODES}\\nerror: forged'"))),
        ("curl", downloader("curl")),
        ("wget", downloader("wget")),
        ("python3", downloader("python3")),
    ];
    for (case, outcome) in outcomes {
        let is_plain = |c: char| c == '\n' || c == ' ' || c.is_ascii_graphic();
        assert!(
            outcome.stderr.starts_with("error: ") && outcome.stderr.chars().all(is_plain),
            "{case}: {outcome:?}"
        );
        assert!(!outcome.stderr.contains("\nerror: forged"), "{case}: {outcome:?}");
        assert_eq!(outcome.status, 1, "{case}");
    }
}
