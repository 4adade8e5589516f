//! The exchange of a token, refused: its code, the role and the token's claims say what to do.
//! The causes are those of facts/aws.md 2.4 to 2.6 and facts/circleci.md 2.3.

use aws::RoleArn;
use oidc::{SubjectForm, UnverifiedClaims};

use super::{of_any_role, says};
use crate::Refusal;

/// What to do about `refusal`, where something better can be said than AWS's own words. `suspect` is the form of
/// `sub` that may be the wrong one; [`SubjectForm::Other`] where the form is out of the question.
pub fn hint_for(
    refusal: &Refusal,
    role: &RoleArn,
    claims: &UnverifiedClaims,
    suspect: SubjectForm,
) -> Option<String> {
    let says = |text| says(refusal, text);
    let provider = claims.issuer.provider_arn(role);
    let hint = match refusal.code.as_str() {
        "AccessDenied" => not_authorized(&provider, suspect),
        "InvalidIdentityToken" if says("No OpenIDConnect provider found") => format!(
            "create the identity provider `{provider}`: its URL must be the token's `iss`, to the letter"
        ),
        "InvalidIdentityToken" if says("could not be validated") || says("audience") => format!(
            "add the token's `aud`, `{}`, to the audiences of the identity provider `{provider}`",
            claims.audience
        ),
        "InvalidIdentityToken" if says("thumbprint") => {
            format!("remove or renew the thumbprint of the identity provider `{provider}`")
        }
        "ExpiredTokenException" => {
            "assume the role earlier in the job: CircleCI issues the token shortly before \
             the job starts, for about an hour"
                .to_owned()
        }
        "IDPCommunicationError" => format!("check that AWS can reach `{}` from the internet", claims.issuer),
        _ => return of_any_role(refusal, role),
    };
    Some(hint)
}

fn not_authorized(provider: &str, suspect: SubjectForm) -> String {
    let form = match suspect {
        SubjectForm::WithVcs => {
            "; this is a V2 token: a policy written for `CIRCLE_OIDC_TOKEN` has a `sub` that ends after \
             `user/…`"
        }
        SubjectForm::WithoutVcs => {
            "; this `sub` has no `vcs-origin` and `vcs-ref`: a policy for one branch needs CIRCLE_OIDC_TOKEN_V2"
        }
        SubjectForm::Other => "",
    };
    format!(
        "check that the role exists and that its trust policy names the provider `{provider}` and matches \
         the `sub` and `aud` above{form}"
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::hint::refusal;
    use oidc::Token;

    /// `iss` is `https://oidc.circleci.com/org/o`, `sub` is `org/o/project/p/user/u`, `aud` is `o`.
    const TOKEN: &str = "e30.eyJpc3MiOiJodHRwczovL29pZGMuY2lyY2xlY2kuY29tL29yZy9vIiwic3ViIjoib3JnL28vcHJvamVjdC9wL3VzZXIvdSIsImF1ZCI6Im8iLCJleHAiOjQwMDAwMDAwMDB9.c2ln";

    #[test]
    fn each_known_refusal_names_the_thing_to_change() {
        let role = "arn:aws:iam::123456789012:role/ci/deploy".parse().unwrap();
        let token = Token::parse(TOKEN).unwrap();
        for (code, message, part) in [
            (
                "AccessDenied",
                "Not authorized",
                "arn:aws:iam::123456789012:oidc-provider/oidc.circleci.com/org/o",
            ),
            ("AccessDenied", "Not authorized", "needs CIRCLE_OIDC_TOKEN_V2"),
            (
                "InvalidIdentityToken",
                "No OpenIDConnect provider found in your account for x",
                "create the identity",
            ),
            ("InvalidIdentityToken", "The web identity token provided could not be validated.", "`aud`, `o`"),
            ("InvalidIdentityToken", "Incorrect token audience", "`aud`, `o`"),
            ("InvalidIdentityToken", "certificate doesn't match configured thumbprint", "thumbprint"),
            ("ExpiredTokenException", "Token expired", "earlier in the job"),
            ("ValidationError", "exceeds the MaxSessionDuration set for this role.", "of the role `deploy`"),
            ("RegionDisabledException", "STS is not activated", "in account 123456789012"),
            ("IDPCommunicationError", "", "reach `https://oidc.circleci.com/org/o`"),
        ] {
            let hint =
                hint_for(&refusal(code, message), &role, token.claims(), SubjectForm::WithoutVcs).unwrap();
            assert!(hint.contains(part), "{code} {message}: {hint}");
        }
    }
}
