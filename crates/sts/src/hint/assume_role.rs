//! A hop of a chain, refused: AWS words a denial alike whichever side denies, so the hint names both
//! (facts/aws.md 1.4, 2.6).

use aws::{RoleArn, Timestamp};

use super::{hint_for_signed, of_any_role, says};
use crate::Refusal;

/// What to do when `role` could not be assumed by `caller`, the ARN of the session that signed at `now`.
pub fn hint_for_role(refusal: &Refusal, role: &RoleArn, caller: &str, now: Timestamp) -> Option<String> {
    let says = |text| says(refusal, text);
    let hint = match refusal.code.as_str() {
        "AccessDenied" if says("sts:TagSession") => both_sides("sts:TagSession", role, caller, "pass no tag"),
        "AccessDenied" if says("sts:SetSourceIdentity") => {
            both_sides("sts:SetSourceIdentity", role, caller, "pass no source identity")
        }
        "AccessDenied" => format!(
            "check that `{role}` exists, that its trust policy names `{caller}`, its role or its account, with an \
             external id and other conditions that are met, and that the caller's own policies allow \
             sts:AssumeRole on it"
        ),
        "ValidationError" if says("1 hour session limit") => {
            "ask for a `duration` of at most 1h: a role that another role assumes lasts no longer, whatever its \
             MaxSessionDuration"
                .to_owned()
        }
        "ValidationError" if says("source identity is already set") => format!(
            "name the source identity on the first hop only: `{caller}` has one, which stays for the whole chain"
        ),
        _ => return of_any_role(refusal, role).or_else(|| hint_for_signed(refusal, now)),
    };
    Some(hint)
}

fn both_sides(action: &str, role: &RoleArn, caller: &str, instead: &str) -> String {
    format!(
        "allow {action} beside sts:AssumeRole in both the trust policy of `{role}` and the policies of `{caller}`, \
         or {instead}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hint::refusal;

    const ROLE: &str = "arn:aws:iam::210987654321:role/workload";
    const CALLER: &str = "arn:aws:sts::123456789012:assumed-role/tooling/ci";

    fn hint(code: &str, message: &str) -> Option<String> {
        hint_for_role(&refusal(code, message), &ROLE.parse().unwrap(), CALLER, Timestamp::EPOCH)
    }

    #[test]
    fn each_known_refusal_names_the_thing_to_change() {
        let denied = |action: &str| {
            format!("User: {CALLER} is not authorized to perform: {action} on resource: {ROLE}")
        };
        for (code, message, part) in [
            ("AccessDenied", denied("sts:TagSession"), "allow sts:TagSession beside"),
            ("AccessDenied", denied("sts:TagSession"), "or pass no tag"),
            ("AccessDenied", denied("sts:SetSourceIdentity"), "allow sts:SetSourceIdentity beside"),
            (
                "ValidationError",
                "The requested DurationSeconds exceeds the 1 hour session limit for roles assumed by role \
                 chaining."
                    .to_owned(),
                "at most 1h",
            ),
            (
                "ValidationError",
                "The source identity is already set for this assume role session".to_owned(),
                "on the first hop only",
            ),
            ("PackedPolicyTooLarge", "Packed policy consumes 110%".to_owned(), "fewer policy ARNs and tags"),
            ("ExpiredToken", "is expired".to_owned(), "get new credentials"),
        ] {
            let hint = hint(code, &message).unwrap();
            assert!(hint.contains(part), "{code} {message}: {hint}");
        }
        assert_eq!(hint("InvalidAction", "Could not find operation"), None);
    }

    #[test]
    fn a_denial_points_at_both_sides() {
        for action in ["sts:AssumeRole", "sts:TagSession", "sts:SetSourceIdentity"] {
            let hint = hint("AccessDenied", &format!("not authorized to perform: {action}")).unwrap();
            for part in [action, ROLE, CALLER, "trust policy", "policies"] {
                assert!(hint.contains(part), "{action}: {hint}");
            }
        }
    }
}
