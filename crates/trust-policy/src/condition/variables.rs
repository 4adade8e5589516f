//! Policy variables: each `${…}` in a policy's value is replaced by the request's value. The result is a list of
//! pieces and not a text, because only the pieces that the author wrote may have wildcards.

use crate::{
    document::PolicyVariables,
    key_value::{Lookup, is_current_time},
    request::Request,
};

/// A value of the policy with its variables looked up.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Expanded<'a> {
    /// In their order.
    Pieces(Vec<Piece<'a>>),
    /// A variable has no value and no default: nothing matches this.
    NoValue,
    /// The guide does not describe such a variable.
    Unknown,
}

/// A part of a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Piece<'a> {
    /// Text of the policy's author; `*` and `?` may be wildcards.
    Written(&'a str),
    /// `${*}`, `${?}`, `${$}` or a default: stands for itself.
    Literal(&'a str),
    /// The request's value.
    FromRequest(&'a str),
    /// A value that is not known.
    Unknown,
}

/// Splits `text` into pieces and looks up its variables.
pub(super) fn expand<'a>(
    text: &'a str,
    request: &'a Request<'_>,
    variables: PolicyVariables,
) -> Expanded<'a> {
    let mut pieces = Vec::new();
    let mut rest = text;
    let mut has_value = true;
    if variables == PolicyVariables::Expanded {
        while let Some((before, variable)) = rest.split_once("${") {
            // The default is quoted and may contain a brace.
            let Some((variable, after)) = split_end(variable) else { return Expanded::Unknown };
            if !before.is_empty() {
                pieces.push(Piece::Written(before));
            }
            let (name, default) = match variable.split_once(',') {
                None => (variable, None),
                Some((name, default)) => {
                    let Some(default) = unquoted(default) else { return Expanded::Unknown };
                    (name, Some(default))
                }
            };
            match piece(name, default, request) {
                Ok(Some(piece)) => pieces.push(piece),
                Ok(None) => has_value = false,
                Err(NotDescribed) => return Expanded::Unknown,
            }
            rest = after;
        }
    }
    if !rest.is_empty() {
        pieces.push(Piece::Written(rest));
    }
    if has_value { Expanded::Pieces(pieces) } else { Expanded::NoValue }
}

/// The guide does not describe such a variable.
struct NotDescribed;

/// `None` without a value.
fn piece<'a>(
    name: &'a str,
    default: Option<&'a str>,
    request: &'a Request<'_>,
) -> Result<Option<Piece<'a>>, NotDescribed> {
    match (name, default) {
        ("*" | "?" | "$", None) => return Ok(Some(Piece::Literal(name))),
        _ if !is_key(name) => return Err(NotDescribed),
        _ => {}
    }
    match request.find(name) {
        Lookup::Present(_) if is_current_time(name) => Ok(Some(Piece::Unknown)),
        Lookup::Present(value) => Ok(Some(Piece::FromRequest(value))),
        Lookup::Absent | Lookup::List([]) => Ok(default.map(Piece::Literal)),
        Lookup::Unknown => Ok(Some(Piece::Unknown)),
        // The guide: a key with many values can't be used as a variable.
        Lookup::List(_) => Err(NotDescribed),
    }
}

fn is_key(name: &str) -> bool {
    !name.is_empty() && !name.contains(['$', '{', '*', '?', '\'']) && name.trim() == name
}

/// What comes after the comma, in quotes.
fn unquoted(default: &str) -> Option<&str> {
    let text = default.strip_prefix(" '")?.strip_suffix('\'')?;
    (!text.contains('\'')).then_some(text)
}

/// What comes before the closing brace, and what after it.
pub(crate) fn split_end(text: &str) -> Option<(&str, &str)> {
    let mut quoted = false;
    let end = text.find(|character| {
        quoted ^= character == '\'';
        character == '}' && !quoted
    })?;
    Some((text.get(..end)?, text.get(end + 1..)?))
}
