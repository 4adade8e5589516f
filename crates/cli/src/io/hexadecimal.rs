//! Bytes as hexadecimal digits, without the formatter: names of cached files are made in each call of an AWS tool.

/// Two lower-case digits for each byte.
pub(crate) fn hexadecimal(bytes: &[u8]) -> String {
    let halves = bytes.iter().flat_map(|byte| [byte >> 4, byte & 15]);
    halves.filter_map(|half| char::from_digit(half.into(), 16)).collect()
}

#[cfg(test)]
mod tests {
    #[test]
    fn each_byte_has_two_digits() {
        assert_eq!(super::hexadecimal(&[0, 1, 0x9a, 0xff]), "00019aff");
    }
}
