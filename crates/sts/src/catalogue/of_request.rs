//! What STS says about the parameters: roles, durations, policies, names (facts/aws.md 1.2 to 1.4, 2.4).

use super::entry::{ANY, BLANK, Cause, Chapter, Entry, FROM_ROLE, OF_ROLES, cause};
use super::evidence::Evidence;

pub(super) const CHAPTER: Chapter = Chapter {
    title: "The request",
    entries: &[
        Entry {
            id: "duration-over-role",
            codes: &["ValidationError"],
            texts: &["The requested DurationSeconds exceeds the MaxSessionDuration set for this role*"],
            calls: OF_ROLES,
            means: "The role allows shorter sessions than the one asked for.",
            causes: &[cause(
                "duration-over-role",
                "{duration} were asked for, and MaxSessionDuration of `{role-name}` is less; a new role has 1 h",
            )],
            fix: "ask for a shorter `duration` (every role allows 1h), or raise MaxSessionDuration of the role \
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
            means: "A role that another role assumes lasts an hour at most, whatever its MaxSessionDuration.",
            causes: &[cause("duration-over-chain", "{duration} were asked for at a hop of a chain")],
            fix: "ask for a `duration` of at most 1h: a role that another role assumes lasts no longer, whatever its \
                   MaxSessionDuration",
            ..BLANK
        },
        Entry {
            id: "source-identity-set",
            codes: &["ValidationError"],
            texts: &["The source identity is already set for this assume role session*"],
            calls: FROM_ROLE,
            means: "A source identity stays for the whole chain.",
            causes: &[cause("source-identity-set", "`{caller}` has another source identity already")],
            fix: "name the source identity on the first hop only: `{caller}` has one, which stays for the whole chain",
            ..BLANK
        },
        Entry {
            id: "limit-broken",
            codes: &["ValidationError"],
            texts: &["* validation error* detected: *"],
            calls: ANY,
            means: "A parameter is longer, shorter or of other characters than AWS's limits allow.",
            causes: &[cause(
                "limit-broken",
                "AWS's limits changed, or something between here and STS changes requests",
            )],
            fix: "correct the value behind the name that AWS quotes: `roleSessionName` is `session-name`, \
                   `durationSeconds` is `duration`",
            ..BLANK
        },
        Entry {
            id: "role-arn-invalid",
            codes: &["ValidationError"],
            texts: &["* is invalid"],
            calls: OF_ROLES,
            means: "What was sent as the role is no role's ARN.",
            causes: &[cause("role-arn-invalid", "`{role}` is no role to AWS")],
            fix: "copy the ARN from IAM's page of the role, or from `aws iam get-role`",
            ..BLANK
        },
        Entry {
            id: "request-refused",
            codes: &["ValidationError"],
            calls: OF_ROLES,
            means: "AWS does not take a value of the request, in words that this version does not know.",
            causes: &[
                Cause {
                    only_if: &[Evidence::TagsSent],
                    ..cause("tag-inherited", "a tag is passed again that an earlier hop set as transitive")
                },
                cause(
                    "value-refused",
                    "a value of the request breaks a rule that this program does not check",
                ),
            ],
            fix: "change the value that AWS's words are about",
            ..BLANK
        },
        Entry {
            id: "malformed-input",
            codes: &["MalformedInput"],
            means: "A number in the request can't be read. AWS mostly says no more.",
            causes: &[cause("request-changed", "something between here and STS changes requests")],
            fix: "check what stands between this job and STS in {region}",
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
            fix: "correct the session policy: IAM's grammar holds for it, and it has no Principal",
            ..BLANK
        },
        Entry {
            id: "policy-too-large",
            codes: &["PackedPolicyTooLarge"],
            calls: OF_ROLES,
            means: "Session policies and tags, packed, exceed their one limit.",
            causes: &[
                cause(
                    "policy-long",
                    "the session policy, the policy ARNs and the tags are too long together",
                ),
                cause("tags-inherited", "transitive tags of earlier hops count as well"),
            ],
            fix: "shorten the session policy, or pass fewer policy ARNs and tags: they share one limit",
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
            fix: "check what stands between this job and STS in {region}",
            ..BLANK
        },
        Entry {
            id: "operation-unknown",
            codes: &["InvalidAction"],
            means: "Whoever answers knows no such operation: an STS of another kind.",
            causes: &[cause(
                "endpoint-differs",
                "the endpoint is not AWS's STS, or stands for a part of it only",
            )],
            fix: "check the endpoint's settings: `--sts-endpoint`, AWS_ENDPOINT_URL_STS, AWS_ENDPOINT_URL",
            ..BLANK
        },
    ],
};
