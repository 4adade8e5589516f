//! AWS's partitions: the separate clouds, each with its own ARN prefix, host names and Regions.
//! The table is that of facts/aws.md 3.1 (AWS's own partitions file). A new partition is a new row.

/// One partition: a row of the table.
#[derive(Debug, PartialEq, Eq)]
pub struct Partition {
    /// As in `arn:<name>:…`.
    pub name: &'static str,
    /// What follows `sts.<region>.`.
    pub dns_suffix: &'static str,
    /// The same for hosts that answer over IPv4 and IPv6.
    pub dual_stack_suffix: &'static str,
    /// The Region that AWS uses where the user names none.
    pub implicit_region: &'static str,
    /// Whether `sts.<region>` is a FIPS host already, so that there is no `sts-fips.<region>`.
    pub always_fips: bool,
    /// The prefixes of its Regions' names. Each is followed by `-<word>-<number>`.
    region_prefixes: &'static [&'static str],
}

const fn partition(
    name: &'static str,
    region_prefixes: &'static [&'static str],
    dns_suffix: &'static str,
    dual_stack_suffix: &'static str,
    implicit_region: &'static str,
) -> Partition {
    Partition { name, dns_suffix, dual_stack_suffix, implicit_region, always_fips: false, region_prefixes }
}

const COMMERCIAL: &[&str] = &["us", "eu", "ap", "sa", "ca", "me", "af", "il", "mx"];

static TABLE: [Partition; 8] = [
    partition("aws", COMMERCIAL, "amazonaws.com", "api.aws", "us-east-1"),
    partition("aws-cn", &["cn"], "amazonaws.com.cn", "api.amazonwebservices.com.cn", "cn-northwest-1"),
    Partition {
        always_fips: true,
        ..partition("aws-us-gov", &["us-gov"], "amazonaws.com", "api.aws", "us-gov-west-1")
    },
    partition("aws-iso", &["us-iso"], "c2s.ic.gov", "api.aws.ic.gov", "us-iso-east-1"),
    partition("aws-iso-b", &["us-isob"], "sc2s.sgov.gov", "api.aws.scloud", "us-isob-east-1"),
    partition("aws-iso-e", &["eu-isoe"], "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk", "eu-isoe-west-1"),
    partition("aws-iso-f", &["us-isof"], "csp.hci.ic.gov", "api.aws.hci.ic.gov", "us-isof-south-1"),
    partition("aws-eusc", &["eusc-de"], "amazonaws.eu", "api.amazonwebservices.eu", "eusc-de-east-1"),
];

impl Partition {
    /// Every partition of the table.
    pub fn all() -> &'static [Self] {
        &TABLE
    }

    /// The partition where nothing names another.
    pub fn commercial() -> &'static Self {
        let [commercial, ..] = &TABLE;
        commercial
    }

    /// The partition of an ARN's second field.
    pub fn named(name: &str) -> Option<&'static Self> {
        TABLE.iter().find(|partition| partition.name == name)
    }

    /// The partition that a Region's name belongs to; Regions that opened after this table was made too.
    pub fn of_region(region: &str) -> Option<&'static Self> {
        let (rest, number) = region.rsplit_once('-')?;
        let (prefix, word) = rest.rsplit_once('-')?;
        // A label of a host name (RFC 1035).
        let short = region.len() <= 63;
        let numbered = !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit());
        let worded = !word.is_empty() && word.bytes().all(|byte| byte.is_ascii_alphanumeric());
        (short && numbered && worded)
            .then(|| TABLE.iter().find(|partition| partition.region_prefixes.contains(&prefix)))
            .flatten()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_implicit_region_is_of_its_own_partition() {
        assert_eq!(Partition::all().first(), Some(Partition::commercial()));
        for partition in Partition::all() {
            assert_eq!(Partition::of_region(partition.implicit_region), Some(partition));
            assert_eq!(Partition::named(partition.name), Some(partition));
        }
    }

    #[test]
    fn regions_find_their_partition() {
        for (region, name) in [
            ("eu-west-1", "aws"),
            ("ap-southeast-9", "aws"),
            ("mx-central-1", "aws"),
            ("cn-north-1", "aws-cn"),
            ("us-gov-east-1", "aws-us-gov"),
            ("us-isob-west-1", "aws-iso-b"),
            ("eu-isoe-west-1", "aws-iso-e"),
            ("eusc-de-east-1", "aws-eusc"),
        ] {
            assert_eq!(Partition::of_region(region).map(|found| found.name), Some(name), "{region}");
        }
    }

    #[test]
    fn what_matches_no_partition_has_none() {
        assert!(Partition::of_region(&format!("us-{}-1", "e".repeat(58))).is_some(), "63 characters");
        let long = format!("us-{}-1", "e".repeat(59));
        for text in
            ["", "us-east", "us-east-x", "moon-base-1", "us--1", "-east-1", "us-east-1-", "aws-global", &long]
        {
            assert_eq!(Partition::of_region(text), None, "{text}");
        }
    }
}
