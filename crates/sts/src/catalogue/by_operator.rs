//! Refusals that the operator of the account or of the identity provider has to fix (facts/aws.md 2.3, 2.6).

use super::entry::{BLANK, Chapter, Entry, SIGNED, WITH_TOKEN, cause};
use crate::retry::Class;

pub(super) const CHAPTER: Chapter = Chapter {
    title: "The account and the identity provider",
    entries: &[
        Entry {
            id: "region-disabled",
            codes: &["RegionDisabledException"],
            statuses: &[403],
            means: "STS is deactivated in this Region for the account.",
            causes: &[cause(
                "region-not-enabled",
                "{region} is not enabled for the account, or STS is deactivated there",
            )],
            fix: "activate STS for {region} in the account's IAM settings, or name another `region`",
            ..BLANK
        },
        Entry {
            id: "opt-in-required",
            codes: &["OptInRequired"],
            statuses: &[],
            calls: SIGNED,
            means: "The account has no subscription to the service, or not in this Region.",
            causes: &[cause(
                "region-not-enabled",
                "{region} is not enabled for the account, or the account is not active yet",
            )],
            fix: "enable {region} for the account, or name another `region`",
            ..BLANK
        },
        Entry {
            id: "issuer-not-reached",
            codes: &["IDPCommunicationError"],
            calls: WITH_TOKEN,
            class: Class::Transient,
            means: "AWS did not reach the identity provider. A retry often works.",
            causes: &[
                cause("issuer-slow", "`{issuer}` did not respond to AWS in time"),
                cause("issuer-not-public", "AWS cannot reach it from the internet"),
            ],
            fix: "check that AWS can reach `{issuer}` from the internet",
            ..BLANK
        },
        Entry {
            id: "issuer-rejected",
            codes: &["IDPRejectedClaim"],
            statuses: &[403],
            calls: WITH_TOKEN,
            means: "The identity provider rejects the token.",
            causes: &[
                cause("token-revoked", "the token was revoked"),
                cause("token-old", "it has expired by the clock of `{issuer}`"),
            ],
            fix: "run the job again for a new token",
            ..BLANK
        },
    ],
};
