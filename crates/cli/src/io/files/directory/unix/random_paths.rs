//! Random trees of directories and links, with random owners and modes: a path leads where the system leads it, and a path
//! that any third user can change is refused.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt, lchown, symlink};
use std::path::{Component, Path, PathBuf};

use super::Directory;

const TREES: u64 = 100;
const PATHS: u32 = 12;
const OWNERS: [u32; 5] = [0, 0, 0, 54_321, 54_322];
const MODES: [u32; 6] = [0o755, 0o755, 0o700, 0o1777, 0o777, 0o775];
/// Found nowhere above the tree, where `..` can lead.
const NAMES: [&str; 5] = ["tree-a", "tree-b", "tree-c", "tree-l", "tree-m"];
const UP: &str = "..";
/// Of no user.
const GROUP: u32 = 54_399;
/// Stands for all users in a set of them.
const EVERYBODY: u32 = u32::MAX;

/// xorshift: a failure names the seed.
struct Random(u64);

impl Random {
    fn below(&mut self, limit: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % limit as u64).unwrap()
    }

    fn of<T: Clone>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())].clone()
    }

    /// A path in the tree, or relative to a directory of it.
    fn path(&mut self, root: &Path) -> PathBuf {
        let parts = (0..=self.below(4)).map(|_| self.of(&[&NAMES[..], &[UP, "."]].concat()));
        let relative: PathBuf = parts.collect::<Vec<_>>().iter().collect();
        if self.below(2) == 0 { root.join(relative) } else { relative }
    }
}

/// Directories in each other, links to anywhere, dangling ones and loops too.
fn grow(directory: &Path, root: &Path, depth: u32, with_owners: bool, random: &mut Random) {
    for name in &NAMES[..3] {
        if depth > 0 && random.below(4) > 0 {
            let path = directory.join(name);
            fs::create_dir(&path).unwrap();
            grow(&path, root, depth - 1, with_owners, random);
            if with_owners {
                lchown(&path, Some(random.of(&OWNERS)), Some(GROUP)).unwrap();
                fs::set_permissions(&path, fs::Permissions::from_mode(random.of(&MODES))).unwrap();
            }
        }
    }
    for name in &NAMES[3..] {
        if random.below(2) == 0 {
            let path = directory.join(name);
            symlink(random.path(root), &path).unwrap();
            if with_owners {
                lchown(&path, Some(random.of(&OWNERS)), Some(GROUP)).unwrap();
            }
        }
    }
}

/// Who decides where a path leads, by the system's own resolution of each of its parts; `None` for what leads nowhere.
fn deciders(path: &Path, links: u32) -> Option<(PathBuf, BTreeSet<u32>, BTreeSet<u32>)> {
    let (mut at, mut all, mut of_links) = (PathBuf::from("/"), BTreeSet::new(), BTreeSet::new());
    for part in path.components() {
        let next = match part {
            Component::ParentDir => at.parent().unwrap_or(&at).to_owned(),
            Component::Normal(name) => at.join(name),
            _ => continue,
        };
        let entry = fs::symlink_metadata(&next).ok()?;
        let parent = fs::metadata(&at).ok()?;
        all.insert(entry.uid());
        if parent.mode() & 0o022 != 0 && parent.mode() & 0o1000 == 0 {
            all.insert(EVERYBODY);
        }
        if entry.is_symlink() {
            of_links.insert(entry.uid());
            let target = at.join(fs::read_link(&next).ok()?);
            let (end, more, more_of_links) = (links > 0).then(|| deciders(&target, links - 1))??;
            at = end;
            all.extend(more);
            of_links.extend(more_of_links);
        } else {
            at = next;
        }
    }
    let end = fs::metadata(&at).ok()?;
    if end.mode() & 0o022 != 0 && end.mode() & 0o1000 == 0 {
        all.insert(EVERYBODY);
    }
    Some((at, all, of_links))
}

#[test]
fn a_path_leads_where_the_system_leads_it() {
    for seed in 1..=TREES {
        let (directory, mut random) = (tempfile::tempdir().unwrap(), Random(seed * 0x9E37_79B9));
        grow(directory.path(), directory.path(), 3, false, &mut random);
        for _ in 0..PATHS {
            let path = directory.path().join(random.path(directory.path()));
            let found = Directory::open(&path).and_then(|directory| directory.metadata());
            let same = |found: &fs::Metadata, expected: &fs::Metadata| {
                (found.dev(), found.ino()) == (expected.dev(), expected.ino())
            };
            match (found, fs::metadata(&path)) {
                (Ok(found), Ok(expected)) => assert!(same(&found, &expected), "{seed}: {}", path.display()),
                (Err(found), Err(expected)) => {
                    assert_eq!(found.raw_os_error(), expected.raw_os_error(), "{seed}: {}", path.display());
                }
                (found, expected) => panic!("{seed}: {}: {found:?}, {expected:?}", path.display()),
            }
        }
    }
}

#[test]
fn a_path_that_a_third_user_can_change_is_refused() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let (mut accepted, mut refused) = (0, 0);
    for seed in 1..=TREES {
        let (directory, mut random) = (tempfile::tempdir().unwrap(), Random(seed * 0x9E37_79B9));
        grow(directory.path(), directory.path(), 3, true, &mut random);
        for _ in 0..PATHS {
            let path = directory.path().join(random.path(directory.path()));
            let Some((end, all, of_links)) = deciders(&path, 40) else { continue };
            let users: Vec<u32> = all.into_iter().filter(|user| *user != 0).collect();
            let through_link = of_links.iter().any(|user| *user != 0);
            match Directory::open(&path) {
                Ok(opened) => {
                    accepted += 1;
                    let owner = opened.metadata().unwrap().uid();
                    assert_eq!(opened.metadata().unwrap().ino(), fs::metadata(end).unwrap().ino());
                    assert!(
                        users.len() <= 1 && !users.contains(&EVERYBODY),
                        "{seed}: {}: {users:?}",
                        path.display()
                    );
                    assert!(
                        !through_link || users == [owner],
                        "{seed}: {}: {users:?} {owner}",
                        path.display()
                    );
                }
                Err(error) => {
                    refused += 1;
                    assert!(!users.is_empty(), "{seed}: {}: {error}", path.display());
                }
            }
        }
    }
    assert!(accepted > 100 && refused > 100, "{accepted} {refused}");
}
