//! The secrets that this process has seen, and texts that have a secret's shape. What people read is compared with both
//! before it is printed, and so are the values of settings.
//!
//! A secret is kept as fingerprints of its parts, not as text: it is found where only a piece of it is printed, and the
//! copies that the rest of the program clears from memory are not kept alive here.

mod fingerprints;
mod known;
mod letters;
mod shape;

use std::ffi::OsStr;
use std::ops::Range;

use crate::io::environment::Environment;
use letters::Letters;

/// Remembers a secret for the rest of the run.
pub(crate) fn remember(secret: &str) {
    known::remember(&letters::counting_of(secret));
}

/// Remembers the secrets among the variables: those whose name says so, and those that have a secret's shape.
pub(crate) fn remember_environment(environment: &Environment) {
    for (name, value) in environment.variables() {
        remember_value(name, value);
    }
}

/// Remembers the secrets among the command's arguments.
pub(crate) fn remember_arguments<'a>(arguments: impl IntoIterator<Item = &'a OsStr>) {
    for argument in arguments {
        remember_value("", &argument.to_string_lossy());
    }
}

fn remember_value(name: &str, value: &str) {
    if is_secret_name(name) {
        remember(value);
    } else if shape::is_long_enough(value) && shape::is_possible_in(value) {
        let letters = Letters::of(value);
        for range in shape::secrets_in(&letters) {
            remember(&letters.part(range));
        }
    }
}

/// Remembers the secrets of a response of STS before it is read: an error about it may show a part.
pub(crate) fn remember_response(body: &[u8]) {
    let text = String::from_utf8_lossy(body);
    for element in ["SecretAccessKey", "SessionToken"] {
        let (open, close) = (format!("<{element}>"), format!("</{element}>"));
        for (_, after) in
            text.match_indices(&open).filter_map(|(at, _)| text.split_at_checked(at + open.len()))
        {
            remember(after.split_once(&close).map_or(after, |(secret, _)| secret));
        }
    }
}

/// Where the text holds a secret, or a piece of one, in whatever way it is quoted or escaped.
pub(crate) fn find(text: &str) -> Vec<Range<usize>> {
    let letters = Letters::of(text);
    let mut is_secret = known::mask(&letters);
    for range in shape::secrets_in(&letters) {
        is_secret.get_mut(range).into_iter().flatten().for_each(|is_secret| *is_secret = true);
    }
    letters.ranges(&is_secret)
}

/// Whether the text holds a secret, or a piece of one.
pub(crate) fn is_in(text: &str) -> bool {
    !find(text).is_empty()
}

/// Whether the text holds an identity token.
pub(crate) fn hold_token(text: &str) -> bool {
    shape::is_long_enough(text) && !shape::tokens_in(&Letters::of(text)).is_empty()
}

/// The ends of names that people and CI systems give to variables with secrets.
const SECRET_ENDINGS: [&str; 8] =
    ["TOKEN", "TOKEN_V2", "SECRET", "PASSWORD", "PASSWD", "PASSPHRASE", "ACCESS_KEY", "PRIVATE_KEY"];

fn is_secret_name(name: &str) -> bool {
    let name = name.to_ascii_uppercase();
    SECRET_ENDINGS.iter().any(|ending| name.ends_with(ending))
}

#[cfg(test)]
#[path = "secrets/tests.rs"]
mod tests;
