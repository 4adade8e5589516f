//! The network path to STS, and its limits.

use crate::settings::setting::Shape::{One, Switch};
use crate::settings::setting::settings;

settings! {
    STS_ENDPOINT: "--sts-endpoint", One("URL"), Session,
        help: "The URL of STS [default: the Region's]",
        more: "Without it: AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL, then the Region's endpoint. https; http only to this machine.",
        default: "AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL, else the Region's", limits: "https; http to loopback only";
    CA_BUNDLE: "--ca-bundle", One("FILE"), Roots,
        help: "More root certificates: a PEM file, or a directory of them",
        more: "Added to Mozilla's, which are built in. Without it: AWS_CA_BUNDLE, SSL_CERT_FILE, REQUESTS_CA_BUNDLE, SSL_CERT_DIR. A directory is as `openssl rehash` names its files.",
        default: "AWS_CA_BUNDLE, SSL_CERT_FILE, REQUESTS_CA_BUNDLE, SSL_CERT_DIR; added to Mozilla's roots, which are built in", limits: "a PEM file, or a directory as `openssl rehash` names it";
    CONNECT_TIMEOUT: "--connect-timeout", One("TIME"), Limits,
        help: "The time limit for a connection, 1s to 1h [default: 10s]",
        default: "`10s`", limits: "1 s to 1 h";
    DEADLINE: "--deadline", One("TIME"), Limits,
        help: "The time limit in all, with retries, 1s to 1h [default: 60s]",
        more: "For credential-process the default is 45s.",
        default: "`60s`; for `credential-process` `45s`", limits: "1 s to 1 h";
    MAX_ATTEMPTS: "--max-attempts", One("COUNT"), Limits,
        help: "The largest number of requests, 1 to 20 [default: no limit]",
        more: "The deadline limits them too. A request is sent again only where that can help: no response, throttling, an error of the server.",
        default: "no limit but the deadline", limits: "1 to 20";
    WITH_NETWORK: "--with-network", Switch, No,
        help: "Also connect to STS (DNS, TCP, TLS) without sending a request",
        default: "`false`";
}
