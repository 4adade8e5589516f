//! The manual page: one page of all commands, in roff's macros for manual pages.

use super::command::{ABOUT, Command, Definition, PROGRAM};
use super::help::{FIRST_STEPS, flag_with_value, usage};

const ENVIRONMENT: &str = "Each flag has a variable: CIRCLECI_AWS_OIDC_ and the flag's name in capitals, with _ for -, such \
    as CIRCLECI_AWS_OIDC_ROLE_ARN for --role-arn. The flag wins over the variable. A variable's value may hold $NAME or \
    ${NAME}, which is replaced once. A flag that may be repeated has a variable that holds a list, separated by commas \
    or spaces.";

/// The page.
pub(crate) fn manual_page() -> String {
    let mut page = format!(
        ".TH CIRCLECI\\-AWS\\-OIDC 1 \"\" \"{PROGRAM} {}\" \"User Commands\"\n.nh\n.ad l\n",
        env!("CARGO_PKG_VERSION")
    );
    page += &format!(".SH NAME\n{} \\- {}\n", escaped(PROGRAM), escaped(ABOUT));
    page += ".SH SYNOPSIS\n";
    for definition in Command::all().map(Command::definition) {
        page += &format!(".nf\n{}\n.fi\n", escaped(&usage(definition)));
    }
    page += ".SH COMMANDS\n";
    for definition in Command::all().map(Command::definition) {
        page += &of_command(definition);
    }
    page += &format!(".SH ENVIRONMENT\n{}\n", escaped(ENVIRONMENT));
    page + ".SH EXAMPLES\n" + &FIRST_STEPS.map(|(purpose, line)| example(purpose, line)).join(".PP\n")
}

fn of_command(definition: &Definition) -> String {
    let mut text = format!(".SS {}\n{}.\n", escaped(&usage(definition)), escaped(definition.about));
    for note in definition.notes {
        text += &format!(".PP\n{}\n", escaped(note));
    }
    if let Some(operand) = definition.operand {
        text += &format!(".TP\n.I {}\n{}\n", operand.name, escaped(operand.help));
    }
    for group in definition.groups {
        text += &format!(".PP\n{}:\n", escaped(group.heading));
        for flag in group.flags {
            text += &format!(".TP\n.B {}\n{}\n", escaped(&flag_with_value(flag)), escaped(flag.help()));
            for line in flag.more().lines() {
                text += &format!(".br\n{}\n", escaped(line));
            }
        }
    }
    text += ".PP\nExamples:\n";
    for one in definition.examples {
        text += &format!(".PP\n{}", example(one.purpose, one.line));
    }
    text += ".PP\nExit codes:\n";
    for (code, meaning) in definition.exit_codes {
        text += &format!(".TP\n.B {code}\n{}\n", escaped(meaning));
    }
    text
}

fn example(purpose: &str, line: &str) -> String {
    format!("{}:\n.PP\n.in +4n\n.nf\n{}\n.fi\n.in\n", escaped(purpose), escaped(line))
}

/// Text that roff prints as it is.
fn escaped(text: &str) -> String {
    let mut escaped = String::new();
    for (at, line) in text.split('\n').enumerate() {
        if at > 0 {
            escaped.push('\n');
        }
        // A control character at the start of a line would begin a request.
        if line.starts_with(['.', '\'']) {
            escaped += "\\&";
        }
        for character in line.chars() {
            match character {
                '\\' => escaped += "\\e",
                '-' => escaped += "\\-",
                '\'' => escaped += "\\(aq",
                '`' => escaped += "\\(ga",
                '^' => escaped += "\\(ha",
                '~' => escaped += "\\(ti",
                other => escaped.push(other),
            }
        }
    }
    escaped
}
