//! Root in the directories of another user. These tests need root, as CI's containers have it.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, lchown, symlink};
use std::path::{Path, PathBuf};

use super::Directory;
use crate::io::files::staged_file::StagedFile;

const USER: u32 = 54_321;

/// A home directory of another user, and a directory of root.
struct Homes {
    _directory: tempfile::TempDir,
    home: PathBuf,
    of_root: PathBuf,
}

/// `None` without root: then there is nothing to give away.
fn homes() -> Option<Homes> {
    if !rustix::process::geteuid().is_root() {
        return None;
    }
    let directory = tempfile::tempdir().unwrap();
    let (home, of_root) = (directory.path().join("home"), directory.path().join("root"));
    fs::create_dir(&home).unwrap();
    fs::create_dir(&of_root).unwrap();
    chown(&home, Some(USER), Some(USER)).unwrap();
    Some(Homes { _directory: directory, home, of_root })
}

fn plant_link(target: &Path, link: &Path) {
    symlink(target, link).unwrap();
    lchown(link, Some(USER), Some(USER)).unwrap();
}

fn owner(path: &Path) -> (u32, u32) {
    let metadata = fs::symlink_metadata(path).unwrap();
    (metadata.uid(), metadata.gid())
}

#[test]
fn what_root_creates_belongs_to_the_owner_of_the_directory() {
    let Some(homes) = homes() else { return };
    let home = &homes.home;
    let (aws, state) = (home.join(".aws"), home.join(".aws/state"));
    let directory = Directory::create(&state).unwrap();
    drop(directory.create_file("lock".as_ref()).unwrap());
    StagedFile::create(&aws.join("config")).unwrap().replace("text").unwrap();
    for path in [&aws, &state, &state.join("lock"), &aws.join("config")] {
        assert_eq!(owner(path), (USER, USER), "{}", path.display());
    }
    for path in [&aws, &state] {
        assert_eq!(fs::metadata(path).unwrap().permissions().mode() & 0o777, 0o700);
    }
}

#[test]
fn what_exists_is_not_given_away() {
    let Some(homes) = homes() else { return };
    let home = &homes.home;
    let aws = home.join(".aws");
    fs::create_dir(&aws).unwrap();
    fs::File::create(aws.join("config")).unwrap();
    drop(Directory::create(&aws).unwrap());
    StagedFile::create(&aws.join("config")).unwrap().replace("text").unwrap();
    StagedFile::create(&aws.join("credentials")).unwrap().replace("text").unwrap();
    for path in [&aws, &aws.join("config"), &aws.join("credentials")] {
        assert_eq!(owner(path), (0, 0), "{}", path.display());
    }
}

#[test]
fn a_link_of_another_user_does_not_lead_root_into_a_directory_of_root() {
    let Some(homes) = homes() else { return };
    let (home, of_root) = (&homes.home, &homes.of_root);
    let aws = home.join(".aws");
    plant_link(of_root, &aws);
    for refused in [
        Directory::open(&aws).err(),
        Directory::create(&aws.join("state")).err(),
        StagedFile::create(&aws.join("config")).err(),
    ] {
        assert_eq!(refused.map(|error| error.kind()), Some(io::ErrorKind::PermissionDenied));
    }
    assert_eq!(fs::read_dir(of_root).unwrap().count(), 0);
    assert_eq!(owner(of_root), (0, 0));
}

#[test]
fn a_link_of_another_user_leads_root_into_a_directory_of_that_user() {
    let Some(homes) = homes() else { return };
    let home = &homes.home;
    let (aws, elsewhere) = (home.join(".aws"), home.join("elsewhere"));
    drop(Directory::create(&elsewhere).unwrap());
    plant_link(&elsewhere, &aws);
    drop(Directory::create(&aws.join("state")).unwrap());
    assert_eq!(owner(&elsewhere.join("state")), (USER, USER));
}

#[test]
fn a_dangling_link_is_not_created_through() {
    let Some(homes) = homes() else { return };
    let (home, of_root) = (&homes.home, &homes.of_root);
    plant_link(&of_root.join("new"), &home.join(".aws"));
    assert!(Directory::create(&home.join(".aws")).is_err());
    assert_eq!(fs::read_dir(of_root).unwrap().count(), 0);
}

#[test]
fn a_link_of_root_is_followed() {
    let Some(homes) = homes() else { return };
    let (home, of_root) = (&homes.home, &homes.of_root);
    let link = of_root.join("homes");
    symlink(home.parent().unwrap(), &link).unwrap();
    drop(Directory::create(&link.join("home/.aws")).unwrap());
    assert_eq!(owner(&home.join(".aws")), (USER, USER));
}

#[test]
fn what_replaces_the_new_directory_is_not_given_away() {
    let Some(homes) = homes() else { return };
    let (aws, of_root) = (&homes.home.join(".aws"), &homes.of_root);
    let home = Directory::open(&homes.home).unwrap();
    plant_link(of_root, aws);
    assert!(home.take_over_new(".aws".as_ref()).is_err());
    assert_eq!(owner(of_root), (0, 0));
    fs::remove_file(aws).unwrap();
    fs::create_dir(aws).unwrap();
    fs::File::create(aws.join("of_root")).unwrap();
    drop(home.take_over_new(".aws".as_ref()).unwrap());
    assert_eq!(owner(aws), (0, 0));
}
