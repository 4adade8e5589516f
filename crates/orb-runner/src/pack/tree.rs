//! Which files of a source tree make up the orb, and which are refused.
//!
//! Separate from the includes because these rules concern only names and directories.

use std::fs;
use std::path::{Path, PathBuf};

use super::PackError;
use crate::yaml::{BareWords, Map, Value, parse};

/// The directories that become sections of the orb.
pub(super) const SECTIONS: [&str; 4] = ["commands", "executors", "jobs", "examples"];

const ROOT_FILE: &str = "@orb.yml";
const ROOT_KEYS: [&str; 4] = ["version", "description", "display", "orbs"];

/// Reads `@orb.yml`, and refuses YAML in directories where the packers differ.
pub(super) fn read_root(source: &Path) -> Result<Map, PackError> {
    for path in entries(source)? {
        let name = name_of(&path);
        if path.is_dir() && !SECTIONS.contains(&name) {
            refuse_yaml_below(&path)?;
        } else if is_yaml(&path) && name != ROOT_FILE {
            return Err(PackError::StrayYaml { path });
        }
    }
    let Value::Map(root) = read_yaml(&source.join(ROOT_FILE))? else {
        return Err(PackError::NotAMapping { path: source.join(ROOT_FILE) });
    };
    match root.keys().find(|key| !ROOT_KEYS.contains(&key.as_str())) {
        Some(key) => Err(PackError::UnexpectedKey { key: key.clone() }),
        None => Ok(root),
    }
}

/// Reads the elements of one section: name, file and content. An absent section has none.
pub(super) fn read_section(source: &Path, section: &str) -> Result<Vec<(String, PathBuf, Value)>, PackError> {
    let directory = source.join(section);
    if !directory.exists() {
        return Ok(Vec::new());
    }
    let mut elements = Vec::new();
    for path in entries(&directory)? {
        if path.is_dir() {
            return Err(PackError::NestedDirectory { path });
        }
        if !is_yaml(&path) {
            continue;
        }
        let Some(name) = name_of(&path).strip_suffix(".yml").filter(|name| is_element_name(name)) else {
            return Err(PackError::ElementName { path });
        };
        let element = read_yaml(&path)?;
        if element.as_map().is_none() {
            return Err(PackError::NotAMapping { path });
        }
        elements.push((name.to_owned(), path.clone(), element));
    }
    Ok(elements)
}

fn read_yaml(path: &Path) -> Result<Value, PackError> {
    let text =
        fs::read_to_string(path).map_err(|source| PackError::Unreadable { path: path.to_owned(), source })?;
    parse(&text, BareWords::AreRefused).map_err(|source| PackError::Yaml { path: path.to_owned(), source })
}

fn refuse_yaml_below(directory: &Path) -> Result<(), PackError> {
    for path in entries(directory)? {
        if path.is_dir() {
            refuse_yaml_below(&path)?;
        } else if is_yaml(&path) {
            return Err(PackError::StrayYaml { path });
        }
    }
    Ok(())
}

/// The entries of a directory, sorted, without dot files, which both packers skip.
fn entries(directory: &Path) -> Result<Vec<PathBuf>, PackError> {
    let unreadable = |source| PackError::Unreadable { path: directory.to_owned(), source };
    let mut paths = Vec::new();
    for entry in fs::read_dir(directory).map_err(unreadable)? {
        let path = entry.map_err(unreadable)?.path();
        if !name_of(&path).starts_with('.') {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn name_of(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

fn is_yaml(path: &Path) -> bool {
    path.extension().is_some_and(|extension| extension == "yml" || extension == "yaml")
}

fn is_element_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.chars().all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_' || c == '-')
}
