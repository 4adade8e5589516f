//! CloudFormation's intrinsic functions: their values where all arguments are literal, both values where a condition
//! decides, and holes for everything else that only a stack knows.

use std::collections::BTreeMap;

use trust_policy::lint::HOLE;

use crate::{
    node::{Content, Node},
    position::Position,
    provider_url,
};

/// A template, with what its functions can refer to.
pub(crate) struct Template<'a> {
    resources: Option<&'a Node>,
    mappings: Option<&'a Node>,
    conditions: Option<&'a Node>,
    /// The URLs of its identity providers.
    providers: BTreeMap<&'a str, String>,
}

/// Names that only one `Fn::Sub` knows.
type Names<'a> = &'a [(String, Node)];

impl<'a> Template<'a> {
    pub(crate) fn new(template: &'a Node) -> Self {
        let resources = template.at("Resources");
        let (mappings, conditions) = (template.at("Mappings"), template.at("Conditions"));
        let without = Self { resources, mappings, conditions, providers: BTreeMap::new() };
        let urls = resources.map(Node::entries).unwrap_or_default().iter().filter_map(|(id, resource)| {
            let is_provider = resource.at("Type").and_then(Node::as_text) == Some("AWS::IAM::OIDCProvider");
            let url = resource.at("Properties").filter(|_| is_provider)?.at("Url")?;
            let url = without.resolve(url.clone()).as_text()?.to_owned();
            Some((id.as_str(), url)).filter(|(_, url)| !url.starts_with(HOLE))
        });
        Self { providers: urls.collect(), resources, mappings, conditions }
    }

    /// The resources with every function replaced by its value, as far as the value is known.
    pub(crate) fn resources(&self) -> Node {
        self.resources.map_or(Node::new(1, Content::Null), |resources| self.resolve(resources.clone()))
    }

    pub(crate) fn resolve(&self, node: Node) -> Node {
        let content = match node.content {
            Content::Map(entries) => {
                let entries: Vec<(String, Node)> =
                    entries.into_iter().map(|(name, node)| (name, self.resolve(node))).collect();
                match entries.as_slice() {
                    [(name, argument)] if name == "Ref" || name.starts_with("Fn::") => {
                        return self.call(node.line, name, argument);
                    }
                    _ => Content::Map(entries),
                }
            }
            Content::List(nodes) => Content::List(nodes.into_iter().map(|node| self.resolve(node)).collect()),
            other => other,
        };
        Node::new(node.line, content)
    }

    fn call(&self, line: Position, function: &str, argument: &Node) -> Node {
        let known = match (function, argument.items()) {
            ("Ref", _) if argument.as_text() == Some("AWS::NoValue") => Some(Content::Absent),
            ("Ref", _) | ("Fn::GetAtt", []) => self.reference(argument.as_text()).map(Content::Text),
            ("Fn::GetAtt", [id, property]) => match (id.as_text(), property.as_text()) {
                (Some(id), Some("Arn")) => self.reference(Some(id)).map(Content::Text),
                _ => None,
            },
            ("Fn::Sub", []) => return self.substituted(line, argument, &[]),
            ("Fn::Sub", [text, names]) => return self.substituted(text.line, text, names.entries()),
            ("Fn::Join", [delimiter, parts]) => join(delimiter, parts),
            ("Fn::If", [condition, then, otherwise]) => {
                condition.as_text().map(|condition| self.either(condition, then, otherwise))
            }
            ("Fn::Split", [delimiter, text]) => split(line, delimiter, text),
            ("Fn::Select", [index, list]) => select(index, list),
            ("Fn::FindInMap", [map, first, second]) => self.mapped([map, first, second]),
            ("Fn::ToJsonString", _) => Some(argument.content.clone()),
            _ => None,
        };
        Node::new(line, known.unwrap_or(Content::Unknown))
    }

    /// The value of `Ref` on, or of `Arn` of, an identity provider.
    fn reference(&self, name: Option<&str>) -> Option<String> {
        let name = name?;
        let url = self.providers.get(name.strip_suffix(".Arn").unwrap_or(name))?;
        Some(provider_url::arn(url))
    }

    fn substituted(&self, line: Position, text: &Node, names: Names<'_>) -> Node {
        match &text.content {
            Content::Text(literal) => Node::new(line, Content::Text(self.substitute(literal, names))),
            Content::Block(literal) => Node::new(text.line, Content::Block(self.substitute(literal, names))),
            _ => Node::new(line, Content::Unknown),
        }
    }

    /// `${Name}` becomes its value or a hole, `${!Name}` the text `${Name}`.
    fn substitute(&self, text: &str, names: Names<'_>) -> String {
        let mut parts = text.split("${");
        let mut out = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            match (part.strip_prefix('!'), part.split_once('}')) {
                (Some(literal), _) => out.extend(["${", literal]),
                (None, Some((name, behind))) => {
                    let name = name.trim();
                    let given =
                        names.iter().find(|(own, _)| own == name).map(|(_, value)| value.text_or_hole());
                    let value = given.or_else(|| self.reference(Some(name)));
                    out.extend([value.unwrap_or_else(|| HOLE.to_string()).as_str(), behind]);
                }
                (None, None) => out.extend(["${", part]),
            }
        }
        out
    }

    /// Both values. The negation of another condition has that one's name.
    fn either(&self, condition: &str, then: &Node, otherwise: &Node) -> Content {
        let negated = self.conditions.and_then(|all| all.at(condition)?.at("Fn::Not")?.items().first());
        match negated.and_then(|inner| inner.at("Condition")).and_then(Node::as_text) {
            Some(other) => Content::Either(other.to_owned(), Box::new([otherwise.clone(), then.clone()])),
            None => Content::Either(condition.to_owned(), Box::new([then.clone(), otherwise.clone()])),
        }
    }

    fn mapped(&self, path: [&Node; 3]) -> Option<Content> {
        let value = path.iter().try_fold(self.mappings?, |node, name| node.at(name.as_text()?))?;
        Some(value.content.clone())
    }
}

fn join(delimiter: &Node, parts: &Node) -> Option<Content> {
    let Content::List(parts) = &parts.content else { return None };
    let parts = parts.iter().filter(|part| part.content != Content::Absent);
    let texts: Vec<String> = parts.map(Node::text_or_hole).collect();
    Some(Content::Text(texts.join(delimiter.as_text()?)))
}

fn split(line: Position, delimiter: &Node, text: &Node) -> Option<Content> {
    let delimiter =
        delimiter.as_text().filter(|delimiter| !delimiter.is_empty() && !delimiter.contains(HOLE))?;
    let parts = text.as_text()?.split(delimiter);
    // A part with a hole may be more than one.
    Some(Content::List(
        parts
            .map(
                |part| {
                    if part.contains(HOLE) {
                        Node::new(line, Content::Unknown)
                    } else {
                        Node::text(line, part)
                    }
                },
            )
            .collect(),
    ))
}

fn select(index: &Node, list: &Node) -> Option<Content> {
    let nodes = list.items();
    let index = index.as_text()?.parse::<usize>().ok()?;
    let is_known = nodes.get(..=index)?.iter().all(|node| node.content != Content::Unknown);
    Some(nodes.get(index).filter(|_| is_known)?.content.clone())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml;

    fn resolved(yaml: &str) -> Node {
        let nothing = Node::new(1, Content::Null);
        Template::new(&nothing).resolve(yaml::parse(yaml).unwrap().remove(0))
    }

    #[test]
    fn functions_keep_what_is_literal() {
        let cases = [
            ("!Sub a/${B}/c", "a/\u{FDD0}/c"),
            ("!Sub a/${!aws:userid}", "a/${aws:userid}"),
            ("!Sub ['${A}-${B}', {A: 1}]", "1-\u{FDD0}"),
            ("!Sub ['${A}-x', {A: !Ref B}]", "\u{FDD0}-x"),
            ("!Sub 'a${'", "a${"),
            ("{Fn::Sub: 'x${AWS::AccountId}'}", "x\u{FDD0}"),
            ("!Join [':', [a, !Ref B, c]]", "a:\u{FDD0}:c"),
            ("{'Fn::Join': ['', ['a', {'Ref': 'B'}]]}", "a\u{FDD0}"),
            ("!Select [1, !Split ['//', 'https://x']]", "x"),
            ("plain", "plain"),
        ];
        for (yaml, text) in cases {
            assert_eq!(resolved(yaml).as_text(), Some(text), "{yaml}");
        }
        for yaml in
            ["!Ref A", "!GetAtt A.Arn", "!Join [',', !Ref A]", "{Fn::ImportValue: x}", "!Select [1, !Ref A]"]
        {
            assert_eq!(resolved(yaml).content, Content::Unknown, "{yaml}");
        }
    }

    #[test]
    fn a_condition_leaves_both_values() {
        let Content::Either(condition, values) = resolved("!If [A, b, !Ref 'AWS::NoValue']").content else {
            panic!()
        };
        assert_eq!((condition.as_str(), values[0].as_text()), ("A", Some("b")));
        assert_eq!(values[1].content, Content::Absent);
    }
}
