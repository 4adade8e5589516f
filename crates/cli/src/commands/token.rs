//! `token`: the claims of the job's token, and what AWS makes of them. The token itself goes to a file at most.

use std::path::PathBuf;

use aws::{Partition, Region, RoleArn};
use oidc::TokenForm;
use serde_json::{Map, Value, json};
use trust_policy::TokenClaims;

use crate::commands::{roll_back, token_request};
use crate::exchange::token_source::{ExpectedAudience, FoundToken, TokenError, TokenSource};
use crate::failure::Failure;
use crate::io::clock;
use crate::io::files::transaction::FileTransaction;
use crate::io::files::user_path;
use crate::report::{self, Report, printable};
use crate::settings::network::StsLocation;
use crate::settings::{self, Inputs, OutputFormat, SettingsError, output_format, table, token_source};
use crate::sinks::TokenSink;

struct Settings {
    role: Option<RoleArn>,
    source: TokenSource,
    audience: Option<ExpectedAudience>,
    file: Option<PathBuf>,
    format: OutputFormat,
}

/// A value of `--to` that is not a file for a token.
#[derive(Debug, thiserror::Error)]
#[error("invalid value `{0}`; expected file:PATH")]
struct NotAFile(String);

/// A second file: one is enough for all tools.
#[derive(Debug, thiserror::Error)]
#[error("a token is written to one file")]
struct SecondFile;

/// Prints the claims, after the file is written.
pub(crate) fn run(inputs: Inputs<'_>, report: &Report) -> Result<(), Failure> {
    let settings = Settings::read(inputs).map_err(|error| Failure::from(&error))?;
    let sink = settings.file.as_deref().map(TokenSink::open).transpose();
    let sink = sink.map_err(|error| Failure::of_sink(&error))?;
    let found = find(&settings, inputs, report)?;
    let claims: TokenClaims =
        found.token.claims_json().parse().map_err(|error| Failure::of_claims(&error, &found.origin))?;
    let until = found.token.claims().expires_at;
    let is_expired = found.token.claims().expired_at(clock::now());
    if is_expired {
        report.note(&format!("the token expired at {until}"));
    }
    if let Some(sink) = sink {
        let path = sink.path().display().to_string();
        let mut transaction = FileTransaction::default();
        if let Err(error) = sink.write(found.token.expose(), &mut transaction) {
            return Err(roll_back(&mut transaction, Failure::of_sink(&error), report));
        }
        transaction.commit();
        report.event(&format!("the token is in `{path}`, valid until {until}"));
    }
    let shown = Shown { found: &found, claims: &claims, role: settings.role.as_ref() };
    let text = match settings.format {
        OutputFormat::Text => shown.text(),
        OutputFormat::Json => shown.json().to_string() + "\n",
    };
    report::print_data(&text).map_err(|error| Failure::of_stdout(&error))
}

impl Settings {
    fn read(inputs: Inputs<'_>) -> Result<Self, SettingsError> {
        let inputs = inputs.checked()?;
        let mut file = None;
        for element in inputs.list(&table::TO)? {
            let text = element.text();
            let path = text.strip_prefix("file:").filter(|path| !path.is_empty());
            let Some(path) = path else {
                return Err(inputs.invalid_element(&element, NotAFile(text.escape_debug().to_string())));
            };
            let resolved = user_path::resolve(path, inputs.environment);
            let resolved = resolved.map_err(|flaw| inputs.invalid_element(&element, flaw))?;
            if file.replace(resolved).is_some() {
                return Err(inputs.invalid_element(&element, SecondFile));
            }
        }
        Ok(Self {
            role: inputs.parsed(&table::ROLE_ARN)?,
            source: token_source(inputs)?,
            audience: settings::audience(inputs)?,
            file,
            format: output_format(inputs)?,
        })
    }
}

/// The token that exists, or a new one: where there is none, and for another audience.
fn find(settings: &Settings, inputs: Inputs<'_>, report: &Report) -> Result<FoundToken, Failure> {
    let Settings { source, audience, role, .. } = settings;
    let environment = inputs.environment;
    let failed = |error: TokenError| Failure::of_token(&error, environment);
    let region = Region::implicit(Partition::commercial());
    let location = role.as_ref().map_or(StsLocation::Region(&region), StsLocation::HomeOf);
    let request = |source: &TokenSource| token_request::request(source, location, inputs, report);
    let Some(found) = source.existing_token(environment).map_err(failed)? else { return request(source) };
    match found.first.require_audience(audience.as_ref()) {
        Ok(()) => Ok(found.first),
        Err(_) if *source == TokenSource::Auto => request(&TokenSource::Mint),
        Err(error) => Err(failed(error)),
    }
}

/// A token as it is shown.
struct Shown<'a> {
    found: &'a FoundToken,
    claims: &'a TokenClaims,
    role: Option<&'a RoleArn>,
}

impl Shown<'_> {
    fn form(&self) -> &'static str {
        match self.found.token.form() {
            TokenForm::V1 => "V1",
            TokenForm::V2 => "V2",
            TokenForm::CustomWebhook => "custom webhook",
            TokenForm::Other => "other",
        }
    }

    /// The ARN of the identity provider, if the account is known, else its name.
    fn provider(&self) -> String {
        let issuer = &self.found.token.claims().issuer;
        self.role.map_or_else(|| issuer.provider().into_owned(), |role| issuer.provider_arn_for(role))
    }

    /// All claims of the token, also those that AWS does not read.
    fn all(&self) -> Map<String, Value> {
        match serde_json::from_str(&self.found.token.claims_json()) {
            Ok(Value::Object(claims)) => claims,
            _ => Map::new(),
        }
    }

    fn json(&self) -> Value {
        let until = self.found.token.claims().expires_at;
        let keys: Map<String, Value> =
            self.claims.condition_keys().into_iter().map(|(key, value)| (key, value.into())).collect();
        json!({
            "source": self.found.origin.to_string(),
            "form": self.form(),
            "expires_at": until.to_string(),
            "expires_in_seconds": until.seconds_since(clock::now()),
            "claims": self.all(),
            "provider": self.provider(),
            "condition_keys": keys,
        })
    }

    fn text(&self) -> String {
        let until = self.found.token.claims().expires_at;
        let left = until.seconds_since(clock::now());
        let mut rows = vec![
            ("source".to_owned(), self.found.origin.to_string()),
            ("form".to_owned(), self.form().to_owned()),
            ("valid until".to_owned(), format!("{until} ({} min)", left.div_euclid(60))),
        ];
        rows.extend(self.all().into_iter().map(|(name, value)| match value {
            Value::String(text) => (format!("claim {name}"), text),
            other => (format!("claim {name}"), other.to_string()),
        }));
        rows.push(("provider".to_owned(), self.provider()));
        rows.extend(
            self.claims.condition_keys().into_iter().map(|(key, value)| (format!("key {key}"), value)),
        );
        let width = rows.iter().map(|(name, _)| name.chars().count()).max().unwrap_or_default();
        rows.iter().map(|(name, value)| printable(&format!("{name:width$}  {value}")) + "\n").collect()
    }
}
