//! What is peculiar to CircleCI's tokens: the two forms of `sub` (V1 and V2), the parts of both, and the claims
//! that AWS makes no key of.

use oidc::{
    SubjectPart, TokenForm,
    circleci::{self, claims},
};

use crate::{claim_keys::PROJECT_ID, one_line::one_line, pattern};

use super::value;

const ORIGIN: &str = SubjectPart::VcsOrigin.marker();
const REF: &str = SubjectPart::VcsRef.marker();

/// That AWS makes no key of a claim, for a `key` that the token doesn't have.
pub(super) fn no_key(provider: &str, key: &str) -> Option<String> {
    let claim = key.get(provider.len()..)?.strip_prefix(':')?.strip_prefix(claims::PREFIX)?;
    let is_claim = circleci::is_cloud(provider) && !key.to_lowercase().ends_with(PROJECT_ID);
    is_claim.then(|| {
        let claim = one_line(claim);
        format!(
            "AWS makes no condition key of CircleCI's `{claim}`, only of `aud`, `sub` and `{PROJECT_ID}`: limit branches through `sub` of a V2 token"
        )
    })
}

/// That the project is another one.
pub(super) fn project(key: &str, asked: &[String], found: &str) -> Option<String> {
    (key == PROJECT_ID).then(|| {
        format!(
            "the token is of the project `{}`, the policy asks for {}",
            one_line(found),
            value::list(asked)
        )
    })
}

/// What keeps the subject `found` of an issuer's token from being one of `asked`.
pub(super) fn subject(provider: &str, form: TokenForm, asked: &[String], found: &str) -> Option<String> {
    let is_job = form != TokenForm::Other;
    if !circleci::is_cloud(provider) && !is_job {
        return None;
    }
    let of_one = |asked: &String| {
        if asked.starts_with("repo:") || asked.starts_with("repo/") {
            let (asked, found) = (one_line(asked), one_line(found));
            return Some(format!(
                "the policy asks for `{asked}`, which is GitHub's form; CircleCI's `sub` is `{found}`"
            ));
        }
        if !is_job {
            return Some(format!("the token isn't a job's: its `sub` is `{}`", one_line(found)));
        }
        version(form, asked, found)
    };
    let told = asked.iter().find_map(of_one);
    told.or_else(|| value::difference(asked, found)).or_else(|| parts(asked, found))
}

/// V1 where V2 is asked for, and the other way round.
fn version(form: TokenForm, asked: &str, found: &str) -> Option<String> {
    let (asked_job, asked_vcs) = split(asked);
    let (found_job, found_vcs) = split(found);
    if let (Some(vcs), None) = (asked_vcs, found_vcs)
        && pattern::matches(asked_job, found)
    {
        let vcs = vcs.rfind(REF).and_then(|at| vcs.get(at..)).unwrap_or(vcs);
        let vcs = one_line(vcs);
        return Some(if form == TokenForm::V1 {
            format!(
                "the policy asks for `…{vcs}`; this token is V1 and has no vcs part: use V2 (CIRCLE_OIDC_TOKEN_V2)"
            )
        } else {
            format!(
                "the policy asks for `…{vcs}`; this token has no vcs part and no claim `{}`, as in the pipeline of a custom webhook, where V1 and V2 are alike: end the pattern in `user/*` under `StringLike`, or start the pipeline from the repository",
                claims::VCS_ORIGIN
            )
        });
    }
    let vcs = found_vcs.filter(|_| asked_vcs.is_none() && pattern::matches(asked, found_job))?;
    Some(format!(
        "the policy asks for the V1 form `{}`; this token is V2 and goes on with `{}`: end the pattern with `/vcs-origin/*` under `StringLike`, or use V1 (CIRCLE_OIDC_TOKEN)",
        one_line(asked),
        one_line(vcs)
    ))
}

/// Before the vcs part, and that part with its first slash.
fn split(subject: &str) -> (&str, Option<&str>) {
    match subject.find(ORIGIN).or_else(|| subject.find(REF)) {
        Some(at) => {
            let (job, vcs) = subject.split_at(at);
            (job, Some(vcs))
        }
        None => (subject, None),
    }
}

/// The first part that differs, for those of `asked` that come furthest.
fn parts(asked: &[String], found: &str) -> Option<String> {
    let found = SubjectPart::cut(found)?;
    let differences: Vec<(usize, &str)> =
        asked.iter().filter_map(|asked| first_difference(SubjectPart::cut(asked)?, found)).collect();
    let furthest = differences.iter().map(|(place, _)| *place).max()?;
    let name = name(*SubjectPart::ALL.get(furthest)?);
    let found = found.get(furthest).copied().flatten()?;
    let of_furthest = differences.iter().filter(|(place, _)| *place == furthest);
    let asked: Vec<String> = of_furthest.map(|(_, part)| (*part).to_owned()).collect();
    let is_short =
        |kind: &str| found.strip_prefix(kind).is_some_and(|short| asked.iter().any(|part| part == short));
    let (listed, told) = (value::list(&asked), one_line(found));
    Some(if ["refs/heads/", "refs/tags/"].into_iter().any(is_short) {
        format!("the policy asks for the {name} {listed}; CircleCI writes it in full: `{told}`")
    } else {
        format!("the {name} differs: the policy asks for {listed}, the token has `{told}`")
    })
}

fn first_difference<'a>(asked: Parts<'a>, found: Parts<'_>) -> Option<(usize, &'a str)> {
    asked.into_iter().zip(found).enumerate().find_map(|(place, parts)| match parts {
        (Some(asked), Some(found)) if !pattern::matches(asked, found) => Some((place, asked)),
        _ => None,
    })
}

/// The parts that are there, in their places.
type Parts<'a> = [Option<&'a str>; SubjectPart::ALL.len()];

fn name(part: SubjectPart) -> &'static str {
    match part {
        SubjectPart::Organization => "organization",
        SubjectPart::Project => "project",
        SubjectPart::User => "user",
        SubjectPart::VcsOrigin => "origin",
        SubjectPart::VcsRef => "ref",
    }
}
