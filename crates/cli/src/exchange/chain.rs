//! Roles behind the first one: what is asked of each hop. A request with a token takes neither tags nor an
//! external id nor a source identity (facts/aws.md 1.3), so those need a hop that is signed.

use aws::{
    ExternalId, RoleArn, SessionDuration, SessionName, SessionPolicies, SessionPolicy, SessionTag,
    SessionTags, SourceIdentity,
};
use sts::AssumeRole;

use crate::args::SessionArgs;
use crate::io::environment::{Environment, vars};
use crate::io::files::text_file;
use crate::settings::table::{self, Setting};
use crate::settings::{Lookup, SettingsError, invalid};

/// One signed step from a role to the next.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Hop {
    /// The role to become.
    pub(crate) role: RoleArn,
    /// How long the credentials last.
    pub(crate) duration: SessionDuration,
    /// What the role's owner asks to be told.
    pub(crate) external_id: Option<ExternalId>,
    /// What the session is tagged with.
    pub(crate) tags: SessionTags,
    /// Who is behind the session; inherited by the hops that follow.
    pub(crate) source_identity: Option<SourceIdentity>,
    /// What narrows the session.
    pub(crate) policies: SessionPolicies,
}

impl Hop {
    /// What is asked for, under the one name that all sessions have.
    pub(crate) fn request<'a>(&'a self, session_name: &'a SessionName) -> AssumeRole<'a> {
        AssumeRole {
            role: &self.role,
            session_name,
            duration: self.duration,
            external_id: self.external_id.as_ref(),
            tags: &self.tags,
            source_identity: self.source_identity.as_ref(),
            policies: &self.policies,
        }
    }
}

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
    args: &SessionArgs,
    look: Lookup<'_>,
    first: &RoleArn,
    duration: SessionDuration,
    policies: &SessionPolicies,
) -> Result<Vec<Hop>, SettingsError> {
    let roles: Vec<RoleArn> = look.parsed_list(&args.chain_role_arn, table::CHAIN_ROLE_ARN)?;
    let external_id = look.parsed(args.external_id.as_deref(), table::EXTERNAL_ID)?;
    let source_identity = look.parsed(args.source_identity.as_deref(), table::SOURCE_IDENTITY)?;
    let tags = tags(args, look)?;
    let transitive: Vec<String> = look.parsed_list(&args.transitive_tag, table::TRANSITIVE_TAG)?;
    let all_tags =
        SessionTags::new(tags.clone(), &transitive).map_err(|flaw| invalid(table::TAG.flag, flaw))?;
    if roles.is_empty() {
        let only_signed: [(Setting, bool); 3] = [
            (table::EXTERNAL_ID, external_id.is_some()),
            (table::SOURCE_IDENTITY, source_identity.is_some()),
            (table::TAG, !tags.is_empty()),
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
            Ok(Hop {
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
pub(crate) fn policies(args: &SessionArgs, look: Lookup<'_>) -> Result<SessionPolicies, SettingsError> {
    let managed = look.parsed_list(&args.policy_arn, table::POLICY_ARN)?;
    let inline = match look.given(args.policy.as_deref(), table::POLICY)? {
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
fn tags(args: &SessionArgs, look: Lookup<'_>) -> Result<Vec<SessionTag>, SettingsError> {
    let mut tags = Vec::new();
    for (name, text) in look.list(&args.tag, table::TAG)? {
        if text == "auto" {
            tags.extend(tags_of_the_job(look.environment).map_err(|flaw| invalid(name, flaw))?);
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
