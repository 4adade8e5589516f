//! `AccessDenied`, which AWS words alike for a dozen causes, and the pinning that comes before it
//! (facts/aws.md 2.6, 10.3 to 10.6; facts/circleci.md 2.3). The ranking stands here: what users meet most comes
//! first, and what the token shows comes before that.

use super::entry::{BLANK, Cause, Chapter, Entry, FROM_ROLE, Shows, WITH_TOKEN, cause};
use super::evidence::Evidence;

pub(super) const CHAPTER: Chapter = Chapter {
    title: "The role does not let the caller in",
    entries: &[
        Entry {
            id: "not-authorized",
            codes: &["AccessDenied"],
            statuses: &[403],
            calls: WITH_TOKEN,
            means: "The role's trust policy does not allow this token, or there is no such role. AWS never says which.",
            causes: TOKEN_CAUSES,
            fix: "hold the keys above against the role's trust policy: `aws iam get-role --role-name {role-name} \
                   --query Role.AssumeRolePolicyDocument`, in account {account}",
            shows: Shows::Keys,
            ..BLANK
        },
        Entry {
            id: "hop-not-authorized",
            codes: &["AccessDenied"],
            statuses: &[403],
            calls: FROM_ROLE,
            means: "The trust policy of the role, or the policies of the caller, do not allow the step from one role \
                    to the next. AWS words both alike.",
            causes: HOP_CAUSES,
            fix: "check that `{role}` exists, that its trust policy names `{caller}`, its role or its account, with \
                   an external id and other conditions that are met, and that the caller's own policies allow \
                   sts:AssumeRole on it",
            ..BLANK
        },
        Entry {
            id: "tag-session",
            codes: &["AccessDenied"],
            statuses: &[403],
            texts: &["User: * is not authorized to perform: sts:TagSession on resource: *"],
            calls: FROM_ROLE,
            means: "Session tags need a permission of their own, on both sides.",
            causes: &[
                cause(
                    "trust-lacks-tag-session",
                    "the trust policy of `{role}` does not allow sts:TagSession",
                ),
                cause(
                    "caller-lacks-tag-session",
                    "the policies of `{caller}` do not allow sts:TagSession on it",
                ),
                cause(
                    "inherited-tags",
                    "a transitive tag of an earlier hop goes along, which needs it as well",
                ),
            ],
            fix: "allow sts:TagSession beside sts:AssumeRole in both the trust policy of `{role}` and the policies \
                   of `{caller}`, or pass no tag",
            ..BLANK
        },
        Entry {
            id: "set-source-identity",
            codes: &["AccessDenied"],
            statuses: &[403],
            texts: &["User: * is not authorized to perform: sts:SetSourceIdentity on resource: *"],
            calls: FROM_ROLE,
            means: "A source identity needs a permission of its own, on both sides, at every hop that inherits it.",
            causes: &[
                cause(
                    "trust-lacks-set-source-identity",
                    "the trust policy of `{role}` does not allow sts:SetSourceIdentity",
                ),
                cause(
                    "caller-lacks-set-source-identity",
                    "the policies of `{caller}` do not allow sts:SetSourceIdentity on it",
                ),
            ],
            fix: "allow sts:SetSourceIdentity beside sts:AssumeRole in both the trust policy of `{role}` and the \
                   policies of `{caller}`, or pass no source identity",
            ..BLANK
        },
    ],
};

const TOKEN_CAUSES: &[Cause] = &[
    Cause {
        fix: Some(
            "use CIRCLE_OIDC_TOKEN_V2, whose `sub` has both (`token-source: circleci-v2`), or end the policy's `sub` \
             pattern in `user/*` under StringLike",
        ),
        only_if: &[Evidence::SubjectOfV1],
        likely_if: &[Evidence::SubjectOfV1],
        ..cause(
            "subject-without-branch",
            "the trust policy asks for a repository or branch, and the V1 `sub` in {origin} ends after `user/…`",
        )
    },
    Cause {
        fix: Some(
            "end the policy's `sub` pattern in `user/*` under StringLike and limit it by the project-id key, or \
             start the pipeline from the repository",
        ),
        only_if: &[Evidence::SubjectOfWebhook],
        likely_if: &[Evidence::SubjectOfWebhook],
        ..cause(
            "subject-of-webhook",
            "the trust policy asks for a repository or branch, and `sub` has none in the pipeline of a custom webhook, \
             in V1 and V2 alike",
        )
    },
    Cause {
        fix: Some(
            "end the policy's `sub` pattern in `user/*` under StringLike, or take the other token: \
             `token-source: circleci-v1`",
        ),
        only_if: &[Evidence::SubjectWithVcs],
        likely_if: &[Evidence::SubjectWithVcs],
        ruled_out_if: &[Evidence::OtherFormDenied],
        ..cause(
            "subject-with-branch",
            "the trust policy is written for the V1 `sub`, which ends after `user/…`; this one goes on",
        )
    },
    Cause {
        only_if: &[Evidence::GithubSubjectWithIds],
        likely_if: &[Evidence::GithubSubjectWithIds],
        fix: Some("write the policy's `sub` as it stands above, ids and `@` included"),
        ..cause(
            "github-subject-with-ids",
            "the trust policy has `repo:OWNER/NAME:…`, and the `sub` of newer repositories holds ids behind `@`",
        )
    },
    cause(
        "subject-differs",
        "the trust policy asks for another project, branch or user than this token's, or has a `*` under \
         StringEquals, which takes it literally",
    ),
    cause(
        "role-missing",
        "account {account} has no role `{role}`: a wrong name, path or account is denied alike",
    ),
    Cause {
        likely_if: &[Evidence::CustomAudience],
        fix: Some(
            "write `{audience}` into the trust policy's `aud` condition, or let CircleCI's default `aud` be",
        ),
        ..cause("audience-differs", "the trust policy asks for another `aud` than `{audience}`")
    },
    cause("provider-differs", "the trust policy's Principal is not the provider named here, to the letter"),
    Cause {
        only_if: &[Evidence::CircleciIssuer],
        ..cause(
            "key-without-value",
            "the trust policy tests a key that AWS does not fill: of CircleCI's claims there are `aud`, `sub` and \
             project-id, not `vcs-ref` or `context-ids`",
        )
    },
    Cause {
        only_if: &[Evidence::ForeignIssuer],
        ..cause(
            "token-with-tags",
            "the token carries tags or a source identity, which sts:TagSession and sts:SetSourceIdentity allow",
        )
    },
    cause(
        "session-name-differs",
        "the trust policy asks for another sts:RoleSessionName than `{session-name}`",
    ),
    cause("denied-above", "a Deny of the trust policy, or a service or resource control policy"),
    cause("changed-just-now", "the role or the provider is seconds old: IAM needs a moment"),
    Cause { ruled_out_if: &[Evidence::TokenGood], ..cause("token-expired", "the token is too old") },
    Cause {
        ruled_out_if: &[Evidence::OtherWords],
        ..cause(
            "provider-missing",
            "the account has no provider for the token's `iss`, or it does not list the `aud`",
        )
    },
];

const HOP_CAUSES: &[Cause] = &[
    Cause {
        only_if: &[Evidence::OtherPartition],
        likely_if: &[Evidence::OtherPartition],
        fix: Some("take a role of the caller's partition: nothing can be trusted across"),
        ..cause("other-partition", "`{role}` is of another partition than `{caller}`")
    },
    Cause {
        only_if: &[Evidence::ExternalIdSent],
        likely_if: &[Evidence::ExternalIdSent],
        fix: Some("compare `external-id` with `sts:ExternalId` in the trust policy of `{role}`: case counts"),
        ..cause(
            "external-id-differs",
            "the trust policy of `{role}` asks for another external id than the one sent",
        )
    },
    cause(
        "caller-not-trusted",
        "the trust policy of `{role}` names neither account {caller-account} nor the IAM role of `{caller}`",
    ),
    Cause {
        only_if: &[Evidence::NoExternalId, Evidence::OtherAccount],
        ..cause(
            "external-id-missing",
            "the trust policy of `{role}` asks for an external id, and none was sent",
        )
    },
    cause(
        "caller-may-not",
        "the policies of the caller's role do not allow sts:AssumeRole on it, as they must from another account",
    ),
    Cause {
        only_if: &[Evidence::TagsSent],
        ..cause(
            "tags-differ",
            "a condition on aws:RequestTag or aws:TagKeys does not match the tags that were sent",
        )
    },
    cause("role-missing", "account {account} has no such role: a wrong name or path is denied alike"),
    cause(
        "denied-above",
        "a Deny of either side, a permissions boundary, a service or resource control policy",
    ),
    cause("changed-just-now", "one of the roles is seconds old: IAM needs a moment"),
];
