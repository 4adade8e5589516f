//! Home directories that HOME does not name: those of the user database. AWS's tools never look there.

use std::fmt;
use std::path::PathBuf;

use crate::io::environment::{Environment, vars};
use crate::io::files::text_file;

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
}

impl fmt::Display for HomeOwner {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Caller(uid) => write!(f, "user {uid}, who called sudo"),
            Self::ThisUser(uid) => write!(f, "user {uid}, who runs this command"),
        }
    }
}

/// Of the user who called sudo, and of this user, unless HOME names it.
pub(crate) fn elsewhere(environment: &Environment) -> Vec<HomeDirectory> {
    let Ok(Some(users)) = text_file::read(USERS.as_ref()) else { return Vec::new() };
    elsewhere_in(&users, this_user(), environment)
}

fn elsewhere_in(users: &str, this_user: Option<u32>, environment: &Environment) -> Vec<HomeDirectory> {
    let caller = environment.non_blank(vars::SUDO_UID).and_then(|text| text.trim().parse().ok());
    let owners = [caller.map(HomeOwner::Caller), this_user.map(HomeOwner::ThisUser)];
    let here = environment.non_blank(vars::HOME);
    let mut homes: Vec<HomeDirectory> = Vec::new();
    for owner in owners.into_iter().flatten() {
        let (HomeOwner::Caller(uid) | HomeOwner::ThisUser(uid)) = owner;
        let Some(home) = home_of(uid, users).filter(|home| Some(*home) != here) else { continue };
        if !homes.iter().any(|known| known.path.as_os_str() == home) {
            homes.push(HomeDirectory { path: home.into(), owner });
        }
    }
    homes
}

/// The sixth field of the line whose third field is the user.
fn home_of(uid: u32, users: &str) -> Option<&str> {
    let fields = users.lines().map(|line| line.split(':').collect::<Vec<_>>());
    let of_user = |fields: &Vec<&str>| fields.get(2).is_some_and(|field| field.parse() == Ok(uid));
    fields.into_iter().find(of_user)?.get(5).copied().filter(|home| home.starts_with('/'))
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

    fn found(this_user: u32, environment: &Environment) -> Vec<(String, HomeOwner)> {
        let homes = elsewhere_in(USERS, Some(this_user), environment);
        homes.into_iter().map(|home| (home.path.display().to_string(), home.owner)).collect()
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
