//! The part of XML that STS uses: a tree of elements whose leaves are texts, found by local name.
//! Order, namespaces and unknown elements do not matter (facts/aws.md 2.1).

use quick_xml::Reader;
use quick_xml::errors::{Error as XmlError, IllFormedError};
use quick_xml::events::{BytesRef, Event};
use zeroize::Zeroizing;

/// The leaves of one document, each with the local names that lead to it.
/// The texts are cleared on drop: credentials are among them.
pub(crate) struct Leaves(Vec<(String, Zeroizing<String>)>);

/// Why a text is not the XML of an AWS response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum NotXml {
    /// It stops before its root element is closed.
    CutShort,
    /// Anything else: another format, a document type, too deep, too much.
    Foreign,
}

/// AWS nests four deep.
const MAX_DEPTH: usize = 8;
/// AWS sends a dozen.
const MAX_LEAVES: usize = 256;

impl Leaves {
    /// Reads the whole document; entities other than XML's own five are refused, so nothing expands.
    pub(crate) fn read(text: &str) -> Result<Self, NotXml> {
        let mut reader = Reader::from_str(text);
        let mut path: Vec<String> = Vec::new();
        let mut content = Zeroizing::new(String::new());
        let mut leaves = Vec::new();
        loop {
            match reader.read_event().map_err(|error| classify(&error, &path))? {
                Event::Start(element) => {
                    if path.len() == MAX_DEPTH {
                        return Err(NotXml::Foreign);
                    }
                    path.push(element.local_name().as_ref().to_owned());
                    content.clear();
                }
                Event::End(_) => {
                    if leaves.len() == MAX_LEAVES {
                        return Err(NotXml::Foreign);
                    }
                    leaves.push((path.join("/"), std::mem::take(&mut content)));
                    path.pop();
                    if path.is_empty() {
                        return Ok(Self(leaves));
                    }
                }
                Event::Text(text) if !path.is_empty() => content.push_str(&text.xml10_content()),
                Event::CData(text) => content.push_str(&text.xml10_content()),
                Event::GeneralRef(reference) => content.push(character(&reference)?),
                Event::Empty(_) | Event::Decl(_) | Event::Comment(_) | Event::PI(_) => {}
                Event::Text(text) if text.xml10_content().trim().is_empty() => {}
                Event::Text(_) | Event::DocType(_) => return Err(NotXml::Foreign),
                Event::Eof => {
                    return Err(if path.is_empty() { NotXml::Foreign } else { NotXml::CutShort });
                }
            }
        }
    }

    /// The name of the outermost element.
    pub(crate) fn root(&self) -> &str {
        self.0.last().map(|(path, _)| path.as_str()).unwrap_or_default()
    }

    /// The first leaf at this path of local names, joined by slashes; blank counts as absent.
    pub(crate) fn text(&self, path: &str) -> Option<&str> {
        self.0.iter().find(|(at, _)| at == path).map(|(_, text)| text.trim()).filter(|text| !text.is_empty())
    }
}

fn character(reference: &BytesRef<'_>) -> Result<char, NotXml> {
    if let Some(character) = reference.resolve_char_ref().map_err(|_| NotXml::Foreign)? {
        return Ok(character);
    }
    match reference.xml10_content().as_ref() {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err(NotXml::Foreign),
    }
}

/// Inside an open element, markup without an end is a document that was cut.
fn classify(error: &XmlError, open: &[String]) -> NotXml {
    match error {
        XmlError::Syntax(_) if !open.is_empty() => NotXml::CutShort,
        XmlError::IllFormed(IllFormedError::MissingEndTag(_) | IllFormedError::UnclosedReference) => {
            NotXml::CutShort
        }
        _ => NotXml::Foreign,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leaves_are_found_whatever_their_namespace_and_order() {
        let leaves =
            Leaves::read("<?xml version='1.0'?>\n<r xmlns:a='u'><!-- c --><a:z>1</a:z><o><i> 2 &amp; &#x33; </i><e/></o><p>&lt;&gt;&quot;&apos;</p></r>\n")
                .unwrap();
        assert_eq!(leaves.text("r/z"), Some("1"));
        assert_eq!(leaves.text("r/o/i"), Some("2 & 3"));
        assert_eq!(leaves.text("r/o/e"), None);
        assert_eq!(leaves.text("r/p"), Some("<>\"'"));
    }

    #[test]
    fn a_document_that_stops_early_is_cut_short() {
        let whole = "<a><b>text &amp; more</b><c><![CDATA[x]]></c></a>";
        for end in "<a>".len()..whole.len() {
            let result = Leaves::read(&whole[..end]).map(|_| ());
            assert_eq!(result, Err(NotXml::CutShort), "{}", &whole[..end]);
        }
    }

    #[test]
    fn what_is_not_the_xml_of_aws_is_foreign() {
        for text in [
            "",
            " ",
            "{}",
            "x<a><b>1</b></a>",
            "<!DOCTYPE html><html></html>",
            "<!DOCTYPE a [<!ENTITY b \"bbbb\">]><a>&b;</a>",
            "<a>&unknown;</a>",
            "<a></b>",
            "<a",
            "text <a/>",
            &"<a>".repeat(9),
            &format!("<a>{}</a>", "<b></b>".repeat(300)),
        ] {
            assert_eq!(Leaves::read(text).map(|_| ()), Err(NotXml::Foreign), "{text:.40}");
        }
    }
}
