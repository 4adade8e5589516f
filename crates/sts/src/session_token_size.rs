//! How large a session token is, where the response tells it (facts/aws-2026.md 3). Too large a token is refused with
//! `PackedPolicyTooLarge`, so a user wants to know before that.

use crate::response::Succeeded;

/// What a response says of the size of its session token. AWS requires neither.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct SessionTokenSize {
    /// In bytes.
    pub bytes: Option<u32>,
    /// The percentage that is used of the largest size.
    pub utilization: Option<u32>,
}

/// From this percentage on a note says so.
const NOTED: u32 = 80;

impl SessionTokenSize {
    /// What the user should know, if the token is close to its largest size.
    pub fn note(&self) -> Option<String> {
        let percent = self.utilization.filter(|percent| *percent >= NOTED)?;
        let bytes = self.bytes.map(|bytes| format!(" ({bytes} bytes)")).unwrap_or_default();
        Some(format!(
            "the session token uses {percent} % of the size that STS allows{bytes}; longer policies or more session \
             tags would be refused"
        ))
    }

    /// Reads the two elements. `PackedPolicySize` is the utilization under its older name; `GetScopedCredentials` has none.
    pub(crate) fn of(result: &Succeeded<'_>) -> Self {
        let number = |path| result.optional(path).and_then(|text| text.parse().ok());
        Self {
            bytes: number("SessionTokenSize"),
            utilization: number("SessionTokenUtilization").or_else(|| number("PackedPolicySize")),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_close_to_the_limit_is_worth_a_note() {
        for (bytes, utilization, note) in [
            (None, None, None),
            (Some(4000), None, None),
            (Some(3236), Some(79), None),
            (None, Some(80), Some("the session token uses 80 % of the size that STS allows; ")),
            (Some(3482), Some(85), Some("uses 85 % of the size that STS allows (3482 bytes); ")),
        ] {
            let said = SessionTokenSize { bytes, utilization }.note();
            assert_eq!(said.is_some(), note.is_some(), "{said:?}");
            assert!(said.unwrap_or_default().contains(note.unwrap_or_default()), "{utilization:?}");
        }
    }
}
