//! PEM text whose line breaks are lost, as variables of CI systems and unquoted ones lose them: the cause is named, the
//! commands of the hint work, and nothing of the text is printed or written, as it may be a private key.

use std::hash::BuildHasher;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::make;
use crate::support::files::snapshot;
use crate::support::{Job, Run};

/// What stands where line breaks were, with the words of the cause.
const INSTEAD: [(&str, &str); 3] = [
    (" ", "the line breaks of its PEM text are lost: they have become spaces"),
    (r"\n", r"the line breaks of its PEM text are lost: they have become the characters `\n`"),
    ("", "the line breaks of its PEM text are lost: it is one line without them"),
];

/// One line of base64, as long as in a key. It has no shape by which it would be withheld.
fn content() -> String {
    let random = std::hash::RandomState::new();
    let bytes: Vec<u8> = (0..6).flat_map(|at| random.hash_one(at).to_le_bytes()).collect();
    STANDARD.encode(bytes)
}

/// Fails if a piece of the content is printed, or in a file other than the bundle.
fn keeps(job: &Job, run: &Run, content: &str) {
    let pieces: Vec<&[u8]> = content.as_bytes().windows(12).collect();
    let holds = |text: &[u8]| text.windows(12).any(|piece| pieces.contains(&piece));
    assert!(!holds(run.stdout.as_bytes()), "{}", run.stdout);
    assert!(!holds(run.stderr.as_bytes()), "{}", run.stderr);
    for (path, _, bytes) in snapshot(job) {
        assert_eq!(holds(&bytes), path.ends_with("bundle"), "{}", path.display());
    }
}

#[test]
fn nothing_of_a_single_line_block_is_printed_or_written() {
    for label in ["CERTIFICATE", "PRIVATE KEY", "RSA PRIVATE KEY"] {
        for (instead, words) in INSTEAD {
            let mut job = Job::new();
            let content = content();
            let lines =
                [format!("-----BEGIN {label}-----"), content.clone(), format!("-----END {label}-----")];
            job.write("bundle", &lines.join(instead));
            let words = match label {
                "CERTIFICATE" => words.to_owned(),
                _ => format!("it holds `{label}`, and no certificate; {words}"),
            };
            let runs: [(&[&str], i32); 5] = [
                (&["assume", "--to", "json"], 2),
                (&["assume", "--receipt", "receipt.json", "--details"], 2),
                (&["credential-process"], 2),
                (&["preflight"], 8),
                (&["preflight", "--format", "json"], 8),
            ];
            for (arguments, status) in runs {
                job.unset("AWS_CA_BUNDLE");
                let run = job.run(&[arguments, &["--ca-bundle", "bundle"]].concat());
                keeps(&job, &run, &content);
                assert_eq!(run.status, status, "{arguments:?}: {}", run.stderr);
                for name in ["AWS_CA_BUNDLE", "SSL_CERT_FILE"] {
                    job.set(name, "bundle");
                    let run = job.run(arguments);
                    job.unset(name);
                    keeps(&job, &run, &content);
                    let printed = [run.stdout, run.stderr].concat().replace(r"\\n", r"\n");
                    assert!(printed.contains(&words), "{arguments:?}: {printed}");
                }
            }
            let receipt = job.read("receipt.json").replace(r"\\n", r"\n");
            assert!(receipt.contains(&words), "{receipt}");
            let log = snapshot(&job).into_iter().find(|(path, ..)| path.ends_with("none.log"));
            let log = String::from_utf8(log.expect("credential-process has a log").2).unwrap();
            assert!(log.contains(&words), "{log}");
        }
    }
}

#[test]
fn a_private_key_in_the_place_of_a_path_is_not_printed() {
    for instead in [" ", r"\n", "", "\n"] {
        let mut job = Job::new();
        job.unset("AWS_CA_BUNDLE");
        let content = content();
        job.write("bundle", &content);
        let key = ["-----BEGIN PRIVATE KEY-----", &content, "-----END PRIVATE KEY-----"].join(instead);
        for arguments in
            [&["assume", "--receipt", "receipt.json"][..], &["preflight"], &["credential-process"]]
        {
            keeps(&job, &job.run(&[arguments, &["--ca-bundle", &key]].concat()), &content);
            keeps(&job, &job.run(&[arguments, &["--region", &key]].concat()), &content);
            for name in ["AWS_CA_BUNDLE", "SSL_CERT_FILE"] {
                job.set(name, &key);
                let run = job.run(arguments);
                job.unset(name);
                keeps(&job, &run, &content);
                let printed = [run.stdout, run.stderr].concat();
                let is_shown =
                    printed.contains("-----BEGIN PRIVATE KEY-----[withheld]-----END PRIVATE KEY-----");
                // A missing SSL_CERT_FILE is a note, which credential-process does not print.
                assert!(is_shown || name == "SSL_CERT_FILE", "{arguments:?}: {printed}");
            }
        }
    }
}

/// The commands of the hint, in their order.
fn commands(stderr: &str) -> Vec<&str> {
    let hint = stderr.split("keep the line breaks of the CA file in --ca-bundle: ").nth(1);
    hint.unwrap_or_else(|| panic!("no hint in {stderr}"))
        .split('`')
        .filter(|part| part.starts_with("printf"))
        .collect()
}

#[test]
fn the_commands_of_the_hint_write_a_usable_file() {
    for (instead, words) in INSTEAD {
        let job = Job::new();
        let pem = job.read("ca.pem");
        job.write("bundle", &pem.trim_end().replace('\n', instead));
        let run = job.assume(&["--ca-bundle", "bundle"]);
        run.expect(
            2,
            &format!("(--ca-bundle) holds no usable PEM certificate\n  caused by: {words}\n  hint: "),
        );
        let [quoted, decoded] = commands(&run.stderr)[..] else { panic!("{}", run.stderr) };
        let variable = if instead == r"\n" {
            r"VARIABLE=$(sed ':a;N;$!ba;s/\n/\\n/g' ca.pem)"
        } else {
            "VARIABLE=$(cat ca.pem)"
        };
        for (variable, command) in [(variable, quoted), ("VARIABLE=$(base64 -w0 ca.pem)", decoded)] {
            make(&job, &format!("{variable}; {}", command.replace("FILE", "written.pem")));
            job.assume(&["--ca-bundle", "written.pem"]).succeeds();
        }
    }
}
