//! Properties of the shared-file editors, with hundreds of generated files: all other lines stay unchanged, and both kinds
//! of readers find the new credentials and no other change.

mod botocore;
mod generator;
mod many;
mod process_lines;
mod process_readers;
mod sdk_grammar;

use aws::{Credentials, Region, Secret};
use export::{ProfileName, Session, config_file, credentials_file, dotenv};
use generator::{MadeFile, Random, shared_file};
use serde_json::Value;

const SET: [(&str, &str); 3] = [
    ("aws_access_key_id", "ASIA1"),
    ("aws_secret_access_key", "wJalr/+=:%"),
    ("aws_session_token", "IQoJb3JpZ2luX2VjE=="),
];
const REMOVED: [&str; 2] = ["aws_security_token", "aws_account_id"];
const OTHERS: [&str; 7] = ["a", "team.b", "profile x", "DEFAULT", "CI", "sso-session s", "a b"];

#[test]
fn in_credentials_files_only_the_changed_lines_change() {
    for (file, edited) in edited_credentials_files() {
        let written: Vec<String> = SET.iter().map(|(key, value)| format!("{key} = {value}")).collect();
        expect_kept(&file, &edited, &written, "[ci]");
    }
}

#[test]
fn in_config_files_only_the_changed_lines_change() {
    for (file, edited) in edited_config_files() {
        expect_kept(&file, &edited, &["region = eu-west-1".to_owned()], "[profile ci]");
    }
}

#[test]
fn botocore_reads_the_new_keys_and_all_else_as_before() {
    let pairs: Vec<_> = edited_credentials_files().map(|(file, edited)| (file.text(), edited)).collect();
    compare_in_botocore(&pairs, "ci", &SET);
    let pairs: Vec<_> = edited_config_files().map(|(file, edited)| (file.text(), edited)).collect();
    compare_in_botocore(&pairs, "profile ci", &[("region", "eu-west-1")]);
}

#[test]
fn the_other_sdks_read_the_new_keys_and_all_else_as_before() {
    let pairs: Vec<_> = edited_credentials_files().map(|(file, edited)| (file.text(), edited)).collect();
    assert!(compare_in_other_sdks(&pairs, "ci", &SET) > 50);
    let pairs: Vec<_> = edited_config_files().map(|(file, edited)| (file.text(), edited)).collect();
    assert!(compare_in_other_sdks(&pairs, "profile ci", &[("region", "eu-west-1")]) > 50);
}

/// Damaged files: a file that the editor accepts, botocore accepts too, before and after.
#[test]
fn what_botocore_can_not_read_is_refused() {
    const PARTS: [&str; 28] = [
        "[ci]\n",
        "[ci]\r\n",
        "[b]\n",
        " [b]\n",
        "[b] ]\n",
        "[b\n",
        "[]\n",
        "[b]#c\n",
        "[profile ci]\n",
        "k\n",
        "k = v\n",
        "l: w\n",
        "  deep = er\n",
        "\tword\n",
        "= v\n",
        "m =\n",
        "# c\n",
        "  ; c\n",
        "\n",
        " \n",
        "\u{a0}n = 1\n",
        "o = 1\r",
        "[DEFAULT]\n",
        "aws_access_key_id = x\n",
        "AWS_SESSION_TOKEN:x\n",
        "p=1",
        "\u{feff}",
        "\u{2003}\n",
    ];
    let mut random = Random::new(7);
    let mut pairs = Vec::new();
    for _ in 0..6000 {
        let text: String = (0..=random.below(7)).map(|_| random.pick(&PARTS)).collect();
        if let Ok(edited) = credentials_file::edit(&text, [(&profile(), &session())]) {
            pairs.push((text, edited.expose().to_owned()));
        }
    }
    assert!(pairs.len() > 500, "only {} files were taken", pairs.len());
    compare_in_botocore(&pairs, "ci", &SET);
    compare_in_other_sdks(&pairs, "ci", &SET);
}

#[test]
fn no_text_makes_an_editor_panic() {
    const CHARACTERS: [char; 20] = [
        '[', ']', '=', ':', '#', ';', ' ', '\t', '\n', '\r', 'a', 'A', '"', '\'', '\\', '\0', 'é',
        '\u{feff}', '\u{2028}', '😀',
    ];
    let mut random = Random::new(11);
    for _ in 0..20_000 {
        let mut text: String = (0..random.below(24)).map(|_| random.pick(&CHARACTERS)).collect();
        text.insert_str(0, random.pick(&["", "[ci]\n", "export AWS_PROFILE=", "AWS_REGION='"]));
        let checked = credentials_file::check(&text, [&profile()]);
        let edited = credentials_file::edit(&text, [(&profile(), &session())]);
        assert_eq!(checked.is_ok(), edited.is_ok(), "{text:?}");
        if let Ok(edited) = edited {
            let again = credentials_file::edit(edited.expose(), [(&profile(), &session())]);
            assert_eq!(again.as_ref(), Ok(&edited), "{text:?}");
        }
        let _ = config_file::edit(&text, [(&profile(), Some(&region()))]);
        let once = dotenv::edit(&text, &session()).unwrap();
        assert_eq!(dotenv::edit(once.expose(), &session()).unwrap(), once, "{text:?}");
    }
}

fn edited_credentials_files() -> impl Iterator<Item = (MadeFile, String)> {
    let keys = [SET.map(|(key, _)| key).as_slice(), &REMOVED].concat();
    (0..400).map(move |seed| {
        let file = shared_file(&mut Random::new(seed), "ci", &OTHERS, &keys);
        let edited = credentials_file::edit(&file.text(), [(&profile(), &session())])
            .unwrap_or_else(|error| panic!("{error} in {:?}", file.text()));
        (file, edited.expose().to_owned())
    })
}

fn edited_config_files() -> impl Iterator<Item = (MadeFile, String)> {
    (0..400).map(|seed| {
        let file = shared_file(&mut Random::new(seed), "profile ci", &OTHERS, &["region"]);
        let edited = config_file::edit(&file.text(), [(&profile(), Some(&region()))])
            .unwrap_or_else(|error| panic!("{error} in {:?}", file.text()));
        (file, edited)
    })
}

/// Without the lines that were written, the file is the old one without the lines that were replaced.
fn expect_kept(file: &MadeFile, edited: &str, written: &[String], header: &str) {
    let before = file.text();
    let all_crlf = before.contains('\n')
        && before.split_inclusive('\n').all(|l| !l.ends_with('\n') || l.ends_with("\r\n"));
    let ending = if all_crlf { "\r\n" } else { "\n" };
    let is_written = |line: &str| written.iter().any(|text| line.trim_end_matches(['\r', '\n']) == *text);
    let count = edited.lines().filter(|line| is_written(line)).count();
    assert_eq!(count, written.len(), "{before:?} became {edited:?}");

    let mut kept: String =
        file.lines.iter().filter(|line| !line.is_replaced).map(|line| line.text.as_str()).collect();
    if !file.has_profile {
        if !kept.is_empty() && !kept.ends_with('\n') {
            kept.push_str(ending);
        }
        if kept.lines().last().is_some_and(|line| !line.trim().is_empty()) {
            kept.push_str(ending);
        }
        kept.extend([header, ending]);
    }
    let others: String = edited.split_inclusive('\n').filter(|line| !is_written(line)).collect();
    // A line that lines were added to has to end.
    if others.len() > kept.len() && file.has_profile {
        kept.push_str(ending);
    }
    assert_eq!(others, kept, "{before:?} became {edited:?}");
}

fn compare_in_botocore(pairs: &[(String, String)], section: &str, set: &[(&str, &str)]) {
    // An empty section shows what every section gets from DEFAULT.
    let probe = |text: &String| format!("{text}\n[probe]\n");
    let texts: Vec<String> = pairs.iter().flat_map(|(before, after)| [probe(before), probe(after)]).collect();
    let Some(answers) = botocore::read_all(&texts) else { return };
    for (answers, (before, after)) in answers.chunks(2).zip(pairs) {
        let [Some(old), Some(new)] = answers else { panic!("botocore can't read {before:?} or {after:?}") };
        let mut expected = old.clone();
        let ours = expected.entry(section.to_owned()).or_insert_with(|| old["probe"].clone());
        ours.retain(|key, _| !REMOVED.contains(&key.as_str()));
        ours.extend(set.iter().map(|(key, value)| ((*key).to_owned(), Value::from(*value))));
        assert_eq!(new, &expected, "{before:?} became {after:?}");
    }
}

/// How many files could be compared: not all that botocore reads are readable for the other SDKs.
fn compare_in_other_sdks(pairs: &[(String, String)], section: &str, set: &[(&str, &str)]) -> usize {
    let mut compared = 0;
    for (before, after) in pairs {
        let Some(mut expected) = sdk_grammar::read(before) else { continue };
        let ours = expected.entry(section.to_owned()).or_default();
        ours.retain(|key, _| !REMOVED.contains(&key.as_str()));
        ours.extend(set.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        assert_eq!(sdk_grammar::read(after), Some(expected), "{before:?} became {after:?}");
        compared += 1;
    }
    compared
}

fn profile() -> ProfileName {
    "ci".parse().unwrap()
}

fn region() -> Region {
    "eu-west-1".parse().unwrap()
}

fn session() -> Session {
    let [(_, id), (_, secret), (_, token)] = SET;
    let credentials = Credentials {
        access_key_id: id.to_owned(),
        secret_access_key: Secret::new(secret.to_owned()),
        session_token: Secret::new(token.to_owned()),
        expiration: "2026-11-22T14:30:05Z".parse().unwrap(),
    };
    let arn = "arn:aws:sts::123456789012:assumed-role/deploy/ci".to_owned();
    Session::new(credentials, arn, "123456789012".parse().unwrap(), None).unwrap()
}
