//! Completions for fish.

use super::super::candidates::Word;
use super::super::command::{Flag, below};
use super::{Candidates, definitions, flags_with_value, groups};

/// Whether the words before the cursor name this command, `help` aside; and the words of a value, where a file may
/// follow a colon.
const START: &str = r#"# Completions of circleci-aws-oidc for fish.
function __circleci_aws_oidc_names
    for word in (commandline -opc)[2..-1]
        switch $word
            case help
            case '-*'
                return
            case '*'
                echo $word
        end
    end
end
function __circleci_aws_oidc_at
    set -l names (__circleci_aws_oidc_names)
    test "$names" = "$argv"
end
function __circleci_aws_oidc_in
    set -l names (__circleci_aws_oidc_names)
    set -l depth (count $argv)
    test (count $names) -ge $depth; and test "$names[1..$depth]" = "$argv"
end
function __circleci_aws_oidc_files
    set -l token (commandline -ct)
    string match -q -- '--*=*' $token; and set token (string replace -r -- '^[^=]*=' '' $token)
    for word in $argv
        string match -q -- "$word*" $token; or continue
        set -l value (string replace -- $word '' $token)
        for file in $value*
            test -d $file; and echo $word$file/; or echo $word$file
        end
    end
end
complete -c circleci-aws-oidc -f
complete -c circleci-aws-oidc -s h -l help -d 'Print help'
complete -c circleci-aws-oidc -n '__circleci_aws_oidc_at' -s V -l version -d 'Print the version'
"#;

/// The script.
pub(super) fn script() -> String {
    let mut text = START.to_owned();
    for (path, _) in groups() {
        let at = [&["__circleci_aws_oidc_at"], path].concat().join(" ");
        let names = below(path).into_iter().chain([("help", "Print the help of a command")]);
        for (name, about) in names {
            text += &format!("complete -c circleci-aws-oidc -n '{at}' -a {name} -d {}\n", quoted(about));
        }
    }
    for (command, definition) in definitions() {
        let path = definition.path.join(" ");
        let start = format!("complete -c circleci-aws-oidc -n '__circleci_aws_oidc_in {path}'");
        match definition.operand {
            Some(operand) if operand.words().is_empty() => text += &format!("{start} -F\n"),
            Some(operand) => text += &format!("{start} -a '{}'\n", operand.words().join(" ")),
            None => {}
        }
        for flag in definition.flags().filter(|flag| flag.value_name().is_none()) {
            text += &line(&start, flag, "");
        }
        for (flag, candidates) in flags_with_value(command, definition) {
            text += &line(&start, flag, &value(&candidates));
        }
    }
    text
}

fn line(start: &str, flag: &Flag, value: &str) -> String {
    let name = flag.setting.flag.trim_start_matches("--");
    format!("{start} -l {name}{value} -d {}\n", quoted(flag.help()))
}

/// How a flag takes its value.
fn value(candidates: &Candidates) -> String {
    match candidates {
        Candidates::Unknown => " -x".to_owned(),
        Candidates::Files => " -r -F".to_owned(),
        Candidates::Directories => " -x -a '(__fish_complete_directories)'".to_owned(),
        Candidates::Words(words) => {
            let all: Vec<&str> = words.iter().map(|word| word.text).collect();
            let before_file = |word: &&Word| word.is_before_file;
            let files: Vec<&str> = words.iter().filter(before_file).map(|word| word.text).collect();
            let files = if files.is_empty() {
                String::new()
            } else {
                format!(" (__circleci_aws_oidc_files {})", files.join(" "))
            };
            format!(" -x -a '{}{files}'", all.join(" "))
        }
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\\', "\\\\").replace('\'', "\\'"))
}
