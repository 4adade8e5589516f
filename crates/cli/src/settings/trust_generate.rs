//! The settings of `trust generate`.

use trust_policy::TokenClaims;
use trust_policy::generate::{Format, InvalidRefPattern, Provider, RefPattern, SubjectForm};

use crate::exchange::token_source::TokenSource;
use crate::settings::inputs::Inputs;
use crate::settings::list::Element;
use crate::settings::setting::Setting;
use crate::settings::settings_error::SettingsError;
use crate::settings::{claims, role, table, token_source};
use crate::trust::trust_plan::{CircleCiRequest, GitHubRequest, TrustRequest};

/// The settings of `trust generate`.
#[derive(Debug)]
pub(crate) struct TrustSettings {
    /// The format of the output.
    pub(crate) format: Format,
    /// The token source, if a token is needed.
    pub(crate) token_source: TokenSource,
    /// Claims that stand for a token.
    pub(crate) claims: Option<TokenClaims>,
    /// The jobs to allow, and the role.
    pub(crate) request: TrustRequest,
}

/// What can be written.
pub(crate) const FORMATS: [(&str, Format); 5] = [
    ("json", Format::Json),
    ("provider-json", Format::ProviderJson),
    ("aws-cli", Format::AwsCli),
    ("terraform", Format::Terraform),
    ("cloudformation", Format::CloudFormation),
];

/// The forms of GitHub's subjects.
pub(crate) const FORMS: [(&str, SubjectForm); 3] =
    [("names", SubjectForm::Names), ("ids", SubjectForm::Ids), ("both", SubjectForm::Both)];

/// Whether the provider is created, or exists in the account.
pub(crate) const PROVIDERS: [(&str, Provider); 2] =
    [("new", Provider::New), ("existing", Provider::Existing)];

impl TrustSettings {
    /// Reads all settings of `trust generate`.
    pub(crate) fn read(inputs: Inputs<'_>) -> Result<Self, SettingsError> {
        let role = role(inputs)?;
        let token_source = token_source(inputs)?;
        let mut refs = refs(inputs, &table::BRANCH, RefPattern::branch)?;
        refs.extend(self::refs(inputs, &table::GIT_TAG, RefPattern::tag)?);
        Ok(Self {
            format: inputs.one_of(&table::FORMAT, &FORMATS)?.unwrap_or(Format::Json),
            token_source,
            claims: claims(inputs)?,
            request: TrustRequest {
                circleci: CircleCiRequest {
                    organization: inputs.parsed(&table::ORGANIZATION_ID)?,
                    projects: inputs.parsed_list(&table::PROJECT_ID)?,
                    origins: inputs.parsed_list(&table::VCS_ORIGIN)?,
                    user: inputs.parsed(&table::USER_ID)?,
                },
                github: GitHubRequest {
                    repositories: inputs.parsed_list(&table::REPOSITORY)?,
                    environments: inputs.parsed_list(&table::ENVIRONMENT)?,
                    pull_requests: inputs.is_on(&table::PULL_REQUEST)?,
                    workflows: inputs.parsed_list(&table::JOB_WORKFLOW_REF)?,
                    form: inputs.one_of(&table::SUBJECT_FORM, &FORMS)?,
                },
                refs,
                audience: inputs.parsed(&table::AUDIENCE)?,
                role,
                permissions_policies: inputs.parsed_list(&table::PERMISSIONS_POLICY_ARN)?,
                workload_roles: inputs.parsed_list(&table::WORKLOAD_ROLE_ARN)?,
                external_id: inputs.parsed(&table::EXTERNAL_ID)?,
                max_session_duration: inputs.parsed(&table::MAX_SESSION_DURATION)?,
                provider: inputs.one_of(&table::PROVIDER, &PROVIDERS)?.unwrap_or(Provider::New),
                context_provider: inputs.is_on(&table::CONTEXT_PROVIDER)?,
                thumbprints: inputs.parsed_list(&table::THUMBPRINT)?,
            },
        })
    }
}

fn refs(
    inputs: Inputs<'_>,
    setting: &Setting,
    parse: impl Fn(&str) -> Result<RefPattern, InvalidRefPattern>,
) -> Result<Vec<RefPattern>, SettingsError> {
    let elements = inputs.list(setting)?;
    let parse =
        |element: &Element| parse(&element.text()).map_err(|flaw| inputs.invalid_element(element, flaw));
    elements.iter().map(parse).collect()
}
