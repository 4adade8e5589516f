//! The network path to STS, and its limits.

use crate::settings::setting::Shape::{One, Switch};
use crate::settings::setting::settings;

settings! {
    STS_ENDPOINT: "--sts-endpoint", One("URL"), Session,
        help: "The URL of STS [default: the Region's]",
        more: "Without it: AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL, then the Region's endpoint. https; http only to this machine.",
        values: "", default: "`AWS_ENDPOINT_URL_STS`, `AWS_ENDPOINT_URL`, else the Region's";
    CA_BUNDLE: "--ca-bundle", One("FILE"), Roots,
        help: "More root certificates: a PEM file, or a directory of them",
        more: "Added to Mozilla's, which are built in. Without it: AWS_CA_BUNDLE, SSL_CERT_FILE, REQUESTS_CA_BUNDLE, SSL_CERT_DIR. A directory is as `openssl rehash` names its files.",
        values: "", default: "`AWS_CA_BUNDLE`, `SSL_CERT_FILE`, `REQUESTS_CA_BUNDLE`, `SSL_CERT_DIR`; a PEM file, or a directory as `openssl rehash` names it; added to Mozilla's roots, which are built in";
    CONNECT_TIMEOUT: "--connect-timeout", One("TIME"), Limits,
        help: "The time limit for a connection, 1s to 1h [default: 10s]",
        values: "", default: "`10s` (1 s to 1 h)";
    DEADLINE: "--deadline", One("TIME"), Limits,
        help: "The time limit in all, with retries, 1s to 1h [default: 60s]",
        more: "For credential-process the default is 45s.",
        values: "", default: "`60s`, for `credential-process` `45s`; retries included (1 s to 1 h)";
    MAX_ATTEMPTS: "--max-attempts", One("COUNT"), Limits,
        help: "The largest number of requests, 1 to 20 [default: 5]",
        more: "A request is sent again only where that can help: no response, throttling, an error of the server.",
        values: "", default: "`5` (1 to 20)";
    WITH_NETWORK: "--with-network", Switch, No,
        help: "Also connect to STS (DNS, TCP, TLS) without sending a request",
        values: "(`preflight` alone)", default: "`false`";
}
