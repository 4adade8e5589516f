//! Which source trees can be packed, and the result.

use std::fs;
use std::path::Path;

use orb_runner::pack::{Pins, pack};
use orb_runner::yaml::{BareWords, Value, parse};
use tempfile::TempDir;

const ROOT: (&str, &str) = ("@orb.yml", "version: 2.1\ndescription: an orb\n");
const COMMAND: (&str, &str) =
    ("commands/say.yml", "steps: [run: {name: n, command: <<include(scripts/say.sh)>>}]\n");
const SCRIPT: (&str, &str) = ("scripts/say.sh", "cat <<EOF\nhello\nEOF\n");

#[expect(clippy::disallowed_methods, reason = "the source of a test, in a directory of its own")]
fn tree(files: &[(&str, &str)]) -> TempDir {
    let directory = tempfile::tempdir().unwrap();
    for (name, text) in files {
        let path = directory.path().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    directory
}

fn packed(files: &[(&str, &str)]) -> Result<Value, String> {
    let directory = tree(files);
    let prefix = format!("{}/", directory.path().display());
    pack(directory.path(), &Pins::default()).map_err(|refusal| refusal.to_string().replace(&prefix, ""))
}

#[test]
fn files_become_elements_and_includes_become_text() {
    let example = ("examples/simple.yml", "description: d\nusage: {version: 2.1, note: <<include(x)>>}\n");
    let job = ("jobs/build.yml", "environment: {TEXT: << include(scripts/say.sh) >>}\nsteps: [checkout]\n");
    let other_files = [("README.md", "text"), ("commands/README.md", "text"), (".hidden.yml", "a: 1")];
    let files = [&[ROOT, COMMAND, SCRIPT, example, job][..], &other_files].concat();
    let expected = r#"
version: 2.1
description: an orb
commands: {say: {steps: [run: {name: n, command: "cat \\<<EOF\nhello\nEOF\n"}]}}
jobs: {build: {environment: {TEXT: "cat \\<<EOF\nhello\nEOF\n"}, steps: [checkout]}}
examples: {simple: {description: d, usage: {version: "2.1", note: <<include(x)>>}}}
"#;
    assert_eq!(packed(&files).unwrap(), parse(expected, BareWords::AreRefused).unwrap());
}

#[test]
fn a_tree_that_the_packers_take_differently_is_refused() {
    let table = [
        (("other.yml", "a: 1\n"), "`other.yml` is YAML outside of commands, executors, jobs and examples"),
        (
            ("tests/a/x.yml", "a: 1\n"),
            "`tests/a/x.yml` is YAML outside of commands, executors, jobs and examples",
        ),
        (
            ("commands/more/x.yml", "a: 1\n"),
            "`commands/more` is a directory inside a section; move its files up",
        ),
        (
            ("commands/x.yaml", "a: 1\n"),
            "`commands/x.yaml` needs a lower-case name of letters, digits, `_` and `-` that ends in .yml",
        ),
        (
            ("commands/@x.yml", "a: 1\n"),
            "`commands/@x.yml` needs a lower-case name of letters, digits, `_` and `-` that ends in .yml",
        ),
        (
            ("commands/X.yml", "a: 1\n"),
            "`commands/X.yml` needs a lower-case name of letters, digits, `_` and `-` that ends in .yml",
        ),
        (("commands/x.yml", "- a\n"), "`commands/x.yml` is not a mapping"),
        (("commands/x.yml", "a: on\n"), "`commands/x.yml` cannot be packed"),
        (("commands/x.yml", "a: 1\na: 2\n"), "`commands/x.yml` cannot be packed"),
        (("commands/x.yml", "a: <<include(scripts/none.sh)>>\n"), "cannot read `scripts/none.sh`"),
        (
            ("commands/x.yml", "a: <<include(../x)>>\n"),
            "`commands/x.yml` includes `../x`, which leaves the orb's directory",
        ),
        (
            ("commands/x.yml", "a: <<include(a/../../x)>>\n"),
            "`commands/x.yml` includes `a/../../x`, which leaves the orb's directory",
        ),
        (
            ("commands/x.yml", "a: <<include(/etc/hostname)>>\n"),
            "`commands/x.yml` includes `/etc/hostname`, which leaves the orb's directory",
        ),
        (
            ("commands/x.yml", "a: sh <<include(x)>>\n"),
            "`commands/x.yml` has an include that is not the whole value: `sh <<include(x)>>`",
        ),
        (
            ("@orb.yml", "version: 2.1\ncommand: {}\n"),
            "unexpected key `command` in `@orb.yml`; expected version, description, display or orbs",
        ),
        (("@orb.yml", "text\n"), "`@orb.yml` is not a mapping"),
    ];
    for (file, message) in table {
        assert_eq!(packed(&[ROOT, COMMAND, SCRIPT, file]).unwrap_err(), message, "{file:?}");
    }
    assert_eq!(packed(&[COMMAND, SCRIPT]).unwrap_err(), "cannot read `@orb.yml`");
}

#[test]
fn pins_go_where_the_orb_includes_them() {
    let pins = || Pins::new(Some("1.2.3".into()), None).unwrap();
    let command = ("commands/x.yml", "environment: {PINS: <<include(scripts/pins.txt)>>}\n");
    let own = ("scripts/pins.txt", "version=0.1.0\nlinux-x86_64=0f\n");
    let with_pins = tree(&[ROOT, command, own]);
    let text_of = |orb: &Value| orb.at(&["commands", "x", "environment", "PINS"]).cloned();
    assert_eq!(
        text_of(&pack(with_pins.path(), &pins()).unwrap()),
        Some(Value::Text("version=1.2.3\n".into()))
    );
    assert_eq!(text_of(&pack(with_pins.path(), &Pins::default()).unwrap()), Some(Value::Text(own.1.into())));

    let without = tree(&[ROOT, COMMAND, SCRIPT]);
    let refusal = pack(without.path(), &pins()).unwrap_err().to_string();
    assert!(refusal.starts_with("no command includes `scripts/pins.txt`"), "{refusal}");
}

#[test]
fn a_missing_orb_is_told_by_its_path() {
    let refusal = pack(Path::new("no-such-orb"), &Pins::default()).unwrap_err();
    assert_eq!(refusal.to_string(), "cannot read `no-such-orb`");
}
