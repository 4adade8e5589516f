//! Refusals about the parameters: roles, durations, policies, names (facts/aws.md 1.2 to 1.4, 2.4).

use super::entry::{BLANK, Cause, Chapter, Entry, FROM_ROLE, OF_ROLES, OLDER, cause};
use super::evidence::Evidence;

pub(super) const CHAPTER: Chapter = Chapter {
    title: "The request",
    entries: &[
        Entry {
            id: "duration-over-role",
            codes: &["ValidationError"],
            texts: &["The requested DurationSeconds exceeds the MaxSessionDuration set for this role*"],
            calls: OF_ROLES,
            means: "The role's MaxSessionDuration is shorter than the requested duration.",
            causes: &[cause(
                "duration-over-role",
                "the request is for {duration}, and MaxSessionDuration of `{role-name}` is less; a new role has 1 h",
            )],
            fix: "request a shorter `duration` (every role allows 1h), or raise MaxSessionDuration of the role \
                  `{role-name}`",
            ..BLANK
        },
        Entry {
            id: "duration-over-chain",
            codes: &["ValidationError"],
            texts: &[
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role chaining*",
            ],
            calls: FROM_ROLE,
            means: "Role chaining limits a session to 1 hour, whatever the role's MaxSessionDuration.",
            causes: &[cause("duration-over-chain", "the request is for {duration} with role chaining")],
            fix: "request a `duration` of at most 1h: role chaining limits a session to that, whatever the role's \
                  MaxSessionDuration",
            ..BLANK
        },
        Entry {
            id: "source-identity-set",
            codes: &["ValidationError"],
            texts: &["The source identity is already set for this assume role session*"],
            calls: FROM_ROLE,
            means: "A source identity stays the same for the whole chain.",
            causes: &[cause("source-identity-set", "`{caller}` has another source identity already")],
            fix: "set the source identity for the first chained role only: `{caller}` has one, which stays the \
                  same for the whole chain",
            ..BLANK
        },
        Entry {
            id: "limit-broken",
            codes: &["ValidationError"],
            texts: &["* validation error* detected: *"],
            means: "A parameter breaks AWS's limits of length or characters.",
            causes: &[cause(
                "limit-broken",
                "AWS's limits changed, or something between this job and STS changes requests",
            )],
            fix: "correct the value whose name AWS quotes: `roleSessionName` is `session-name`, `durationSeconds` \
                  is `duration` or `scope-duration`",
            ..BLANK
        },
        Entry {
            id: "role-arn-invalid",
            codes: &["ValidationError"],
            texts: &["* is invalid"],
            calls: OF_ROLES,
            means: "The value sent as the role is not a role's ARN.",
            causes: &[cause("role-arn-invalid", "AWS does not accept `{role}` as a role")],
            fix: "copy the ARN from IAM's page of the role, or from `aws iam get-role`",
            ..BLANK
        },
        Entry {
            id: "request-refused",
            codes: &["ValidationError"],
            calls: OF_ROLES,
            means: "AWS does not accept a value of the request, with a text that this version does not know.",
            causes: &[
                Cause {
                    only_if: &[Evidence::TagsSent],
                    ..cause(
                        "tag-inherited",
                        "a session tag is sent again that an earlier role set as transitive",
                    )
                },
                cause(
                    "value-refused",
                    "a value of the request breaks a rule that this program does not check",
                ),
            ],
            fix: "change the value that AWS's text names",
            ..BLANK
        },
        Entry {
            id: "malformed-input",
            codes: &["MalformedInput"],
            means: "STS cannot read a number in the request. AWS mostly says no more.",
            causes: &[cause("request-changed", "something between this job and STS changes requests")],
            fix: "check the proxies between this job and STS in {region}",
            ..BLANK
        },
        Entry {
            id: "policy-malformed",
            codes: &["MalformedPolicyDocument"],
            calls: OF_ROLES,
            means: "The session policy breaks IAM's grammar.",
            causes: &[
                cause(
                    "policy-grammar",
                    "the inline session policy lacks Version, Statement, Effect, Action or Resource",
                ),
                cause("policy-principal", "it has a Principal, which only trust and resource policies have"),
            ],
            fix: "correct the session policy: it follows IAM's grammar, without a Principal",
            ..BLANK
        },
        Entry {
            id: "policy-too-large",
            codes: &["PackedPolicyTooLarge"],
            calls: OF_ROLES,
            means: "Session policies and tags together exceed their packed size limit.",
            causes: &[
                cause(
                    "policy-long",
                    "the session policy, the policy ARNs and the tags are too long together",
                ),
                cause("tags-inherited", "transitive session tags of earlier roles count too"),
            ],
            fix: "shorten the session policy, or send fewer policy ARNs and tags: they share one limit",
            ..BLANK
        },
        Entry {
            id: "request-too-large",
            codes: &["HTTP 413"],
            statuses: &[413],
            means: "The request is larger than the ten million bytes that STS reads.",
            causes: &[cause(
                "proxy-limit",
                "a proxy has a lower limit: this program's requests are far below AWS's",
            )],
            fix: "check the proxies between this job and STS in {region}",
            ..BLANK
        },
        Entry {
            id: "operation-unknown",
            codes: &["InvalidAction"],
            calls: OLDER,
            means: "The server at the endpoint does not know the operation: it is not AWS's STS.",
            causes: &[cause(
                "endpoint-differs",
                "the endpoint is not AWS's STS, or has only a part of its operations",
            )],
            fix: "check the endpoint's settings: `--sts-endpoint`, AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL",
            ..BLANK
        },
    ],
};
