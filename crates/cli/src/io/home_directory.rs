//! Home directories that HOME does not name: those of the user database. AWS's tools never look there.

use std::fmt;
use std::path::{Path, PathBuf};

use crate::io::environment::{Environment, vars};
use crate::io::files::text_file;
use crate::io::process::ancestors;

const USERS: &str = "/etc/passwd";

/// A home directory, and whose it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct HomeDirectory {
    /// Its path.
    pub(crate) path: PathBuf,
    /// Its user.
    pub(crate) owner: HomeOwner,
}

/// A user, by number.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HomeOwner {
    /// The one who called sudo.
    Caller(u32),
    /// The one of this process.
    ThisUser(u32),
    /// Whoever has started this process, with another HOME.
    Starter,
}

impl fmt::Display for HomeOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Caller(uid) => write!(f, "user {uid}, who called sudo"),
            Self::ThisUser(uid) => write!(f, "user {uid}, who runs this command"),
            Self::Starter => write!(f, "the process that started this command (its HOME)"),
        }
    }
}

/// Of the user who called sudo, of the processes above this one, and of this user, unless HOME names it.
pub(crate) fn elsewhere(environment: &Environment) -> Vec<HomeDirectory> {
    let Ok(Some(users)) = text_file::read(USERS.as_ref()) else { return Vec::new() };
    let of_starters = ancestors::with_environments();
    let of_starters =
        of_starters.filter_map(|(_, started)| started.non_blank(vars::HOME).map(ToOwned::to_owned));
    // With another user's HOME this user would run the `credential_process` lines of that user.
    let of_starters = of_starters.filter(|home| is_own(home.as_ref()));
    elsewhere_in(&users, of_starters.collect(), this_user(), environment)
}

fn elsewhere_in(
    users: &str,
    of_starters: Vec<String>,
    this_user: Option<u32>,
    environment: &Environment,
) -> Vec<HomeDirectory> {
    let caller = environment.non_blank(vars::SUDO_UID).and_then(|text| text.trim().parse().ok());
    let of_user =
        |uid: Option<u32>, owner: fn(u32) -> HomeOwner| Some((home_of(uid?, users)?.to_owned(), owner(uid?)));
    let of_caller = of_user(caller, HomeOwner::Caller);
    let of_starters = of_starters.into_iter().filter(|home| home.starts_with('/'));
    let of_starters = of_starters.map(|home| (home, HomeOwner::Starter));
    let of_this_user = of_user(this_user, HomeOwner::ThisUser);
    let here = environment.non_blank(vars::HOME);
    let mut homes: Vec<HomeDirectory> = Vec::new();
    for (home, owner) in of_caller.into_iter().chain(of_starters).chain(of_this_user) {
        if Some(home.as_str()) != here && homes.iter().all(|known| known.path.as_os_str() != home.as_str()) {
            homes.push(HomeDirectory { path: home.into(), owner });
        }
    }
    homes
}

/// The directory in a home directory for what outlives one run.
pub(crate) fn state_directory(home: &Path) -> PathBuf {
    home.join(".aws").join("circleci-aws-oidc")
}

/// The sixth field of the line whose third field is the user.
fn home_of(uid: u32, users: &str) -> Option<&str> {
    let fields = users.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let of_user = |fields: &Vec<&str>| fields.get(2).is_some_and(|field| field.parse() == Ok(uid));
    fields.into_iter().find(of_user)?.get(5).copied().filter(|home| home.starts_with('/'))
}

#[cfg(unix)]
fn is_own(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    path.metadata().is_ok_and(|metadata| Some(metadata.uid()) == this_user())
}

#[cfg(not(unix))]
fn is_own(path: &Path) -> bool {
    path.exists()
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "Windows has no number")]
fn this_user() -> Option<u32> {
    Some(rustix::process::geteuid().as_raw())
}

#[cfg(not(unix))]
fn this_user() -> Option<u32> {
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    const USERS: &str =
        "root:x:0:0:root:/root:/bin/bash\nbroken\nci:x:1001:1001::/home/ci:/bin/sh\n+::::::\n";

    fn found_below(
        starters: [&str; 2],
        this_user: u32,
        environment: &Environment,
    ) -> Vec<(String, HomeOwner)> {
        let homes =
            elsewhere_in(USERS, starters.map(ToOwned::to_owned).to_vec(), Some(this_user), environment);
        homes.into_iter().map(|home| (home.path.display().to_string(), home.owner)).collect()
    }

    fn found(this_user: u32, environment: &Environment) -> Vec<(String, HomeOwner)> {
        found_below(["", "relative"], this_user, environment)
    }

    #[test]
    fn a_home_of_the_processes_above_comes_before_that_of_this_user() {
        let environment = Environment::from([("HOME", "/x"), ("SUDO_UID", "1001")]);
        let of_caller = ("/home/ci".to_owned(), HomeOwner::Caller(1001));
        let of_starter = ("/github/home".to_owned(), HomeOwner::Starter);
        let of_root = ("/root".to_owned(), HomeOwner::ThisUser(0));
        let expected = [of_caller, of_starter, of_root];
        assert_eq!(found_below(["/github/home", "/x"], 0, &environment), expected);
        assert_eq!(found_below(["/home/ci", "/github/home"], 0, &environment), expected);
    }

    #[test]
    fn home_directories_elsewhere_are_those_that_home_does_not_name() {
        let of_caller = || ("/home/ci".to_owned(), HomeOwner::Caller(1001));
        let of_root = || ("/root".to_owned(), HomeOwner::ThisUser(0));
        for (home, sudo_uid, this_user, expected) in [
            ("/root", "1001", 0, vec![of_caller()]),
            ("/home/ci", "1001", 0, vec![of_root()]),
            ("/github/home", "1001", 0, vec![of_caller(), of_root()]),
            ("/github/home", "0", 0, vec![("/root".to_owned(), HomeOwner::Caller(0))]),
            ("/root", "", 0, vec![]),
            ("/x", "", 7, vec![]),
            ("/x", "1001; rm", 0, vec![of_root()]),
        ] {
            let environment = Environment::from([("HOME", home), ("SUDO_UID", sudo_uid)]);
            assert_eq!(found(this_user, &environment), expected, "{home} {sudo_uid}");
        }
    }
}
