//! Reads a file: finds its language, checks the limits, and calls the language's reader.

use std::collections::BTreeSet;

use trust_policy::lint::{HOLE, printable};

use crate::{
    cloudformation, json,
    language::Language,
    lines::Lines,
    may_exchange::names_web_identity,
    node::Node,
    note::{Note, Notes},
    policy,
    policy_text::PolicyText,
    search,
    source_error::{LARGEST, SourceError},
    terraform, yaml,
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
    /// What could not be read and may allow `AssumeRoleWithWebIdentity`: findings may be missing.
    pub unread: Vec<Note>,
    /// The names of the `aws_iam_policy_document` blocks that were read.
    pub documents: Vec<String>,
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
    let mut notes = Notes::default();
    let mut documents = Vec::new();
    let mut of_terraform = |(policies, names)| {
        documents = names;
        policies
    };
    let mut policies = match Language::of(name, text)? {
        Language::Json => match parse_json(text) {
            Ok(root) if root.at("resource").is_some() => {
                of_terraform(terraform::read_json(&root, &mut notes))
            }
            Ok(root) => search::read(root, &mut notes),
            Err(error) => json_as_yaml(name, text, error, &mut notes)?,
        },
        Language::Yaml => yaml_policies(text, &mut notes)?,
        Language::Escaped => {
            let line = Lines::from(1, text).at(text.len() - text.trim_start().len());
            policy::read(None, &Node::text(line, text), &mut notes)
        }
        Language::Terraform => of_terraform(terraform::read(text, &mut notes)?),
        Language::TerraformJson => of_terraform(terraform::read_json(&parse_json(text)?, &mut notes)),
    };
    if let Some(policy) = policies.get(MOST) {
        let text = format!("this policy and all after it were not checked: the limit is {MOST}");
        notes.add(Note::about(policy.line, policy.name.as_deref(), &text), true);
        policies.truncate(MOST);
    }
    let Notes { minor: mut notes, mut unread, is_all } = notes;
    if !is_all && unread.is_empty() && !policies.iter().any(policy::has_web_identity) {
        unread.extend(mention(text).map(|line| {
            let text = "`AssumeRoleWithWebIdentity` is named here, but no trust policy with it could be read";
            Note::about(line, None, text)
        }));
    }
    // Instances and forms of one policy say the same of their common lines.
    let mut said = BTreeSet::new();
    for notes in [&mut unread, &mut notes] {
        notes.sort_by_key(|note| note.line);
        notes.retain(|note| said.insert((note.line, note.text.clone())));
        *notes = notes.drain(..).map(|note| note.with_column(text)).collect();
    }
    Ok(Source { policies, notes, unread, documents })
}

/// The first line that names `AssumeRoleWithWebIdentity`, unless it is a comment.
fn mention(text: &str) -> Option<usize> {
    let is_comment = |line: &str| ["#", "//"].iter().any(|mark| line.trim_start().starts_with(mark));
    let names_it = |line: &str| names_web_identity(line) && !is_comment(line);
    text.split('\n').position(names_it).map(|at| at + 1)
}

fn json_as_yaml(
    name: &str,
    text: &str,
    error: SourceError,
    notes: &mut Notes,
) -> Result<Vec<PolicyText>, SourceError> {
    // YAML begins like JSON where all of it is in braces; and tools that read templates read both as YAML.
    let is_json = name.to_ascii_lowercase().ends_with(".json");
    let is_template =
        || yaml::parse(text).is_ok_and(|nodes| nodes.iter().any(|node| node.at("Resources").is_some()));
    if is_json && !is_template() { Err(error) } else { yaml_policies(text, notes).map_err(|_| error) }
}

fn yaml_policies(text: &str, notes: &mut Notes) -> Result<Vec<PolicyText>, SourceError> {
    let documents = match yaml::parse(text) {
        Ok(documents) => documents,
        Err(error) => separate_documents(text, notes)
            .ok_or_else(|| SourceError::Yaml { problem: printable(&error.to_string()) })?,
    };
    let roots = documents.into_iter().map(cloudformation::without_variables);
    Ok(roots.flat_map(|root| search::read(root, notes)).collect())
}

/// The documents of a file in which not all can be read; `None` if none can, or if there is only one.
fn separate_documents(text: &str, notes: &mut Notes) -> Option<Vec<Node>> {
    let mut parts: Vec<(usize, String)> = vec![(0, String::new())];
    for (number, line) in text.split_inclusive('\n').enumerate() {
        if line.starts_with("---") {
            parts.push((number, String::new()));
        }
        if let Some((_, part)) = parts.last_mut() {
            part.push_str(line);
        }
    }
    let mut read = Vec::new();
    let mut skipped = Vec::new();
    for (above, part) in parts {
        match yaml::parse(&part) {
            Ok(documents) => read.extend(documents.into_iter().map(|document| document.moved(above))),
            Err(error) => {
                let text = format!("skipped the document around this, it cannot be read: {}", error.problem);
                let note = Note::about(above + error.line, None, &text);
                skipped.push((note, names_web_identity(&part)));
            }
        }
    }
    let is_useful = read.iter().any(|node| !node.entries().is_empty());
    is_useful.then(|| {
        for (note, names_it) in skipped {
            notes.add(note, names_it);
        }
        read
    })
}

fn parse_json(text: &str) -> Result<Node, SourceError> {
    json::parse(text, &Lines::of_file(text))
        .map_err(|error| SourceError::Json { problem: printable(&error.0.to_string()) })
}
