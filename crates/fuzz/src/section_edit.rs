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
        for line in self.lines(self.before, true).into_iter().map(without_break) {
            let is_blank_or_comment = line.trim().is_empty() || line.starts_with(['#', ';']);
            if !is_blank_or_comment && !line.starts_with([' ', '\t']) {
                is_foreign = line.starts_with('[') || !self.is_ours(line);
            }
            if is_foreign || is_blank_or_comment {
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
            let is_written = written.iter().any(|written| written == line);
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
        let mut is_inside = false;
        let lines = text.split_inclusive('\n').filter(|line| {
            if let Some((name, _)) = line.strip_prefix('[').and_then(|header| header.split_once(']')) {
                is_inside = self.sections.contains(&name);
            }
            is_inside == inside
        });
        lines.collect()
    }
}

/// A colon ends a key's name too, as in botocore.
fn name_of(line: &str) -> String {
    line.split(['=', ':']).next().unwrap_or_default().trim().to_lowercase()
}

fn without_break(line: &str) -> &str {
    let line = line.strip_suffix('\n').unwrap_or(line);
    line.strip_suffix('\r').unwrap_or(line)
}
