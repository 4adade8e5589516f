//! Root in the directories of another user. These tests need root, as CI's containers have it.

use std::fs;
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown, lchown, symlink};
use std::path::{Path, PathBuf};

use super::Directory;
use crate::io::files::directory::Expected;
use crate::io::files::staged_file::StagedFile;
use crate::io::files::untrusted_path::{Flaw, OpenTo, UntrustedPath};

const USER: u32 = 54_321;
const OTHER: u32 = 54_322;

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

/// A directory with its owner and its mode.
fn directory_of(owner: u32, mode: u32, path: &Path) {
    fs::create_dir(path).unwrap();
    fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    chown(path, Some(owner), Some(owner)).unwrap();
}

/// What is wrong with a path.
fn flaw<T>(outcome: io::Result<T>) -> Option<Flaw> {
    outcome.err().map(|error| UntrustedPath::of(&error).unwrap_or_else(|| panic!("{error}")).flaw)
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

#[test]
fn a_link_of_another_user_does_not_lead_root_to_a_third_user() {
    let Some(homes) = homes() else { return };
    let home = &homes.home;
    let third = home.parent().unwrap().join("third");
    directory_of(OTHER, 0o755, &third);
    directory_of(OTHER, 0o755, &third.join(".aws"));
    let theirs = third.join(".aws/credentials");
    fs::File::create(&theirs).unwrap();
    chown(&theirs, Some(OTHER), Some(OTHER)).unwrap();
    plant_link(&third.join(".aws"), &home.join(".aws"));
    plant_link(&third, &home.join("v"));
    plant_link(&theirs, &home.join("file"));
    for path in [home.join(".aws"), home.join("v/.aws")] {
        assert_eq!(flaw(Directory::open(&path)), Some(Flaw::OtherDirectory), "{}", path.display());
        assert_eq!(flaw(StagedFile::create(&path.join("credentials"))), Some(Flaw::OtherDirectory));
        assert_eq!(flaw(Directory::create(&path.join("new"))), Some(Flaw::OtherDirectory));
    }
    for path in [home.join(".aws/credentials"), home.join("v/.aws/credentials"), home.join("file")] {
        assert_eq!(
            flaw(Directory::target(&path, Expected::Own)),
            Some(Flaw::OtherDirectory),
            "{}",
            path.display()
        );
    }
    assert_eq!(fs::read_dir(third.join(".aws")).unwrap().count(), 1);
}

#[test]
fn root_trusts_one_other_user_on_a_path() {
    let Some(homes) = homes() else { return };
    let (home, of_root) = (&homes.home, &homes.of_root);
    directory_of(0, 0o755, &home.join("of_root"));
    directory_of(USER, 0o755, &home.join("of_root/of_user"));
    directory_of(OTHER, 0o755, &home.join("third"));
    assert_eq!(flaw(Directory::open(&home.join("of_root/of_user"))), None);
    assert_eq!(flaw(Directory::open(&home.join("third"))), Some(Flaw::OtherDirectory));
    // Not where any user can create one.
    directory_of(0, 0o1777, &of_root.join("tmp"));
    directory_of(USER, 0o755, &of_root.join("tmp/planted"));
    directory_of(0, 0o755, &of_root.join("tmp/own"));
    assert_eq!(flaw(Directory::open(&of_root.join("tmp/planted"))), Some(Flaw::OtherDirectory));
    assert_eq!(flaw(Directory::open(&of_root.join("tmp/own"))), None);
    plant_link(&of_root.join("tmp/own"), &of_root.join("tmp/link"));
    assert_eq!(flaw(Directory::open(&of_root.join("tmp/link"))), Some(Flaw::OtherLink));
}

#[test]
fn a_directory_that_others_may_write_to_is_refused_wherever_it_is_on_the_path() {
    let Some(homes) = homes() else { return };
    let of_root = &homes.of_root;
    for (mode, expected) in [
        (0o700, None),
        (0o755, None),
        (0o775, Some(OpenTo::Group(USER))),
        (0o757, Some(OpenTo::All)),
        (0o777, Some(OpenTo::All)),
        (0o1775, None),
        (0o1777, None),
        (0o2775, Some(OpenTo::Group(USER))),
    ] {
        let top = of_root.join(format!("{mode:o}"));
        directory_of(0, mode, &top);
        chown(&top, None, Some(USER)).unwrap();
        directory_of(0, 0o700, &top.join("a"));
        directory_of(0, 0o700, &top.join("a/b"));
        symlink(top.join("a"), of_root.join(format!("link-{mode:o}"))).unwrap();
        for path in [top.clone(), top.join("a/b"), of_root.join(format!("link-{mode:o}/b"))] {
            assert_eq!(flaw(Directory::open(&path)), expected.map(Flaw::OpenDirectory), "{}", path.display());
            let file = Directory::target(&path.join("file"), Expected::Own);
            assert_eq!(flaw(file), expected.map(Flaw::OpenDirectory), "{}", path.display());
        }
        assert_eq!(flaw(Directory::create(&top.join("new/er"))), expected.map(Flaw::OpenDirectory));
        assert_eq!(top.join("new").exists(), expected.is_none(), "{mode:o}");
    }
}

#[test]
fn a_second_name_of_a_file_is_refused_where_another_user_could_have_made_it() {
    let Some(homes) = homes() else { return };
    let (home, of_root) = (&homes.home, &homes.of_root);
    let (target, shared) = (of_root.join("file"), of_root.join("tmp"));
    fs::File::create(&target).unwrap();
    directory_of(0, 0o1777, &shared);
    for (directory, refused) in [(home, true), (&shared, true), (of_root, false)] {
        let name = directory.join("second");
        fs::hard_link(&target, &name).unwrap();
        let expected = refused.then_some(Flaw::HardLinks(2));
        let opened = Directory::open(directory).unwrap();
        assert_eq!(flaw(Directory::target(&name, Expected::Own)), expected, "{}", name.display());
        assert_eq!(flaw(Directory::target(&name, Expected::OfRunner)), expected, "{}", name.display());
        assert_eq!(flaw(opened.open_file("second".as_ref())), expected, "{}", name.display());
        assert_eq!(flaw(opened.append_to("second".as_ref())), expected, "{}", name.display());
        fs::remove_file(name).unwrap();
    }
    // Two names of the user's own file are the user's affair.
    let own = home.join("own");
    fs::File::create(&own).unwrap();
    chown(&own, Some(USER), Some(USER)).unwrap();
    fs::hard_link(&own, home.join("twin")).unwrap();
    assert_eq!(flaw(Directory::target(&own, Expected::Own)), None);
}

#[test]
fn directories_of_the_runner_are_the_runners_affair() {
    let Some(homes) = homes() else { return };
    let work = homes.of_root.join("work");
    directory_of(0, 0o777, &work);
    directory_of(USER, 0o755, &work.join("commands"));
    let file = work.join("commands/env");
    fs::File::create(&file).unwrap();
    chown(&file, Some(USER), Some(USER)).unwrap();
    assert_eq!(flaw(Directory::target(&file, Expected::Own)), Some(Flaw::OpenDirectory(OpenTo::All)));
    assert_eq!(flaw(Directory::target(&file, Expected::OfRunner)), None);
    chown(&file, Some(OTHER), Some(OTHER)).unwrap();
    assert_eq!(flaw(Directory::target(&file, Expected::OfRunner)), Some(Flaw::OtherFile));
    plant_link(&homes.of_root, &work.join("link"));
    assert_eq!(flaw(Directory::target(&work.join("link/file"), Expected::OfRunner)), Some(Flaw::OtherLink));
}

#[test]
fn a_loop_of_links_ends() {
    let directory = tempfile::tempdir().unwrap();
    symlink("b", directory.path().join("a")).unwrap();
    symlink("a", directory.path().join("b")).unwrap();
    assert!(Directory::open(&directory.path().join("a")).is_err());
    assert!(Directory::target(&directory.path().join("a"), Expected::Own).is_err());
}
