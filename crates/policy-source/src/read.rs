//! Reads a file: finds its language, checks the limits, and calls the language's reader.

use trust_policy::lint::{HOLE, printable};

use crate::{
    cloudformation, iam_document,
    json::{self, InvalidJson},
    lines::Lines,
    node::{Content, Node},
    note::Note,
    policy,
    policy_text::PolicyText,
    source_error::{LARGEST, SourceError},
    terraform,
    yaml::{self, InvalidYaml},
};

/// IAM's default quota of roles in an account.
const MOST: usize = 1000;

/// What a file holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Source {
    /// In the order of the file.
    pub policies: Vec<PolicyText>,
    /// What could not be read, and so was not checked.
    pub notes: Vec<Note>,
}

/// Finds every trust policy in a file. The language follows from the extension of `name` if it is a known one, else
/// from the text.
pub fn read(name: &str, text: &str) -> Result<Source, SourceError> {
    if text.len() > LARGEST {
        return Err(SourceError::TooLarge(text.len()));
    }
    if let Some(at) = text.find(HOLE) {
        return Err(SourceError::Noncharacter(Lines::from(1, text).at(at)));
    }
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    let mut notes = Vec::new();
    let mut policies = match Language::of(name, text)? {
        Language::Json => trees(parse_json(text)?, &mut notes),
        Language::Yaml => trees(parse_yaml(text)?, &mut notes),
        Language::Escaped => {
            let line = Lines::from(1, text).at(text.len() - text.trim_start().len());
            let policy = policy::read(None, &Node::text(line, text), &mut notes);
            policy.into_iter().collect()
        }
        Language::Terraform => terraform::read(text, &mut notes)?,
    };
    if let Some(policy) = policies.get(MOST) {
        let text = format!("this policy and all after it were not checked: the limit is {MOST}");
        notes.push(Note::about(policy.line, policy.name.as_deref(), &text));
        policies.truncate(MOST);
    }
    notes.sort_by_key(|note| note.line);
    Ok(Source { policies, notes })
}

fn trees(node: Node, notes: &mut Vec<Note>) -> Vec<PolicyText> {
    match node.at("Resources") {
        Some(Node { content: Content::Map(_), .. }) => cloudformation::read(node, notes),
        _ => iam_document::read(&node, notes),
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Language {
    Json,
    Yaml,
    Terraform,
    /// Percent-encoded JSON, as IAM's API returns it.
    Escaped,
}

impl Language {
    fn of(name: &str, text: &str) -> Result<Self, SourceError> {
        let name = name.to_ascii_lowercase();
        let is = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
        let start = text.trim_start();
        let has_line =
            |starts: &[&str]| text.lines().any(|line| starts.iter().any(|start| line.starts_with(start)));
        match () {
            () if is(&[".tf.json"]) => Err(SourceError::TerraformJson),
            () if is(&[".tf"]) => Ok(Self::Terraform),
            () if start.starts_with("%7B") || start.starts_with("%7b") => Ok(Self::Escaped),
            // Whatever the extension: a YAML parser reads JSON too, but some of it differently.
            () if start.starts_with(['{', '[']) => Ok(Self::Json),
            () if is(&[".json"]) => Ok(Self::Json),
            () if is(&[".yaml", ".yml", ".template"]) => Ok(Self::Yaml),
            () if has_line(&["resource \"", "data \"", "locals {"]) => Ok(Self::Terraform),
            () if has_line(&["Resources:", "Statement:", "AWSTemplateFormatVersion:"]) => Ok(Self::Yaml),
            () => Err(SourceError::UnknownLanguage),
        }
    }
}

fn parse_json(text: &str) -> Result<Node, SourceError> {
    json::parse(text, &Lines::from(1, text)).map_err(|error| {
        let problem = match &error {
            InvalidJson::Syntax(source) => source.to_string(),
            InvalidJson::TooDeep => error.to_string(),
        };
        SourceError::Json { problem: printable(&problem) }
    })
}

fn parse_yaml(text: &str) -> Result<Node, SourceError> {
    yaml::parse(text).map_err(|error| {
        let problem = match &error {
            InvalidYaml::Syntax(source) => source.to_string(),
            InvalidYaml::TooDeep | InvalidYaml::SecondDocument(_) => error.to_string(),
        };
        SourceError::Yaml { problem: printable(&problem) }
    })
}
