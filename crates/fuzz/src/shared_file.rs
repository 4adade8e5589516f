//! How one input holds both a profile and a file, so that an input stays readable text.

use export::ProfileName;

/// A profile and the file to edit for it.
pub struct SharedFile<'a> {
    /// Whose section changes.
    pub profile: ProfileName,
    /// What the file holds before the edit.
    pub text: &'a str,
}

impl<'a> SharedFile<'a> {
    /// The first line names the profile. If it is not a profile's name, the whole input is the file of `ci`.
    pub fn of(input: &'a str) -> Self {
        match input.split_once('\n').map(|(first, text)| (first.parse(), text)) {
            Some((Ok(profile), text)) => Self { profile, text },
            _ => Self { profile: "ci".parse().unwrap(), text: input },
        }
    }
}
