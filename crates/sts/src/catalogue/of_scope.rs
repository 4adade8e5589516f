//! Refusals of narrower or shorter credentials, `GetScopedCredentials`. AWS documents the codes and not its texts, so a
//! code decides; what is not documented is said (facts/aws-2026.md 1.5, 1.6).

use super::entry::{BLANK, Cause, Chapter, Entry, SCOPED, cause};
use super::evidence::Evidence;

pub(super) const CHAPTER: Chapter = Chapter {
    title: "Scoped credentials",
    entries: &[
        Entry {
            id: "scope-denied",
            codes: &["AccessDenied"],
            statuses: &[],
            means: "STS denies the narrowing. AWS documents that a fourth scope policy is denied, and not which \
                    permission the operation needs, if any.",
            causes: &[
                cause(
                    "scope-permission",
                    "the session may need the permission sts:GetScopedCredentials, which the policies of its role, \
                     or an earlier scope policy, do not allow",
                ),
                Cause {
                    only_if: &[Evidence::ScopePolicySent],
                    ..cause(
                        "scope-layers",
                        "three scope policies limit the session already, and STS takes no fourth",
                    )
                },
                cause(
                    "denied-above",
                    "a Deny in a policy of the session, a permissions boundary, a service or resource control policy",
                ),
            ],
            fix: "allow sts:GetScopedCredentials in the policies of the role, which lets its sessions narrow \
                  themselves and nothing more; a session with three scope policies takes a `scope-duration` only",
            ..OF_SCOPE
        },
        Entry {
            id: "scope-over-session",
            codes: &["InsufficientSessionLifetime"],
            means: "The calling session ends before the scoped credentials would.",
            causes: &[
                Cause {
                    only_if: &[Evidence::ScopeDurationSent],
                    ..cause(
                        "scope-duration-over-rest",
                        "the request is for {scope-duration}, and less is left of the calling session",
                    )
                },
                Cause {
                    ruled_out_if: &[Evidence::JustGranted],
                    ..cause("session-almost-over", "the calling session is about to end")
                },
            ],
            fix: "request a shorter `scope-duration`, or none: the credentials are then valid for the rest of the \
                  session",
            ..OF_SCOPE
        },
        Entry {
            id: "scope-subject-invalid",
            codes: &["InvalidSubjectCredentials"],
            means: "STS cannot validate or resolve the calling session's credentials. AWS documents no more.",
            causes: &[
                Cause {
                    ruled_out_if: &[Evidence::JustGranted],
                    ..cause("session-unknown", "the session has ended, or its role was deleted or changed")
                },
                cause(
                    "session-of-other-kind",
                    "the credentials are of a kind that STS does not narrow; AWS does not list those kinds",
                ),
                Cause {
                    only_if: &[Evidence::JustGranted],
                    likely_if: &[Evidence::JustGranted],
                    fix: Some("run the job again: new credentials can need some seconds"),
                    ..cause(
                        "credentials-new",
                        "the credentials of `{caller}` are seconds old, and AWS may not know them everywhere yet",
                    )
                },
            ],
            fix: "get new temporary credentials: assume the role again, then narrow that session",
            ..OF_SCOPE
        },
        Entry {
            id: "scope-policy-malformed",
            codes: &["MalformedPolicyDocument"],
            means: "The scope policy breaks IAM's grammar.",
            causes: &[
                cause(
                    "policy-grammar",
                    "the scope policy lacks Version, Statement, Effect, Action or Resource",
                ),
                cause("policy-principal", "it has a Principal, which only trust and resource policies have"),
            ],
            fix: "correct the scope policy: it follows IAM's grammar, without a Principal",
            ..OF_SCOPE
        },
        Entry {
            id: "scope-too-large",
            codes: &["PackedPolicyTooLarge"],
            means: "The session token would exceed its largest size. It holds the scope policies, the session \
                    policies and the session tags.",
            causes: &[
                Cause {
                    only_if: &[Evidence::ScopePolicySent],
                    ..cause("policy-long", "the scope policy is too long for what is left of the token")
                },
                cause("scope-policies-earlier", "earlier scope policies count too"),
                cause("session-large", "the session's own policies and tags count too"),
            ],
            fix: "shorten the scope policy, or narrow a session that has fewer policies and tags",
            ..OF_SCOPE
        },
        Entry {
            id: "scope-refused",
            codes: &["ValidationError"],
            statuses: &[],
            means: "STS does not accept a value of the request. AWS documents no texts for this operation.",
            causes: &[cause(
                "value-refused",
                "a value of the request breaks a rule that this program does not check",
            )],
            fix: "change the value that AWS's text names: `scope-policy`, `scope-duration` or `scope-description`",
            ..OF_SCOPE
        },
        Entry {
            id: "scope-operation-unknown",
            codes: &["InvalidAction"],
            means: "The server does not know GetScopedCredentials, which AWS's STS has since November 2026. In \
                    which Regions and partitions, AWS's announcement says; this program does not know.",
            causes: &[
                cause("scope-not-offered", "STS in {region} may not have the operation"),
                cause(
                    "endpoint-differs",
                    "the endpoint is not AWS's STS, or has only a part of its operations",
                ),
            ],
            fix: "limit the session when the role is assumed, with `policy` and `policy-arns`, which every STS has, \
                  or check the endpoint's settings: `--sts-endpoint`, AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL",
            ..OF_SCOPE
        },
    ],
};

const OF_SCOPE: Entry = Entry { calls: SCOPED, ..BLANK };
