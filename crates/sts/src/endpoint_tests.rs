//! Which texts are endpoints, and whose.

use super::*;

#[test]
fn a_host_of_aws_tells_its_region() {
    for (url, region) in [
        ("https://sts.amazonaws.com", Some("us-east-1")),
        ("https://sts.eu-west-1.amazonaws.com", Some("eu-west-1")),
        ("https://sts-fips.us-east-2.api.aws/", Some("us-east-2")),
        ("https://sts.cn-north-1.amazonaws.com.cn", Some("cn-north-1")),
        ("https://vpce-0a-1b.sts.eu-west-1.vpce.amazonaws.com", Some("eu-west-1")),
        ("https://vpce-0a-1b-eu-west-1a.sts.eu-west-1.vpce.amazonaws.com:443", Some("eu-west-1")),
        ("https://sts.eu-west-1.amazonaws.com.cn", None),
        ("https://sts.eu-west-1.amazonaws.com.example", None),
        ("https://vpce-0a.sts.eu-west-1.amazonaws.com", None),
        ("https://sts.eu-west-1.vpce.amazonaws.com", None),
        ("https://bucket.sts.eu-west-1.vpce.amazonaws.com", None),
        ("https://a.vpce-0a.sts.eu-west-1.vpce.amazonaws.com", None),
        // Names that AWS lets its customers choose.
        ("https://sts.s3.amazonaws.com", None),
        ("https://sts.s3.eu-west-1.amazonaws.com", None),
        ("https://sts.s3-eu-west-1.amazonaws.com", None),
        ("https://sts.eu-west-1.elb.amazonaws.com", None),
        ("https://vpce-0a.vpce-svc-0b.eu-west-1.vpce.amazonaws.com", None),
        ("https://sts.example", None),
        ("https://127.0.0.1:4566", None),
    ] {
        let found = Endpoint::from_url(url).unwrap().region();
        assert_eq!(found.as_ref().map(Region::as_str), region, "{url}");
    }
}

#[test]
fn only_awss_own_hosts_over_https_on_their_port_are_of_aws() {
    for partition in Partition::all() {
        let region = Region::implicit(partition);
        for (fips, dual_stack) in [(false, false), (false, true), (true, false), (true, true)] {
            let endpoint = Endpoint::of_region(&region, Variant { fips, dual_stack }).unwrap();
            assert!(endpoint.is_of_aws(), "{endpoint}");
        }
        let private = format!("https://vpce-0a-1b.sts.{region}.vpce.{}", partition.dns_suffix);
        assert!(Endpoint::from_url(&private).unwrap().is_of_aws(), "{private}");
    }
    for (url, is_of_aws) in [
        ("https://sts.amazonaws.com", true),
        ("https://STS.eu-west-1.AMAZONAWS.com:443/", true),
        ("https://sts.eu-west-1.amazonaws.com:8443", false),
        ("https://sts.eu-west-1.amazonaws.com.", false),
        ("https://sts.eu-west-1.amazonaws.com.example", false),
        ("https://s3.eu-west-1.amazonaws.com", false),
        ("http://127.0.0.1:4566", false),
        ("https://localhost", false),
        ("https://52.94.0.1", false),
    ] {
        assert_eq!(Endpoint::from_url(url).unwrap().is_of_aws(), is_of_aws, "{url}");
    }
}

#[test]
fn each_region_has_its_own_hosts() {
    let plain = Variant::default();
    let fips = Variant { fips: true, dual_stack: false };
    let dual = Variant { fips: false, dual_stack: true };
    let both = Variant { fips: true, dual_stack: true };
    for (region, variant, url) in [
        ("us-east-1", plain, "https://sts.us-east-1.amazonaws.com/"),
        ("eu-west-1", fips, "https://sts-fips.eu-west-1.amazonaws.com/"),
        ("eu-west-1", dual, "https://sts.eu-west-1.api.aws/"),
        ("us-west-2", both, "https://sts-fips.us-west-2.api.aws/"),
        ("cn-north-1", plain, "https://sts.cn-north-1.amazonaws.com.cn/"),
        ("cn-north-1", dual, "https://sts.cn-north-1.api.amazonwebservices.com.cn/"),
        ("us-gov-west-1", plain, "https://sts.us-gov-west-1.amazonaws.com/"),
        ("us-gov-west-1", fips, "https://sts.us-gov-west-1.amazonaws.com/"),
        ("us-gov-west-1", both, "https://sts-fips.us-gov-west-1.api.aws/"),
        ("us-iso-east-1", plain, "https://sts.us-iso-east-1.c2s.ic.gov/"),
        ("us-isob-east-1", plain, "https://sts.us-isob-east-1.sc2s.sgov.gov/"),
        ("eu-isoe-west-1", plain, "https://sts.eu-isoe-west-1.cloud.adc-e.uk/"),
        ("us-isof-south-1", plain, "https://sts.us-isof-south-1.csp.hci.ic.gov/"),
        ("eusc-de-east-1", plain, "https://sts.eusc-de-east-1.amazonaws.eu/"),
    ] {
        let region = region.parse().unwrap();
        assert_eq!(Endpoint::of_region(&region, variant).unwrap().as_str(), url);
    }
}

#[test]
fn a_fips_host_that_aws_does_not_list_is_recognised() {
    for (host, unlisted) in [
        ("sts-fips.eu-west-1.amazonaws.com", true),
        ("sts-fips.eu-west-1.api.aws", true),
        ("sts-fips.us-east-2.amazonaws.com", false),
        ("sts-fips.us-gov-west-1.api.aws", false),
        ("sts.eu-west-1.amazonaws.com", false),
        ("sts-fips.example.test", false),
    ] {
        assert_eq!(
            Endpoint::from_url(&format!("https://{host}")).unwrap().is_unlisted_fips(),
            unlisted,
            "{host}"
        );
    }
}

#[test]
fn a_connection_goes_to_a_name_and_a_port() {
    for (text, name, port) in [
        ("https://sts.x", "sts.x", 443),
        ("http://[::1]:80/", "::1", 80),
        ("https://127.0.0.1:8", "127.0.0.1", 8),
    ] {
        assert_eq!(Endpoint::from_url(text).unwrap().name_and_port(), (name, port));
    }
}

#[test]
fn plain_http_goes_to_loopback_only() {
    for text in [
        "http://127.0.0.1:8080",
        "http://127.8.9.1",
        "http://[::1]:80/",
        "http://localhost:5000",
        "http://LOCALHOST",
        // Other ways to write 127.0.0.1, which are read as that address.
        "http://2130706433",
        "http://0x7f000001",
        "http://0177.0.0.1",
        "http://127.1",
    ] {
        assert!(Endpoint::from_url(text).unwrap().is_loopback(), "{text}");
    }
    for text in [
        "http://sts.amazonaws.com",
        "http://10.0.0.1",
        "http://167772161",
        "http://0.0.0.0",
        "http://[::]",
        "http://[::ffff:127.0.0.1]",
        "http://localhost.evil.example",
        "http://foo.localhost",
        "http://localhost.",
        "http://localhost.localdomain",
    ] {
        assert!(matches!(Endpoint::from_url(text), Err(InvalidEndpoint::NotHttps(_))), "{text}");
    }
}

#[test]
fn what_is_not_an_endpoint_is_refused() {
    for text in ["", "sts.amazonaws.com", "ftp://x", "file:///etc/passwd", "https://", "//x"] {
        assert!(matches!(Endpoint::from_url(text), Err(InvalidEndpoint::NotAUrl(_))), "{text}");
    }
    for text in ["https://u@x", "https://u:p@x", "https://x/?a=b", "https://x/#f"] {
        let error = Endpoint::from_url(text).unwrap_err();
        assert_eq!(error, InvalidEndpoint::Extras("x".to_owned()), "{text}");
    }
}

#[test]
fn an_endpoint_is_shown_as_it_is_called() {
    for (text, is_https) in
        [("https://sts.eu-west-1.amazonaws.com/", true), ("http://127.0.0.1:8080/", false)]
    {
        let endpoint = Endpoint::from_url(text).unwrap();
        assert_eq!((endpoint.to_string().as_str(), endpoint.is_https()), (text, is_https));
    }
}
