//! Whether a text leaves nothing open for the lines that are appended to it, as far as that is certain without a shell.

use super::GUARD;
use crate::lines;

/// Words with which a command can go on in the next line, or which bash does not read without such a command before them. A
/// text with any of them is left to bash, as one with such a character is.
const WORDS: [&str; 16] = [
    "if", "then", "else", "elif", "fi", "case", "esac", "for", "while", "until", "select", "do", "done",
    "function", "coproc", "time",
];

/// Whether each line is a command of its own: no here-document, quote, parenthesis or `if` goes on in the next line. False if
/// that takes a shell to know.
pub fn has_only_whole_lines(text: &str) -> bool {
    lines::split(text).iter().all(|line| is_whole(line.text) || is_of_install(line.text))
}

/// The line that `install` appends.
fn is_of_install(line: &str) -> bool {
    line.starts_with(GUARD.0) && line.ends_with(";; esac")
}

fn is_whole(line: &str) -> bool {
    let line = line.trim_start();
    if line.is_empty() || line.starts_with('#') {
        return true;
    }
    let is_keyword = |word: &str| WORDS.contains(&word);
    if line.split(|c: char| !c.is_ascii_alphanumeric()).any(is_keyword) {
        return false;
    }
    let mut quote = None;
    // A `;` needs a command before it, and `$'` begins a quote with backslashes.
    let mut before = ';';
    for character in line.chars() {
        match (character, quote) {
            ('\\' | '`' | '(' | ')' | '<' | '>' | '{' | '}' | '[' | '|' | '&', None)
            | ('\\' | '`' | '(' | '{', Some('"')) => return false,
            (';', None) if before == ';' => return false,
            ('\'', None) if before == '$' => return false,
            ('\'' | '"', None) => quote = Some(character),
            (_, Some(open)) if open == character => quote = None,
            _ => {}
        }
        if !character.is_whitespace() {
            before = character;
        }
    }
    quote.is_none()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_ci_jobs_write_line_by_line_is_certain_and_the_rest_is_left_to_bash() {
        for text in [
            "",
            "\n\n",
            "# it's (open\n",
            "export A=1",
            "export A='b c' B=\"$HOME/it's\"\n",
            "export PATH=/x:$PATH\r\n",
            "case \" ${BASH_ENV_AWS_OIDC_BLOCKS-} \" in *' 0a '*) ;; *) export PATH='/b':\"$PATH\" ;; esac\n",
            "source ~/.nvm/nvm.sh; set -e\n",
        ] {
            assert!(has_only_whole_lines(text), "{text}");
        }
        for text in [
            "cat <<EOF\n",
            "export A='open\n",
            "export A=\"open\nx\"\n",
            "export A=it\\'s\n",
            "export A=$'open\\'\n",
            "}\n",
            "fi\n",
            "done\n",
            "esac\n",
            "export A=1;;\n",
            "export A=1; ;\n",
            "; export A=1\n",
            "export A=1 >\n",
            "export A=1 \\\n",
            "f() {\n",
            "{\n",
            "if true\n",
            "for x in a\n",
            "A=(\n",
            "A=$(\n",
            "A=\"$(date)\"\n",
            "A=`date`\n",
            "[[ a ==\n",
            "true &&\n",
            "true |\n",
            "A=\"${B\n",
            "function f\n",
        ] {
            assert!(!has_only_whole_lines(text), "{text}");
        }
    }
}
