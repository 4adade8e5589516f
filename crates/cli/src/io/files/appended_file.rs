//! A file that many programs append to without a lock, such as that of `BASH_ENV` or `GITHUB_ENV`. No byte that one of them
//! appends is lost here: text is appended in one write, and taken out again in place, or by a replacement that gets what
//! comes late as well.
//!
//! Where other users could read or write the file, one of them can have it open since then, and a new mode does not change
//! that. Such a file is replaced by a private one before a secret is in it.

mod drain;

use std::fs::{File, Permissions, TryLockError};
use std::io::{self, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use crate::io::clock::{self, Deadline};
use crate::io::files::directory::{Directory, Expected, Target};
use crate::io::files::file_trust::directory_of;
use crate::io::files::private_file;
use crate::io::files::staged_file::StagedFile;
use crate::io::files::text_file::{self, ReadError};
use drain::{LOCK_PAUSE, LONGEST_LOCK};

/// Linux says why only when there was no room at all.
const PARTLY_WRITTEN: &str =
    "only a part was written: the disk is full, or the file has the size that `ulimit -f` permits";

/// The file, open, and locked against other runs of this program.
pub(super) struct AppendedFile {
    path: PathBuf,
    expected: Expected,
    directory: Directory,
    file: File,
    /// Whether this run created it: CircleCI names a file that does not exist yet.
    pub(super) created: bool,
}

/// What becomes of a file that does not exist.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum IfMissing {
    /// It is created.
    Create,
    /// There is nothing to do.
    Skip,
}

/// What the user may not expect of a file that is private now.
#[derive(Debug, thiserror::Error)]
pub(crate) enum AppendNote {
    /// It was changed in place: a mount point, or a directory that this user cannot write to.
    #[error(
        "other users could open `{}` before this run, and it cannot be replaced by a private file ({reason}): a program \
         that has it open since then can read the credentials in it",
        path.display()
    )]
    NotReplaced {
        /// The file.
        path: PathBuf,
        /// The system's own reason.
        reason: io::Error,
    },
    /// A program does not close the file that was replaced.
    #[error("a program has the replaced file `{}` open: what it appends from now on is lost", .0.display())]
    StillOpen(PathBuf),
}

/// How text was taken out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum TakenOut {
    /// Nothing is left of it.
    Whole,
    /// Blank lines are left: another program is writing to the file, or it cannot be replaced.
    Blanked,
}

/// Checks that a file can be appended to, or created. Leaves nothing behind. Returns the file, open, if it exists.
pub(crate) fn probe(target: Target, expected: Expected) -> io::Result<Option<File>> {
    let Target { path, directory, .. } = target;
    match directory.append_to(path.file_name().unwrap_or_default()) {
        Ok(file) => Ok(Some(file)),
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            StagedFile::create_in(directory, &path, expected).map(|_| None)
        }
        Err(error) => Err(error),
    }
}

/// The file's text, of any size; `None` if it does not exist. Bytes that are not UTF-8 are read as Latin-1: what this program
/// writes is ASCII, and bash takes any bytes.
pub(crate) fn text(path: &Path) -> Result<Option<Zeroizing<String>>, ReadError> {
    Ok(text_file::read_bytes(u64::MAX - 1, path)?.map(|bytes| as_text(&bytes)))
}

/// A character for each byte.
pub(crate) fn as_text(bytes: &[u8]) -> Zeroizing<String> {
    let mut text = Zeroizing::new(String::with_capacity(2 * bytes.len()));
    text.extend(bytes.iter().map(|byte| char::from(*byte)));
    text
}

/// The bytes of such a text.
pub(crate) fn as_bytes(text: &str) -> Zeroizing<Vec<u8>> {
    let mut bytes = Zeroizing::new(Vec::with_capacity(text.len()));
    bytes.extend(text.chars().filter_map(|character| u8::try_from(u32::from(character)).ok()));
    bytes
}

impl AppendedFile {
    /// Opens the file of a resolved path; `None` if it does not exist and is skipped.
    pub(super) fn open(path: &Path, expected: Expected, if_missing: IfMissing) -> io::Result<Option<Self>> {
        let directory = Directory::open_expected(directory_of(path), expected)?;
        Self::open_in(directory, path.to_owned(), expected, if_missing)
    }

    /// The same in its directory, which is open.
    pub(super) fn open_in(
        directory: Directory,
        path: PathBuf,
        expected: Expected,
        if_missing: IfMissing,
    ) -> io::Result<Option<Self>> {
        let name = path.file_name().unwrap_or_default();
        let deadline = Deadline::after(LONGEST_LOCK);
        let mut created = false;
        loop {
            created |= if_missing == IfMissing::Create
                && match directory.create_file(name) {
                    Ok(_) => true,
                    Err(error) if error.kind() == io::ErrorKind::AlreadyExists => false,
                    Err(error) => return Err(error),
                };
            let (file, metadata) = match directory.append_to_with_metadata(name) {
                Err(error) if error.kind() == io::ErrorKind::NotFound && if_missing == IfMissing::Skip => {
                    return Ok(None);
                }
                // Another run has just removed it.
                Err(error) if error.kind() == io::ErrorKind::NotFound && !deadline.left().is_zero() => {
                    continue;
                }
                opened => opened?,
            };
            if !metadata.is_file() {
                return Err(io::Error::other("it is not a regular file"));
            }
            lock(&file, deadline);
            // Another run may have replaced it meanwhile.
            if deadline.left().is_zero() || directory.has(&metadata, name) {
                return Ok(Some(Self { path, expected, directory, file, created }));
            }
        }
    }

    /// Its bytes.
    pub(super) fn bytes(&mut self) -> io::Result<Zeroizing<Vec<u8>>> {
        let size = usize::try_from(self.file.metadata()?.len()).unwrap_or(0);
        let mut bytes = Zeroizing::new(Vec::with_capacity(size + 1));
        self.file.seek(SeekFrom::Start(0))?;
        self.file.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Its permissions.
    pub(super) fn permissions(&self) -> io::Result<Permissions> {
        Ok(self.file.metadata()?.permissions())
    }

    /// Those of the same file that only its owner can open.
    pub(super) fn private_permissions(&self) -> io::Result<Permissions> {
        Ok(private_file::private(self.permissions()?))
    }

    /// Whether the last byte is not that of a line break.
    pub(super) fn ends_in_a_line(&mut self) -> io::Result<bool> {
        if self.file.metadata()?.len() == 0 {
            return Ok(false);
        }
        self.file.seek(SeekFrom::End(-1))?;
        let mut last = [0];
        self.file.read_exact(&mut last)?;
        Ok(last != *b"\n")
    }

    /// Appends the whole text in one write, to a file that only its owner can open and could open before.
    pub(super) fn append(mut self, text: &[u8]) -> io::Result<Option<AppendNote>> {
        let permissions = self.permissions()?;
        if self.created || private_file::is_closed_to_others(&permissions) {
            private_file::make_private(&self.file, permissions)?;
            return self.append_here(text).map(|()| None);
        }
        let before = self.bytes()?;
        let mut whole = Zeroizing::new(Vec::with_capacity(before.len() + text.len()));
        whole.extend_from_slice(&before);
        whole.extend_from_slice(text);
        match self.stage(&whole, None) {
            Ok(()) => self.add_what_comes_late(before.len()),
            Err(reason) => {
                private_file::make_private(&self.file, permissions)?;
                let path = self.path.clone();
                self.append_here(text).map(|()| Some(AppendNote::NotReplaced { path, reason }))
            }
        }
    }

    fn append_here(&mut self, text: &[u8]) -> io::Result<()> {
        match self.file.write(text)? {
            count if count == text.len() => Ok(()),
            // Every later step would run half a line. The rollback finds only the whole text.
            count => {
                let end = self.file.stream_position()?;
                let start = end.saturating_sub(count as u64);
                overwrite(&self.file, &vec![b'\n'; count], start)?;
                if usize::try_from(end).is_ok_and(|end| drain::is_quiet(&self.file, &self.path, end)) {
                    let _ = self.file.set_len(start);
                }
                Err(io::Error::new(io::ErrorKind::StorageFull, PARTLY_WRITTEN))
            }
        }
    }

    /// Takes text out of `before`, which was read: `without` is the rest, `blanked` the same with line breaks in its place.
    pub(super) fn take_out(
        self,
        before: &[u8],
        (without, blanked): (&[u8], &[u8]),
        permissions: Permissions,
    ) -> io::Result<TakenOut> {
        if drain::is_quiet(&self.file, &self.path, before.len())
            && self.replace(without, before.len(), permissions.clone()).is_ok()
        {
            return Ok(TakenOut::Whole);
        }
        self.overwrite(before, blanked, permissions)?;
        Ok(TakenOut::Blanked)
    }

    /// Writes other bytes in the place of those that were read.
    pub(super) fn overwrite(&self, before: &[u8], after: &[u8], permissions: Permissions) -> io::Result<()> {
        let differs = |(before, after): (&u8, &u8)| before != after;
        let start = before.iter().zip(after).position(differs).unwrap_or(0);
        let end = before.iter().zip(after).rposition(differs).map_or(start, |last| last + 1);
        overwrite(&self.file, after.get(start..end).unwrap_or_default(), start as u64)?;
        self.file.set_permissions(permissions)
    }

    /// Replaces the file, of which `read` bytes were read; removes it if it is empty and this run created it.
    pub(super) fn replace(&self, text: &[u8], read: usize, permissions: Permissions) -> io::Result<()> {
        if text.is_empty() && self.created {
            self.directory.remove_file(self.path.file_name().unwrap_or_default())?;
        } else {
            self.stage(text, Some(permissions))?;
        }
        // It is replaced, whatever comes late.
        let _ = self.add_what_comes_late(read);
        Ok(())
    }

    fn stage(&self, text: &[u8], permissions: Option<Permissions>) -> io::Result<()> {
        StagedFile::create_expected(&self.path, self.expected)?.replace_with(text, permissions)
    }

    fn add_what_comes_late(&self, read: usize) -> io::Result<Option<AppendNote>> {
        let mut old = &self.file;
        old.seek(SeekFrom::Start(read as u64))?;
        let closed = drain::drain(old, &self.path, |late| {
            let name = self.path.file_name().unwrap_or_default();
            let mut new = match self.directory.append_to(name) {
                Err(error) if error.kind() == io::ErrorKind::NotFound => {
                    self.directory.create_file(name)?;
                    self.directory.append_to(name)?
                }
                opened => opened?,
            };
            new.write_all(late)
        })?;
        Ok((!closed).then(|| AppendNote::StillOpen(self.path.clone())))
    }
}

/// Other runs of this program hold the lock for a moment. A lock of another program is no reason to fail.
fn lock(file: &File, deadline: Deadline) {
    while matches!(file.try_lock(), Err(TryLockError::WouldBlock)) && !deadline.left().is_zero() {
        clock::wait(LOCK_PAUSE);
    }
}

/// Writes within the file. Linux appends any write to a file that is open for appending, so it is so no longer.
#[cfg(unix)]
fn overwrite(file: &File, bytes: &[u8], at: u64) -> io::Result<()> {
    use std::os::unix::fs::FileExt;
    let flags = rustix::fs::fcntl_getfl(file)?;
    rustix::fs::fcntl_setfl(file, flags.difference(rustix::fs::OFlags::APPEND))?;
    file.write_all_at(bytes, at)
}

/// Windows: who may append may not write elsewhere.
#[cfg(not(unix))]
fn overwrite(_: &File, _: &[u8], _: u64) -> io::Result<()> {
    Err(io::Error::other("another program is writing to it"))
}
