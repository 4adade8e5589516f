//! Role chaining: which roles, and which settings apply to which of them. AssumeRoleWithWebIdentity takes neither
//! tags nor an external ID nor a source identity (facts/aws.md 1.3), so those need a chained role.

use aws::{
    InvalidSessionPolicy, InvalidSessionTags, RoleArn, SessionDuration, SessionPolicies, SessionPolicy,
    SessionTag, SessionTags,
};

use crate::exchange::chained_role::ChainedRole;
use crate::io::environment::{Environment, vars};
use crate::settings::expansion::Expanded;
use crate::settings::inputs::{Inputs, Value};
use crate::settings::policy_text::{self, NoPolicyText};
use crate::settings::setting::Setting;
use crate::settings::settings_error::{SettingsError, invalid};
use crate::settings::table;

/// A duration that AWS would refuse too, with a less specific message.
#[derive(Debug, thiserror::Error)]
#[error("invalid value `{0}`; expected at most 1h, AWS's limit for role chaining")]
struct OverChainLimit(String);

/// A session policy that can't be read, or is not JSON.
#[derive(Debug, thiserror::Error)]
enum UnusablePolicy {
    /// The library's own words would repeat a text that is a string of JSON.
    #[error("the session policy is not a JSON object: the error is at line {line}, column {column}")]
    NotJson { line: usize, column: usize },
    #[error(transparent)]
    Policy(#[from] InvalidSessionPolicy),
    #[error(transparent)]
    Text(#[from] NoPolicyText),
}

/// Such a key could not be repeated by another process as `KEY=VALUE`.
#[derive(Debug, thiserror::Error)]
#[error("the tag key `{}` holds `=`", .0.escape_debug())]
struct EqualsInKey(String);

/// A role in another partition than the first one: credentials are valid in their own partition only.
#[derive(Debug, thiserror::Error)]
#[error("`{role}` is in partition `{}`, the first role in `{first}`: role chaining stays in one partition", role.partition_name())]
struct OtherPartition {
    role: RoleArn,
    first: String,
}

/// Reads the chained roles after `first`; none without `--chain-role-arn`. `policies` and `duration` are those of the
/// last session.
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
    let transitive_keys: Vec<String> = inputs.parsed_list(&table::TRANSITIVE_TAG)?;
    let all_tags = SessionTags::new(tags.clone(), &transitive_keys).map_err(|flaw| {
        let of_keys = matches!(flaw, InvalidSessionTags::NotATag(_));
        invalid(if of_keys { table::TRANSITIVE_TAG.flag } else { table::TAG.flag }, flaw)
    })?;
    if roles.is_empty() {
        let only_chained: [(&Setting, bool); 3] = [
            (&table::EXTERNAL_ID, external_id.is_some()),
            (&table::SOURCE_IDENTITY, source_identity.is_some()),
            (&table::TAG, !tags.is_empty()),
        ];
        let set = only_chained.into_iter().find(|(_, is_set)| *is_set);
        return set.map_or(Ok(Vec::new()), |(setting, _)| Err(SettingsError::NeedsChain(setting.flag)));
    }
    let is_elsewhere = |role: &&RoleArn| role.partition_name() != first.partition_name();
    if let Some(role) = roles.iter().find(is_elsewhere) {
        let flaw = OtherPartition { role: role.clone(), first: first.partition_name().to_owned() };
        return Err(invalid(table::CHAIN_ROLE_ARN.flag, flaw));
    }
    if duration > SessionDuration::DEFAULT {
        let typed = inputs.value(&table::DURATION)?;
        let (name, text) =
            typed.map_or((table::DURATION.flag, duration.to_string()), |value| (value.name, value.text));
        return Err(invalid(name, OverChainLimit(text)));
    }
    let count = roles.len();
    let is_transitive = |tag: &&SessionTag| all_tags.transitive_keys().iter().any(|key| key == tag.key());
    // Transitive tags are set once, at the first chained role: AWS refuses them a second time.
    let transitive_tags: Vec<SessionTag> = tags.iter().filter(is_transitive).cloned().collect();
    let last_tags: Vec<SessionTag> = tags.iter().filter(|tag| !is_transitive(tag)).cloned().collect();
    let tags_of = |at: usize| match (count, at) {
        (1, _) => Ok(all_tags.clone()),
        (_, 0) => SessionTags::new(transitive_tags.clone(), &transitive_keys),
        (count, at) if at + 1 == count => SessionTags::new(last_tags.clone(), &[]),
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

/// The session policies, which limit the last session, chained or not.
pub(crate) fn policies(inputs: Inputs<'_>) -> Result<SessionPolicies, SettingsError> {
    let managed = inputs.parsed_list(&table::POLICY_ARN)?;
    let inline = match inputs.expanded(&table::POLICY)? {
        None => None,
        Some((name, value)) => {
            let policy = policy(&value, inputs.environment);
            policy.map_err(|flaw| inputs.invalid(&Value::of(name, &value), flaw))?
        }
    };
    SessionPolicies::new(inline, managed).map_err(|flaw| invalid(table::POLICY_ARN.flag, flaw))
}

fn policy(value: &Expanded, environment: &Environment) -> Result<Option<SessionPolicy>, UnusablePolicy> {
    let Some(text) = policy_text::read(value, environment)? else { return Ok(None) };
    serde_json::from_str::<serde_json::Map<String, serde_json::Value>>(&text)
        .map_err(|error| UnusablePolicy::NotJson { line: error.line(), column: error.column() })?;
    Ok(Some(text.parse()?))
}

/// `K=V`, or `auto` for the tags of this job. A value with characters that IAM does not allow is refused: a changed
/// tag could meet a condition that it should not. The author decides where a key ends, and whether tags are those of
/// the job: no variable does.
fn tags(inputs: Inputs<'_>) -> Result<Vec<SessionTag>, SettingsError> {
    let mut tags = Vec::new();
    for element in inputs.list(&table::TAG)? {
        let text = element.text();
        if text == "auto" && !element.has_variables() {
            let of_job = tags_of_this_job(inputs.environment);
            tags.extend(of_job.map_err(|flaw| invalid(element.name, flaw))?);
            continue;
        }
        let tag = match element.split_at_written('=') {
            Some((key, _)) if key.contains('=') => {
                return Err(inputs.invalid_element(&element, EqualsInKey(key)));
            }
            Some((key, value)) => SessionTag::new(&key, &value),
            None => text.parse(),
        };
        tags.push(tag.map_err(|flaw| inputs.invalid_element(&element, flaw))?);
    }
    Ok(tags)
}

fn tags_of_this_job(environment: &Environment) -> Result<Vec<SessionTag>, aws::InvalidSessionTag> {
    [
        ("CircleCIProject", vars::CIRCLE_PROJECT_REPONAME),
        ("CircleCIBranch", vars::CIRCLE_BRANCH),
        ("CircleCIJob", vars::CIRCLE_JOB),
        ("CircleCIPipeline", vars::CIRCLE_PIPELINE_ID),
    ]
    .into_iter()
    .filter_map(|(key, variable)| Some(SessionTag::new(key, environment.non_blank(variable)?)))
    .collect()
}
