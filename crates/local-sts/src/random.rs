//! The random values of a response: IDs, keys, tokens. Separate because AWS gives each of them an alphabet and a length.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use ring::rand::{SecureRandom as _, SystemRandom};

const BASE32: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";

/// A temporary access key ID: `ASIA` and 16 characters.
pub(crate) fn access_key_id() -> String {
    format!("ASIA{}", base32::<16>())
}

/// A role's ID: `AROA` and 17 characters.
pub(crate) fn role_id() -> String {
    format!("AROA{}", base32::<17>())
}

/// 40 characters, among which `+` and `/` occur.
pub(crate) fn secret_access_key() -> String {
    STANDARD.encode(bytes::<30>())
}

/// 1,000 characters of base64.
pub(crate) fn session_token() -> String {
    STANDARD.encode(bytes::<750>())
}

/// This many characters of base64, without padding: at most some thousand.
pub(crate) fn longer_session_token(length: usize) -> String {
    let mut token = String::new();
    while token.len() < length {
        token.push_str(&session_token());
    }
    token.truncate(length);
    token
}

/// A version 4 UUID.
pub(crate) fn request_id() -> String {
    let random = u128::from_be_bytes(bytes());
    let id = random & !(0xf << 76 | 0x3 << 62) | 0x4 << 76 | 0x2 << 62;
    let group = |shift: u32| id >> shift & 0xffff;
    format!(
        "{:08x}-{:04x}-{:04x}-{:04x}-{:012x}",
        id >> 96,
        group(80),
        group(64),
        group(48),
        id & ((1 << 48) - 1)
    )
}

/// 16 letters and digits, for fields of which only the length is known.
pub(crate) fn nonce() -> String {
    base32::<16>()
}

fn base32<const N: usize>() -> String {
    bytes::<N>()
        .iter()
        .filter_map(|byte| BASE32.get(usize::from(byte % 32)))
        .copied()
        .map(char::from)
        .collect()
}

fn bytes<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(clippy::expect_used, reason = "without random bytes there is no server to test against")]
    SystemRandom::new().fill(&mut bytes).expect("the system gives random bytes");
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_and_secrets_have_awss_lengths() {
        assert_eq!(access_key_id().len(), 20);
        assert_eq!(role_id().len(), 21);
        assert_eq!(secret_access_key().len(), 40);
        assert_eq!(session_token().len(), 1000);
        assert_eq!([1, 1000, 4096].map(|length| longer_session_token(length).len()), [1, 1000, 4096]);
        let id = request_id();
        assert_eq!(id.split('-').map(str::len).collect::<Vec<_>>(), [8, 4, 4, 4, 12]);
        assert_eq!(id.as_bytes()[14], b'4');
        assert!(b"89ab".contains(&id.as_bytes()[19]));
    }

    #[test]
    fn secrets_hold_what_forms_and_shells_trip_over() {
        let secrets: String = (0..100).map(|_| secret_access_key()).collect();
        assert!(secrets.contains('+') && secrets.contains('/'));
    }
}
