//! Completions for bash, 3.2 or later, without the package bash-completion.

use std::collections::BTreeMap;

use super::super::command::below;
use super::{Candidates, definitions, flags_with_value, groups};

/// bash splits words at the characters of `COMP_WORDBREAKS`, `:` and `=` among them: they are joined again, and what
/// readline does not replace is removed from each reply. A reply has its own space at its end, because `profile:` and
/// directories go on, and bash 3.2 has no `compopt`. Its parser
/// takes the `)` of a pattern for the end of `<(`, so there patterns have both parentheses.
const START: &str = r#"# Completions of circleci-aws-oidc for bash 3.2 and later.
_circleci_aws_oidc() {
  local -a line
  local i n=-1 word joins= path= flags= words= files= kind= current previous value prefix=
  for ((i = 1; i <= COMP_CWORD; i++)); do
    word=${COMP_WORDS[i]}
    case $n:$word in
    -1:*) line[++n]=$word ;;
    *:: | *:=) line[n]=${line[n]}$word joins=1 ;;
    *) if [ "$joins" ]; then line[n]=${line[n]}$word joins=; else line[++n]=$word; fi ;;
    esac
  done
  current=${line[n]}
  previous=
  [ "$n" -eq 0 ] || previous=${line[n - 1]}
  for ((i = 0; i < n; i++)); do
    case $path:${line[i]} in
    :help | trust:help) ;;
"#;

const AFTER_PATHS: &str = r"    *) break ;;
    esac
  done
  case $path in
";

const AFTER_COMMANDS: &str = r"  esac
  case $current in
  --*=*) previous=${current%%=*} value=${current#*=} ;;
  -*) value=$current previous= words=$flags ;;
  *) value=$current ;;
  esac
  case $path:$previous in
";

const END: &str = r#"  esac
  for word in $files; do
    case $value in
    "$word"*) prefix=$word value=${value#"$word"} kind=file words= ;;
    esac
  done
  COMPREPLY=()
  while IFS= read -r word; do
    case $kind in
    file | directory)
      if [ -d "${word/#~\//$HOME/}" ]; then word=$(printf %q "$word")/; else word="$(printf %q "$word") "; fi
      word=${word/#\\~\//~/}
      ;;
    *) case $word in *:) ;; *) word="$word " ;; esac ;;
    esac
    COMPREPLY[${#COMPREPLY[@]}]=$prefix$word
  done < <(
    case $kind in
    (file) compgen -f -- "$value" ;;
    (directory) compgen -d -- "$value" ;;
    (*) compgen -W "$words" -- "$value" ;;
    esac
  )
  case $current in
  --*=*) prefix=${current%%=*}= ;;
  *) prefix= ;;
  esac
  for ((i = 0; i < ${#COMPREPLY[@]}; i++)); do
    word=$prefix${COMPREPLY[i]}
    case $COMP_WORDBREAKS:$current in
    *:*:*:*) word=${word#"${current%:*}":} ;;
    esac
    case $COMP_WORDBREAKS:$prefix in
    *=*:?*) word=${word#"$prefix"} ;;
    esac
    COMPREPLY[i]=$word
  done
}
complete -o nospace -F _circleci_aws_oidc circleci-aws-oidc
"#;

/// The script.
pub(super) fn script() -> String {
    let mut text = START.to_owned();
    for (path, _) in groups() {
        for (name, _) in below(path) {
            let before = path.join(" ");
            let after = [path, &[name]].concat().join(" ");
            text += &format!("    {}:{name}) path={} ;;\n", quoted(&before), quoted(&after));
        }
    }
    text += AFTER_PATHS;
    for (path, _) in groups() {
        let names: Vec<&str> = below(path).into_iter().map(|(name, _)| name).collect();
        let version = if path.is_empty() { " --version" } else { "" };
        let names = names.join(" ");
        text += &format!("  {}) words='help {names}' flags='--help{version}' ;;\n", quoted(&path.join(" ")));
    }
    let mut values: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for (command, definition) in definitions() {
        let path = definition.path.join(" ");
        let flags: Vec<&str> = definition.flags().map(|flag| flag.setting.flag).chain(["--help"]).collect();
        let operand = match definition.operand {
            Some(operand) if operand.words().is_empty() => " kind=file".to_owned(),
            Some(operand) => format!(" words='{}'", operand.words().join(" ")),
            None => String::new(),
        };
        text += &format!("  {}) flags='{}'{operand} ;;\n", quoted(&path), flags.join(" "));
        for (flag, candidates) in flags_with_value(command, definition) {
            let pattern = format!("{}:{}", quoted(&path), flag.setting.flag);
            values.entry(assignments(&candidates)).or_default().push(pattern);
        }
    }
    text += AFTER_COMMANDS;
    for (assignments, patterns) in values {
        text += &format!("  {}) {assignments} ;;\n", patterns.join(" | "));
    }
    text + END
}

/// What the code after the table reads.
fn assignments(candidates: &Candidates) -> String {
    match candidates {
        Candidates::Unknown => "words= kind=".to_owned(),
        Candidates::Files => "words= kind=file".to_owned(),
        Candidates::Directories => "words= kind=directory".to_owned(),
        Candidates::Words(words) => {
            let all: Vec<&str> = words.iter().map(|word| word.text).collect();
            let files: Vec<&str> =
                words.iter().filter(|word| word.is_before_file).map(|word| word.text).collect();
            format!("words='{}' files='{}' kind=", all.join(" "), files.join(" "))
        }
    }
}

/// A path as a pattern or a value: two words need quotes.
fn quoted(path: &str) -> String {
    if path.contains(' ') || path.is_empty() { format!("'{path}'") } else { path.to_owned() }
}
