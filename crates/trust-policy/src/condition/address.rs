//! Addresses and ranges, as the `IpAddress` operators compare them. Values only: no sockets.

use core::net::IpAddr;

use crate::match_result::MatchResult;

/// Whether `found` is in the range `expected`. An address without a prefix is a range of one.
pub(super) fn compare(expected: &str, found: &str) -> MatchResult {
    // IAM refuses to store a policy with such a value, and does not document what a text is that is not an address.
    let (Some((range, prefix)), Ok(found)) = (parse(expected), found.parse()) else {
        return MatchResult::Unknown;
    };
    MatchResult::of(match (range, found) {
        (IpAddr::V4(range), IpAddr::V4(found)) => {
            let mask = u32::MAX.checked_shl(u32::BITS - prefix).unwrap_or_default();
            range.to_bits() & mask == found.to_bits() & mask
        }
        // An IPv6 range must be written with its first address.
        (IpAddr::V6(range), IpAddr::V6(found)) => {
            let mask = u128::MAX.checked_shl(u128::BITS - prefix).unwrap_or_default();
            range.to_bits() == found.to_bits() & mask
        }
        _ => false,
    })
}

fn parse(range: &str) -> Option<(IpAddr, u32)> {
    let (address, prefix) = match range.split_once('/') {
        Some((address, prefix)) => (address, Some(prefix)),
        None => (range, None),
    };
    let address: IpAddr = address.parse().ok()?;
    let longest = if address.is_ipv4() { u32::BITS } else { u128::BITS };
    let prefix = match prefix {
        None => longest,
        Some(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok()?,
        Some(_) => return None,
    };
    (prefix <= longest).then_some((address, prefix))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::match_result::MatchResult::{Met, NotMet, Unknown};

    #[test]
    fn ranges_hold_their_addresses() {
        let cases = [
            ("203.0.113.0/24", "203.0.113.255", Met),
            ("203.0.113.0/24", "203.0.114.0", NotMet),
            ("203.0.113.9/24", "203.0.113.1", Met),
            ("203.0.113.1", "203.0.113.1", Met),
            ("203.0.113.1", "203.0.113.2", NotMet),
            ("0.0.0.0/0", "198.51.100.7", Met),
            ("2001:DB8:1234:5678::/64", "2001:db8:1234:5678:9::1", Met),
            ("2001:DB8:1234:5678::/64", "2001:db8:1234:5679::1", NotMet),
            ("2001:db8::1/64", "2001:db8::1", NotMet),
            ("2001:db8::1", "2001:db8:0::1", Met),
            ("::/0", "2001:db8::1", Met),
            ("::/0", "203.0.113.1", NotMet),
            ("0.0.0.0/0", "2001:db8::1", NotMet),
            ("0.0.0.0/0", "no address", Unknown),
            ("203.0.113.0/33", "203.0.113.0", Unknown),
            ("203.0.113.0/", "203.0.113.0", Unknown),
            ("203.0.113.0/+8", "203.0.113.0", Unknown),
            ("203.0.113.*", "203.0.113.0", Unknown),
            ("", "203.0.113.0", Unknown),
        ];
        for (range, address, expected) in cases {
            assert_eq!(compare(range, address), expected, "{address} in {range}");
        }
    }
}
