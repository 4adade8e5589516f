//! `trust test`: whether a trust policy allows a token, condition by condition, offline.

use std::path::PathBuf;

use aws::{RoleArn, SessionName};
use trust_policy::{Explanation, TokenClaims, Verdict};

use crate::exchange::token_source::{TokenError, TokenSource};
use crate::failure::Failure;
use crate::io::clock;
use crate::io::environment::Environment;
use crate::report::{self, Report, printable};
use crate::settings::table;
use crate::settings::{
    Inputs, OutputFormat, SettingsError, claims, output_format, session_name, token_source,
};
use crate::trust::explanation;
use crate::trust::known_policy::KnownPolicy;

/// Prints the result of each condition; any verdict but allowed is a failure.
pub(crate) fn run(inputs: Inputs<'_>, report: &Report) -> Result<(), Failure> {
    let environment = inputs.environment;
    let settings = Settings::read(inputs, report).map_err(|error| Failure::from(&error))?;
    let policy = KnownPolicy::read(&settings.policy).map_err(|error| Failure::of_trust_file(&error))?;
    let claims = match &settings.claims {
        Some(claims) => claims.clone(),
        None => claims_of_token(&settings, environment, report)?,
    };
    let judged = policy.judge(&claims, settings.role.as_ref(), &settings.session_name);
    let explanation = judged.ok_or_else(Failure::of_no_account)?;
    let result = settings.format.render(|| text(&explanation), &serde_json::json!(explanation));
    report::print_data(&result).map_err(|error| Failure::of_stdout(&error))?;
    match explanation.verdict {
        Verdict::Allowed => Ok(()),
        Verdict::Denied { .. } | Verdict::Unknown { .. } => Err(Failure::of_verdict(&explanation.verdict)),
    }
}

struct Settings {
    role: Option<RoleArn>,
    session_name: SessionName,
    token_source: TokenSource,
    claims: Option<TokenClaims>,
    policy: PathBuf,
    format: OutputFormat,
}

impl Settings {
    fn read(inputs: Inputs<'_>, report: &Report) -> Result<Self, SettingsError> {
        let inputs = inputs.checked()?;
        let mut notes = Vec::new();
        let session_name = session_name(inputs, &mut notes)?;
        let policy = inputs.value(&table::POLICY)?;
        let settings = Self {
            role: inputs.parsed(&table::ROLE_ARN)?,
            session_name,
            token_source: token_source(inputs)?,
            claims: claims(inputs)?,
            policy: inputs.path(&policy.ok_or(SettingsError::NoPolicy)?)?,
            format: output_format(inputs)?,
        };
        for note in notes {
            report.note(&note);
        }
        Ok(settings)
    }
}

fn claims_of_token(
    settings: &Settings,
    environment: &Environment,
    report: &Report,
) -> Result<TokenClaims, Failure> {
    let found = settings
        .token_source
        .existing_token(environment)
        .and_then(|found| found.ok_or(TokenError::RequestNeeded))
        .map_err(|error| Failure::of_token_to_test(&error, environment))?
        .first;
    let claims = found.token.claims();
    report.event(&format!(
        "the token in {}: iss `{}`, aud `{}`, sub `{}`",
        found.origin, claims.issuer, claims.audience, claims.subject
    ));
    if claims.expired_at(clock::now()) {
        report.note(&format!("it expired at {}; the policy is tested anyway", claims.expires_at));
    }
    found.token.claims_json().parse().map_err(|error| Failure::of_claims(&error, &found.origin))
}

fn text(explanation: &Explanation) -> String {
    explanation::lines(explanation).iter().map(|line| printable(line) + "\n").collect()
}
