//! The job whose token STS denied, in words: each id once, because the claims repeat them.

use oidc::{JobSubject, Subject, TokenForm, TokenOrigin, VcsSubject};

use crate::ci::CiSystem;
use crate::exchange::token_source::FoundToken;

/// Project, ref, repository, audience, and which tokens were denied. `None` for the token of an issuer that is neither
/// CircleCI's cloud nor one that a CI system has for all customers, or where `sub` and `iss` name two organizations:
/// then the claims are printed.
pub(super) fn job_line(found: &FoundToken, also_denied: Option<&FoundToken>) -> Option<String> {
    let claims = found.token.claims();
    if !claims.issuer.is_circleci_cloud() {
        let issuer = claims.issuer.as_str();
        let ci = CiSystem::of_issuer(issuer).filter(|ci| ci.issuer == Some(issuer))?;
        let (name, subject, audience) = (ci.name, &claims.subject, &claims.audience);
        return Some(format!("{name}, `sub` `{subject}`, `aud` `{audience}`; token from {}", found.origin));
    }
    let organization = claims.issuer.organization_id()?;
    let Subject::Job(JobSubject { organization: of_subject, project, vcs, .. }) =
        Subject::parse(&claims.subject)
    else {
        return None;
    };
    if of_subject != organization {
        return None;
    }
    let mut text = format!("project `{project}`");
    if let Some(VcsSubject { origin, git_ref }) = vcs {
        text.push_str(&format!(", {} of `{origin}`", ref_words(git_ref)));
    }
    text.push_str(&if claims.audience.is(organization) {
        format!(", organization and `aud` `{organization}`")
    } else {
        format!(", organization `{organization}`, `aud` `{}`", claims.audience)
    });
    text.push_str(&format!("; {}", token_words(found)));
    if let Some(second) = also_denied {
        text.push_str(&format!(" and {} denied", token_words(second)));
    }
    Some(text)
}

fn ref_words(git_ref: &str) -> String {
    for (prefix, kind) in [("refs/heads/", "branch"), ("refs/tags/", "tag")] {
        if let Some(name) = git_ref.strip_prefix(prefix) {
            return format!("{kind} `{name}`");
        }
    }
    format!("ref `{git_ref}`")
}

/// Which token it is, and where it came from, unless that is the variable of this form.
fn token_words(found: &FoundToken) -> String {
    let origin = &found.origin;
    let (words, usual) = match found.token.form() {
        TokenForm::V2 => ("V2 token", Some(&TokenOrigin::CircleciV2)),
        TokenForm::V1 => ("V1 token", Some(&TokenOrigin::CircleciV1)),
        TokenForm::CustomWebhook => ("token of a custom webhook", None),
        TokenForm::Other => ("token", None),
    };
    if usual == Some(origin) { words.to_owned() } else { format!("{words} from {origin}") }
}
