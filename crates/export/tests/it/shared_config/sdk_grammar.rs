//! A second reader, by the grammar that AWS's other SDKs share (facts/aws.md 6.4): written here from that
//! description, so that the editor is not tested with botocore alone.

use std::collections::BTreeMap;

/// Sections and their keys. Sections of one name are merged, of two equal keys the later one counts.
pub(crate) type Sections = BTreeMap<String, BTreeMap<String, String>>;

/// `None` where such a client would refuse the whole file.
pub(crate) fn read(text: &str) -> Option<Sections> {
    let mut sections = Sections::new();
    let mut section: Option<String> = None;
    let mut key: Option<String> = None;
    for line in text.lines() {
        if trim(line).is_empty() || line.starts_with(['#', ';']) {
            continue;
        }
        if line.starts_with('[') {
            let header = trim(line.split(['#', ';']).next()?);
            let name = trim(header.strip_prefix('[')?.strip_suffix(']')?).to_owned();
            sections.entry(name.clone()).or_default();
            (section, key) = (Some(name), None);
            continue;
        }
        let keys = sections.get_mut(section.as_ref()?)?;
        if line.starts_with([' ', '\t']) {
            let value = keys.get_mut(key.as_ref()?)?;
            if value.is_empty() || value.starts_with('\n') {
                without_comment(line).split_once('=')?;
            }
            value.push('\n');
            value.push_str(trim(line));
        } else {
            let (name, value) = without_comment(line).split_once('=')?;
            let name = trim(name).to_ascii_lowercase();
            keys.insert(name.clone(), trim(value).to_owned());
            key = Some(name).filter(|name| !name.is_empty());
            key.as_ref()?;
        }
    }
    Some(sections)
}

/// A comment behind a value begins after white space.
fn without_comment(line: &str) -> &str {
    let starts = line.match_indices(['#', ';']).map(|(at, _)| at);
    let comment = starts.into_iter().find(|at| line[..*at].ends_with(char::is_whitespace));
    comment.map_or(line, |at| &line[..at])
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t'])
}
