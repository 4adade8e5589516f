//! The Serverless Framework's variables in a template: `${self:custom.stage}`. They are replaced before CloudFormation
//! sees the text, by values that the file alone does not decide.

use trust_policy::lint::HOLE;

use crate::node::{Content, Node};

/// A `serverless.yml` with holes for its variables; any other file as it is.
pub(crate) fn without_variables(mut root: Node) -> Node {
    if root.at("service").is_some() && root.at("provider").is_some() {
        root.visit_mut(&mut |node| match &mut node.content {
            Content::Text(text) | Content::Block(text) => *text = holes(text),
            Content::Map(entries) => entries.iter_mut().for_each(|(name, _)| *name = holes(name)),
            _ => {}
        });
    }
    root
}

fn holes(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find("${") {
        let (before, reference) = rest.split_at(at);
        out.push_str(before);
        let name = reference.get(2..).unwrap_or_default();
        let letters = name.bytes().take_while(u8::is_ascii_alphanumeric).count();
        let is_variable = letters > 0 && name.get(letters..).is_some_and(is_source);
        if let Some(end) = end(reference).filter(|_| is_variable) {
            out.push(HOLE);
            rest = reference.get(end..).unwrap_or_default();
        } else {
            out.push_str("${");
            rest = name;
        }
    }
    out.push_str(rest);
    out
}

/// `self:…`, `file(…)`; `AWS::Region` is CloudFormation's.
fn is_source(behind: &str) -> bool {
    (behind.starts_with(':') && !behind.starts_with("::")) || behind.starts_with('(')
}

/// The length of a reference with those inside it.
fn end(reference: &str) -> Option<usize> {
    let mut open = 0_usize;
    for (at, byte) in reference.bytes().enumerate() {
        match byte {
            b'{' => open += 1,
            b'}' if open == 1 => return Some(at + 1),
            b'}' => open = open.saturating_sub(1),
            _ => {}
        }
    }
    None
}
