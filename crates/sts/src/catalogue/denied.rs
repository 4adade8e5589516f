//! `AccessDenied`, for which AWS has one text and a dozen causes (facts/aws.md 2.6, 10.3 to 10.6;
//! facts/circleci.md 2.3). The order of the causes is the ranking: the most frequent first, and before those what the
//! token shows.

use super::entry::{BLANK, Cause, Chapter, Entry, FROM_ROLE, OF_ROLES, Place, Shows, WITH_TOKEN, cause};
use super::evidence::Evidence;

pub(super) const CHAPTER: Chapter = Chapter {
    title: "The role does not allow the caller",
    entries: &[
        Entry {
            id: "not-authorized",
            codes: &["AccessDenied"],
            statuses: &[403],
            texts: &["Not authorized to perform sts:AssumeRoleWithWebIdentity*"],
            calls: WITH_TOKEN,
            means: "The role's trust policy does not allow this token, or there is no such role. AWS does not say \
                    which.",
            causes: TOKEN_CAUSES,
            fix: "run `aws iam get-role --role-name {role-name} >role.json` in account {account}, then \
                  `circleci-aws-oidc trust test --policy role.json`",
            shows: Shows::Keys,
            ..BLANK
        },
        Entry {
            id: "hop-not-authorized",
            codes: &["AccessDenied"],
            statuses: &[403],
            texts: &["User: * is not authorized to perform: sts:AssumeRole on resource: *"],
            calls: FROM_ROLE,
            means: "The trust policy of the role, or the policies of the caller, do not allow the role chaining. \
                    AWS has the same text for both.",
            causes: HOP_CAUSES,
            fix: "compare the caller and the request with the trust policy: `aws iam get-role --role-name \
                  {role-name}` in account {account}; then check that the caller's own policies allow sts:AssumeRole \
                  on the role",
            ..BLANK
        },
        Entry {
            id: "role-not-found",
            codes: &["AccessDenied", "InvalidParameterValue"],
            statuses: &[],
            texts: &["*ole not found*", "*ole * not found*", "*ole * does not exist*"],
            calls: OF_ROLES,
            means: "A server other than AWS's STS has no such role, and its text says so. AWS's STS does not \
                    tell a missing role from one that denies.",
            causes: &[cause(
                "role-elsewhere",
                "the role's name, path or account is misspelled, or the role is at another server than this one",
            )],
            fix: "compare `{role}` with the roles of the server that responds at this endpoint",
            ..BLANK
        },
        Entry {
            id: "denied-in-other-words",
            codes: &["AccessDenied"],
            statuses: &[403],
            calls: OF_ROLES,
            means: "AWS's STS has one text for each of its denials, and this is another one. What the server says \
                    counts more than a guess.",
            causes: &[cause("other-server", "a server other than AWS's STS denied the request")],
            shows: Shows::Keys,
            fix: "follow the server's text; if it names no cause, read that server's own log",
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
                cause("trust-lacks-tag-session", "the role's trust policy does not allow sts:TagSession"),
                cause("caller-lacks-tag-session", "the caller's policies do not allow sts:TagSession on it"),
                cause(
                    "inherited-tags",
                    "a transitive session tag of an earlier role is inherited, which needs sts:TagSession too",
                ),
            ],
            fix: "allow sts:TagSession beside sts:AssumeRole in both the role's trust policy and the caller's \
                  policies, or send no session tag",
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
                    "the role's trust policy does not allow sts:SetSourceIdentity",
                ),
                cause(
                    "caller-lacks-set-source-identity",
                    "the caller's policies do not allow sts:SetSourceIdentity on it",
                ),
            ],
            fix: "allow sts:SetSourceIdentity beside sts:AssumeRole in both the role's trust policy and the \
                  caller's policies, or send no source identity",
            ..BLANK
        },
    ],
};

/// A cause that a short list leaves out.
const fn in_full_list(id: &'static str, text: &'static str) -> Cause {
    Cause { place: Place::FullList, ..cause(id, text) }
}

const TOKEN_CAUSES: &[Cause] = &[
    Cause {
        fix: Some("use CIRCLE_OIDC_TOKEN_V2, whose `sub` has both: `token-source: circleci-v2`"),
        only_if: &[Evidence::SubjectOfV1],
        likely_if: &[Evidence::SubjectOfV1],
        ..cause(
            "subject-without-branch",
            "the trust policy requires a repository or branch, and the V1 `sub` ends after `user/…`",
        )
    },
    Cause {
        fix: Some("start the pipeline from the repository"),
        only_if: &[Evidence::SubjectOfWebhook],
        likely_if: &[Evidence::SubjectOfWebhook],
        ..cause(
            "subject-of-webhook",
            "the trust policy requires a repository or branch, which a custom webhook's `sub` lacks",
        )
    },
    Cause {
        only_if: &[Evidence::SubjectWithRef],
        likely_if: &[Evidence::SubjectWithRef],
        ..cause("other-ref", "the role is limited to another {ref-kind}, which may be meant")
    },
    Cause {
        fix: Some("use the V1 token: `token-source: circleci-v1`"),
        only_if: &[Evidence::SubjectWithVcs],
        likely_if: &[Evidence::SubjectWithVcs],
        ruled_out_if: &[Evidence::OtherFormDenied],
        ..cause("subject-with-branch", "the trust policy is for the V1 `sub`, which has no branch")
    },
    Cause {
        only_if: &[Evidence::GithubSubjectWithIds],
        likely_if: &[Evidence::GithubSubjectWithIds],
        fix: Some("write the policy's `sub` as it is above, with the IDs and `@`"),
        ..cause("github-subject-with-ids", "the trust policy lacks the IDs that this `sub` has after `@`")
    },
    Cause {
        place: Place::Shared("project, repository, user, or `*` under StringEquals"),
        ..cause(
            "subject-differs",
            "the trust policy requires another project, repository or user than this token's, or has a `*` under \
             StringEquals, where it is a literal character",
        )
    },
    Cause {
        likely_if: &[Evidence::CustomAudience],
        fix: Some(
            "write `{audience}` in the trust policy's `aud` condition, or use CircleCI's default `aud`",
        ),
        place: Place::Shared(""),
        ..cause("audience-differs", "the trust policy requires another `aud` than `{audience}`")
    },
    Cause {
        place: Place::Shared("account in Principal"),
        ..cause(
            "provider-differs",
            "the trust policy's Principal is not exactly the provider named here, but one of another account or issuer",
        )
    },
    Cause {
        place: Place::Shared(""),
        ..cause(
            "role-missing",
            "account {account} has no such role: AWS denies a wrong name, path or account with the same text",
        )
    },
    Cause {
        only_if: &[Evidence::CircleciIssuer],
        place: Place::FullList,
        ..cause(
            "key-without-value",
            "the trust policy has a condition key that AWS does not fill: of CircleCI's claims it fills `aud`, \
             `sub` and project-id, not `vcs-ref` or `context-ids`",
        )
    },
    Cause {
        only_if: &[Evidence::ForeignIssuer],
        place: Place::FullList,
        ..cause(
            "token-with-tags",
            "the token holds session tags or a source identity, which need sts:TagSession and sts:SetSourceIdentity",
        )
    },
    in_full_list(
        "session-name-differs",
        "the trust policy requires another sts:RoleSessionName than `{session-name}`",
    ),
    in_full_list("denied-above", "a Deny in the trust policy, or a service or resource control policy"),
    in_full_list(
        "changed-just-now",
        "the role or the provider changed seconds ago, which may not be in effect yet",
    ),
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
        ..cause("other-partition", "the role is in another partition than its caller")
    },
    Cause {
        only_if: &[Evidence::ExternalIdSent],
        likely_if: &[Evidence::ExternalIdSent],
        fix: Some(
            "compare `--external-id` with `sts:ExternalId` in the trust policy, where case counts: `aws iam get-role \
             --role-name {role-name}` in account {account}",
        ),
        ..cause("external-id-differs", "the trust policy requires another external ID than the one sent")
    },
    cause(
        "caller-not-trusted",
        "the trust policy names neither the caller's account nor the caller's IAM role",
    ),
    Cause {
        only_if: &[Evidence::NoExternalId, Evidence::OtherAccount],
        place: Place::Shared(""),
        ..cause("external-id-missing", "the trust policy requires an external ID, and none was sent")
    },
    Cause {
        place: Place::Shared("the caller's policies do not allow sts:AssumeRole"),
        ..cause(
            "caller-may-not",
            "the policies of the caller's role do not allow sts:AssumeRole on it, which a role in another account \
             requires",
        )
    },
    Cause {
        only_if: &[Evidence::TagsSent],
        place: Place::FullList,
        ..cause(
            "tags-differ",
            "a condition on aws:RequestTag or aws:TagKeys does not match the tags that were sent",
        )
    },
    Cause {
        place: Place::Shared(""),
        ..cause(
            "role-missing",
            "account {account} has no such role: AWS denies a wrong name or path with the same text",
        )
    },
    in_full_list(
        "denied-above",
        "a Deny on either side, a permissions boundary, a service or resource control policy",
    ),
    in_full_list("changed-just-now", "one of the roles changed seconds ago, which may not be in effect yet"),
];
