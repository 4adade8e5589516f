//! The files that `trust lint` reads: those that the user names, and a policy that one of them takes from a file beside
//! it. A note that another of the files answers is not repeated.

use std::collections::BTreeSet;
use std::path::{Component, Path, PathBuf};

use policy_source::{Elsewhere, Note, Source};

use crate::trust::trust_file::{TrustFileError, read_all};

/// A file that was read.
#[derive(Debug)]
pub(crate) struct PolicyFile {
    /// As a report names it.
    pub(crate) path: PathBuf,
    /// Where it is.
    place: PathBuf,
    pub(crate) source: Source,
    pub(crate) text: String,
    /// Whether a policy that it names is in another of the files.
    pub(crate) names_other_file: bool,
}

impl PolicyFile {
    /// Reads the file at `place`, which a report names by `path`.
    pub(crate) fn read(path: &Path, place: &Path) -> Result<Self, TrustFileError> {
        let (source, text) = read_all(place)?;
        Ok(Self { path: path.to_owned(), place: place.to_owned(), source, text, names_other_file: false })
    }

    /// The file that a value names: in this file's directory or below it, whatever links the path has.
    fn beside(&self, named: &str) -> Option<(PathBuf, PathBuf)> {
        let named: PathBuf =
            Path::new(named).components().filter(|part| *part != Component::CurDir).collect();
        let is_below = named.components().all(|part| matches!(part, Component::Normal(_)));
        let directory = directory(&self.place);
        let place = directory.join(&named);
        let is_inside = place.canonicalize().ok()?.starts_with(directory.canonicalize().ok()?);
        let is_file = place.metadata().is_ok_and(|entry| entry.is_file());
        let path = self.path.parent().unwrap_or(Path::new("")).join(&named);
        (is_below && is_inside && is_file).then_some((path, place))
    }
}

/// Removes the notes on policies that another of the files holds. A file that a role's policy is in is added.
pub(crate) fn settle(files: &mut Vec<PolicyFile>) {
    let documents: BTreeSet<(PathBuf, String)> = files
        .iter()
        .flat_map(|file| file.source.documents.iter().map(|name| in_module(file, name)))
        .collect();
    let mut added = Vec::new();
    // One in which nothing was found does not answer a note.
    let holds_policy =
        |file: &&PolicyFile| !file.source.policies.is_empty() || !file.source.unread.is_empty();
    let mut known: BTreeSet<PathBuf> =
        files.iter().filter(holds_policy).filter_map(|file| file.place.canonicalize().ok()).collect();
    for file in files.iter_mut() {
        let unread = std::mem::take(&mut file.source.unread);
        let is_answered = |note: &Note| match &note.elsewhere {
            Some(Elsewhere::Document(name)) => documents.contains(&in_module(file, name)),
            Some(Elsewhere::File(named)) => {
                file.beside(named).is_some_and(|found| is_read(found, &mut known, &mut added))
            }
            None => false,
        };
        let (answered, left): (Vec<Note>, Vec<Note>) = unread.into_iter().partition(is_answered);
        file.names_other_file = !answered.is_empty();
        file.source.unread = left;
    }
    files.extend(added);
}

/// Whether the file holds a trust policy: it is read unless it was before.
fn is_read(
    (path, place): (PathBuf, PathBuf),
    known: &mut BTreeSet<PathBuf>,
    added: &mut Vec<PolicyFile>,
) -> bool {
    let Ok(resolved) = place.canonicalize() else { return false };
    if known.contains(&resolved) {
        return true;
    }
    // A file that is not a policy is told by the note.
    let Ok(file) = PolicyFile::read(&path, &place) else { return false };
    if file.source.policies.is_empty() {
        return false;
    }
    known.insert(resolved);
    added.push(file);
    true
}

/// A document's name with the directory, which is a module.
fn in_module(file: &PolicyFile, name: &str) -> (PathBuf, String) {
    let directory = directory(&file.place);
    (directory.canonicalize().unwrap_or_else(|_| directory.to_owned()), name.to_owned())
}

fn directory(place: &Path) -> &Path {
    place.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

#[cfg(test)]
#[expect(clippy::disallowed_methods, reason = "files of the test's own directory")]
mod tests {
    use std::fs;

    use super::*;

    const POLICY: &str = r#"{"Statement": [{"Effect": "Allow", "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/gitlab.com"}, "Action": "sts:AssumeRoleWithWebIdentity"}]}"#;

    /// The paths that are read for a role whose policy is in this file, and how many notes are left.
    fn settled(directory: &Path, named: &str) -> (Vec<PathBuf>, usize) {
        let text =
            format!("resource \"aws_iam_role\" \"a\" {{\n  assume_role_policy = file(\"{named}\")\n}}\n");
        let place = directory.join("module/main.tf");
        fs::write(&place, text).unwrap();
        let mut files = vec![PolicyFile::read(Path::new("main.tf"), &place).unwrap()];
        settle(&mut files);
        let left: usize = files.iter().map(|file| file.source.unread.len()).sum();
        assert_eq!(files[0].names_other_file, left == 0, "{named}");
        (files.into_iter().skip(1).map(|file| file.path).collect(), left)
    }

    #[test]
    fn a_named_file_is_read_only_below_the_directory_of_the_file_that_names_it() {
        let directory = tempfile::tempdir().unwrap();
        let module = directory.path().join("module");
        fs::create_dir_all(module.join("below")).unwrap();
        for place in [directory.path().join("outside.json"), module.join("below/trust.json")] {
            fs::write(place, POLICY).unwrap();
        }
        fs::write(module.join("words.json"), "[]").unwrap();
        let read = |path: &str| (vec![PathBuf::from(path)], 0);
        let left = (Vec::new(), 1);
        let absolute = module.join("below/trust.json");
        assert_eq!(settled(directory.path(), "below/trust.json"), read("below/trust.json"));
        assert_eq!(settled(directory.path(), "${path.module}/below/trust.json"), read("below/trust.json"));
        assert_eq!(settled(directory.path(), "../outside.json"), left);
        assert_eq!(settled(directory.path(), "below/../below/trust.json"), left);
        assert_eq!(settled(directory.path(), &absolute.to_string_lossy()), left);
        assert_eq!(settled(directory.path(), "missing.json"), left);
        assert_eq!(settled(directory.path(), "words.json"), left);
        assert_eq!(settled(directory.path(), "below"), left);
        #[cfg(unix)]
        {
            std::os::unix::fs::symlink("../outside.json", module.join("link.json")).unwrap();
            std::os::unix::fs::symlink("..", module.join("up")).unwrap();
            assert_eq!(settled(directory.path(), "link.json"), left);
            assert_eq!(settled(directory.path(), "up/outside.json"), left);
        }
    }

    #[test]
    fn a_named_file_without_a_policy_answers_nothing_though_it_is_in_the_list() {
        let directory = tempfile::tempdir().unwrap();
        let left = |beside: &str| {
            let (role, policy) = (directory.path().join("main.tf"), directory.path().join("trust.json"));
            fs::write(
                &role,
                "resource \"aws_iam_role\" \"a\" {\n  assume_role_policy = file(\"trust.json\")\n}\n",
            )
            .unwrap();
            fs::write(&policy, beside).unwrap();
            let mut files = [role, policy].map(|place| PolicyFile::read(&place, &place).unwrap()).into();
            settle(&mut files);
            assert_eq!(files.len(), 2);
            files.iter().map(|file| file.source.unread.len()).sum::<usize>()
        };
        assert_eq!(left(POLICY), 0);
        assert_eq!(left("[]"), 1);
    }
}
