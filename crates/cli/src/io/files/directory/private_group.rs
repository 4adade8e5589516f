//! Whether a group is that of one user alone. Debian, Ubuntu and CircleCI's images give each user a group of the user's own
//! name, and with umask 002 directories are writable for it. Debian's sshd accepts this in the same way.

use std::fs;

const USERS: &str = "/etc/passwd";
const GROUPS: &str = "/etc/group";

/// Whether only these users are in the group. Not known, and so false, for users that are in no file of this system.
pub(super) fn is_private_to(group: u32, users: &[u32]) -> bool {
    // macOS has its users elsewhere.
    if !cfg!(target_os = "linux") {
        return false;
    }
    let text = |path| match fs::read_to_string(path) {
        // An image without users.
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(String::new()),
        text => text,
    };
    match (text(USERS), text(GROUPS)) {
        (Ok(all_users), Ok(groups)) => is_private_in(&all_users, &groups, group, users),
        _ => false,
    }
}

/// The same, with the text of both files.
fn is_private_in(all_users: &str, groups: &str, group: u32, users: &[u32]) -> bool {
    let rows = || all_users.lines().chain(groups.lines());
    // Lines that stand for the users of a network service.
    if rows().any(|row| row.starts_with(['+', '-'])) {
        return false;
    }
    let number = |field: Option<&str>| field.and_then(|field| field.parse::<u32>().ok());
    // Of the users with this primary group, their names.
    let mut names = Vec::new();
    for row in all_users.lines() {
        let mut fields = row.split(':');
        let (name, user, primary) = (fields.next(), number(fields.nth(1)), number(fields.next()));
        if primary == Some(group) {
            if !user.is_some_and(|user| users.contains(&user)) {
                return false;
            }
            names.extend(name);
        }
    }
    let mut is_listed = false;
    for row in groups.lines() {
        let mut fields = row.split(':');
        let (name, id, members) = (fields.next(), number(fields.nth(1)), fields.next().unwrap_or_default());
        if id == Some(group) {
            is_listed = true;
            let of_one_user = name.is_some_and(|name| {
                names.contains(&name)
                    && members.split(',').all(|member| member.trim().is_empty() || member.trim() == name)
            });
            if !of_one_user {
                return false;
            }
        }
    }
    // `docker run --user 1001:1001`: neither file has the user.
    is_listed || (names.is_empty() && group != 0 && users.contains(&group))
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL_USERS: &str = "root:x:0:0::/root:/bin/sh\ncircleci:x:3434:3434::/home/circleci:/bin/bash\n\
                             bob:x:1000:1000::/home/bob:/bin/sh\nrunner:x:1001:118::/home/runner:/bin/sh\n\
                             eve:x:1002:100::/home/eve:/bin/sh\n";
    const GROUPS: &str = "root:x:0:\ncircleci:x:3434:\nbob:x:1000:eve\ndocker:x:118:\nusers:x:100:\nci:x:2000:circleci\n\
                          empty:x:3000:\n";

    fn is_private(group: u32, user: u32) -> bool {
        is_private_in(ALL_USERS, GROUPS, group, &[0, user])
    }

    #[test]
    fn a_group_is_private_if_it_has_the_name_of_its_only_user() {
        for (claim, group, user, expected) in [
            ("CircleCI's user", 3434, 3434, true),
            ("root's group", 0, 3434, true),
            ("a group with a second member", 1000, 1000, false),
            ("the group of another user", 3434, 1001, false),
            ("a primary group with another name", 118, 1001, false),
            ("a group that users share", 100, 1002, false),
            ("another group with one member", 2000, 3434, false),
            ("a group without a member", 3000, 3000, false),
            ("a user of no file, in the group of the same number", 4000, 4000, true),
            ("a user of no file, in another group", 4001, 4000, false),
        ] {
            assert_eq!(is_private(group, user), expected, "{claim}");
        }
    }

    #[test]
    fn where_users_come_from_elsewhere_no_group_is_private() {
        for (users, groups) in [("+::::::\n", ""), ("", "+:::\n"), ("-@x::::::\n", "")] {
            let (users, groups) = (format!("{ALL_USERS}{users}"), format!("{GROUPS}{groups}"));
            assert!(!is_private_in(&users, &groups, 3434, &[0, 3434]), "{users}{groups}");
        }
    }

    #[test]
    fn a_second_row_with_the_same_number_counts() {
        let groups = format!("{GROUPS}also:x:3434:bob\n");
        assert!(!is_private_in(ALL_USERS, &groups, 3434, &[0, 3434]));
        let users = format!("{ALL_USERS}twin:x:3435:3434::/:/bin/sh\n");
        assert!(!is_private_in(&users, GROUPS, 3434, &[0, 3434]));
    }
}
