//! Role chaining: which roles, and which settings go to which of them. A request with a token takes neither tags nor an
//! external ID nor a source identity (facts/aws.md 1.3), so those need a chained role.

use aws::{RoleArn, SessionDuration, SessionPolicies, SessionPolicy, SessionTag, SessionTags};

use crate::exchange::chained_role::ChainedRole;
use crate::io::environment::{Environment, vars};
use crate::io::files::text_file;
use crate::settings::inputs::Inputs;
use crate::settings::setting::Setting;
use crate::settings::settings_error::{SettingsError, invalid};
use crate::settings::table;

/// What AWS would say later and in other words.
#[derive(Debug, thiserror::Error)]
#[error("`{0}` is longer than 1h, which is all that AWS gives to a role that is assumed from another role")]
struct OverTheChainCap(String);

/// A policy that is not there, or is no JSON.
#[derive(Debug, thiserror::Error)]
enum UnusablePolicy {
    #[error("the policy file `{path}` can't be read")]
    File { path: String, source: text_file::ReadError },
    #[error("the session policy is not JSON")]
    NotJson(#[source] serde_json::Error),
}

/// Credentials of one partition are unknown in all others.
#[derive(Debug, thiserror::Error)]
#[error("`{role}` is of partition `{}`, the first role of `{first}`: no chain leads from one to the other", role.partition_name())]
struct AnotherPartition {
    role: RoleArn,
    first: String,
}

/// Reads the hops of a chain behind `first`; none where no further role is named. `policies` and `duration` are
/// those of the last session.
pub(crate) fn read(
    inputs: Inputs<'_>,
    first: &RoleArn,
    duration: SessionDuration,
    policies: &SessionPolicies,
) -> Result<Vec<ChainedRole>, SettingsError> {
    let roles: Vec<RoleArn> = inputs.parsed_list(&table::CHAIN_ROLE_ARN)?;
    let external_id = inputs.parsed(&table::EXTERNAL_ID)?;
    let source_identity = inputs.parsed(&table::SOURCE_IDENTITY)?;
    let tags = tags(inputs)?;
    let transitive: Vec<String> = inputs.parsed_list(&table::TRANSITIVE_TAG)?;
    let all_tags =
        SessionTags::new(tags.clone(), &transitive).map_err(|flaw| invalid(table::TAG.flag, flaw))?;
    if roles.is_empty() {
        let only_signed: [(&Setting, bool); 3] = [
            (&table::EXTERNAL_ID, external_id.is_some()),
            (&table::SOURCE_IDENTITY, source_identity.is_some()),
            (&table::TAG, !tags.is_empty()),
        ];
        let needless = only_signed.into_iter().find(|(_, given)| *given);
        return needless.map_or(Ok(Vec::new()), |(setting, _)| Err(SettingsError::NeedsChain(setting.flag)));
    }
    let elsewhere = |role: &&RoleArn| role.partition_name() != first.partition_name();
    if let Some(role) = roles.iter().find(elsewhere) {
        let flaw = AnotherPartition { role: role.clone(), first: first.partition_name().to_owned() };
        return Err(invalid(table::CHAIN_ROLE_ARN.flag, flaw));
    }
    if duration > SessionDuration::DEFAULT {
        return Err(invalid(table::DURATION.flag, OverTheChainCap(duration.to_string())));
    }
    let count = roles.len();
    let is_transitive = |tag: &&SessionTag| all_tags.transitive_keys().iter().any(|key| key == tag.key());
    // Tags that go along are set once, at the first hop: AWS refuses them a second time.
    let going_along: Vec<SessionTag> = tags.iter().filter(is_transitive).cloned().collect();
    let of_the_last: Vec<SessionTag> = tags.iter().filter(|tag| !is_transitive(tag)).cloned().collect();
    let tags_of = |at: usize| match (count, at) {
        (1, _) => Ok(all_tags.clone()),
        (_, 0) => SessionTags::new(going_along.clone(), &transitive),
        (count, at) if at + 1 == count => SessionTags::new(of_the_last.clone(), &[]),
        _ => Ok(SessionTags::default()),
    };
    roles
        .into_iter()
        .enumerate()
        .map(|(at, role)| {
            let is_last = at + 1 == count;
            Ok(ChainedRole {
                role,
                duration: if is_last { duration } else { SessionDuration::SHORTEST },
                external_id: external_id.clone().filter(|_| is_last),
                tags: tags_of(at).map_err(|flaw| invalid(table::TAG.flag, flaw))?,
                source_identity: source_identity.clone().filter(|_| at == 0),
                policies: if is_last { policies.clone() } else { SessionPolicies::default() },
            })
        })
        .collect()
}

/// What narrows the last session, chained or not.
pub(crate) fn policies(inputs: Inputs<'_>) -> Result<SessionPolicies, SettingsError> {
    let managed = inputs.parsed_list(&table::POLICY_ARN)?;
    let inline = match inputs.value(&table::POLICY)? {
        None => None,
        Some(value) => {
            let text = policy_text(value.text.trim()).map_err(|flaw| invalid(value.name, flaw))?;
            Some(text.parse::<SessionPolicy>().map_err(|flaw| invalid(value.name, flaw))?)
        }
    };
    SessionPolicies::new(inline, managed).map_err(|flaw| invalid(table::POLICY_ARN.flag, flaw))
}

/// JSON as it is, anything else as the name of a file with JSON in it.
fn policy_text(given: &str) -> Result<String, UnusablePolicy> {
    let text = if given.starts_with('{') {
        given.to_owned()
    } else {
        text_file::read(given.as_ref())
            .and_then(|text| text.ok_or(text_file::ReadError::Missing))
            .map_err(|source| UnusablePolicy::File { path: given.to_owned(), source })?
    };
    serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&text)
        .map_err(UnusablePolicy::NotJson)?;
    Ok(text.trim().to_owned())
}

/// `K=V`, and `auto` for what CircleCI knows of the job. A value that IAM's alphabet can't hold is refused:
/// a tag that was mangled could match a condition that it should not.
fn tags(inputs: Inputs<'_>) -> Result<Vec<SessionTag>, SettingsError> {
    let mut tags = Vec::new();
    for (name, text) in inputs.list(&table::TAG)? {
        if text == "auto" {
            tags.extend(tags_of_the_job(inputs.environment).map_err(|flaw| invalid(name, flaw))?);
        } else {
            tags.push(text.parse().map_err(|flaw| invalid(name, flaw))?);
        }
    }
    Ok(tags)
}

fn tags_of_the_job(environment: &Environment) -> Result<Vec<SessionTag>, aws::InvalidSessionTag> {
    [
        ("CircleCIProject", vars::CIRCLE_PROJECT_REPONAME),
        ("CircleCIBranch", vars::CIRCLE_BRANCH),
        ("CircleCIJob", vars::CIRCLE_JOB),
        ("CircleCIPipeline", vars::CIRCLE_PIPELINE_ID),
    ]
    .into_iter()
    .filter_map(|(key, variable)| Some(SessionTag::new(key, environment.set(variable)?)))
    .collect()
}
