//! `credential_process` lines of random words: refused for a reason, or split into the same words by every program with
//! which AWS clients split them, in config files of all kinds.

use export::{InvalidProcessLine, Platform, ProcessLine, config_file};

use super::generator::{MadeFile, Random, shared_file};
use super::process_readers::{Started, start, words_in_python, words_in_shell};
use super::{OTHERS, compare_in_botocore, compare_in_other_sdks, expect_kept, profile, region};

const VERB: &str = "credential-process";
const NASTY: [char; 38] = [
    ' ', ' ', '\'', '\'', '"', '"', '\\', '\\', '$', '`', '!', '#', ';', '*', '?', '[', ']', '{', '}', '(',
    ')', '~', '%', '^', '&', '|', '<', '>', '=', ':', ',', '-', 'a', 'n', 'é', '\u{a0}', '\u{2028}', '😀',
];
const CONTROLS: [char; 6] = ['\0', '\t', '\n', '\r', '\u{7f}', '\u{85}'];
/// Characters that are special on Windows are rare, or every line would be refused.
const WINDOWS: [char; 18] =
    ['a', 'N', '0', '\\', '\\', '\\', '.', ':', '-', '_', '~', 'n', 't', ' ', '"', '%', '/', ','];

/// A program, its arguments and the line.
struct Made {
    words: Vec<String>,
    line: ProcessLine,
}

#[test]
fn every_posix_reader_takes_a_line_for_the_words_that_it_was_made_of() {
    let made = posix_lines("", 4000);
    let lines: Vec<String> = made.iter().map(|made| made.line.as_str().to_owned()).collect();
    let in_shells = [&["dash"][..], &["bash"], &["busybox", "sh"], &["sh"]]
        .map(|shell| (shell.join(" "), words_in_shell(&[shell, &["-eu", "-s"]].concat(), &lines)));
    let in_python = ("shlex".to_owned(), words_in_python(None, &lines));
    for (reader, answers) in in_shells.into_iter().chain([in_python]) {
        let Some(answers) = answers else { continue };
        assert_eq!(answers.len(), made.len(), "{reader}");
        for (answer, made) in answers.iter().zip(&made) {
            assert_eq!(answer, &made.words, "{reader} reads {:?}", made.line.as_str());
        }
    }
}

#[test]
fn botocore_on_windows_takes_a_line_for_the_words_that_it_was_made_of() {
    let mut random = Random::new(3);
    let mut made = Vec::new();
    for _ in 0..4000 {
        let mut word = || -> String { (0..random.below(7)).map(|_| random.pick(&WINDOWS)).collect() };
        let words = vec![format!(r"C:\{}\circleci-aws-oidc.exe", word()), VERB.to_owned(), word(), word()];
        if let Ok(line) = line_of(&words, Platform::Windows) {
            made.push(Made { words, line });
        }
    }
    assert!(made.len() > 200, "only {} lines were taken", made.len());
    let lines: Vec<String> = made.iter().map(|made| made.line.as_str().to_owned()).collect();
    let Some(answers) = words_in_python(Some("win32"), &lines) else { return };
    for (answer, made) in answers.iter().zip(&made) {
        assert_eq!(answer, &made.words, "{:?}", made.line.as_str());
    }
}

#[test]
fn lines_go_into_config_files_in_which_nothing_else_changes() {
    let made = posix_lines("", 800);
    assert!(made.len() >= 400, "only {} lines were taken", made.len());
    for (seed, made) in (0..400).zip(&made) {
        let (file, edited) = edited_file(seed, &made.line);
        let line = made.line.as_str();
        let written = [format!("credential_process = {line}"), "region = eu-west-1".to_owned()];
        expect_kept(&file, &edited, &written, "[profile ci]");
        let again = config_file::set_process(&edited, &profile(), &made.line, Some(&region()));
        assert_eq!(again.as_ref(), Ok(&edited), "the second edit changed it");
        let pair = [(file.text(), edited)];
        compare_in_other_sdks(&pair, "profile ci", &[("credential_process", line), ("region", "eu-west-1")]);
    }
}

#[test]
fn botocore_reads_the_line_in_any_config_file() {
    // Few lines, as each is a run of Python; many files for each.
    for (seed, made) in (0..8).zip(&posix_lines("", 20)) {
        let pairs: Vec<_> = (seed * 50..seed * 50 + 50)
            .map(|seed| edited_file(seed, &made.line))
            .map(|(file, edited)| (file.text(), edited))
            .collect();
        let set = [("credential_process", made.line.as_str()), ("region", "eu-west-1")];
        compare_in_botocore(&pairs, "profile ci", &set);
    }
}

#[test]
fn botocore_and_a_shell_start_the_program_with_its_arguments() {
    let root = concat!(env!("CARGO_TARGET_TMPDIR"), "/process-lines");
    let made = posix_lines(root, 60);
    let cases: Vec<Started> = made
        .iter()
        .map(|made| Started {
            program: made.words[0].clone(),
            config: config_file::set_process("", &profile(), &made.line, None).unwrap(),
        })
        .collect();
    let Some(answers) = start(root, &cases) else { return };
    assert!(answers.len() > 30, "only {} lines were taken", answers.len());
    for (answers, made) in answers.iter().zip(&made) {
        assert_eq!(answers, &[made.words.clone(), made.words.clone()], "{:?}", made.line.as_str());
    }
}

/// The lines of this many lists of random words. Each refusal must have its reason in the words.
fn posix_lines(root: &str, count: u64) -> Vec<Made> {
    let mut made = Vec::new();
    for seed in 0..count {
        let mut random = Random::new(5000 + seed);
        let mut words = vec![format!("{root}/{}/circleci-aws-oidc", word(&mut random)), VERB.to_owned()];
        for _ in 0..random.below(5) {
            words.push(word(&mut random));
        }
        match line_of(&words, Platform::Posix) {
            Ok(line) => made.push(Made { words, line }),
            Err(InvalidProcessLine::ControlCharacter { .. }) => {
                assert!(words.concat().contains(char::is_control), "{words:?}");
            }
            Err(InvalidProcessLine::Comment { found, .. }) => {
                let holds = |space: char| words.iter().any(|word| word.contains(&format!("{space}{found}")));
                assert!([' ', '\u{a0}', '\u{2028}', '\t'].into_iter().any(holds), "{words:?}");
            }
            Err(error) => panic!("{error}: {words:?}"),
        }
    }
    assert!(made.len() > usize::try_from(count).unwrap() / 2, "only {} lines were taken", made.len());
    made
}

fn word(random: &mut Random) -> String {
    let one =
        |random: &mut Random| if random.one_in(150) { random.pick(&CONTROLS) } else { random.pick(&NASTY) };
    (0..random.below(9)).map(|_| one(random)).collect()
}

fn line_of(words: &[String], platform: Platform) -> Result<ProcessLine, InvalidProcessLine> {
    let [program, _, arguments @ ..] = words else { panic!("no program") };
    ProcessLine::new(program, arguments.iter().map(String::as_str), platform)
}

fn edited_file(seed: u64, line: &ProcessLine) -> (MadeFile, String) {
    let file = shared_file(&mut Random::new(seed), "profile ci", &OTHERS, &["region"]);
    let edited = config_file::set_process(&file.text(), &profile(), line, Some(&region()))
        .unwrap_or_else(|error| panic!("{error} in {:?}", file.text()));
    (file, edited)
}
