//! The twelve digits of an AWS account. Text, not a number: leading zeros count.

use std::fmt;
use std::str::FromStr;

/// An AWS account ID: exactly twelve digits.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct AccountId(String);

/// Why a text is not an account ID.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid account ID `{0}`; expected twelve digits")]
pub struct InvalidAccountId(String);

impl AccountId {
    /// The digits as AWS writes them.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for AccountId {
    type Err = InvalidAccountId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() == 12 && text.bytes().all(|byte| byte.is_ascii_digit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidAccountId(text.to_owned()))
        }
    }
}

impl fmt::Display for AccountId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn leading_zeros_are_kept() {
        let account: AccountId = "001234567890".parse().unwrap();
        assert_eq!((account.as_str(), account.to_string().as_str()), ("001234567890", "001234567890"));
    }

    #[test]
    fn anything_but_twelve_digits_is_refused() {
        for text in ["", "12345678901", "1234567890123", "12345678901a", "１２３４５６７８９０１２"]
        {
            assert!(text.parse::<AccountId>().is_err(), "{text}");
        }
    }
}
