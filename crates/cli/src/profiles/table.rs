//! The table of profiles and their sessions, for people and for scripts that split lines at spaces.

use export::{ProfileName, Session};
use serde::Serialize;

const HEADINGS: [&str; 4] = ["PROFILE", "ACCOUNT", "ROLE", "EXPIRES"];

/// The profiles, in the order of the file. The names and the order of the fields are stable.
#[derive(Serialize)]
pub(crate) struct Table {
    profiles: Vec<Row>,
}

#[derive(Serialize)]
struct Row {
    profile: String,
    account: String,
    role: String,
    expires_at: String,
}

impl Table {
    /// Of profiles with the names of their roles.
    pub(crate) fn of<'a>(rows: impl Iterator<Item = (&'a ProfileName, &'a str, &'a Session)>) -> Self {
        let rows = rows.map(|(profile, role, session)| Row {
            profile: profile.to_string(),
            account: session.account().to_string(),
            role: role.to_owned(),
            expires_at: session.credentials().expiration.to_string(),
        });
        Self { profiles: rows.collect() }
    }

    /// One line per profile below the headings, with aligned columns. No value contains a space.
    pub(crate) fn text(&self) -> String {
        let rows = self.profiles.iter().map(|row| {
            let Row { profile, account, role, expires_at } = row;
            [profile, account, role, expires_at].map(String::as_str)
        });
        let lines: Vec<[&str; 4]> = std::iter::once(HEADINGS).chain(rows).collect();
        let widths = lines.iter().fold([0; 4], |mut widths, line| {
            for (width, cell) in widths.iter_mut().zip(line) {
                *width = cell.len().max(*width);
            }
            widths
        });
        let mut text = String::new();
        for line in &lines {
            let cells: Vec<String> =
                line.iter().zip(widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
            text.push_str(cells.join("  ").trim_end());
            text.push('\n');
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use aws::{Credentials, Secret};

    #[test]
    fn columns_are_as_wide_as_their_widest_cell() {
        let session = |account: &str| {
            let credentials = Credentials {
                access_key_id: "ASIA1".to_owned(),
                secret_access_key: Secret::new("wJalr".to_owned()),
                session_token: Secret::new("IQoJb".to_owned()),
                expiration: "2026-11-22T14:30:05Z".parse().unwrap(),
            };
            Session::new(credentials, "arn".to_owned(), account.parse().unwrap(), None).unwrap()
        };
        let (long, short): (ProfileName, ProfileName) = ("production".parse().unwrap(), "a".parse().unwrap());
        let (one, other) = (session("111111111111"), session("222222222222"));
        let rows = [(&long, "deploy", &one), (&short, "read-only", &other)];
        assert_eq!(
            Table::of(rows.into_iter()).text(),
            "PROFILE     ACCOUNT       ROLE       EXPIRES\n\
             production  111111111111  deploy     2026-11-22T14:30:05Z\n\
             a           222222222222  read-only  2026-11-22T14:30:05Z\n"
        );
    }
}
