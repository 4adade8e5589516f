//! Refusals about the identity token itself, before STS looks at the role (facts/aws.md 2.5, 10.6, 10.7).

use super::entry::{BLANK, Cause, Chapter, Entry, Shows, WITH_TOKEN, cause};
use super::evidence::Evidence;
use crate::retry::Class;

/// What refusals about the token have in common.
const TOKEN: Entry = Entry { codes: &["InvalidIdentityToken"], calls: WITH_TOKEN, ..BLANK };

/// A new token would be refused too.
const ISSUERS_MATTER: &str =
    "use the token as the CI issues it: it must have `iss`, `sub`, `aud`, `iat` and `exp`";

/// Times that two clocks compare.
const TIME_CAUSES: &[Cause] = &[
    cause("clock-of-the-issuer", "the clock of `{issuer}` is more than 5 min ahead of that of STS"),
    Cause {
        likely_if: &[Evidence::ClockAhead],
        ruled_out_if: &[Evidence::ClockRight, Evidence::ClockBehind],
        fix: Some("set this machine's clock"),
        ..cause("clock-of-this-machine", "this machine's clock is wrong, and the issuer may use it: {clock}")
    },
];

pub(super) const CHAPTER: Chapter = Chapter {
    title: "The identity token",
    entries: &[
        Entry {
            id: "provider-missing",
            texts: &["No OpenIDConnect provider found in your account for *"],
            means: "The role's account has no IAM OIDC provider whose URL is exactly the token's `iss`.",
            causes: &[
                Cause {
                    only_if: &[Evidence::RootIssuer],
                    likely_if: &[Evidence::RootIssuer],
                    fix: Some(
                        "mint the token without `--root-issuer`: the issuer must name the organization",
                    ),
                    ..cause(
                        "root-issuer",
                        "the token is from the root issuer, which all customers of CircleCI share",
                    )
                },
                cause("provider-never-made", "account {account} has no identity provider for `{issuer}`"),
                cause("account-differs", "the provider is in another account than the role, {account}"),
                cause(
                    "provider-url-differs",
                    "the provider is of another organization, or its URL differs in case or a trailing slash",
                ),
            ],
            fix: "create the identity provider `{provider}`: its URL must be exactly the token's `iss`, its \
                  audience `{audience}`",
            shows: Shows::Provider,
            ..TOKEN
        },
        Entry {
            id: "token-not-validated",
            texts: &["The web identity token provided could not be validated.*"],
            means: "The provider exists and does not accept this token, mostly because of its `aud`.",
            causes: &[
                Cause {
                    likely_if: &[Evidence::CustomAudience],
                    ..cause(
                        "audience-not-listed",
                        "`{audience}` is not among the audiences (client IDs) of the provider",
                    )
                },
                cause("signature", "the token was changed, or a key that is not the issuer's signed it"),
                cause(
                    "algorithm",
                    "it is signed with another algorithm than RS256 to RS512 and ES256 to ES512",
                ),
            ],
            fix: "add the token's `aud`, `{audience}`, to the audiences of the identity provider `{provider}`",
            shows: Shows::Provider,
            ..TOKEN
        },
        Entry {
            id: "audience-incorrect",
            texts: &["Incorrect token audience*"],
            means: "The provider does not list the token's `aud`: AWS's older text for it.",
            causes: &[cause(
                "audience-not-listed",
                "`{audience}` is not among the audiences (client IDs) of the provider",
            )],
            fix: "add the token's `aud`, `{audience}`, to the audiences of the identity provider `{provider}`",
            shows: Shows::Provider,
            ..TOKEN
        },
        Entry {
            id: "verification-key",
            texts: &["Couldn't retrieve verification key from your identity provider*"],
            class: Class::Transient,
            means: "AWS did not get the key that the token was signed with. A retry often works.",
            causes: &[
                cause("keys-not-reached", "`{issuer}` did not send its keys to AWS within about 5 s"),
                cause(
                    "issuer-not-public",
                    "AWS cannot reach it from the internet: a server inside a company, for example",
                ),
                cause(
                    "key-unknown",
                    "it does not publish a key with the `kid` of this token: the key was just replaced",
                ),
            ],
            fix: "check that `{issuer}/.well-known/openid-configuration` and the key URL in it respond from the \
                  internet",
            ..TOKEN
        },
        Entry {
            id: "claim-missing",
            texts: &["Missing a required claim: *"],
            means: "The token lacks a claim that STS requires.",
            causes: &[cause(
                "not-an-id-token",
                "the token from {origin} is not the OIDC identity token of a job",
            )],
            fix: ISSUERS_MATTER,
            ..TOKEN
        },
        Entry {
            id: "audience-empty",
            texts: &["Claim is not allowed to be empty: aud"],
            means: "The token's `aud` is empty.",
            causes: &[cause(
                "audience-empty",
                "the token from {origin} was requested with an empty audience",
            )],
            fix: "request the token for an audience that the identity provider `{provider}` lists",
            ..TOKEN
        },
        Entry {
            id: "audience-several",
            texts: &["Token audience contains more than one audience while authorized party is not present*"],
            means: "STS accepts several audiences only together with an `azp` claim.",
            causes: &[cause(
                "audience-several",
                "the settings of the CI system give its tokens several audiences: `{audience}`",
            )],
            fix: "keep one audience: in CircleCI's OIDC custom claims, GitLab's `id_tokens:`, or Bitbucket's `oidc:`",
            ..TOKEN
        },
        Entry {
            id: "timestamp-invalid",
            texts: &["Invalid timestamp in token claims*"],
            means: "A time in the token is not a whole number of seconds.",
            causes: &[cause(
                "timestamp-invalid",
                "`iat`, `exp` or `nbf` of the token from {origin} has a fraction",
            )],
            fix: ISSUERS_MATTER,
            ..TOKEN
        },
        Entry {
            id: "issued-in-the-future",
            texts: &["Token issued in the future: *"],
            means: "By STS's clock the token's `iat` is more than 5 minutes ahead.",
            causes: TIME_CAUSES,
            fix: "have the clock of `{issuer}` set; if CircleCI operates it, run the job again",
            ..TOKEN
        },
        Entry {
            id: "not-yet-valid",
            texts: &["Token not yet valid: *"],
            means: "By STS's clock the token's `nbf` is more than 5 minutes ahead.",
            causes: TIME_CAUSES,
            fix: "have the clock of `{issuer}` set, or use the token after its `nbf`",
            ..TOKEN
        },
        Entry {
            id: "not-a-token",
            texts: &["The ID Token provided is not a valid JWT.*"],
            means: "STS does not accept the text as a JSON Web Token.",
            causes: &[cause("not-a-token", "the text from {origin} is cut, quoted, or an access token")],
            fix: "look for quotes, line breaks or a cut value in the text from {origin}",
            ..TOKEN
        },
        Entry {
            id: "token-of-amazon",
            texts: &["Provided Token is not a Login With Amazon token*"],
            means: "STS treats the request as one for Login with Amazon. This program never sends the ProviderId \
                    for that.",
            causes: &[cause("request-changed", "something between this job and STS changes requests")],
            fix: "check the proxies between this job and STS in {region}",
            ..TOKEN
        },
        Entry {
            id: "tags-claim",
            texts: &["principal_tags passed in claim is not in correct format*"],
            means: "The token's `https://aws.amazon.com/tags` claim does not have AWS's form.",
            causes: &[cause("tags-claim", "`{issuer}` writes session tags in another form into its tokens")],
            fix: "write the claim as {\"principal_tags\": {\"KEY\": [\"VALUE\"]}}, or omit it",
            ..TOKEN
        },
        Entry {
            id: "role-not-in-token",
            texts: &["The target role ARN is not present in the roles claim of the identity token*"],
            means: "The token's `https://aws.amazon.com/roles` claim limits it to other roles. STS checks it \
                    before the trust policy.",
            causes: &[cause(
                "role-not-in-token",
                "the roles claim of `{issuer}` does not list `{role}` exactly",
            )],
            fix: "have `{role}` added to the token's roles claim, or assume a role that it lists",
            ..TOKEN
        },
        Entry {
            id: "roles-claim",
            texts: &[
                "The roles claim contains no valid role ARNs*",
                "The roles claim is not in a supported format*",
            ],
            means: "The token's `https://aws.amazon.com/roles` claim is not readable, so it allows no role.",
            causes: &[cause("roles-claim", "`{issuer}` does not write the roles claim as role ARNs")],
            fix: "write the claim as a list of role ARNs, or as one text with `;` between them, or omit it",
            ..TOKEN
        },
        Entry {
            id: "thumbprint",
            texts: &["OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint*"],
            means: "The issuer's certificate is not from an authority that AWS trusts, and the provider's \
                    thumbprint is another certificate's.",
            causes: &[
                cause("thumbprint-stale", "the provider's thumbprint is an earlier certificate's"),
                cause(
                    "certificate-intercepted",
                    "`{issuer}` presents a certificate from a private authority to AWS",
                ),
            ],
            fix: "remove or renew the thumbprint of the identity provider `{provider}`: an issuer with a public \
                  certificate does not need one",
            shows: Shows::Provider,
            ..TOKEN
        },
        Entry {
            id: "token-refused",
            means: "STS does not accept the token, with a text that this version does not know.",
            causes: &[
                cause(
                    "audience-not-listed",
                    "`{audience}` is not among the audiences (client IDs) of the provider",
                ),
                cause(
                    "token-flawed",
                    "a claim or the signature of the token from {origin} does not follow AWS's rules",
                ),
            ],
            fix: "compare AWS's text with the token's claims and the identity provider `{provider}`",
            shows: Shows::Provider,
            ..TOKEN
        },
        Entry {
            id: "token-expired",
            codes: &["ExpiredTokenException"],
            means: "The identity token's `exp` is more than 5 minutes past.",
            causes: &[
                Cause {
                    likely_if: &[Evidence::ClockBehind],
                    ruled_out_if: &[Evidence::ClockRight, Evidence::ClockAhead],
                    fix: Some("set this machine's clock, and get a new token: this one has expired"),
                    ..cause(
                        "clock-of-this-machine",
                        "this machine's clock is wrong, so the token seems valid here: {clock}",
                    )
                },
                cause("token-old", "the token was issued before the job started, and expired at {expires}"),
            ],
            fix: "assume the role earlier in the job: CircleCI issues the token shortly before the job starts, \
                  for about an hour",
            ..TOKEN
        },
        Entry {
            id: "subject-null",
            codes: &["InternalFailure"],
            statuses: &[500],
            texts: &["Unknown error validating third-party token*"],
            means: "STS fails on the token: its `sub` is null. A retry does not help.",
            causes: &[cause("subject-null", "the token from {origin} has a `sub` of null")],
            fix: ISSUERS_MATTER,
            ..TOKEN
        },
    ],
};
