//! Any ARN, cut into its six fields: `arn:<partition>:<service>:<region>:<account>:<resource>` (facts/aws.md 1.3).

/// The fields of an ARN, none of them checked but the first. The resource keeps its own colons.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Arn<'a> {
    /// Such as `aws-us-gov`.
    pub partition: &'a str,
    /// Such as `iam`.
    pub service: &'a str,
    /// Empty for services that have no Regions.
    pub region: &'a str,
    /// Twelve digits, or empty, or `aws` for what belongs to AWS.
    pub account: &'a str,
    /// Such as `role/deploy`.
    pub resource: &'a str,
}

impl<'a> Arn<'a> {
    /// Cuts the text; `None` where it has fewer fields or does not begin with `arn:`.
    pub fn parse(text: &'a str) -> Option<Self> {
        let mut fields = text.splitn(6, ':');
        let fields: [Option<&str>; 6] = std::array::from_fn(|_| fields.next());
        let [Some("arn"), Some(partition), Some(service), Some(region), Some(account), Some(resource)] =
            fields
        else {
            return None;
        };
        Some(Self { partition, service, region, account, resource })
    }

    /// What kind of thing it names, such as `iam:user`, made printable.
    pub(crate) fn kind(&self) -> String {
        let kind = self.resource.split(['/', ':']).next().unwrap_or_default();
        format!("{}:{}", self.service.escape_debug(), kind.escape_debug())
    }
}

/// Whether a text can be an ARN's second field. AWS opens new partitions, so a name that is not in
/// [`Partition`](crate::Partition)'s table is fine.
pub(crate) fn is_partition(name: &str) -> bool {
    name.starts_with("aws") && name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_arn_has_six_fields_and_the_last_keeps_its_colons() {
        let arn = Arn::parse("arn:aws:sts:eu-west-1:123456789012:federated-user:a:b").unwrap();
        let Arn { partition, service, region, account, resource } = arn;
        assert_eq!(
            (partition, service, region, account, resource),
            ("aws", "sts", "eu-west-1", "123456789012", "federated-user:a:b")
        );
        for text in ["", "arn:aws:iam::123456789012", "urn:aws:iam::1:role/x", "role/x", "*"] {
            assert_eq!(Arn::parse(text), None, "{text}");
        }
    }
}
