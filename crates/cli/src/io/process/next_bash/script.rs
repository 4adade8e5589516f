//! What bash runs after it has read the file: it prints the exported variables, and what replaces builtins in the lines that
//! are appended to the file.

use export::bash_env;

use super::channel::is_channel;
use super::{NextBash, PROGRESS};
use crate::io::environment::Environment;

/// What replaces a builtin or changes variables in the lines behind the file, as far as bash shows it.
#[derive(Debug, Default)]
pub(crate) struct Obstacles {
    /// Whether a trap runs between the lines.
    pub(super) has_debug_trap: bool,
    /// Aliases and functions with the names of builtins, in words.
    pub(super) replaced: Vec<String>,
    /// The names of AWS variables that are readonly.
    pub(super) readonly: Vec<String>,
}

impl Obstacles {
    /// Those of these names that are readonly, separated by commas; `None` if there is none.
    pub(crate) fn readonly_of(&self, names: impl Iterator<Item = &'static str>) -> Option<String> {
        let readonly: Vec<&str> =
            names.filter(|name| self.readonly.iter().any(|readonly| readonly == name)).collect();
        (!readonly.is_empty()).then(|| readonly.join(", "))
    }
}

/// Prints a mark, the progress, the DEBUG trap, what replaces builtins, each exported variable and the mark again, then the
/// readonly variables and the mark, each with a NUL behind it.
///
/// Only builtins, because an image may have no other programs; the backslashes are for aliases of the file. What the file
/// has left switched on (aliases, `set -eux`, traps) is switched off before.
pub(super) fn script(mark: &str) -> String {
    let is_channel = is_channel(mark);
    let names = bash_env::names().collect::<Vec<_>>().join(" ");
    format!(
        "\\builtin shopt -q expand_aliases && {PROGRESS}_ALIAS=alias
\\builtin shopt -u expand_aliases
\\builtin set +euxv
{is_channel}
\\builtin printf '%s\\0' {mark} \"${{{PROGRESS}-}}\" >&63
\\builtin trap -p DEBUG >&63
\\builtin printf '\\0' >&63
\\builtin trap - DEBUG ERR RETURN EXIT
\\builtin unset IFS
for {PROGRESS} in export unset case esac; do
if [[ ${{{PROGRESS}_ALIAS-}} ]] && \\builtin alias ${PROGRESS} >/dev/null 2>&1; then \\builtin printf 'an alias `%s`\\n' ${PROGRESS} >&63; fi
if \\builtin declare -F ${PROGRESS} >/dev/null 2>&1; then \\builtin printf 'a function `%s`\\n' ${PROGRESS} >&63; fi
done
\\builtin printf '\\0' >&63
for {PROGRESS} in $(\\builtin compgen -e); do
if [[ ${{!{PROGRESS}+x}} ]]; then \\builtin printf '%s=%s\\0' \"${PROGRESS}\" \"${{!{PROGRESS}}}\" >&63; fi
done
\\builtin printf '%s\\0' {mark} >&63
for {PROGRESS} in {names}; do
\\builtin unset -v ${PROGRESS} 2>/dev/null || \\builtin printf '%s\\0' ${PROGRESS} >&63
done
\\builtin printf '%s\\0' {mark} >&63"
    )
}

/// What the script has printed; `None` if bash ended before or within it.
pub(super) fn parse(output: &[u8], mark: &str) -> Option<NextBash> {
    let mark = mark.as_bytes();
    let begin = output.windows(mark.len() + 1).position(|it| it.split_last() == Some((&0, mark)))?;
    let begin = begin + mark.len() + 1;
    let mut records = output.get(begin..)?.split(|byte| *byte == 0);
    let mut text = || records.next().map(|record| String::from_utf8_lossy(record).into_owned());
    let (progress, trap, replaced) = (text()?, text()?, text()?);
    let variables: Vec<&[u8]> = records.by_ref().take_while(|record| *record != mark).collect();
    let names: Vec<&[u8]> = records.by_ref().take_while(|record| *record != mark).collect();
    // Behind the last mark is the end of the text.
    records.next()?;
    // As elsewhere, a variable that is not UTF-8 is left out.
    let variables =
        variables.into_iter().filter_map(|record| std::str::from_utf8(record).ok()?.split_once('='));
    let obstacles = Obstacles {
        has_debug_trap: !trap.is_empty(),
        replaced: replaced.lines().map(ToOwned::to_owned).collect(),
        readonly: names.into_iter().map(|name| String::from_utf8_lossy(name).into_owned()).collect(),
    };
    Some(NextBash { environment: Environment::default().after(variables, &[]), progress, obstacles })
}
