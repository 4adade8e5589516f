//! The `{names}` in the catalogue's texts.

/// The text with each `{name}` replaced, where `value` has one. Braces around anything else stay, because JSON
/// has them.
pub(crate) fn fill(text: &str, value: impl Fn(&str) -> Option<String>) -> String {
    let mut filled = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        let known = name_of(after).and_then(|name| Some((value(name)?, name)));
        if let Some((value, name)) = known {
            filled.push_str(&value);
            rest = after.get(name.len() + 1..).unwrap_or_default();
        } else {
            filled.push('{');
            rest = after;
        }
    }
    filled.push_str(rest);
    filled
}

/// The name that a text begins with, if a brace closes it.
fn name_of(text: &str) -> Option<&str> {
    let (name, _) = text.split_once('}')?;
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
    is_name.then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_filled_and_other_braces_stay() {
        let value = |name: &str| (name == "role-name").then(|| "{deploy}".to_owned());
        for (text, filled) in [
            ("of `{role-name}`: {role-name}", "of `{deploy}`: {deploy}"),
            ("{\"principal_tags\": {\"KEY\": []}}", "{\"principal_tags\": {\"KEY\": []}}"),
            ("{unknown} {", "{unknown} {"),
            ("{}", "{}"),
            ("", ""),
        ] {
            assert_eq!(fill(text, value), filled);
        }
    }
}
