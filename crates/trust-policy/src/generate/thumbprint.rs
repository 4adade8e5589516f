//! A certificate's SHA-1. AWS checks it only if no public CA signed the issuer's certificate.

use std::str::FromStr;

/// Forty hexadecimal digits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Thumbprint(String);

/// Why a text is not a thumbprint.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid thumbprint `{0}`; expected 40 hexadecimal digits without colons")]
pub struct InvalidThumbprint(String);

impl Thumbprint {
    /// As it was given.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Thumbprint {
    type Err = InvalidThumbprint;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.len() == 40 && text.bytes().all(|byte| byte.is_ascii_hexdigit()) {
            Ok(Self(text.to_owned()))
        } else {
            Err(InvalidThumbprint(text.escape_debug().to_string()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forty_digits_are_a_thumbprint() {
        assert!("9e99a48a9960b14926bb7f3b02e22da2b0ab7280".parse::<Thumbprint>().is_ok());
        for text in
            ["", "9e99", "9e:99:a4:8a:99:60:b1:49:26:bb:7f:3b:02:e2:2d:a2:b0:ab:72:80", &"g".repeat(40)]
        {
            assert!(text.parse::<Thumbprint>().is_err(), "{text}");
        }
    }
}
