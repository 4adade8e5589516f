//! Writes to several files as one transaction: each write pushes its undo, a rollback runs all of them, the latest
//! first. A transaction that is dropped without a commit is rolled back, so no early return leaves half of it. From its
//! first write until it is dropped, signals wait.

use std::io;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::io::files::appended_file::{AppendNote, AppendedFile, IfMissing, TakenOut};
use crate::io::files::directory::{Expected, Target};
pub(crate) use crate::io::files::undo::Undo;
use crate::io::signals::Hold;

/// The undo of each write so far.
#[derive(Default)]
pub(crate) struct FileTransaction {
    undos: Vec<Undo>,
    hold: Option<Hold>,
}

/// A file that a rollback could not restore.
#[derive(Debug, thiserror::Error)]
#[error("`{}` could not be restored: {reason}", path.display())]
pub(crate) struct NotRestored {
    path: PathBuf,
    reason: io::Error,
}

/// A text without a part of it, and with line breaks in the place of that part.
pub(crate) struct Parted {
    /// Without it.
    pub(crate) without: Zeroizing<Vec<u8>>,
    /// Of the same length as before.
    pub(crate) blanked: Zeroizing<Vec<u8>>,
}

impl FileTransaction {
    /// Holds signals off from now on. Called before the first write.
    pub(crate) fn hold_signals(&mut self) {
        self.hold.get_or_insert_with(Hold::start);
    }

    /// Adds the undo of a write.
    pub(crate) fn push(&mut self, undo: Undo) {
        self.undos.push(undo);
    }

    /// The number of writes so far.
    pub(crate) fn len(&self) -> usize {
        self.undos.len()
    }

    /// Appends text to a file of many writers, as lines of its own if `own_lines`. Its undo comes first: whatever fails
    /// after the write, the text is taken out again.
    pub(crate) fn append(
        &mut self,
        target: Target,
        expected: Expected,
        text: &str,
        own_lines: bool,
    ) -> io::Result<Option<AppendNote>> {
        self.hold_signals();
        let Target { path, directory, .. } = target;
        let opened = AppendedFile::open_in(directory, path.clone(), expected, IfMissing::Create)?;
        let Some(mut file) = opened else { return Ok(None) };
        let line_break = if own_lines && file.ends_in_a_line()? { "\n" } else { "" };
        let text = Zeroizing::new([line_break.as_bytes(), text.as_bytes()].concat());
        let (permissions, created) = (file.permissions()?, file.created);
        self.push(Undo::Appended { path, expected, text: text.clone(), permissions, created });
        file.append(&text)
    }

    /// Takes out of a file of many writers what `part` finds in it; `None` if that is nothing.
    pub(crate) fn take_out(
        &mut self,
        path: &Path,
        part: impl FnOnce(&[u8]) -> Option<Parted>,
    ) -> io::Result<Option<TakenOut>> {
        self.hold_signals();
        let Some(mut file) = AppendedFile::open(path, Expected::Own, IfMissing::Skip)? else {
            return Ok(None);
        };
        let before = file.bytes()?;
        let Some(Parted { without, blanked }) = part(&before) else { return Ok(None) };
        let permissions = file.permissions()?;
        let private = file.private_permissions()?;
        self.push(Undo::TakenOut {
            path: path.to_owned(),
            before: before.clone(),
            without: without.clone(),
            blanked: blanked.clone(),
            permissions,
        });
        file.take_out(&before, (&without, &blanked), private).map(Some)
    }

    /// Keeps every write.
    pub(crate) fn commit(&mut self) {
        self.undos.clear();
    }

    /// Undoes every write and returns those that could not be undone.
    pub(crate) fn roll_back(&mut self) -> Vec<NotRestored> {
        let undone = std::mem::take(&mut self.undos).into_iter().rev().map(|undo| {
            let path = undo.path();
            undo.run().map_err(|reason| NotRestored { path, reason })
        });
        undone.filter_map(Result::err).collect()
    }
}

impl Extend<Undo> for FileTransaction {
    fn extend<T: IntoIterator<Item = Undo>>(&mut self, undos: T) {
        self.undos.extend(undos);
    }
}

impl Drop for FileTransaction {
    fn drop(&mut self) {
        // The signals that were held off come afterwards.
        drop(self.roll_back());
    }
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;
    use crate::io::files::file_trust;

    fn with_text(text: Option<&str>) -> (tempfile::TempDir, PathBuf) {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("file");
        if let Some(text) = text {
            append(&path, text);
        }
        (directory, path)
    }

    fn target(path: &Path) -> Target {
        file_trust::target(path, Expected::Own).unwrap()
    }

    /// As another program does it.
    fn append(path: &Path, text: &str) {
        use std::io::Write;
        fs::File::options().create(true).append(true).open(path).unwrap().write_all(text.as_bytes()).unwrap();
    }

    #[test]
    fn an_append_is_undone_and_what_another_process_has_appended_since_stays() {
        for (existing, later, left) in [
            (None, "", None),
            (None, "B", Some("B")),
            (Some("x"), "", Some("x")),
            (Some("x"), "B", Some("xB")),
        ] {
            let (_directory, path) = with_text(existing);
            let mut transaction = FileTransaction::default();
            transaction.append(target(&path), Expected::Own, "A", false).unwrap();
            append(&path, later);
            assert!(transaction.roll_back().is_empty());
            assert_eq!(fs::read_to_string(&path).ok().as_deref(), left, "{existing:?}");
        }
    }

    #[test]
    fn only_a_commit_keeps_what_was_written() {
        for (commits, left) in [(true, Some("AB")), (false, None)] {
            let (_directory, path) = with_text(None);
            let mut transaction = FileTransaction::default();
            transaction.append(target(&path), Expected::Own, "A", false).unwrap();
            transaction.append(target(&path), Expected::Own, "B", false).unwrap();
            if commits {
                transaction.commit();
            }
            drop(transaction);
            assert_eq!(fs::read_to_string(&path).ok().as_deref(), left);
        }
    }

    fn part(before: &[u8]) -> Option<Parted> {
        let text = std::str::from_utf8(before).unwrap();
        let of = |text: String| Zeroizing::new(text.into_bytes());
        text.contains("SECRET").then(|| Parted {
            without: of(text.replace("SECRET", "")),
            blanked: of(text.replace("SECRET", "\n\n\n\n\n\n")),
        })
    }

    #[test]
    fn what_was_taken_out_comes_back_and_later_lines_stay() {
        for later in ["", "B"] {
            let (_directory, path) = with_text(Some("aSECRETb"));
            let mut transaction = FileTransaction::default();
            assert_eq!(transaction.take_out(&path, part).unwrap(), Some(TakenOut::Whole));
            assert_eq!(fs::read_to_string(&path).unwrap(), "ab");
            append(&path, later);
            assert!(transaction.roll_back().is_empty());
            assert_eq!(fs::read_to_string(&path).unwrap(), format!("aSECRETb{later}"));
        }
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn a_file_that_another_process_has_open_for_writing_is_changed_in_place() {
        let (_directory, path) = with_text(Some("aSECRETb"));
        let mut writer = std::process::Command::new("sh");
        writer.args(["-c", "exec 9>>\"$0\"; echo; read line; echo late >&9"]).arg(&path);
        let piped = std::process::Stdio::piped;
        let mut writer = writer.stdin(piped()).stdout(piped()).spawn().unwrap();
        let mut ready = [0];
        io::Read::read_exact(writer.stdout.as_mut().unwrap(), &mut ready).unwrap();
        let mut transaction = FileTransaction::default();
        assert_eq!(transaction.take_out(&path, part).unwrap(), Some(TakenOut::Blanked));
        drop(writer.stdin.take());
        writer.wait().unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "a\n\n\n\n\n\nblate\n");
        assert!(transaction.roll_back().is_empty());
        assert_eq!(fs::read_to_string(&path).unwrap(), "aSECRETblate\n");
    }
}
