//! botocore's own reader, for many texts in one run of Python.

use std::collections::BTreeMap;
use std::io::{ErrorKind, Write};
use std::process::{Command, Stdio};

use serde_json::Value;

/// Sections and their keys; a value is a text or a nested block.
pub(crate) type Sections = BTreeMap<String, BTreeMap<String, Value>>;

const PROGRAM: &str = "
import json, os, sys, tempfile
try:
    from botocore.configloader import raw_config_parse
    from botocore.exceptions import ConfigParseError
except ImportError:
    print('null')
    sys.exit()
answers = []
with tempfile.TemporaryDirectory() as folder:
    path = os.path.join(folder, 'file')
    for text in json.load(sys.stdin):
        with open(path, 'wb') as file:
            file.write(text.encode())
        try:
            answers.append(raw_config_parse(path))
        except ConfigParseError:
            answers.append(None)
print(json.dumps(answers))
";

/// What botocore reads in each text, `None` where it refuses the whole file. Without botocore there is no result, which is
/// printed.
pub(crate) fn read_all(texts: &[String]) -> Option<Vec<Option<Sections>>> {
    let mut python = Command::new("python3");
    python.args(["-c", PROGRAM]).env("PYTHONUTF8", "1").stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut python = match python.spawn() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            println!("skipped: no python3");
            return None;
        }
        spawned => spawned.unwrap(),
    };
    let input = serde_json::to_vec(texts).unwrap();
    // Without botocore it leaves before it reads.
    let written = python.stdin.take().unwrap().write_all(&input);
    let run = python.wait_with_output().unwrap();
    assert!(run.status.success(), "python3 failed");
    let answers: Option<Vec<Option<Sections>>> = serde_json::from_slice(&run.stdout).unwrap();
    match &answers {
        Some(answers) => {
            written.unwrap();
            assert_eq!(answers.len(), texts.len());
        }
        None => println!("skipped: no botocore"),
    }
    answers
}
