//! A Region's name. It becomes part of a host name, so its characters are checked before anything else.

use std::fmt;
use std::str::FromStr;

use crate::Partition;

/// A Region whose partition is known, for example `eu-west-1`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Region {
    name: String,
    partition: &'static Partition,
}

/// Why a text is not a Region.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("invalid Region `{0}`; expected one like `eu-west-1`")]
pub struct InvalidRegion(String);

impl Region {
    /// The Region that AWS uses in this partition where the user names none.
    pub fn implicit(partition: &'static Partition) -> Self {
        Self { name: partition.implicit_region.to_owned(), partition }
    }

    /// As AWS writes it.
    pub fn as_str(&self) -> &str {
        &self.name
    }

    /// Its partition.
    pub fn partition(&self) -> &'static Partition {
        self.partition
    }
}

impl FromStr for Region {
    type Err = InvalidRegion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Partition::of_region(text)
            .map(|partition| Self { name: text.to_owned(), partition })
            .ok_or_else(|| InvalidRegion(text.escape_debug().to_string()))
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.name)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_region_knows_its_partition() {
        let region: Region = "cn-north-1".parse().unwrap();
        assert_eq!((region.as_str(), region.to_string().as_str()), ("cn-north-1", "cn-north-1"));
        assert_eq!(region.partition().name, "aws-cn");
        assert_eq!(Region::implicit(region.partition()).as_str(), "cn-northwest-1");
    }

    #[test]
    fn nothing_that_could_leave_the_host_name_is_a_region() {
        for text in ["", "us-east-1.evil.example", "us-east-1/", "us-east-1@x", "US-EAST-1", "us-east-1\n"] {
            assert!(text.parse::<Region>().is_err(), "{text:?}");
        }
    }
}
