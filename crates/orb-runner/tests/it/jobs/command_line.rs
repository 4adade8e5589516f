//! The program's own streams and exit codes.

use super::fixture::{Fixture, orb_runner};

const CONFIG: &str = "
orbs: {o: any/ref@1}
jobs:
  build:
    steps:
      - checkout
      - o/say: {what: hello}
";
const ORB: &str = "
commands:
  say:
    parameters: {what: {type: string}}
    steps:
      - run: {name: Say it, command: \"cat \\\\<<EOF\\n$WHAT\\nEOF\\n\", environment: {WHAT: << parameters.what >>}}
";

#[test]
fn expand_prints_the_steps() {
    let fixture = Fixture::new();
    let config = fixture.write("config.yml", CONFIG).display().to_string();
    let orb = format!("o={}", fixture.write("orb.yml", ORB).display());
    let outcome = orb_runner(&["expand", "--orb", &orb, "--config", &config, "--job", "build"]);
    let expected = "\
- checkout
- run:
      command: |
          cat <<EOF
          $WHAT
          EOF
      environment:
          WHAT: hello
      name: Say it
";
    assert_eq!((outcome.status, outcome.stdout.as_str()), (0, expected), "{}", outcome.stderr);
}

#[test]
fn a_fault_is_told_with_its_causes_on_stderr() {
    let fixture = Fixture::new();
    let outcome = fixture.run(CONFIG, &[]);
    let expected =
        "error: Error calling command: 'o/say'\n  caused by: missing packed orb for the import `o`\n";
    assert_eq!((outcome.status, outcome.stderr.as_str()), (125, expected));
    assert!(outcome.stdout.is_empty());
}

#[test]
fn pack_takes_a_version_for_the_one_in_the_source() {
    let fixture = Fixture::new();
    fixture.write("orb/@orb.yml", "version: 2.1\n");
    fixture.write("orb/commands/say.yml", "environment: {PINS: <<include(scripts/pins.txt)>>}\n");
    fixture.write("orb/scripts/pins.txt", "version=0.1.0\n");
    let outcome = orb_runner(&["pack", fixture.path("orb").to_str().unwrap(), "--version", "2.0.0"]);
    let expected = "\
commands:
    say:
        environment:
            PINS: |
                version=2.0.0
version: 2.1
";
    assert_eq!((outcome.status, outcome.stdout.as_str()), (0, expected), "{}", outcome.stderr);
}

#[test]
fn pins_takes_the_digests_of_a_release_and_keeps_the_version() {
    let fixture = Fixture::new();
    fixture.write("orb/scripts/pins.txt", "version=0.1.0\nlinux-x86_64=old\n");
    let digest = "0f".repeat(32);
    let sums =
        fixture.write("SHA256SUMS", format!("{digest}  circleci-aws-oidc-macos-aarch64\n{digest}  other\n"));
    let (orb, sums) = (fixture.path("orb").display().to_string(), sums.display().to_string());
    let outcome = orb_runner(&["pins", &orb, "--sums", &sums]);
    let expected = format!("version=0.1.0\nmacos-aarch64={digest}\n");
    assert_eq!((outcome.status, outcome.stdout), (0, expected), "{}", outcome.stderr);
}

#[test]
fn a_wrong_command_line_is_refused() {
    for arguments in [&["pack"][..], &["expand", "--orb", "o", "--config", "c", "--job", "j"], &["fly"]] {
        assert_eq!(orb_runner(arguments).status, 2, "{arguments:?}");
    }
}
