//! Real runs of `scripts/release.sh`: what it makes from the built binary, and what it refuses.

use std::env::consts::{ARCH, OS};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};
use std::sync::LazyLock;

use ring::digest::{SHA256, digest};
use tempfile::TempDir;

use super::{read_yaml, root, values_of};

const VERSION: &str = env!("CARGO_PKG_VERSION");

/// This machine's platform, as in the names of the released files.
fn platform() -> String {
    format!("{OS}-{ARCH}")
}

/// The product as cargo builds it for tests.
static PRODUCT: LazyLock<PathBuf> = LazyLock::new(|| {
    let output = Command::new(env!("CARGO"))
        .args(["build", "--locked", "--package", "circleci-aws-oidc", "--message-format", "json"])
        .current_dir(root())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let messages = String::from_utf8(output.stdout).unwrap();
    let executable = messages.lines().find_map(|line| {
        let message: serde_json::Value = serde_json::from_str(line).unwrap();
        message["executable"].as_str().map(PathBuf::from)
    });
    executable.unwrap()
});

/// A release directory in which `binary` is the one for this machine.
fn directory_with(binary: &Path) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    symlink(binary, directory.path().join(format!("circleci-aws-oidc-{}", platform()))).unwrap();
    directory
}

fn digest_of(bytes: &[u8]) -> String {
    digest(&SHA256, bytes).as_ref().iter().map(|byte| format!("{byte:02x}")).collect()
}

fn release(arguments: &[&str], directory: &Path) -> Output {
    Command::new(root().join("scripts/release.sh")).args(arguments).arg(directory).output().unwrap()
}

#[test]
fn a_release_pins_its_version_and_the_digests_of_its_files() {
    let directory = directory_with(&PRODUCT);
    let output = release(&["--only", &platform(), VERSION], directory.path());
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let name = format!("circleci-aws-oidc-{}", platform());
    let packed = directory.path().join(format!("{name}.gz"));
    let digest = digest_of(&std::fs::read(&*PRODUCT).unwrap());
    let sums = std::fs::read_to_string(directory.path().join("SHA256SUMS")).unwrap();
    let digest_of_packed = digest_of(&std::fs::read(&packed).unwrap());
    assert_eq!(sums, format!("{digest}  {name}\n{digest_of_packed}  {name}.gz\n"));
    let unpacked = Command::new("gzip").arg("-dc").arg(&packed).output().unwrap();
    assert_eq!(digest_of(&unpacked.stdout), digest, "the compressed file is of the pinned binary");

    let orb = read_yaml(&directory.path().join("orb.yml"));
    let pins = values_of("INSTALL_AWS_OIDC_PINS", &orb);
    assert!(!pins.is_empty(), "the orb pins nothing");
    for pins in pins {
        assert_eq!(pins.as_text().unwrap(), format!("version={VERSION}\n{}={digest}\n", platform()));
    }
}

#[test]
fn the_binary_says_the_workspaces_version() {
    let output = Command::new(&*PRODUCT).arg("--version").output().unwrap();
    assert_eq!(String::from_utf8(output.stdout).unwrap(), format!("circleci-aws-oidc {VERSION}\n"));
}

#[test]
fn what_is_no_release_is_refused_and_leaves_nothing() {
    let only = ["--only", &platform()];
    let with_version = |version| [&only[..], &[version]].concat();
    let readme = root().join("README.md");
    let table: [(&str, &Path, Vec<&str>, &str); 6] = [
        ("another version", &PRODUCT, with_version("99.0.0"), "Cargo.toml has"),
        ("a platform is missing", &PRODUCT, vec![VERSION], "has no `circleci-aws-oidc-"),
        (
            "an unknown platform",
            &PRODUCT,
            vec!["--only", "linux-sparc", VERSION],
            "no platform `linux-sparc`",
        ),
        ("no program at all", &readme, with_version(VERSION), "is a program for no platform of ours"),
        ("another program", Path::new(env!("CARGO")), with_version(VERSION), "says that it is `cargo "),
        ("no version", &PRODUCT, only.to_vec(), "usage: "),
    ];
    for (case, binary, arguments, reason) in table {
        let directory = directory_with(binary);
        let output = release(&arguments, directory.path());
        let stderr = String::from_utf8(output.stderr).unwrap();
        assert!(!output.status.success(), "{case}");
        assert!(stderr.starts_with("error: ") && stderr.contains(reason), "{case}: {stderr}");
        let left = std::fs::read_dir(directory.path()).unwrap().count();
        assert_eq!(left, 1, "{case} left more than the binary");
    }
}
