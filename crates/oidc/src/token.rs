//! A JSON Web Token in its compact form: three base64url segments, kept as a secret.

use aws::Secret;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

use crate::UnverifiedClaims;

/// A token whose claims are readable. It is a bearer token: its text is enough to act as the job.
#[derive(Debug, Clone)]
pub struct Token {
    text: Secret,
    claims: UnverifiedClaims,
}

/// Why a text is not an identity token. No variant holds any part of it: it may still be a secret.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum InvalidToken {
    /// Nothing but white space.
    #[error("the token is empty")]
    Empty,
    /// STS accepts 4 to 20,000 characters (facts/aws.md 1.3).
    #[error("the token has {0} characters; STS accepts at most 20000")]
    TooLong(usize),
    /// Two, four, one…
    #[error("the token has {0} parts between dots; a JSON Web Token has 3")]
    Segments(usize),
    /// Quotes, line breaks, padding, other characters, or a cut segment.
    #[error("part {0} of the token is not base64url")]
    NotBase64(usize),
    /// Not a JSON object with the claims that STS requires.
    #[error("the token's claims lack a readable `iss`, `sub`, `aud` or `exp`")]
    Claims,
}

impl Token {
    const MAX: usize = 20_000;

    /// Parses a token far enough to read its claims. Leading and trailing white space is dropped: files end in a
    /// line break.
    pub fn parse(text: &str) -> Result<Self, InvalidToken> {
        let text = text.trim();
        if text.is_empty() {
            return Err(InvalidToken::Empty);
        }
        if text.len() > Self::MAX {
            return Err(InvalidToken::TooLong(text.len()));
        }
        let segments: Vec<&str> = text.split('.').collect();
        let [header, payload, signature] = segments[..] else {
            return Err(InvalidToken::Segments(segments.len()));
        };
        decode(header, 1)?;
        let claims = decode(payload, 2)?;
        decode(signature, 3)?;
        let claims = UnverifiedClaims::read(&claims).ok_or(InvalidToken::Claims)?;
        Ok(Self { text: Secret::new(text.to_owned()), claims })
    }

    /// The claims that STS requires.
    pub fn claims(&self) -> &UnverifiedClaims {
        &self.claims
    }

    /// All claims, as JSON.
    pub fn claims_json(&self) -> String {
        let payload = self.text.expose().split('.').nth(1).unwrap_or_default();
        let json = URL_SAFE_NO_PAD.decode(payload).unwrap_or_default();
        String::from_utf8_lossy(&json).into_owned()
    }

    /// The token itself, for STS only.
    pub fn expose(&self) -> &str {
        self.text.expose()
    }
}

/// The bytes of all three segments are the token, so they are cleared like it.
fn decode(segment: &str, number: usize) -> Result<Zeroizing<Vec<u8>>, InvalidToken> {
    match URL_SAFE_NO_PAD.decode(segment).map(Zeroizing::new) {
        Ok(bytes) if !bytes.is_empty() => Ok(bytes),
        _ => Err(InvalidToken::NotBase64(number)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(payload: &str) -> String {
        format!("{}.{}.c2ln", URL_SAFE_NO_PAD.encode("{}"), URL_SAFE_NO_PAD.encode(payload))
    }

    const CLAIMS: &str = r#"{"iss":"https://i","sub":"s","aud":"a","exp":4000000000}"#;

    #[test]
    fn white_space_around_a_token_is_dropped() {
        let text = token(CLAIMS);
        let parsed = Token::parse(&format!(" {text}\r\n")).unwrap();
        assert_eq!(parsed.expose(), text);
        assert_eq!(parsed.claims().subject, "s");
        assert_eq!(parsed.claims_json(), CLAIMS);
    }

    #[test]
    fn each_flaw_has_its_own_answer() {
        let good = token(CLAIMS);
        for (text, error) in [
            (String::new(), InvalidToken::Empty),
            (" \n".to_owned(), InvalidToken::Empty),
            ("x".repeat(20_000), InvalidToken::Segments(1)),
            ("x".repeat(20_001), InvalidToken::TooLong(20_001)),
            ("abc.def".to_owned(), InvalidToken::Segments(2)),
            (format!("{good}.x"), InvalidToken::Segments(4)),
            (format!("\"{good}\""), InvalidToken::NotBase64(1)),
            ("e30.!!!.c2ln".to_owned(), InvalidToken::NotBase64(2)),
            ("e30.e30=.c2ln".to_owned(), InvalidToken::NotBase64(2)),
            ("e30.e30.".to_owned(), InvalidToken::NotBase64(3)),
            ("e30.e30.c2ln".to_owned(), InvalidToken::Claims),
            (token("not json"), InvalidToken::Claims),
        ] {
            assert_eq!(Token::parse(&text).unwrap_err(), error, "{text:.40}");
        }
    }

    #[test]
    fn a_token_is_never_printed() {
        let text = token(CLAIMS);
        assert!(!format!("{:?}", Token::parse(&text).unwrap()).contains(&text));
    }
}
