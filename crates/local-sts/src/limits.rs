//! The limits that AWS's model sets for parameters, and AWS's words where one is broken. Separate from the operations,
//! each of which knows its own parameters. Lengths count characters.

use crate::{form::Form, refusal::Refusal};

/// Every limit that a call breaks: AWS reports all of them in one response.
#[derive(Debug, Default)]
pub(crate) struct ValidationErrors(Vec<String>);

/// A pattern as AWS prints it, and what it means for one character.
pub(crate) type Alphabet = (&'static str, fn(char) -> bool);

/// Shortest and longest.
pub(crate) type Lengths = (usize, usize);

pub(crate) const ANYTHING: Alphabet = ("", |_| true);
/// The alphabet of session names and source identities.
pub(crate) const NAME: Alphabet =
    (r"[\w+=,.@-]*", |character| character.is_ascii_alphanumeric() || "_+=,.@-".contains(character));
pub(crate) const ARN: Alphabet = (
    r"[\u0009\u000A\u000D\u0020-\u007E\u0085\u00A0-\uD7FF\uE000-\uFFFD\u10000-\u10FFFF]+",
    // Characters outside the basic multilingual plane fail, although the text of the pattern seems to include them.
    |character| matches!(character, '\t' | '\n' | '\r' | ' '..='~' | '\u{85}' | '\u{A0}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}'),
);
pub(crate) const ARN_LENGTHS: Lengths = (20, 2048);

/// The limit of an assembled session token. `PackedPolicySize` is the percentage of it that is used.
pub(crate) const SESSION_TOKEN_LIMIT: usize = 4096;

const NULL: &str = "Member must not be null";

impl ValidationErrors {
    /// A required value.
    pub(crate) fn required<'a>(
        &mut self,
        member: &str,
        value: Option<&'a str>,
        lengths: Lengths,
        alphabet: Alphabet,
    ) -> &'a str {
        if value.is_none() {
            self.0.push(clause(member, None, NULL));
        }
        self.optional(member, value, lengths, alphabet).unwrap_or_default()
    }

    /// An optional value.
    pub(crate) fn optional<'a>(
        &mut self,
        member: &str,
        value: Option<&'a str>,
        (shortest, longest): Lengths,
        (pattern, allowed): Alphabet,
    ) -> Option<&'a str> {
        let text = value?;
        let length = text.chars().count();
        let mut add = |constraint: String| self.0.push(clause(member, value, &constraint));
        if length < shortest {
            add(format!("Member must have length greater than or equal to {shortest}"));
        }
        if length > longest {
            add(format!("Member must have length less than or equal to {longest}"));
        }
        if !text.chars().all(allowed) {
            add(format!("Member must satisfy regular expression pattern: {pattern}"));
        }
        value
    }

    /// The length of a list.
    pub(crate) fn list(&mut self, member: &str, length: usize, longest: usize) {
        if length > longest {
            let constraint = format!("Member must have length less than or equal to {longest}");
            self.0.push(format!("Value at '{member}' failed to satisfy constraint: {constraint}"));
        }
    }

    /// `DurationSeconds` of an operation that assumes a role.
    pub(crate) fn duration(&mut self, form: &Form) -> Result<i64, Refusal> {
        let duration = self.number("durationSeconds", form.first("DurationSeconds"), (900, 43_200))?;
        Ok(duration.unwrap_or(3600))
    }

    /// A whole number. A sign and leading zeros are allowed; what is not a 32-bit number is refused before any limit
    /// is checked.
    pub(crate) fn number(
        &mut self,
        member: &str,
        value: Option<&str>,
        (least, most): (i64, i64),
    ) -> Result<Option<i64>, Refusal> {
        let number = match value {
            None => return Ok(None),
            Some("") => return Err(Refusal::MalformedInput(Some("missing value for decimal type"))),
            Some(text) => text.parse::<i32>().map(i64::from).map_err(|_| Refusal::MalformedInput(None))?,
        };
        let limits = [(number < least, "greater", least), (number > most, "less", most)];
        for (_, side, limit) in limits.into_iter().filter(|(broken, ..)| *broken) {
            let constraint = format!("Member must have value {side} than or equal to {limit}");
            self.0.push(clause(member, Some(&number.to_string()), &constraint));
        }
        Ok(Some(number))
    }

    /// The refusal, if a limit is broken.
    pub(crate) fn refusal(self) -> Result<(), Refusal> {
        match &self.0[..] {
            [] => Ok(()),
            [one] => Err(Refusal::Validation(format!("1 validation error detected: {one}"))),
            many => Err(Refusal::Validation(format!(
                "{} validation errors detected: {}",
                many.len(),
                many.join("; ")
            ))),
        }
    }
}

fn clause(member: &str, value: Option<&str>, constraint: &str) -> String {
    let shown = match value {
        None => "Value null".to_owned(),
        // The model marks the token as sensitive: AWS does not repeat it.
        Some(_) if member == "webIdentityToken" => "Value".to_owned(),
        Some(value) => format!("Value '{value}'"),
    };
    format!("{shown} at '{member}' failed to satisfy constraint: {constraint}")
}
