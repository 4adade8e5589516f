//! Variables in a roles text that its author wrote in the config. Each is a part of one value or of one header: it adds no
//! section and no key, whatever it holds.

use crate::settings::expansion::{Expanded, Piece};

/// A variable that cannot be filled in. The first word of each text is the variable's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidInsertion {
    /// It could declare another profile.
    #[error("the value of `${0}` has a line break")]
    LineBreak(String),
    /// No reader of the file agrees with the others about it.
    #[error("the value of `${0}` has a control character")]
    ControlCharacter(String),
    /// It could end the header.
    #[error("the value of `${0}` has a bracket, and is in a section's header")]
    Bracket(String),
    /// It would be a section, a key, or the whole text.
    #[error("`${0}` is not in a value; expected it behind the `=` of a key, or in the brackets of a header")]
    NotInValue(String),
}

/// The text with its variables filled in.
pub(crate) fn fill_in(roles: &Expanded) -> Result<String, InvalidInsertion> {
    let mut text = String::new();
    // What the author wrote of the line so far.
    let mut line = String::new();
    for piece in &roles.0 {
        match piece {
            Piece::Written(written) => match written.rsplit_once(['\n', '\r']) {
                Some((_, last)) => last.clone_into(&mut line),
                None => line.push_str(written),
            },
            Piece::Filled { variable, text: value, .. } => check(variable, value, line.trim_start())?,
        }
        text.push_str(piece.text());
    }
    Ok(text)
}

/// The ends of lines that Python's reader of such files knows, and those of other readers.
const LINE_BREAKS: [char; 10] =
    ['\n', '\r', '\u{b}', '\u{c}', '\u{1c}', '\u{1d}', '\u{1e}', '\u{85}', '\u{2028}', '\u{2029}'];

/// `line` is what the author wrote of the line in front of the variable.
fn check(variable: &str, value: &str, line: &str) -> Result<(), InvalidInsertion> {
    let variable = || variable.to_owned();
    let header = line.strip_prefix('[');
    let is_in_place = match header {
        Some(header) => !header.contains(']'),
        None => line.starts_with(['#', ';']) || line.find(['=', ':']).is_some_and(|at| at > 0),
    };
    if !is_in_place {
        return Err(InvalidInsertion::NotInValue(variable()));
    }
    if value.contains(LINE_BREAKS) {
        return Err(InvalidInsertion::LineBreak(variable()));
    }
    if value.contains(char::is_control) {
        return Err(InvalidInsertion::ControlCharacter(variable()));
    }
    if header.is_some() && value.contains(['[', ']']) {
        return Err(InvalidInsertion::Bracket(variable()));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use export::roles_file;

    use super::*;
    use crate::settings::any_value;
    use crate::settings::expansion::{Variables, expand};

    fn filled_in(roles: &str, value: &str) -> Result<String, InvalidInsertion> {
        let lookup = |name: &str| (name == "V").then_some(value);
        fill_in(&expand(roles, Variables { holder: "", lookup: &lookup }).unwrap())
    }

    /// What the author decides: how many profiles there are, and which of their keys are set.
    fn structure(text: &str) -> Option<Vec<[bool; 8]>> {
        let roles = roles_file::read(text).ok()?;
        assert!(roles.ignored.is_empty(), "{text}: {:?}", roles.ignored);
        let keys = |profile: &roles_file::RoleProfile| {
            [
                profile.source.is_some(),
                profile.external_id.is_some(),
                profile.duration.is_some(),
                profile.region.is_some(),
                profile.session_name.is_some(),
                profile.scope_policy.is_some(),
                profile.scope_duration.is_some(),
                profile.scope_description.is_some(),
            ]
        };
        Some(roles.profiles.iter().map(keys).collect())
    }

    #[test]
    fn the_value_of_a_variable_adds_no_section_and_no_key() {
        let role = "arn:aws:iam::123456789012:role/a";
        for (roles, value) in [
            (format!("[profile a$V]\nrole_arn = {role}\n"), "x"),
            (format!("[profile $V]\nrole_arn = {role}\nregion = eu-west-1\n"), "x"),
            (format!("[profile a]\nrole_arn = {role}$V\n# $V\n"), "x"),
            (format!("[profile a]\nrole_arn = {role}\nrole_session_name = ${{V:-d}}-$V"), "x"),
            (format!("[profile a]\nregion: $V\nrole_arn = {role}\n"), "eu-west-1"),
        ] {
            let expected = structure(&filled_in(&roles, value).unwrap()).unwrap();
            for any in any_value::all() {
                // What is not filled in, and what `profiles` then refuses, adds nothing either.
                let Ok(text) = filled_in(&roles, &any) else { continue };
                assert_eq!(text.lines().count(), roles.lines().count(), "{roles} {any:?}");
                if let Some(found) = structure(&text) {
                    assert_eq!(found, expected, "{text}");
                }
            }
        }
    }

    #[test]
    fn a_variable_is_in_a_value_or_in_a_header() {
        let v = || "V".to_owned();
        for (roles, value, error) in [
            ("$V", "x", InvalidInsertion::NotInValue(v())),
            ("$V\n", "[profile a]\nregion = b", InvalidInsertion::NotInValue(v())),
            ("[profile a]\n$V", "x = y", InvalidInsertion::NotInValue(v())),
            ("[profile a]\n  $V", "y", InvalidInsertion::NotInValue(v())),
            ("[profile a]\n$V = x", "region", InvalidInsertion::NotInValue(v())),
            ("[profile a]\nre$V = x", "gion", InvalidInsertion::NotInValue(v())),
            ("[profile a]\n= $V", "x", InvalidInsertion::NotInValue(v())),
            ("[profile a]$V", "x", InvalidInsertion::NotInValue(v())),
            ("[profile $V]", "a]", InvalidInsertion::Bracket(v())),
            ("[profile $V]", "[a", InvalidInsertion::Bracket(v())),
            ("[profile a]\nregion = $V", "x\n", InvalidInsertion::LineBreak(v())),
            ("[profile a]\nregion = $V", "x\u{1b}", InvalidInsertion::ControlCharacter(v())),
        ] {
            assert_eq!(filled_in(roles, value), Err(error), "{roles}");
        }
        assert_eq!(filled_in("[$V]\nregion = a[$V]", "x").unwrap(), "[x]\nregion = a[x]");
        assert_eq!(filled_in("# $V\n; $V", "x").unwrap(), "# x\n; x");
    }
}
