//! One next action for a refusal, from what is known without AWS. A file for each kind of call, because the same
//! code means another thing in each; what all roles have in common stands here.

mod assume_role;
mod signed;
mod web_identity;

use aws::RoleArn;

use crate::Refusal;

pub use assume_role::hint_for_role;
pub use signed::hint_for_signed;
pub use web_identity::hint_for;

/// Refusals of a role, however it is assumed (facts/aws.md 1.4, 2.3, 2.4).
fn of_any_role(refusal: &Refusal, role: &RoleArn) -> Option<String> {
    let hint = match refusal.code.as_str() {
        "ValidationError" if says(refusal, "MaxSessionDuration") => {
            format!(
                "ask for a shorter `duration`, or raise MaxSessionDuration of the role `{}`",
                role.role_name()
            )
        }
        "RegionDisabledException" => {
            format!("activate STS for this Region in account {}, or name another `region`", role.account())
        }
        "PackedPolicyTooLarge" => {
            "shorten the session policy, or pass fewer policy ARNs and tags: they share one limit".to_owned()
        }
        "MalformedPolicyDocument" => {
            "correct the session policy: IAM's grammar holds for it, and it has no Principal".to_owned()
        }
        _ => return None,
    };
    Some(hint)
}

fn says(refusal: &Refusal, text: &str) -> bool {
    refusal.message.as_deref().is_some_and(|message| message.contains(text))
}

/// For the tables of the hints' tests.
#[cfg(test)]
fn refusal(code: &str, message: &str) -> Refusal {
    Refusal {
        status: 400,
        code: code.to_owned(),
        message: Some(message.to_owned()),
        request_id: None,
        server_time: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refusals_of_any_role_name_the_thing_to_change() {
        let role = "arn:aws:iam::123456789012:role/ci/deploy".parse().unwrap();
        for (code, message, part) in [
            ("ValidationError", "exceeds the MaxSessionDuration set for this role.", "of the role `deploy`"),
            ("RegionDisabledException", "STS is not activated", "in account 123456789012"),
            (
                "PackedPolicyTooLarge",
                "Packed policy consumes 110% of allotted space",
                "fewer policy ARNs and tags",
            ),
            ("MalformedPolicyDocument", "Syntax errors in policy.", "correct the session policy"),
        ] {
            let hint = of_any_role(&refusal(code, message), &role).unwrap();
            assert!(hint.contains(part), "{code}: {hint}");
        }
        assert_eq!(of_any_role(&refusal("ValidationError", "Value 'x'"), &role), None);
    }
}
