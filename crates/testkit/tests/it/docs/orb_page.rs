//! The tables of docs/orb.md: made from the orb's commands, and compared with the page. `DOCS=overwrite` writes them.

use std::collections::BTreeMap;
use std::path::Path;

use orb_runner::yaml::{BareWords, Map, Value, parse};
use testkit::manual::{check_part, root};

use super::read;

/// The commands, in the order in which a reader needs them. A parameter that is the same in an earlier command is only
/// named.
const COMMANDS: [&str; 8] = [
    "aws-configure-credentials",
    "with-credentials",
    "install",
    "aws-configure-profiles",
    "preflight",
    "whoami",
    "clear-credentials",
    "assume-role-with-web-identity",
];
const SETTINGS: &str = "CIRCLECI_AWS_OIDC_";

struct Command {
    name: &'static str,
    description: String,
    parameters: Vec<Parameter>,
}

struct Parameter {
    name: String,
    definition: Value,
    /// The variable of the step that it sets.
    variable: Option<String>,
}

#[test]
fn every_command_of_the_orb_is_in_the_page() {
    let mut files: Vec<String> = std::fs::read_dir(root().join("orb/src/commands"))
        .unwrap()
        .map(|file| file.unwrap().path().file_stem().unwrap().to_str().unwrap().to_owned())
        .collect();
    files.sort_unstable();
    let mut commands = COMMANDS;
    commands.sort_unstable();
    assert_eq!(files, commands);
}

#[test]
fn the_page_has_the_parameters_of_the_orb() {
    if let Err(fault) = check_part("docs/orb.md", "orb", &page()) {
        panic!("{fault}");
    }
}

#[test]
fn most_parameters_set_a_variable() {
    let commands = commands();
    let of = |command: &str, parameter: &str| {
        let command = commands.iter().find(|it| it.name == command).unwrap();
        let parameter = command.parameters.iter().find(|it| it.name == parameter).unwrap();
        parameter.variable.clone()
    };
    let renamed = of("assume-role-with-web-identity", "role-session-name");
    assert_eq!(
        renamed.as_deref(),
        Some("CIRCLECI_AWS_OIDC_SESSION_NAME"),
        "through the command that is called"
    );
    assert_eq!(of("install", "sha256").as_deref(), Some("INSTALL_AWS_OIDC_SHA256"));
    assert_eq!(of("whoami", "when"), None);
}

fn page() -> String {
    let mut text = String::new();
    let mut earlier: Vec<(&str, &Parameter)> = Vec::new();
    let commands = commands();
    for command in &commands {
        text.push_str(&format!("## {}\n\n{}\n\n", command.name, markup(&command.description)));
        let mut same: BTreeMap<usize, Vec<&str>> = BTreeMap::new();
        let mut rows = String::new();
        for parameter in &command.parameters {
            let known = earlier
                .iter()
                .find(|(_, it)| it.name == parameter.name && it.definition == parameter.definition);
            match known {
                Some((of, _)) => {
                    let at = COMMANDS.iter().position(|name| name == of).unwrap();
                    same.entry(at).or_default().push(&parameter.name);
                }
                None => rows.push_str(&row(parameter)),
            }
        }
        if !rows.is_empty() {
            text.push_str(&format!(
                "| parameter | flag, variable | default | description |\n|---|---|---|---|\n{rows}\n"
            ));
        }
        for (at, names) in same {
            let list: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
            text.push_str(&format!("As in [{0}](#{0}): {1}.\n\n", COMMANDS[at], list.join(", ")));
        }
        earlier.extend(command.parameters.iter().map(|parameter| (command.name, parameter)));
    }
    text
}

fn row(parameter: &Parameter) -> String {
    let text = |key: &str| parameter.definition.at(&[key]).and_then(Value::to_text);
    let default = match text("default") {
        None => "required".to_owned(),
        Some(value) if value.is_empty() => String::new(),
        Some(value) => format!("`{value}`"),
    };
    let set = match &parameter.variable {
        None => String::new(),
        Some(variable) => match variable.strip_prefix(SETTINGS) {
            Some(flag) => format!("`--{}`<br>`{variable}`", flag.to_lowercase().replace('_', "-")),
            None => format!("`{variable}`"),
        },
    };
    let words = parameter.definition.at(&["enum"]).and_then(Value::as_list).unwrap_or_default();
    let words: Vec<String> =
        words.iter().filter_map(Value::as_text).map(|word| format!("`{word}`")).collect();
    let mut description = markup(&text("description").unwrap());
    if !words.is_empty() {
        description = format!("One of {}. {description}", words.join(", "));
    }
    format!("| `{}` | {set} | {default} | {description} |\n", parameter.name)
}

/// The orb's descriptions are plain text.
fn markup(text: &str) -> String {
    let escaped = text.replace('|', "\\|").replace('*', "\\*").replace('_', "\\_").replace('<', "\\<");
    escaped.replace("$NAME", "`$NAME`").replace("${NAME}", "`${NAME}`")
}

fn commands() -> Vec<Command> {
    let mut commands: Vec<Command> = Vec::new();
    // What calls another command takes the variable of the parameter that it sets there.
    let order = COMMANDS.iter().filter(|name| **name != "install");
    for name in std::iter::once(&"install").chain(order) {
        let file = read(&Path::new("orb/src/commands").join(name).with_extension("yml"));
        let document = parse(&file, BareWords::AreBooleans).unwrap();
        let definitions = document.at(&["parameters"]).and_then(Value::as_map).unwrap();
        let place = |name: &str| file.find(&format!("\n  {name}:\n")).unwrap();
        let mut names: Vec<&String> = definitions.keys().collect();
        names.sort_by_key(|name| place(name));
        let parameters = names.into_iter().map(|name| Parameter {
            name: name.clone(),
            definition: definitions[name].clone(),
            variable: variable_of(
                document.at(&["steps"]).unwrap(),
                &format!("<< parameters.{name} >>"),
                &commands,
            ),
        });
        let parameters = parameters.collect();
        let description = document.at(&["description"]).and_then(Value::to_text).unwrap();
        commands.push(Command { name, description, parameters });
    }
    commands.sort_by_key(|command| COMMANDS.iter().position(|name| *name == command.name));
    commands
}

/// The variable that gets this value in a step, or in a step of a command that is called with it.
fn variable_of(node: &Value, value: &str, commands: &[Command]) -> Option<String> {
    let within = |map: &Map| {
        map.iter().find_map(|(key, child)| {
            let is_setting = key.starts_with(SETTINGS) || key.starts_with("INSTALL_AWS_OIDC_");
            let is_value = child.as_text() == Some(value);
            if is_setting && is_value {
                return Some(key.clone());
            }
            let called = commands.iter().find(|command| command.name == key);
            let argument = called.and_then(|called| {
                let (name, _) = child.as_map()?.iter().find(|(_, text)| text.as_text() == Some(value))?;
                called.parameters.iter().find(|parameter| parameter.name == *name)?.variable.clone()
            });
            argument.or_else(|| variable_of(child, value, commands))
        })
    };
    match node {
        Value::Map(map) => within(map),
        Value::List(list) => list.iter().find_map(|child| variable_of(child, value, commands)),
        _ => None,
    }
}
