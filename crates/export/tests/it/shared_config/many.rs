//! Edits of many profiles at once: the text is the same as after single edits, and botocore reads the same credentials,
//! whatever else the files hold.

use std::collections::BTreeMap;

use aws::{Credentials, Region, Secret};
use export::{ProfileName, Session, config_file, credentials_file};
use serde_json::Value;

use super::botocore;
use super::generator::{Random, shared_file};

/// Some are already in the generated files.
const NAMES: [&str; 7] = ["ci", "a", "team.b", "CI", "default", "x_1", "zz-2"];
const KEYS: [&str; 5] = [
    "aws_access_key_id",
    "aws_secret_access_key",
    "aws_session_token",
    "aws_security_token",
    "aws_account_id",
];
const REMOVED: [&str; 2] = ["aws_security_token", "aws_account_id"];
const REGIONS: [&str; 3] = ["eu-west-1", "cn-north-1", "us-gov-west-1"];

/// One profile to write, as botocore has to read it.
struct Wanted {
    name: ProfileName,
    session: Session,
}

/// A file before and after, and the credentials of each profile.
struct Edited {
    before: String,
    after: String,
    profiles: Vec<Wanted>,
}

#[test]
fn any_set_of_credentials_comes_back_from_botocore() {
    let edited =
        edited_files("ci", &["a", "team.b", "DEFAULT", "CI", "default", "other"], |text, profiles| {
            let all = credentials_file::edit(text, pairs(profiles)).ok()?;
            let one_by_one = profiles.iter().fold(text.to_owned(), |text, wanted| {
                credentials_file::edit(&text, [(&wanted.name, &wanted.session)]).unwrap().expose().to_owned()
            });
            assert_eq!(all.expose(), one_by_one, "{text:?}");
            credentials_file::check(text, profiles.iter().map(|wanted| &wanted.name)).unwrap();
            Some(one_by_one)
        });
    compare_in_botocore(&edited, ToString::to_string, |wanted, before| {
        let credentials = wanted.session.credentials();
        let mut keys = BTreeMap::from([
            ("aws_access_key_id", credentials.access_key_id.clone()),
            ("aws_secret_access_key", credentials.secret_access_key.expose().to_owned()),
            ("aws_session_token", credentials.session_token.expose().to_owned()),
        ]);
        if let Some(region) = wanted.session.region().filter(|_| before.contains_key("region")) {
            keys.insert("region", region.to_string());
        }
        keys
    });
}

#[test]
fn any_set_of_regions_comes_back_from_botocore() {
    let others = ["profile a", "profile team.b", "DEFAULT", "profile CI", "default", "services x"];
    let edited = edited_files("profile ci", &others, |text, profiles| {
        let regions = |wanted: &'_ [Wanted]| -> Vec<(ProfileName, Option<Region>)> {
            wanted.iter().map(|one| (one.name.clone(), one.session.region().cloned())).collect()
        };
        let regions = regions(profiles);
        let all =
            config_file::edit(text, regions.iter().map(|(name, region)| (name, region.as_ref()))).ok()?;
        let one_by_one = regions.iter().fold(text.to_owned(), |text, (name, region)| {
            config_file::edit(&text, [(name, region.as_ref())]).unwrap()
        });
        assert_eq!(all, one_by_one, "{text:?}");
        Some(all)
    });
    let section = |name: &ProfileName| match name.as_str() {
        "default" => "default".to_owned(),
        name => format!("profile {name}"),
    };
    compare_in_botocore(&edited, section, |wanted, _| {
        wanted.session.region().map(|region| ("region", region.to_string())).into_iter().collect()
    });
}

fn pairs(profiles: &[Wanted]) -> impl Iterator<Item = (&ProfileName, &Session)> {
    profiles.iter().map(|wanted| (&wanted.name, &wanted.session))
}

/// 400 files, and the result of `edit` for those that it accepts.
fn edited_files(
    ours: &str,
    others: &[&str],
    edit: impl Fn(&str, &[Wanted]) -> Option<String>,
) -> Vec<Edited> {
    let mut edited = Vec::new();
    for seed in 0..400 {
        let mut random = Random::new(1000 + seed);
        let before = shared_file(&mut random, ours, others, &[&KEYS[..], &["region"]].concat()).text();
        let mut profiles: Vec<Wanted> = Vec::new();
        for name in NAMES {
            if random.one_in(2) {
                profiles.push(Wanted { name: name.parse().unwrap(), session: session(&mut random) });
            }
        }
        for last in (1..profiles.len()).rev() {
            profiles.swap(last, random.below(last + 1));
        }
        if let Some(after) = edit(&before, &profiles) {
            edited.push(Edited { before, after, profiles });
        }
    }
    assert!(edited.len() > 100, "only {} files could be edited", edited.len());
    edited
}

fn compare_in_botocore(
    edited: &[Edited],
    section: impl Fn(&ProfileName) -> String,
    set: impl Fn(&Wanted, &BTreeMap<String, Value>) -> BTreeMap<&'static str, String>,
) {
    // An empty section shows what every section gets from DEFAULT.
    let probe = |text: &String| format!("{text}\n[probe]\n");
    let texts: Vec<String> =
        edited.iter().flat_map(|file| [probe(&file.before), probe(&file.after)]).collect();
    let Some(answers) = botocore::read_all(&texts) else { return };
    for (answers, file) in answers.chunks(2).zip(edited) {
        let [Some(old), Some(new)] = answers else { panic!("botocore can't read {:?}", file.after) };
        let mut expected = old.clone();
        for wanted in &file.profiles {
            let name = section(&wanted.name);
            let before = expected.get(&name).cloned();
            let set = set(wanted, before.as_ref().unwrap_or(&BTreeMap::new()));
            if before.is_none() && set.is_empty() {
                continue;
            }
            let ours = expected.entry(name.clone()).or_insert_with(|| old["probe"].clone());
            if set.contains_key("aws_session_token") {
                ours.retain(|key, _| !REMOVED.contains(&key.as_str()));
            } else {
                ours.remove("aws_account_id");
            }
            ours.extend(set.into_iter().map(|(key, value)| (key.to_owned(), Value::from(value))));
        }
        assert_eq!(new, &expected, "{:?} became {:?}", file.before, file.after);
    }
}

fn session(random: &mut Random) -> Session {
    let mut text = |length: usize| -> String {
        const PLAIN: [char; 12] = ['a', 'Z', '0', '9', '+', '/', '=', '_', '.', ':', '%', '-'];
        (0..length).map(|_| random.pick(&PLAIN)).collect()
    };
    let credentials = Credentials {
        access_key_id: text(20),
        secret_access_key: Secret::new(text(40)),
        session_token: Secret::new(text(200)),
        expiration: "2026-11-22T14:30:05Z".parse().unwrap(),
    };
    let region = (!random.one_in(4)).then(|| random.pick(&REGIONS).parse().unwrap());
    let arn = "arn:aws:sts::123456789012:assumed-role/deploy/ci".to_owned();
    Session::new(credentials, arn, "123456789012".parse().unwrap(), region).unwrap()
}
