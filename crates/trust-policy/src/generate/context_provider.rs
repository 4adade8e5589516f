//! Trusted identity propagation: the mapping that copies project, ref and repository of the token into keys of the role's
//! session (facts/aws-2026.md 2.2). It limits nothing in the exchange: `sub` stays the limit (2.4).

use oidc::{Subject, circleci::claims};

use crate::context_keys::LONGEST_VALUE;

use super::{
    format::Format,
    json,
    note::Note,
    plan::{Plan, Provider},
    plan_error::PlanError,
    tree::Node,
    trusted_jobs::TrustedJobs,
};

/// The claim, and the name of its key. The name is always written: which one AWS takes without it is not established.
const MAPPED: [(&str, &str); 3] =
    [(claims::PROJECT_ID, "project-id"), (claims::VCS_REF, "vcs-ref"), (claims::VCS_ORIGIN, "vcs-origin")];

/// The field of IAM's requests. The subject is the project: each job's token has it, in 36 characters, while `sub` of a
/// V2 token is too long for a key.
pub(super) fn field() -> (&'static str, Node) {
    let definition = |(source, target): &(&str, &str)| {
        Node::object([("SourceKey", Node::text(*source)), ("TargetKey", Node::text(*target))])
    };
    let mapping = Node::object([
        ("SubjectSourceKey", Node::text(claims::PROJECT_ID)),
        ("SubjectTypeValue", Node::text("workload")),
        ("KeyDefinitionList", Node::List(MAPPED.iter().map(definition).collect())),
    ]);
    ("ContextProvider", mapping)
}

/// The input of `create-open-id-connect-provider`, or for an existing provider of `update-open-id-connect-provider`.
pub(super) fn provider(plan: &Plan) -> String {
    let mut fields = match plan.provider {
        Provider::New => {
            let mut fields = vec![
                ("Url", Node::text(plan.jobs.issuer().as_str())),
                ("ClientIDList", Node::list([plan.audience.as_str()])),
            ];
            if !plan.thumbprints.is_empty() {
                fields.push(("ThumbprintList", Node::list(plan.thumbprints())));
            }
            fields
        }
        Provider::Existing => {
            vec![("OpenIDConnectProviderArn", Node::text(plan.jobs.provider_arn(&plan.role)))]
        }
    };
    if plan.context_provider {
        fields.push(field());
    }
    format!("{}\n", json::pretty(&Node::object(fields)))
}

/// Whether the format can hold what is asked for.
pub(super) fn check(plan: &Plan, format: Format) -> Result<(), PlanError> {
    let is_known = matches!(format, Format::AwsCli | Format::ProviderJson);
    match (&plan.jobs, plan.context_provider) {
        (_, false) if format == Format::ProviderJson && plan.provider == Provider::Existing => {
            Err(PlanError::NothingToUpdate)
        }
        (_, false) => Ok(()),
        (TrustedJobs::GitHub(_), true) => Err(PlanError::ContextOfOtherCi),
        (TrustedJobs::CircleCi(_), true) if is_known => Ok(()),
        (TrustedJobs::CircleCi(_), true) => Err(PlanError::NoContextProperty),
    }
}

/// What a mapping does not do, and which names of the plan are too long for it.
pub(super) fn notes(plan: &Plan) -> Vec<Note> {
    let TrustedJobs::CircleCi(jobs) = &plan.jobs else { return Vec::new() };
    if !plan.context_provider {
        return Vec::new();
    }
    let refs = jobs.refs.iter().map(|pattern| (claims::VCS_REF, pattern.as_str().replace("${$}", "$")));
    let origins = jobs.projects.iter().filter_map(|project| project.vcs_origin.as_ref());
    let origins = origins.map(|origin| (claims::VCS_ORIGIN, origin.to_string()));
    let long = refs.chain(origins).filter_map(|(claim, text)| long_claim(claim, &text));
    [Note::ContextOfSession].into_iter().chain(long).collect()
}

/// What the mapping cannot take of the job's token: a claim that it lacks, or one that is too long.
pub fn context_notes(subject: &str) -> Vec<Note> {
    let Subject::Job(job) = Subject::parse(subject) else { return Vec::new() };
    let Some(vcs) = job.vcs else { return vec![Note::NoContextClaims] };
    let claims = [(claims::VCS_REF, vcs.git_ref), (claims::VCS_ORIGIN, vcs.origin)];
    claims.into_iter().filter_map(|(claim, text)| long_claim(claim, text)).collect()
}

fn long_claim(claim: &'static str, text: &str) -> Option<Note> {
    let length = text.chars().count();
    (length > LONGEST_VALUE).then_some(Note::LongContextClaim { claim, length })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_claim_is_measured_against_the_limit() {
        let subject = |branch: usize| {
            let branch = "b".repeat(branch);
            format!("org/O/project/P/user/U/vcs-origin/github.com/o/r/vcs-ref/refs/heads/{branch}")
        };
        assert_eq!(context_notes(&subject(117)), []);
        assert_eq!(
            context_notes(&subject(118)),
            [Note::LongContextClaim { claim: claims::VCS_REF, length: 129 }]
        );
        assert_eq!(context_notes("org/O/project/P/user/U"), [Note::NoContextClaims]);
    }
}
