//! A signed call, refused for its credentials, its signature or its time, whatever the operation
//! (facts/aws.md 2.3, 4.2, 4.3).

use super::entry::{BLANK, Cause, Chapter, Entry, SIGNED, cause};
use super::evidence::Evidence;

const FORBIDDEN: Entry = Entry { statuses: &[403], calls: SIGNED, ..BLANK };

pub(super) const CHAPTER: Chapter = Chapter {
    title: "Credentials and signatures",
    entries: &[
        Entry {
            id: "credentials-expired",
            codes: &["ExpiredToken"],
            means: "The credentials that signed the call have expired. (`ExpiredTokenException` is about the \
                    identity token.)",
            causes: &[cause("session-over", "the session's `duration` is over")],
            fix: "get new credentials: those that signed this call have expired",
            ..FORBIDDEN
        },
        Entry {
            id: "credentials-unknown",
            codes: &["InvalidClientTokenId"],
            means: "STS does not know the access key ID, or not with this session token.",
            causes: &[
                Cause {
                    only_if: &[Evidence::OlderToken],
                    likely_if: &[Evidence::OlderToken],
                    fix: Some(
                        "unset AWS_SECURITY_TOKEN: the AWS CLI and boto3 prefer it to AWS_SESSION_TOKEN, other \
                         tools do not",
                    ),
                    ..cause(
                        "stale-security-token",
                        "AWS_SECURITY_TOKEN holds the session token of other credentials",
                    )
                },
                Cause {
                    only_if: &[Evidence::SessionTokenMissing],
                    likely_if: &[Evidence::SessionTokenMissing],
                    fix: Some("set the session token too, or unset all of the credentials"),
                    ..cause(
                        "session-token-missing",
                        "a key that begins with ASIA is temporary, and no session token is set",
                    )
                },
                Cause {
                    only_if: &[Evidence::SessionTokenNeedless],
                    likely_if: &[Evidence::SessionTokenNeedless],
                    fix: Some("unset the session token: it belongs to other credentials"),
                    ..cause(
                        "session-token-stale",
                        "a long-lived key (AKIA…) has no session token, and one is set",
                    )
                },
                Cause {
                    only_if: &[Evidence::JustGranted],
                    likely_if: &[Evidence::JustGranted],
                    fix: Some("run the job again: new credentials can need some seconds"),
                    ..cause(
                        "credentials-new",
                        "the credentials of `{caller}` are seconds old, and AWS does not know them everywhere yet",
                    )
                },
                Cause {
                    ruled_out_if: &[Evidence::JustGranted],
                    ..cause(
                        "credentials-mixed",
                        "the access key ID and the session token are from two sets of credentials",
                    )
                },
                cause("role-deleted", "the session's role, or the user, was deleted"),
                Cause {
                    ruled_out_if: &[Evidence::JustGranted],
                    ..cause("partition-differs", "the credentials are from another partition than {region}")
                },
            ],
            fix: "use the access key ID, secret key and session token of one set of credentials, from the \
                  partition of the endpoint; a session ends when its role is deleted",
            ..FORBIDDEN
        },
        Entry {
            id: "signature-time",
            codes: &["SignatureDoesNotMatch"],
            texts: &["Signature expired: *", "Signature not yet current: *"],
            means: "This machine's clock and that of STS are too far apart.",
            causes: &[cause("clock-of-this-machine", "this machine's clock is wrong")],
            fix: "set this machine's clock: {clock}",
            ..FORBIDDEN
        },
        Entry {
            id: "signature-region",
            codes: &["SignatureDoesNotMatch"],
            texts: &["Credential should be scoped to a valid region.*"],
            means: "The signature names another Region than the endpoint's.",
            causes: &[
                cause(
                    "endpoint-of-other-region",
                    "the call was signed for {region}, and the endpoint serves another Region",
                ),
                cause("endpoint-global", "the global endpoint accepts signatures for us-east-1 only"),
            ],
            fix: "name the `region` that the endpoint serves: the signature is for another",
            ..FORBIDDEN
        },
        Entry {
            id: "signature-service",
            codes: &["SignatureDoesNotMatch"],
            texts: &["Credential should be scoped to correct service: *"],
            means: "The server at the endpoint is another service than STS.",
            causes: &[cause("endpoint-differs", "the endpoint is not that of STS")],
            fix: "check the endpoint's settings: `--sts-endpoint`, AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL",
            ..FORBIDDEN
        },
        Entry {
            id: "signature",
            codes: &["SignatureDoesNotMatch"],
            means: "STS computes another signature.",
            causes: &[
                Cause {
                    ruled_out_if: &[Evidence::JustGranted],
                    ..cause(
                        "secret-differs",
                        "the secret key belongs to another access key ID, or was cut or quoted",
                    )
                },
                cause("request-changed", "a proxy changes the host, the headers or the body"),
            ],
            fix: "check that the secret key belongs to the access key ID, and that no proxy changes requests",
            ..FORBIDDEN
        },
        Entry {
            id: "signature-absent",
            codes: &["MissingAuthenticationToken"],
            statuses: &[],
            calls: SIGNED,
            means: "The request arrived without a signature.",
            causes: &[cause("header-removed", "a proxy removes the Authorization header")],
            fix: "let requests to STS pass unchanged: no proxy may remove headers",
            ..BLANK
        },
        Entry {
            id: "signature-incomplete",
            codes: &["IncompleteSignature"],
            statuses: &[],
            calls: SIGNED,
            means: "STS cannot read the Authorization header.",
            causes: &[cause("header-changed", "a proxy changes the Authorization or the X-Amz-Date header")],
            fix: "let requests to STS pass unchanged: no proxy may change headers",
            ..BLANK
        },
    ],
};
