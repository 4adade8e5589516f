//! The flags of the command line as text, by setting.

use std::ffi::OsString;

use clap::ArgMatches;

use crate::settings::setting::{Setting, Shape};

/// The flags of one command.
#[derive(Debug, Default, Clone)]
pub(crate) struct Flags {
    values: Vec<(&'static str, Vec<String>)>,
    /// The arguments that are not flags.
    pub(crate) operands: Vec<OsString>,
}

impl Flags {
    /// Takes the values of these settings, all of which the command defines.
    pub(crate) fn of(matches: &mut ArgMatches, settings: impl Iterator<Item = &'static Setting>) -> Self {
        let mut flags = Self::default();
        for setting in settings {
            let values: Vec<String> = match setting.shape {
                Shape::Switch if matches.get_flag(setting.flag) => vec![String::new()],
                Shape::Switch => continue,
                Shape::One(_) | Shape::List(..) => {
                    matches.remove_many(setting.flag).into_iter().flatten().collect()
                }
            };
            if !values.is_empty() {
                flags.values.push((setting.flag, values));
            }
        }
        flags
    }

    /// Every value of a flag, in the order of the command line.
    pub(crate) fn all(&self, setting: &Setting) -> &[String] {
        let found = self.values.iter().find(|(flag, _)| *flag == setting.flag);
        found.map_or(&[], |(_, values)| values)
    }

    /// The value of a flag that is given at most once.
    pub(crate) fn one(&self, setting: &Setting) -> Option<&str> {
        self.all(setting).first().map(String::as_str)
    }

    /// Whether the flag is given.
    pub(crate) fn has(&self, setting: &Setting) -> bool {
        !self.all(setting).is_empty()
    }

    /// Adds a flag, as if the command line had it once more.
    pub(crate) fn push(&mut self, setting: &'static Setting, value: &str) {
        match self.values.iter_mut().find(|(flag, _)| *flag == setting.flag) {
            Some((_, values)) => values.push(value.to_owned()),
            None => self.values.push((setting.flag, vec![value.to_owned()])),
        }
    }
}

#[cfg(test)]
impl<const N: usize> From<[(&'static Setting, &str); N]> for Flags {
    fn from(pairs: [(&'static Setting, &str); N]) -> Self {
        let mut flags = Self::default();
        for (setting, value) in pairs {
            flags.push(setting, value);
        }
        flags
    }
}
