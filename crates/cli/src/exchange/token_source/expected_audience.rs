//! The expected token audience, from `--audience`.

/// A client ID of the identity provider in IAM: 1 to 255 characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ExpectedAudience(String);

/// Not a client ID.
#[derive(Debug, thiserror::Error)]
#[error("invalid audience `{}`; expected 1 to 255 characters without white space", .0.escape_debug())]
pub(crate) struct InvalidAudience(String);

impl ExpectedAudience {
    /// The text.
    pub(crate) fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for ExpectedAudience {
    type Err = InvalidAudience;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let is_valid = |character: char| !character.is_whitespace() && !character.is_control();
        if (1..=255).contains(&text.chars().count()) && text.chars().all(is_valid) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidAudience(text.chars().take(300).collect()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_audience_is_one_word_that_iam_can_hold() {
        for text in [
            "sts.amazonaws.com",
            "0f3c1a52-7c1e-4d0a-9b57-3d8a1f6c2e01",
            "https://a.example/b",
            &"a".repeat(255),
        ] {
            assert_eq!(text.parse::<ExpectedAudience>().unwrap().as_str(), text);
        }
        for text in ["", "a b", "a\nb", "a\u{7}", &"a".repeat(256)] {
            assert!(text.parse::<ExpectedAudience>().is_err(), "{text}");
        }
    }
}
