//! Completions for zsh.

use super::super::command::{Flag, below};
use super::{Candidates, definitions, flags_with_value, groups};

/// Sourced, the script registers the function; found in `$fpath`, it is the function. A word with a colon goes on: no
/// space after it, and files where a path follows it.
const START: &str = r"#compdef circleci-aws-oidc
# Completions of circleci-aws-oidc for zsh.
_circleci_aws_oidc_words() {
  local word
  local -a files=(${(s: :)1}) open closed
  for word in $files; do
    if compset -P $word; then _files; return; fi
  done
  for word in ${(s: :)2}; do
    case $word in *:) open+=($word) ;; *) closed+=($word) ;; esac
  done
  compadd -S '' -a open
  compadd -a closed
}
_circleci_aws_oidc() {
  local path= word at
  local -i depth=1
  for word in ${words[2,CURRENT-1]}; do
    case $path:$word in
    :help|trust:help) ;;
";

const AFTER_PATHS: &str = r"    *) break ;;
    esac
    depth+=1
  done
  words=(circleci-aws-oidc ${words[depth+1,-1]})
  CURRENT+=1-depth
  case $path in
";

const END: &str = r#"  esac
}
if [ "$funcstack[1]" = _circleci-aws-oidc ]; then
  _circleci_aws_oidc "$@"
else
  compdef _circleci_aws_oidc circleci-aws-oidc
fi
"#;

/// The script.
pub(super) fn script() -> String {
    let mut text = START.to_owned();
    for (path, _) in groups() {
        for (name, _) in below(path) {
            let after = [path, &[name]].concat().join(" ");
            text += &format!("    {}:{name}) path='{after}' ;;\n", path.join(" "));
        }
    }
    text += AFTER_PATHS;
    for (path, _) in groups() {
        text += &format!("  '{}')\n    at=(\n", path.join(" "));
        for (name, about) in below(path).into_iter().chain([("help", "Print the help of a command")]) {
            text += &format!("      {}\n", quoted(&format!("{name}:{about}")));
        }
        let version = if path.is_empty() { " '(- *)'{-V,--version}'[Print the version]'" } else { "" };
        text += &format!(
            "    )\n    _arguments '(- *)'{{-h,--help}}'[Print help]'{version} '1: :{{_describe command at}}'\n    ;;\n"
        );
    }
    for (command, definition) in definitions() {
        text += &format!("  '{}')\n    _arguments -s \\\n", definition.path.join(" "));
        for flag in definition.flags().filter(|flag| flag.value_name().is_none()) {
            text += &format!("      {} \\\n", quoted(&format!("{}[{}]", flag.setting.flag, described(flag))));
        }
        for (flag, candidates) in flags_with_value(command, definition) {
            let repeated = if flag.is_list() { "*" } else { "" };
            let name = flag.value_name().unwrap_or_default();
            let spec = format!(
                "{repeated}{}=[{}]:{name}:{}",
                flag.setting.flag,
                described(flag),
                action(&candidates)
            );
            text += &format!("      {} \\\n", quoted(&spec));
        }
        match definition.operand {
            Some(operand) if operand.words().is_empty() => {
                text += &format!("      '*:{}:_files' \\\n", operand.name);
            }
            Some(operand) => {
                text += &format!("      '1:{}:({})' \\\n", operand.name, operand.words().join(" "));
            }
            None => {}
        }
        text += "      '(- *)'{-h,--help}'[Print help]'\n    ;;\n";
    }
    text + END
}

fn described(flag: &Flag) -> String {
    flag.help().replace('[', "(").replace(']', ")").replace(':', "\\:")
}

fn action(candidates: &Candidates) -> String {
    match candidates {
        Candidates::Unknown => " ".to_owned(),
        Candidates::Files => "_files".to_owned(),
        Candidates::Directories => "_files -/".to_owned(),
        Candidates::Words(words) => {
            let all: Vec<&str> = words.iter().map(|word| word.text).collect();
            let files: Vec<&str> =
                words.iter().filter(|word| word.is_before_file).map(|word| word.text).collect();
            let list = |words: Vec<&str>| words.join(" ").replace(':', "\\:");
            format!("{{_circleci_aws_oidc_words \"{}\" \"{}\"}}", list(files), list(all))
        }
    }
}

fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', "'\\''"))
}
