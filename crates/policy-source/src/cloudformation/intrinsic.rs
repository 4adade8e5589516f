//! CloudFormation's intrinsic functions: their values where all arguments are literal, and holes for everything that
//! only a stack knows.

use trust_policy::lint::HOLE;

use crate::node::{Content, Node};

/// The tree with every function replaced by its value, as far as the value is literal.
pub(crate) fn resolve(node: Node) -> Node {
    let content = match node.content {
        Content::Map(entries) => {
            let entries: Vec<(String, Node)> =
                entries.into_iter().map(|(name, node)| (name, resolve(node))).collect();
            match entries.as_slice() {
                [(name, argument)] if name == "Ref" || name.starts_with("Fn::") => {
                    return call(node.line, name, argument);
                }
                _ => Content::Map(entries),
            }
        }
        Content::List(nodes) => Content::List(nodes.into_iter().map(resolve).collect()),
        other => other,
    };
    Node::new(node.line, content)
}

fn call(line: usize, function: &str, argument: &Node) -> Node {
    let known = match (function, &argument.content) {
        ("Fn::Sub", Content::Text(text)) => Some((line, Content::Text(substitute(text)))),
        ("Fn::Sub", Content::Block(text)) => Some((argument.line, Content::Block(substitute(text)))),
        // The second argument maps names in the text to values, which are mostly other functions.
        ("Fn::Sub", Content::List(arguments)) => match arguments.as_slice() {
            [text, _] => return call(text.line, function, text),
            _ => None,
        },
        ("Fn::Join", Content::List(arguments)) => join(arguments).map(|text| (line, Content::Text(text))),
        _ => None,
    };
    let (line, content) = known.unwrap_or((line, Content::Unknown));
    Node::new(line, content)
}

fn join(arguments: &[Node]) -> Option<String> {
    let [delimiter, Node { content: Content::List(parts), .. }] = arguments else { return None };
    let parts: Vec<String> = parts.iter().map(Node::text_or_hole).collect();
    Some(parts.join(delimiter.as_text()?))
}

/// `${Name}` becomes a hole, `${!Name}` the text `${Name}`.
fn substitute(text: &str) -> String {
    let mut parts = text.split("${");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        match (part.strip_prefix('!'), part.split_once('}')) {
            (Some(literal), _) => out.extend(["${", literal]),
            (None, Some((_, behind))) => out.extend([HOLE.to_string().as_str(), behind]),
            (None, None) => out.extend(["${", part]),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    #[test]
    fn functions_keep_what_is_literal() {
        let cases = [
            ("!Sub a/${B}/c", "a/\u{FDD0}/c"),
            ("!Sub a/${!aws:userid}", "a/${aws:userid}"),
            ("!Sub ['${A}-x', {A: 1}]", "\u{FDD0}-x"),
            ("!Sub 'a${'", "a${"),
            ("{Fn::Sub: 'x${AWS::AccountId}'}", "x\u{FDD0}"),
            ("!Join [':', [a, !Ref B, c]]", "a:\u{FDD0}:c"),
            ("{'Fn::Join': ['', ['a', {'Ref': 'B'}]]}", "a\u{FDD0}"),
            ("plain", "plain"),
        ];
        for (yaml, text) in cases {
            assert_eq!(resolve(yaml::parse(yaml).unwrap()).as_text(), Some(text), "{yaml}");
        }
        for yaml in
            ["!Ref A", "!GetAtt A.Arn", "!If [A, b, c]", "!Join [',', !Ref A]", "{Fn::ImportValue: x}"]
        {
            assert_eq!(resolve(yaml::parse(yaml).unwrap()).content, Content::Unknown, "{yaml}");
        }
    }
}
