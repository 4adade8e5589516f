//! How real programs split `credential_process` lines: shells, Python's `shlex`, botocore. Each gets many lines in one
//! run.

use std::io::{ErrorKind, Write};
use std::process::{Command, Stdio};

use serde_json::{Value, json};

/// Words of each line, as a shell passes them on; `None`, and that is printed, where the shell is not installed.
pub(crate) fn words_in_shell(shell: &[&str], lines: &[String]) -> Option<Vec<Vec<String>>> {
    // No value holds a control character, so these two separate values and lines.
    let script: String = lines
        .iter()
        .map(|line| format!("set -- {line}\nprintf '%s\\037' \"$@\"\nprintf '\\036'\n"))
        .collect();
    let output = run(shell, &script)?;
    let whole = |part: &str, end: char| -> Vec<String> {
        part.strip_suffix(end).unwrap().split(end).map(str::to_owned).collect()
    };
    Some(whole(&output, '\u{1e}').iter().map(|line| whole(line, '\u{1f}')).collect())
}

const SPLIT: &str = "
import json, shlex, sys
try:
    from botocore.compat import compat_shell_split
except ImportError:
    compat_shell_split = None
asked = json.load(sys.stdin)
if asked['platform'] is None:
    print(json.dumps([shlex.split(line) for line in asked['lines']]))
elif compat_shell_split:
    print(json.dumps([compat_shell_split(line, asked['platform']) for line in asked['lines']]))
else:
    print('null')
";

/// The same by `shlex`, or by botocore for a platform of the name that Python gives it.
pub(crate) fn words_in_python(platform: Option<&str>, lines: &[String]) -> Option<Vec<Vec<String>>> {
    let answer = python(SPLIT, &json!({ "platform": platform, "lines": lines }))?;
    serde_json::from_value(answer).unwrap()
}

const START: &str = r#"
import json, os, subprocess, sys
try:
    from botocore.session import Session
except ImportError:
    print('null')
    sys.exit()
asked = json.load(sys.stdin)
root = asked['root']
os.makedirs(root, exist_ok=True)
config, called = os.path.join(root, 'config'), os.path.join(root, 'called')
for name in [name for name in os.environ if name.startswith('AWS_')]:
    del os.environ[name]
os.environ.update(AWS_CONFIG_FILE=config, AWS_SHARED_CREDENTIALS_FILE=os.path.join(root, 'none'), CALLED=called)
SCRIPT = '''#!/bin/sh
printf '%s\\0' "$0" "$@" >"$CALLED"
echo '{"Version": 1, "AccessKeyId": "ASIA1", "SecretAccessKey": "s", "SessionToken": "t"}'
'''
def words():
    with open(called, newline='') as file:
        text = file.read()
    os.remove(called)
    return text.split('\0')[:-1]
answers = []
for case in asked['cases']:
    os.makedirs(os.path.dirname(case['program']), exist_ok=True)
    with open(case['program'], 'w') as file:
        file.write(SCRIPT)
    os.chmod(case['program'], 0o755)
    with open(config, 'w', newline='') as file:
        file.write(case['config'])
    session = Session(profile='ci')
    assert session.get_credentials().access_key == 'ASIA1'
    by_botocore = words()
    line = session.get_scoped_config()['credential_process']
    subprocess.run(['sh', '-c', line], check=True, stdout=subprocess.DEVNULL)
    answers.append([by_botocore, words()])
print(json.dumps(answers))
"#;

/// A config file, and the program that its profile `ci` runs, which is written there for the test.
pub(crate) struct Started {
    pub(crate) program: String,
    pub(crate) config: String,
}

/// How the program was called for each file: by botocore, which needs its credentials, and by `sh -c`, with the value that
/// botocore reads in the file. Everything is below `root`.
pub(crate) fn start(root: &str, cases: &[Started]) -> Option<Vec<[Vec<String>; 2]>> {
    let cases: Vec<Value> =
        cases.iter().map(|case| json!({ "program": case.program, "config": case.config })).collect();
    let answer = python(START, &json!({ "root": root, "cases": cases }))?;
    serde_json::from_value(answer).unwrap()
}

fn python(program: &str, input: &Value) -> Option<Value> {
    let output = run(&["python3", "-X", "utf8", "-c", program], &input.to_string())?;
    let answer: Value = serde_json::from_str(&output).unwrap();
    if answer.is_null() {
        println!("skipped: no botocore");
    }
    Some(answer).filter(|answer| !answer.is_null())
}

fn run(command: &[&str], input: &str) -> Option<String> {
    let [program, arguments @ ..] = command else { panic!("no program") };
    let mut child = Command::new(program);
    child.args(arguments).stdin(Stdio::piped()).stdout(Stdio::piped());
    let mut child = match child.spawn() {
        Err(error) if error.kind() == ErrorKind::NotFound => {
            println!("skipped: no {program}");
            return None;
        }
        spawned => spawned.unwrap(),
    };
    // In a thread: a shell writes while it still reads.
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_owned();
    let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
    let run = child.wait_with_output().unwrap();
    assert!(run.status.success(), "{command:?} failed");
    let output = String::from_utf8(run.stdout).unwrap();
    // Without botocore, Python exits before it reads.
    assert!(writer.join().unwrap().is_ok() || output.trim() == "null", "{command:?} did not read all");
    Some(output)
}
