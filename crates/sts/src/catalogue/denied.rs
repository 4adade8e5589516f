//! `AccessDenied`, for which AWS has one text and a dozen causes (facts/aws.md 2.6, 10.3 to 10.6;
//! facts/circleci.md 2.3). The order of the causes is the ranking: the most frequent first, and before those what the
//! token shows.

use super::entry::{BLANK, Cause, Chapter, Entry, FROM_ROLE, Shows, WITH_TOKEN, cause};
use super::evidence::Evidence;

pub(super) const CHAPTER: Chapter = Chapter {
    title: "The role does not allow the caller",
    entries: &[
        Entry {
            id: "not-authorized",
            codes: &["AccessDenied"],
            statuses: &[403],
            calls: WITH_TOKEN,
            means: "The role's trust policy does not allow this token, or there is no such role. AWS does not say \
                    which.",
            causes: TOKEN_CAUSES,
            fix: "compare the keys above with the role's trust policy: `aws iam get-role --role-name {role-name} \
                  --query Role.AssumeRolePolicyDocument`, in account {account}",
            shows: Shows::Keys,
            ..BLANK
        },
        Entry {
            id: "hop-not-authorized",
            codes: &["AccessDenied"],
            statuses: &[403],
            calls: FROM_ROLE,
            means: "The trust policy of the role, or the policies of the caller, do not allow the role chaining. \
                    AWS has the same text for both.",
            causes: HOP_CAUSES,
            fix: "check that `{role}` exists, that its trust policy names `{caller}`, its role or its account, \
                  that its conditions match the external ID and the rest of the request, and that the caller's \
                  own policies allow sts:AssumeRole on it",
            ..BLANK
        },
        Entry {
            id: "tag-session",
            codes: &["AccessDenied"],
            statuses: &[403],
            texts: &["User: * is not authorized to perform: sts:TagSession on resource: *"],
            calls: FROM_ROLE,
            means: "Session tags need the permission sts:TagSession in both the trust policy and the caller's \
                    policies.",
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
                    "a transitive session tag of an earlier role is inherited, which needs sts:TagSession too",
                ),
            ],
            fix: "allow sts:TagSession beside sts:AssumeRole in both the trust policy of `{role}` and the \
                  policies of `{caller}`, or send no session tag",
            ..BLANK
        },
        Entry {
            id: "set-source-identity",
            codes: &["AccessDenied"],
            statuses: &[403],
            texts: &["User: * is not authorized to perform: sts:SetSourceIdentity on resource: *"],
            calls: FROM_ROLE,
            means: "A source identity needs the permission sts:SetSourceIdentity in both the trust policy and the \
                    caller's policies, for each role that inherits it.",
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
                  policies of `{caller}`, or send no source identity",
            ..BLANK
        },
    ],
};

const TOKEN_CAUSES: &[Cause] = &[
    Cause {
        fix: Some("use CIRCLE_OIDC_TOKEN_V2, whose `sub` has both: `token-source: circleci-v2`"),
        only_if: &[Evidence::SubjectOfV1],
        likely_if: &[Evidence::SubjectOfV1],
        ..cause(
            "subject-without-branch",
            "the trust policy requires a repository or branch, and the V1 `sub` from {origin} ends after `user/…`",
        )
    },
    Cause {
        fix: Some("start the pipeline from the repository, so that `sub` has repository and branch"),
        only_if: &[Evidence::SubjectOfWebhook],
        likely_if: &[Evidence::SubjectOfWebhook],
        ..cause(
            "subject-of-webhook",
            "the trust policy requires a repository or branch, and `sub` has none in the pipeline of a custom \
             webhook, in V1 and V2 alike",
        )
    },
    Cause {
        only_if: &[Evidence::SubjectWithRef],
        likely_if: &[Evidence::SubjectWithRef],
        ..cause(
            "other-ref",
            "the role is limited to another branch, tag or environment than `{ref}`, which may be meant",
        )
    },
    Cause {
        fix: Some("use the V1 token: `token-source: circleci-v1`"),
        only_if: &[Evidence::SubjectWithVcs],
        likely_if: &[Evidence::SubjectWithVcs],
        ruled_out_if: &[Evidence::OtherFormDenied],
        ..cause(
            "subject-with-branch",
            "the trust policy is written for the V1 `sub`, which ends after `user/…`; this token is V2",
        )
    },
    Cause {
        only_if: &[Evidence::GithubSubjectWithIds],
        likely_if: &[Evidence::GithubSubjectWithIds],
        fix: Some("write the policy's `sub` as it is above, with the IDs and `@`"),
        ..cause(
            "github-subject-with-ids",
            "the trust policy has `repo:OWNER/NAME:…`, and the `sub` of newer repositories holds IDs after `@`",
        )
    },
    cause(
        "subject-differs",
        "the trust policy requires another project, repository or user than this token's, or has a `*` under \
         StringEquals, where it is a literal character",
    ),
    cause(
        "role-missing",
        "account {account} has no role `{role}`: AWS denies a wrong name, path or account with the same text",
    ),
    Cause {
        likely_if: &[Evidence::CustomAudience],
        fix: Some(
            "write `{audience}` in the trust policy's `aud` condition, or use CircleCI's default `aud`",
        ),
        ..cause("audience-differs", "the trust policy requires another `aud` than `{audience}`")
    },
    cause("provider-differs", "the trust policy's Principal is not exactly the provider named here"),
    Cause {
        only_if: &[Evidence::CircleciIssuer],
        ..cause(
            "key-without-value",
            "the trust policy has a condition key that AWS does not fill: of CircleCI's claims it fills `aud`, \
             `sub` and project-id, not `vcs-ref` or `context-ids`",
        )
    },
    Cause {
        only_if: &[Evidence::ForeignIssuer],
        ..cause(
            "token-with-tags",
            "the token holds session tags or a source identity, which need sts:TagSession and sts:SetSourceIdentity",
        )
    },
    cause(
        "session-name-differs",
        "the trust policy requires another sts:RoleSessionName than `{session-name}`",
    ),
    cause("denied-above", "a Deny in the trust policy, or a service or resource control policy"),
    cause("changed-just-now", "the role or the provider changed seconds ago, which may not be in effect yet"),
    Cause { ruled_out_if: &[Evidence::TokenGood], ..cause("token-expired", "the token has expired") },
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
        fix: Some("use a role of the caller's partition: a role cannot trust another partition"),
        ..cause("other-partition", "`{role}` is in another partition than `{caller}`")
    },
    Cause {
        only_if: &[Evidence::ExternalIdSent],
        likely_if: &[Evidence::ExternalIdSent],
        fix: Some("compare `external-id` with `sts:ExternalId` in the trust policy of `{role}`: case counts"),
        ..cause(
            "external-id-differs",
            "the trust policy of `{role}` requires another external ID than the one sent",
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
            "the trust policy of `{role}` requires an external ID, and none was sent",
        )
    },
    cause(
        "caller-may-not",
        "the policies of the caller's role do not allow sts:AssumeRole on it, which a role in another account \
         requires",
    ),
    Cause {
        only_if: &[Evidence::TagsSent],
        ..cause(
            "tags-differ",
            "a condition on aws:RequestTag or aws:TagKeys does not match the tags that were sent",
        )
    },
    cause(
        "role-missing",
        "account {account} has no such role: AWS denies a wrong name or path with the same text",
    ),
    cause(
        "denied-above",
        "a Deny on either side, a permissions boundary, a service or resource control policy",
    ),
    cause("changed-just-now", "one of the roles changed seconds ago, which may not be in effect yet"),
];
