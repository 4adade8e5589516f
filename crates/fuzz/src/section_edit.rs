//! What must hold of a shared file after one profile's section was edited. It compares lines, without the editor's own
//! parser; a second parser then checks the meaning.

use crate::sdk_grammar;

/// A file before and after an edit, and what the edit had to do.
pub struct SectionEdit<'a> {
    /// The file as it was.
    pub before: &'a str,
    /// The file as it became.
    pub after: &'a str,
    /// The names of the profile's sections; the first is the one to add where there is none.
    pub sections: &'a [&'a str],
    /// Keys that the section has afterwards.
    pub set: &'a [(&'a str, &'a str)],
    /// Keys that get this value where they stand.
    pub set_if_there: &'a [(&'a str, &'a str)],
    /// Keys that the section has no longer.
    pub removed: &'a [&'a str],
}

impl SectionEdit<'_> {
    /// All properties at once.
    pub fn check(&self) {
        self.lines_outside_of_the_section_survive();
        self.foreign_lines_in_the_section_survive();
        self.nothing_but_the_settings_is_new();
        self.other_sdks_read_the_new_keys_and_all_else_as_before();
    }

    fn lines_outside_of_the_section_survive(&self) {
        let (before, after) = (self.lines(self.before, false), self.lines(self.after, false));
        let (before, after) = (before.concat(), after.concat());
        if self.lines(self.before, true).is_empty() {
            let separator = after.strip_prefix(&before).expect("a line outside of the section changed");
            let allowed = ["", "\n", "\n\n", "\r\n", "\r\n\r\n"];
            assert!(allowed.contains(&separator), "{separator:?} stands before the new section");
        } else {
            assert_eq!(before, after, "a line outside of the section changed");
        }
    }

    fn foreign_lines_in_the_section_survive(&self) {
        let mut after = self.lines(self.after, true).into_iter().map(without_break);
        let mut is_foreign = true;
        for (line, kind) in self.kinds(self.before, true) {
            match kind {
                Kind::Header(_) => is_foreign = true,
                Kind::Key => is_foreign = !self.is_ours(line),
                Kind::Continuation | Kind::Other => {}
            }
            let line = without_break(line);
            if is_foreign || kind == Kind::Other {
                assert!(after.any(|kept| kept == line), "{line:?} of the section is gone");
            }
        }
    }

    fn nothing_but_the_settings_is_new(&self) {
        let before: Vec<&str> = self.lines(self.before, true).into_iter().map(without_break).collect();
        let written: Vec<String> =
            self.set.iter().chain(self.set_if_there).map(|(key, value)| format!("{key} = {value}")).collect();
        let header = format!("[{}]", self.sections[0]);
        for line in self.lines(self.after, true).into_iter().map(without_break) {
            let is_header = before.is_empty() && line == header;
            let is_written = written.iter().any(|written| written == line.trim_start_matches(BLANKS));
            assert!(is_header || is_written || before.contains(&line), "{line:?} is new");
        }
    }

    fn other_sdks_read_the_new_keys_and_all_else_as_before(&self) {
        // They cannot read every file that botocore reads; then there is nothing to compare.
        let Some(mut expected) = sdk_grammar::read(self.before) else { return };
        let mut ours: Vec<&str> =
            self.sections.iter().copied().filter(|name| expected.contains_key(*name)).collect();
        if ours.is_empty() {
            ours.push(self.sections[0]);
        }
        for name in ours {
            let keys = expected.entry(name.to_owned()).or_default();
            let is_there = |key: &str| keys.keys().any(|there| name_of(there) == key);
            let there = self.set_if_there.iter().filter(|(key, _)| is_there(key));
            let set: Vec<_> = there.chain(self.set).collect();
            // For these SDKs `region: a = b` is not `region`, but for botocore it is, so the editor changes it.
            keys.retain(|key, _| !self.is_ours(key));
            keys.extend(set.into_iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned())));
        }
        assert_eq!(sdk_grammar::read(self.after), Some(expected), "another SDK reads something else");
    }

    fn is_ours(&self, line: &str) -> bool {
        let name = name_of(line);
        let mut set = self.set.iter().chain(self.set_if_there).map(|(key, _)| *key);
        set.any(|key| key == name) || self.removed.contains(&name.as_str())
    }

    /// The lines that are, or are not, in the profile's sections.
    fn lines<'t>(&self, text: &'t str, inside: bool) -> Vec<&'t str> {
        self.kinds(text, inside).into_iter().map(|(line, _)| line).collect()
    }

    /// The same, with what they are.
    fn kinds<'t>(&self, text: &'t str, inside: bool) -> Vec<(&'t str, Kind<'t>)> {
        let mut is_inside = false;
        let mut of_key = None;
        let kinds = text.split_inclusive('\n').map(|line| {
            let kind = Kind::of(line, of_key);
            match kind {
                Kind::Header(name) => (is_inside, of_key) = (self.sections.contains(&name), None),
                Kind::Key => of_key = Some(indentation(line)),
                Kind::Continuation | Kind::Other => {}
            }
            (is_inside == inside).then_some((line, kind))
        });
        kinds.flatten().collect()
    }
}

const BLANKS: [char; 2] = [' ', '\t'];

/// What a line is to botocore.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind<'t> {
    Header(&'t str),
    Key,
    /// Of a key's value: indented deeper than the key.
    Continuation,
    /// Blank, or a comment.
    Other,
}

impl<'t> Kind<'t> {
    fn of(line: &'t str, indentation_of_key: Option<usize>) -> Self {
        let bare = line.trim_start_matches(BLANKS);
        if bare.trim().is_empty() || bare.starts_with(['#', ';']) {
            return Self::Other;
        }
        if indentation_of_key.is_some_and(|of_key| indentation(line) > of_key) {
            return Self::Continuation;
        }
        bare.strip_prefix('[')
            .and_then(|header| header.split_once(']'))
            .map_or(Self::Key, |(name, _)| Self::Header(name))
    }
}

fn indentation(line: &str) -> usize {
    line.len() - line.trim_start_matches(BLANKS).len()
}

/// A colon ends a key's name too, as in botocore.
fn name_of(line: &str) -> String {
    line.split(['=', ':']).next().unwrap_or_default().trim().to_lowercase()
}

fn without_break(line: &str) -> &str {
    let line = line.strip_suffix('\n').unwrap_or(line);
    line.strip_suffix('\r').unwrap_or(line)
}
