//! What STS says about the identity token itself, before it looks at any role (facts/aws.md 2.5, 10.6, 10.7).

use super::entry::{BLANK, Cause, Chapter, Entry, Shows, WITH_TOKEN, cause};
use super::evidence::Evidence;
use crate::retry::Class;

/// For all that STS says about the token.
const TOKEN: Entry = Entry { codes: &["InvalidIdentityToken"], calls: WITH_TOKEN, ..BLANK };

/// Another token would say the same.
const ISSUERS_MATTER: &str =
    "take the token as the CI gives it: `iss`, `sub`, `aud`, `iat` and `exp` have to be in it";

/// When a token's times are judged by two clocks.
const TIME_CAUSES: &[Cause] = &[
    cause("clock-of-the-issuer", "the clock of `{issuer}` is more than 5 min ahead of that of STS"),
    Cause {
        likely_if: &[Evidence::ClockAhead],
        ruled_out_if: &[Evidence::ClockRight, Evidence::ClockBehind],
        fix: Some("set this machine's clock"),
        ..cause(
            "clock-of-this-machine",
            "this machine's clock is wrong, and the issuer may run by it: {clock}",
        )
    },
];

pub(super) const CHAPTER: Chapter = Chapter {
    title: "The identity token",
    entries: &[
        Entry {
            id: "provider-missing",
            texts: &["No OpenIDConnect provider found in your account for *"],
            means: "The role's account has no IAM OIDC provider whose URL is the token's `iss`, to the letter.",
            causes: &[
                Cause {
                    only_if: &[Evidence::RootIssuer],
                    likely_if: &[Evidence::RootIssuer],
                    fix: Some(
                        "mint the token without `--root-issuer`: the issuer has to name the organization",
                    ),
                    ..cause("root-issuer", "the token is from the root issuer, which all of CircleCI shares")
                },
                cause("provider-never-made", "account {account} has no identity provider for `{issuer}`"),
                cause("account-differs", "the provider is in another account than the role, {account}"),
                cause(
                    "provider-url-differs",
                    "the provider is of another organization, or its URL differs in case or a slash at its end",
                ),
            ],
            fix: "create the identity provider `{provider}`: its URL must be the token's `iss`, to the letter, its \
                   audience `{audience}`",
            shows: Shows::Provider,
            ..TOKEN
        },
        Entry {
            id: "token-not-validated",
            texts: &["The web identity token provided could not be validated.*"],
            means: "The provider is there, and does not take this token: mostly for its `aud`.",
            causes: &[
                Cause {
                    likely_if: &[Evidence::CustomAudience],
                    ..cause(
                        "audience-not-listed",
                        "`{audience}` is not among the audiences (client ids) of the provider",
                    )
                },
                cause(
                    "signature",
                    "the token was changed on its way, or another key than the issuer's signed it",
                ),
                cause(
                    "algorithm",
                    "it is signed by another algorithm than RS256 to RS512 and ES256 to ES512",
                ),
            ],
            fix: "add the token's `aud`, `{audience}`, to the audiences of the identity provider `{provider}`",
            shows: Shows::Provider,
            ..TOKEN
        },
        Entry {
            id: "audience-incorrect",
            texts: &["Incorrect token audience*"],
            means: "The provider does not list the token's `aud`: AWS's older words for it.",
            causes: &[cause(
                "audience-not-listed",
                "`{audience}` is not among the audiences (client ids) of the provider",
            )],
            fix: "add the token's `aud`, `{audience}`, to the audiences of the identity provider `{provider}`",
            shows: Shows::Provider,
            ..TOKEN
        },
        Entry {
            id: "verification-key",
            texts: &["Couldn't retrieve verification key from your identity provider*"],
            class: Class::Transient,
            means: "AWS did not get the key that the token was signed with. Often it passes.",
            causes: &[
                cause("keys-not-reached", "`{issuer}` did not give its keys to AWS within about 5 s"),
                cause(
                    "issuer-not-public",
                    "it can't be reached from the internet, as a server inside of a company",
                ),
                cause(
                    "key-unknown",
                    "it publishes no key with the `kid` of this token: one was just exchanged",
                ),
            ],
            fix: "check that `{issuer}/.well-known/openid-configuration` and the keys that it names answer from the \
                   internet",
            ..TOKEN
        },
        Entry {
            id: "claim-missing",
            texts: &["Missing a required claim: *"],
            means: "The token lacks a claim that STS requires.",
            causes: &[cause("not-an-id-token", "the token in {origin} is no OIDC identity token of a job")],
            fix: ISSUERS_MATTER,
            ..TOKEN
        },
        Entry {
            id: "audience-empty",
            texts: &["Claim is not allowed to be empty: aud"],
            means: "The token's `aud` is empty.",
            causes: &[cause("audience-empty", "the token in {origin} was minted with an empty audience")],
            fix: "mint the token for an audience that the identity provider `{provider}` lists",
            ..TOKEN
        },
        Entry {
            id: "audience-several",
            texts: &["Token audience contains more than one audience while authorized party is not present*"],
            means: "STS takes a list of several audiences only beside an `azp` claim.",
            causes: &[cause(
                "audience-several",
                "the organization or the project sets several audiences for its tokens: `{audience}`",
            )],
            fix: "leave one audience in CircleCI's OIDC custom claims, or mint a token for one",
            ..TOKEN
        },
        Entry {
            id: "timestamp-invalid",
            texts: &["Invalid timestamp in token claims*"],
            means: "A time in the token is no whole number of seconds.",
            causes: &[cause(
                "timestamp-invalid",
                "`iat`, `exp` or `nbf` of the token in {origin} has a fraction",
            )],
            fix: ISSUERS_MATTER,
            ..TOKEN
        },
        Entry {
            id: "issued-in-the-future",
            texts: &["Token issued in the future: *"],
            means: "By STS's clock the token's `iat` is more than 5 minutes ahead.",
            causes: TIME_CAUSES,
            fix: "have the clock of `{issuer}` set; where CircleCI runs it, run the job again",
            ..TOKEN
        },
        Entry {
            id: "not-yet-valid",
            texts: &["Token not yet valid: *"],
            means: "By STS's clock the token's `nbf` is more than 5 minutes ahead.",
            causes: TIME_CAUSES,
            fix: "have the clock of `{issuer}` set, or use the token from its `nbf` on",
            ..TOKEN
        },
        Entry {
            id: "not-a-token",
            texts: &["The ID Token provided is not a valid JWT.*"],
            means: "What was sent is no JSON Web Token to STS.",
            causes: &[cause("not-a-token", "what stands in {origin} is cut, quoted, or an access token")],
            fix: "look for quotes, line breaks or a cut value in {origin}",
            ..TOKEN
        },
        Entry {
            id: "token-of-amazon",
            texts: &["Provided Token is not a Login With Amazon token*"],
            means: "STS takes the request for one of Login with Amazon. This program never sends the ProviderId that \
                    asks for it.",
            causes: &[cause("request-changed", "something between here and STS changes requests")],
            fix: "check what stands between this job and STS in {region}",
            ..TOKEN
        },
        Entry {
            id: "tags-claim",
            texts: &["principal_tags passed in claim is not in correct format*"],
            means: "The token's `https://aws.amazon.com/tags` claim has another form than AWS reads.",
            causes: &[cause("tags-claim", "`{issuer}` writes session tags into its tokens in another form")],
            fix: "write the claim as {\"principal_tags\": {\"KEY\": [\"VALUE\"]}}, or leave it out",
            ..TOKEN
        },
        Entry {
            id: "role-not-in-token",
            texts: &["The target role ARN is not present in the roles claim of the identity token*"],
            means: "The token is pinned to other roles by its `https://aws.amazon.com/roles` claim. STS looks at it \
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
            means: "The token's `https://aws.amazon.com/roles` claim can't be read, so it pins the token to no role.",
            causes: &[cause(
                "roles-claim",
                "`{issuer}` writes the roles claim as something else than role ARNs",
            )],
            fix: "write the claim as a list of role ARNs, or as one text with `;` between them, or leave it out",
            ..TOKEN
        },
        Entry {
            id: "thumbprint",
            texts: &["OpenIDConnect provider's HTTPS certificate doesn't match configured thumbprint*"],
            means: "The certificate of the issuer is from no authority that AWS trusts, and the provider's thumbprint \
                    is of another one.",
            causes: &[
                cause("thumbprint-stale", "the thumbprint of the provider is of an earlier certificate"),
                cause("certificate-intercepted", "`{issuer}` shows AWS a certificate of a private authority"),
            ],
            fix: "remove or renew the thumbprint of the identity provider `{provider}`: an issuer with a public \
                   certificate needs none",
            shows: Shows::Provider,
            ..TOKEN
        },
        Entry {
            id: "token-refused",
            means: "STS does not take the token, in words that this version does not know.",
            causes: &[
                cause(
                    "audience-not-listed",
                    "`{audience}` is not among the audiences (client ids) of the provider",
                ),
                cause(
                    "token-flawed",
                    "a claim or the signature of the token in {origin} is not as AWS wants it",
                ),
            ],
            fix: "hold AWS's words against the token's claims and the identity provider `{provider}`",
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
                    fix: Some("set this machine's clock, and take a new token: this one has expired"),
                    ..cause(
                        "clock-of-this-machine",
                        "this machine takes the token for good by a wrong clock: {clock}",
                    )
                },
                cause("token-old", "the token was issued before the job began, and ended at {expires}"),
            ],
            fix: "assume the role earlier in the job: CircleCI issues the token shortly before the job starts, for \
                   about an hour",
            ..TOKEN
        },
        Entry {
            id: "subject-null",
            codes: &["InternalFailure"],
            statuses: &[500],
            texts: &["Unknown error validating third-party token*"],
            means: "STS stumbles over the token: its `sub` is null. Asking again does not help.",
            causes: &[cause("subject-null", "the token in {origin} has a `sub` of null")],
            fix: ISSUERS_MATTER,
            ..TOKEN
        },
    ],
};
