//! `trust test`: whether a trust policy lets a token in, part by part, without asking anybody.

use std::path::{Path, PathBuf};

use aws::{RoleArn, Secret, SessionName};
use trust_policy::{Explanation, TokenClaims, Verdict};

use crate::args::TrustTestArgs;
use crate::exchange::token_source::{TokenError, TokenSource};
use crate::failure::Failure;
use crate::io::clock;
use crate::io::environment::Environment;
use crate::io::files::text_file;
use crate::report::{Report, printable};
use crate::settings::session_name;
use crate::settings::table;
use crate::settings::{Lookup, SettingsError, invalid};
use crate::trust::explanation;
use crate::trust::known_policy::KnownPolicy;

/// Why there are no claims to try.
#[derive(Debug, thiserror::Error)]
#[error("the claims in `{}` can't be read", path.display())]
struct UnreadableClaims {
    path: PathBuf,
    source: text_file::ReadError,
}

/// Prints how every part came out; anything but a clear yes is a failure.
pub(crate) fn run(
    args: &TrustTestArgs,
    environment: &Environment,
    report: &mut Report,
) -> Result<(), Failure> {
    let settings = Settings::read(args, environment, report).map_err(|error| Failure::from(&error))?;
    let policy = KnownPolicy::read(&settings.policy).map_err(|error| Failure::of_trust_file(&error))?;
    let claims = match &settings.claims {
        Some(claims) => claims.clone(),
        None => claims_of_token(&settings, environment, report)?,
    };
    let judged = policy.judge(&claims, settings.role.as_ref(), &settings.session_name);
    let explanation = judged.ok_or_else(Failure::of_no_account)?;
    report
        .data(&Secret::new(settings.format.render(&explanation)))
        .map_err(|error| Failure::of_stdout(&error))?;
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
    format: Format,
}

impl Settings {
    fn read(
        args: &TrustTestArgs,
        environment: &Environment,
        report: &mut Report,
    ) -> Result<Self, SettingsError> {
        let look = Lookup::in_known(environment, &args.output)?;
        let mut notes = Vec::new();
        let session_name = look.given(args.session_name.as_deref(), table::SESSION_NAME)?;
        let policy = look.given(args.policy.as_deref(), table::POLICY)?;
        let settings = Self {
            role: look.parsed(args.role_arn.as_deref(), table::ROLE_ARN)?,
            session_name: match session_name {
                Some(value) => {
                    session_name::asked_for(&value, &mut notes).map_err(|flaw| invalid(value.name, flaw))?
                }
                None => session_name::of_this_job(environment),
            },
            token_source: look
                .parsed(args.token_source.as_deref(), table::TOKEN_SOURCE)?
                .unwrap_or(TokenSource::Auto),
            claims: claims(args, look)?,
            policy: policy.ok_or(SettingsError::NoPolicy)?.text.trim().into(),
            format: look
                .one_of(
                    args.format.as_deref(),
                    table::FORMAT,
                    &[("text", Format::Text), ("json", Format::Json)],
                )?
                .unwrap_or(Format::Text),
        };
        for note in notes {
            report.note(&printable(&note));
        }
        Ok(settings)
    }
}

fn claims(args: &TrustTestArgs, look: Lookup<'_>) -> Result<Option<TokenClaims>, SettingsError> {
    let Some(value) = look.given(args.claims.as_deref(), table::CLAIMS)? else { return Ok(None) };
    let path = Path::new(value.text.trim());
    let text = text_file::read(path)
        .and_then(|text| text.ok_or(text_file::ReadError::Missing))
        .map_err(|source| invalid(value.name, UnreadableClaims { path: path.to_owned(), source }))?;
    text.parse().map(Some).map_err(|flaw| invalid(value.name, flaw))
}

fn claims_of_token(
    settings: &Settings,
    environment: &Environment,
    report: &mut Report,
) -> Result<TokenClaims, Failure> {
    let found = settings
        .token_source
        .at_hand(environment)
        .and_then(|found| found.ok_or(TokenError::NotAtHand))
        .map_err(|error| Failure::of_token(&error, environment))?
        .first;
    let claims = found.token.claims();
    report.event(&printable(&format!(
        "the token in {}: iss `{}`, aud `{}`, sub `{}`",
        found.place, claims.issuer, claims.audience, claims.subject
    )));
    if claims.expired_at(clock::now()) {
        report.note(&format!("it expired at {}; the policy is tried all the same", claims.expires_at));
    }
    found.token.claims_json().parse().map_err(|error| Failure::of_claims(&error, &found.place))
}

#[derive(Clone, Copy)]
enum Format {
    Text,
    Json,
}

impl Format {
    fn render(self, explanation: &Explanation) -> String {
        match self {
            Self::Text => explanation::text(explanation),
            Self::Json => serde_json::json!(explanation).to_string() + "\n",
        }
    }
}
