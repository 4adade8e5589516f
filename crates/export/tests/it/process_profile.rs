//! A profile whose credentials come from a process: the tables in `cases/`, and that a removal, or keys in its place,
//! remove all that was set.

use aws::Region;
use export::{
    InvalidProcessLine, Platform, ProcessLine, ProfileName, Removal, SharedFileError, config_file,
    credentials_file,
};
use serde_json::Value;

#[test]
fn lines_are_quoted_as_the_table_says() {
    for case in table(include_str!("../../cases/process-line.json")) {
        let platform = if case["platform"] == "windows" { Platform::Windows } else { Platform::Posix };
        let arguments = case["arguments"].as_array().unwrap().iter().map(|word| word.as_str().unwrap());
        let line = ProcessLine::new(case["program"].as_str().unwrap(), arguments, platform);
        compare(&case, line.map(|line| line.as_str().to_owned()).map_err(|error| error.to_string()));
    }
}

#[test]
fn a_process_is_set_as_the_table_says() {
    for case in table(include_str!("../../cases/process-set.json")) {
        let set = config_file::set_process(&text(&case), &profile(&case), &line(), region(&case).as_ref());
        compare(&case, said(set));
    }
}

#[test]
fn a_process_leaves_as_the_table_says() {
    for case in table(include_str!("../../cases/process-removal.json")) {
        let answer = match config_file::remove_process(&text(&case), &profile(&case)) {
            Ok(Removal::Without(text)) => Ok(text.expose().to_owned()),
            Ok(Removal::NotOurs) => Err("not ours".to_owned()),
            Ok(Removal::Nothing) => Err("nothing".to_owned()),
            Err(error) => Err(error.to_string()),
        };
        compare(&case, answer);
    }
}

#[test]
fn keys_make_way_as_the_table_says() {
    for case in table(include_str!("../../cases/process-keys.json")) {
        let left =
            credentials_file::prepare_for_process(&text(&case), &profile(&case), region(&case).as_ref());
        compare(&case, said(left.map(|text| text.expose().to_owned())));
    }
}

#[test]
fn what_was_set_is_taken_out_byte_for_byte() {
    for existing in
        ["", "[a]\nx = 1\n", "# mine\n[profile ci]\nregion = x\n", "[profile ci]\r\nx=1\r\n\r\n[b]\r\n"]
    {
        let profile = "ci".parse().unwrap();
        let set = config_file::set_process(existing, &profile, &line(), None).unwrap();
        match config_file::remove_process(&set, &profile).unwrap() {
            Removal::Without(left) => assert_eq!(left.expose(), existing),
            other => panic!("{existing:?}: {other:?}"),
        }
    }
}

#[test]
fn keys_in_its_place_take_our_process_out_and_no_other() {
    let profile = "ci".parse().unwrap();
    let region = "eu-west-1".parse().unwrap();
    let ours = format!("[profile ci]\noutput = json\ncredential_process = {}\n", line().as_str());
    config_file::check(&ours, &profile).unwrap();
    for (region, after) in [
        (None, "[profile ci]\noutput = json\n"),
        (Some(&region), "[profile ci]\noutput = json\nregion = eu-west-1\n"),
    ] {
        assert_eq!(config_file::edit(&ours, [(&profile, region)]).as_deref(), Ok(after));
    }
    let foreign = "[profile ci]\ncredential_process = /usr/bin/vault\n";
    let error = config_file::edit(foreign, [(&profile, None)]).unwrap_err();
    assert!(matches!(error, SharedFileError::OtherCredentials { line: 2, .. }), "{error}");
}

#[test]
fn the_longest_line_is_of_32_kib_and_on_windows_of_8000_bytes() {
    for (platform, program, limit) in [
        (Platform::Posix, "/circleci-aws-oidc", 32 << 10),
        (Platform::Windows, r"C:\circleci-aws-oidc.exe", 8000),
    ] {
        let room = limit - program.len() - " credential-process ".len();
        assert!(ProcessLine::new(program, ["a".repeat(room).as_str()], platform).is_ok());
        let error = ProcessLine::new(program, ["a".repeat(room + 1).as_str()], platform);
        assert_eq!(error, Err(InvalidProcessLine::TooLong { limit }));
    }
}

fn line() -> ProcessLine {
    let arguments = ["--role-arn", "arn:aws:iam::123456789012:role/ci", "--session-name", "a b"];
    ProcessLine::new("/opt/my tools/circleci-aws-oidc", arguments, Platform::Posix).unwrap()
}

fn compare(case: &Value, answer: Result<String, String>) {
    let (keys, found) = match answer {
        Ok(text) => (["output", "output"], text),
        Err(text) => (["error", "answer"], text),
    };
    let expected = keys.iter().find_map(|key| case[*key].as_str()).map(with_line);
    assert_eq!(expected, Some(found), "{}", case["name"]);
}

fn said(edited: Result<String, SharedFileError>) -> Result<String, String> {
    let message = edited.map_err(|error| error.to_string());
    assert!(message.as_ref().err().is_none_or(|text| !text.contains("wJalr")), "{message:?}");
    message
}

fn table(json: &str) -> Vec<Value> {
    serde_json::from_str(json).unwrap()
}

/// `LINE` in the tables is the line that is set.
fn with_line(text: &str) -> String {
    text.replace("LINE", line().as_str())
}

fn text(case: &Value) -> String {
    with_line(case["input"].as_str().unwrap())
}

fn profile(case: &Value) -> ProfileName {
    case["profile"].as_str().unwrap_or("ci").parse().unwrap()
}

/// `eu-west-1` unless the case says `null`.
fn region(case: &Value) -> Option<Region> {
    case.get("region").is_none().then(|| "eu-west-1".parse().unwrap())
}
