//! The tables of docs/cli.md and docs/trust-policies.md: made from the table of settings and the commands, and compared
//! with the pages. `DOCS=overwrite` writes them.

use testkit::manual::check_part;

use super::{Setting, destination, network, output, session, trust};
use crate::args::tests::commands;
use crate::settings::caller::{WITHOUT_PARAMETER, parameter};
use crate::settings::setting::Shape;

/// The commands that the orb calls.
const OF_THE_ORB: [&str; 5] = ["assume", "profiles", "whoami", "preflight", "clear"];

/// One test, because `DOCS=overwrite` writes a whole page for each part: side by side, one would undo the other.
#[test]
fn the_pages_have_the_commands_and_every_setting() {
    let rows = commands().into_iter().map(|(name, about, _)| format!("| `{name}` | {} |\n", escaped(about)));
    check("docs/cli.md", "commands", &format!("| command | does |\n|---|---|\n{}", rows.collect::<String>()));
    for (page, part, rows) in [
        ("docs/cli.md", "session", session::ROWS),
        ("docs/cli.md", "destinations", destination::ROWS),
        ("docs/cli.md", "network", network::ROWS),
        ("docs/cli.md", "output", output::ROWS),
        ("docs/trust-policies.md", "settings", trust::ROWS),
    ] {
        check(page, part, &table(rows));
    }
}

#[track_caller]
fn check(page: &str, part: &str, expected: &str) {
    if let Err(fault) = check_part(page, part, expected) {
        panic!("{fault}");
    }
}

/// A table of these settings. The column of the orb's parameters is there if one of them has a parameter.
fn table(settings: &[&'static Setting]) -> String {
    let all = commands();
    let rows = settings.iter().map(|setting| {
        let takes = |flags: &[&str]| flags.contains(&setting.flag);
        let names: Vec<&str> =
            all.iter().filter(|(_, _, flags)| takes(flags)).map(|(name, ..)| name.as_str()).collect();
        let parameter = parameter(setting).filter(|_| {
            !WITHOUT_PARAMETER.contains(setting) && names.iter().any(|name| OF_THE_ORB.contains(name))
        });
        let with_flags = all.iter().filter(|(_, _, flags)| !flags.is_empty()).count();
        let commands = if names.len() == with_flags { "all".to_owned() } else { names.join(", ") };
        (flag_cell(setting), parameter, commands, meaning(setting))
    });
    let rows: Vec<(String, Option<&str>, String, String)> = rows.collect();
    if rows.iter().all(|(_, parameter, ..)| parameter.is_none()) {
        let rows =
            rows.iter().map(|(flag, _, commands, meaning)| format!("| {flag} | {commands} | {meaning} |\n"));
        return format!(
            "| flag, variable | commands | meaning |\n|---|---|---|\n{}",
            rows.collect::<String>()
        );
    }
    let rows = rows.iter().map(|(flag, parameter, commands, meaning)| {
        let parameter = parameter.map(|name| format!("`{name}`")).unwrap_or_default();
        format!("| {flag} | {parameter} | {commands} | {meaning} |\n")
    });
    format!(
        "| flag, variable | parameter | commands | meaning |\n|---|---|---|---|\n{}",
        rows.collect::<String>()
    )
}

/// The flag as it is typed, and its variable.
fn flag_cell(setting: &Setting) -> String {
    let (value, list) = match setting.shape {
        Shape::One(name) => (format!(" {name}"), ""),
        Shape::List(name, _) => (format!(" {name}"), " (list)"),
        Shape::Switch => (String::new(), ""),
    };
    format!("`{}{value}`{list}<br>`{}`", setting.flag, setting.variable)
}

/// The line of `-h` without its default, the values, then default and limits.
fn meaning(setting: &Setting) -> String {
    let help = setting.help.split(" [default").next().unwrap_or_default();
    let mut text = format!("{}.", escaped(help));
    // The values; a single line is about default and limits, which follow.
    let values: Vec<String> = setting.more.lines().map(escaped).collect();
    if values.len() > 1 {
        text.push_str(&format!("<br>{}<br>", values.join("<br>")));
    }
    if !setting.default.is_empty() {
        text.push_str(&format!(" **Default**: {}.", setting.default));
    }
    if !setting.limits.is_empty() {
        text.push_str(&format!(" **Limits**: {}.", setting.limits));
    }
    text
}

/// Texts of a terminal have no markup: outside of code `*` and `_` would be emphasis in a page.
fn escaped(text: &str) -> String {
    text.replace('*', "\\*").replace('_', "\\_").replace('|', "\\|").replace('<', "\\<")
}
