//! Differences that only CircleCI's tokens have: the two forms of `sub` (V1 and V2), their parts, and the claims
//! for which AWS has no condition key.

use oidc::{
    SubjectPart, TokenForm,
    circleci::{self, claims},
};

use crate::{claim_keys::PROJECT_ID, one_line::one_line, pattern};

use super::value;

const ORIGIN: &str = SubjectPart::VcsOrigin.marker();
const REF: &str = SubjectPart::VcsRef.marker();

/// That AWS has no condition key for a claim, for a `key` that the request doesn't have.
pub(super) fn no_key(provider: &str, key: &str) -> Option<String> {
    let claim = key.get(provider.len()..)?.strip_prefix(':')?.strip_prefix(claims::PREFIX)?;
    let is_claim = circleci::is_cloud(provider) && !key.to_lowercase().ends_with(PROJECT_ID);
    is_claim.then(|| {
        let claim = one_line(claim);
        format!(
            "AWS has no condition key for CircleCI's `{claim}`, only for `aud`, `sub` and `{PROJECT_ID}`: limit branches with `sub` of a V2 token"
        )
    })
}

/// That the project differs.
pub(super) fn project(key: &str, required: &[String], found: &str) -> Option<String> {
    (key == PROJECT_ID).then(|| {
        format!("the token's project is `{}`, the policy requires {}", one_line(found), value::list(required))
    })
}

/// The difference between a token's subject and the subjects that the policy requires.
pub(super) fn subject(provider: &str, form: TokenForm, required: &[String], found: &str) -> Option<String> {
    let is_job = form != TokenForm::Other;
    if !circleci::is_cloud(provider) && !is_job {
        return None;
    }
    let of_one = |required: &String| {
        if required.starts_with("repo:") || required.starts_with("repo/") {
            let (required, found) = (one_line(required), one_line(found));
            return Some(format!(
                "the policy requires `{required}`, which has GitHub's form; CircleCI's `sub` is `{found}`"
            ));
        }
        if !is_job {
            return Some(format!("the token is not a job's token: its `sub` is `{}`", one_line(found)));
        }
        version(form, required, found)
    };
    let form = required.iter().find_map(of_one);
    form.or_else(|| value::difference(required, found)).or_else(|| parts(required, found))
}

/// A V1 token where the policy requires V2, or the other way round.
fn version(form: TokenForm, required: &str, found: &str) -> Option<String> {
    let (required_job, required_vcs) = split(required);
    let (found_job, found_vcs) = split(found);
    if let (Some(vcs), None) = (required_vcs, found_vcs)
        && pattern::matches(required_job, found)
    {
        let vcs = vcs.rfind(REF).and_then(|at| vcs.get(at..)).unwrap_or(vcs);
        let vcs = one_line(vcs);
        return Some(if form == TokenForm::V1 {
            format!(
                "the policy requires `…{vcs}`; this token is V1 and has no vcs part: use V2 (CIRCLE_OIDC_TOKEN_V2)"
            )
        } else {
            format!(
                "the policy requires `…{vcs}`; this token has no vcs part and no claim `{}`, as in the pipeline of a custom webhook, where V1 and V2 are alike: start the pipeline from the repository",
                claims::VCS_ORIGIN
            )
        });
    }
    let vcs = found_vcs.filter(|_| required_vcs.is_none() && pattern::matches(required, found_job))?;
    Some(format!(
        "the policy requires the V1 form `{}`; this token is V2 and continues with `{}`: use V1 (CIRCLE_OIDC_TOKEN), or have `circleci-aws-oidc trust generate` write the policy for this token's repository and branch",
        one_line(required),
        one_line(vcs)
    ))
}

/// The text before the vcs part, and the vcs part with its first slash.
fn split(subject: &str) -> (&str, Option<&str>) {
    match subject.find(ORIGIN).or_else(|| subject.find(REF)) {
        Some(at) => {
            let (job, vcs) = subject.split_at(at);
            (job, Some(vcs))
        }
        None => (subject, None),
    }
}

/// The first part that differs, for the required subjects with the most equal parts.
fn parts(required: &[String], found: &str) -> Option<String> {
    let found = SubjectPart::cut(found)?;
    let differences: Vec<(usize, &str)> =
        required.iter().filter_map(|required| first_difference(SubjectPart::cut(required)?, found)).collect();
    let furthest = differences.iter().map(|(index, _)| *index).max()?;
    let name = name(*SubjectPart::ALL.get(furthest)?);
    let found = found.get(furthest).copied().flatten()?;
    let of_furthest = differences.iter().filter(|(index, _)| *index == furthest);
    let required: Vec<String> = of_furthest.map(|(_, part)| (*part).to_owned()).collect();
    let is_short =
        |kind: &str| found.strip_prefix(kind).is_some_and(|short| required.iter().any(|part| part == short));
    let (listed, found) = (value::list(&required), one_line(found));
    Some(if ["refs/heads/", "refs/tags/"].into_iter().any(is_short) {
        format!("the policy requires the {name} {listed}; CircleCI writes it in full: `{found}`")
    } else {
        format!("the {name} differs: the policy requires {listed}, the token has `{found}`")
    })
}

fn first_difference<'a>(required: Parts<'a>, found: Parts<'_>) -> Option<(usize, &'a str)> {
    required.into_iter().zip(found).enumerate().find_map(|(index, parts)| match parts {
        (Some(required), Some(found)) if !pattern::matches(required, found) => Some((index, required)),
        _ => None,
    })
}

/// The parts of a subject, in order; `None` for a missing one.
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
