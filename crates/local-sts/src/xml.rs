//! XML as AWS formats it: two spaces for each level, one line for each element. Separate from the responses, which are
//! trees of elements.

/// An element with text or with elements.
#[derive(Debug, Clone)]
pub(crate) enum Element {
    /// A name and its unescaped text.
    Text(&'static str, String),
    /// A name and its child elements.
    Tree(&'static str, Vec<Self>),
}

/// A document whose root has a default namespace.
pub(crate) fn document(root: &'static str, namespace: &str, content: &[Element]) -> String {
    let mut xml = format!("<{root} xmlns=\"{namespace}\">\n");
    for element in content {
        element.render(1, &mut xml);
    }
    xml.push_str(&format!("</{root}>\n"));
    xml
}

impl Element {
    fn render(&self, level: usize, xml: &mut String) {
        let indent = "  ".repeat(level);
        match self {
            Self::Text(name, text) => xml.push_str(&format!("{indent}<{name}>{}</{name}>\n", escape(text))),
            Self::Tree(name, content) => {
                xml.push_str(&format!("{indent}<{name}>\n"));
                for element in content {
                    element.render(level + 1, xml);
                }
                xml.push_str(&format!("{indent}</{name}>\n"));
            }
        }
    }
}

fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            '\'' => escaped.push_str("&apos;"),
            // An XML reader changes or drops a literal line break.
            '\n' | '\r' => escaped.push_str(&format!("&#{};", u32::from(character))),
            other => escaped.push(other),
        }
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_document_is_indented_and_escaped() {
        let inner = Element::Text("Arn", "a<b>&'\"\n".to_owned());
        let xml = document("Root", "urn:x", &[Element::Tree("Result", vec![inner])]);
        let expected = "<Root xmlns=\"urn:x\">\n  <Result>\n    <Arn>a&lt;b&gt;&amp;&apos;&quot;&#10;</Arn>\n  \
                        </Result>\n</Root>\n";
        assert_eq!(xml, expected);
    }
}
