//! The flags by which another process requests the same session. That process has neither this one's working directory
//! nor its settings, so paths become absolute and values are expanded.

use crate::exchange::token_source::TokenSource;
use crate::io::files::text_file;
use crate::renewal::job_key::JobKey;
use crate::renewal::request_flags::RequestFlags;
use crate::settings::inputs::Inputs;
use crate::settings::setting::{Repeats, Setting, Shape};
use crate::settings::settings_error::{SettingsError, invalid};
use crate::settings::table;

/// Values that differ from what the user gave.
#[derive(Debug, Default)]
pub(crate) struct Resolved(Vec<(&'static Setting, String)>);

impl Resolved {
    /// The value that the other process is given.
    pub(crate) fn set(&mut self, setting: &'static Setting, value: String) {
        self.0.push((setting, value));
    }

    fn get(&self, setting: &Setting) -> Option<&str> {
        self.0.iter().find(|(known, _)| *known == setting).map(|(_, value)| value.as_str())
    }
}

/// Puts the flags together, from the rows of the table that a request repeats, for the job that this process shows.
pub(crate) fn request_flags(
    inputs: Inputs<'_>,
    resolved: &Resolved,
    source: &TokenSource,
) -> Result<RequestFlags, SettingsError> {
    let of_session = flags_that(Repeats::Session, inputs, resolved)?;
    let of_patience = flags_that(Repeats::Patience, inputs, resolved)?;
    // A token that is missing or not usable is reported where it is needed.
    let token = source.existing(inputs.environment).ok().flatten();
    let claims = token.as_ref().map(|found| found.first.token.claims());
    let flags = RequestFlags::new(of_session, of_patience, JobKey::of(inputs.environment, claims));
    let line: Option<JobKey> = inputs.parsed(&table::JOB_KEY)?;
    Ok(line.iter().fold(flags, RequestFlags::completed_by))
}

fn flags_that(
    repeats: Repeats,
    inputs: Inputs<'_>,
    resolved: &Resolved,
) -> Result<Vec<String>, SettingsError> {
    let mut flags = Vec::new();
    for setting in table::all().filter(|setting| setting.repeats == repeats) {
        match (resolved.get(setting), setting.shape) {
            (Some(value), _) => push(&mut flags, setting, value),
            (None, Shape::One(_)) => {
                if let Some(value) = inputs.value(setting)? {
                    push(&mut flags, setting, value.text.trim());
                }
            }
            (None, Shape::List(..)) => {
                for (_, value) in inputs.list(setting)? {
                    push(&mut flags, setting, &value);
                }
            }
            (None, Shape::Switch) => {
                if inputs.is_on(setting)? {
                    flags.push(setting.flag.to_owned());
                }
            }
        }
    }
    Ok(flags)
}

fn push(flags: &mut Vec<String>, setting: &Setting, value: &str) {
    if value.starts_with('-') {
        // By itself it would be read as a flag.
        flags.push(format!("{}={value}", setting.flag));
    } else {
        flags.extend([setting.flag.to_owned(), value.to_owned()]);
    }
}

/// The path from the root on.
pub(crate) fn absolute(name: &'static str, path: &str) -> Result<String, SettingsError> {
    let absolute =
        std::path::absolute(path).map_err(|error| invalid(name, text_file::ReadError::Io(error)))?;
    Ok(absolute.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::environment::Environment;
    use crate::settings::flags::Flags;
    use crate::settings::{DEFAULT_DEADLINE, SessionSettings};

    const ROLE: &str = "arn:aws:iam::123456789012:role/ci";

    fn of(flags: &Flags, environment: &Environment) -> RequestFlags {
        SessionSettings::read(Inputs { flags, environment }, DEFAULT_DEADLINE).unwrap().flags
    }

    /// As the command line of another process would give them.
    fn read_back(flags: &RequestFlags) -> Flags {
        let arguments = ["circleci-aws-oidc", "assume"].into_iter().chain(flags.all());
        crate::args::parse(arguments.map(Into::into)).unwrap().1
    }

    fn given_in_variables() -> Environment {
        Environment::from([
            ("AWS_OIDC_ROLE_ARN", "arn:aws:iam::$ACCOUNT:role/ci"),
            ("ACCOUNT", "123456789012"),
            ("AWS_OIDC_DURATION", "45m"),
            ("AWS_REGION", "eu-west-1"),
            ("AWS_OIDC_TOKEN_SOURCE", "file:token"),
            ("AWS_OIDC_AUDIENCE", "a.example"),
            ("AWS_OIDC_CHAIN_ROLE_ARN", "arn:aws:iam::123456789012:role/a arn:aws:iam::123456789012:role/b"),
            ("AWS_OIDC_EXTERNAL_ID", "e-1"),
            ("AWS_OIDC_TAG", "K=v w, auto"),
            ("AWS_OIDC_TRANSITIVE_TAG", "K"),
            ("AWS_OIDC_SOURCE_IDENTITY", "s-1"),
            ("AWS_OIDC_POLICY", r#"{"Version": "2012-10-17"}"#),
            ("AWS_OIDC_POLICY_ARN", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
            ("AWS_OIDC_ALLOWED_ACCOUNT_ID", "123456789012"),
            ("AWS_OIDC_FORBIDDEN_ACCOUNT_ID", "1".repeat(12).as_str()),
            ("AWS_OIDC_REFUSE_SSH_RERUN", "1"),
            ("AWS_OIDC_REFUSE_FORK", "true"),
            ("AWS_OIDC_STS_ENDPOINT", "https://sts.eu-west-1.amazonaws.com"),
            ("AWS_OIDC_CA_BUNDLE", "ca.pem"),
            ("AWS_OIDC_CONNECT_TIMEOUT", "3s"),
            ("AWS_OIDC_DEADLINE", "30s"),
            ("AWS_OIDC_MAX_ATTEMPTS", "2"),
        ])
    }

    #[test]
    fn the_flags_alone_ask_for_the_same_session() {
        let first = of(&Flags::default(), &given_in_variables());
        assert_eq!(of(&read_back(&first), &Environment::default()), first);
        let own: Vec<&str> = first.all().filter(|it| it.starts_with("--")).collect();
        for setting in table::all().filter(|setting| setting.repeats != Repeats::No) {
            assert!(own.contains(&setting.flag), "{}", setting.flag);
        }
    }

    #[test]
    fn a_value_that_looks_like_a_flag_stays_a_value() {
        let flags = Flags::from([
            (&table::ROLE_ARN, ROLE),
            (&table::CHAIN_ROLE_ARN, ROLE),
            (&table::EXTERNAL_ID, "--quiet"),
            (&table::SESSION_NAME, "-ci"),
        ]);
        let first = of(&flags, &Environment::default());
        assert_eq!(of(&read_back(&first), &Environment::default()), first);
    }

    #[test]
    fn a_path_does_not_depend_on_the_working_directory() {
        let flags = of(&Flags::default(), &given_in_variables());
        let here = std::path::absolute("token").unwrap();
        assert!(flags.all().any(|flag| flag == format!("file:{}", here.display())), "{flags:?}");
    }

    #[test]
    fn every_job_and_every_request_has_a_key_of_its_own() {
        let job = |id| Environment::from([("AWS_OIDC_ROLE_ARN", ROLE), ("CIRCLE_WORKFLOW_JOB_ID", id)]);
        let none = Flags::default();
        let one = of(&none, &job("1"));
        assert_eq!(one, of(&Flags::from([(&table::ROLE_ARN, ROLE)]), &job("1")));
        assert_ne!(one.key(), of(&none, &job("2")).key());
        assert_ne!(one.key(), of(&Flags::from([(&table::DURATION, "900")]), &job("1")).key());
        let patience = Flags::from([(&table::DEADLINE, "5s"), (&table::MAX_ATTEMPTS, "1")]);
        assert_eq!(one.key(), of(&patience, &job("1")).key());
    }

    /// `sub` is `s`, and `t`.
    const TOKENS: [&str; 2] = [
        "e30.eyJpc3MiOiJodHRwczovL2kiLCJzdWIiOiJzIiwiYXVkIjoiYSIsImV4cCI6NDAwMDAwMDAwMH0.c2ln",
        "e30.eyJpc3MiOiJodHRwczovL2kiLCJzdWIiOiJ0IiwiYXVkIjoiYSIsImV4cCI6NDAwMDAwMDAwMH0.c2ln",
    ];

    #[test]
    fn every_subject_has_a_key_of_its_own_whatever_the_source_of_its_token_is() {
        let environment = Environment::from([
            ("AWS_OIDC_ROLE_ARN", ROLE),
            ("CIRCLE_OIDC_TOKEN_V2", TOKENS[0]),
            ("BY_USER", TOKENS[1]),
        ]);
        let of_source = |source| of(&Flags::from([(&table::TOKEN_SOURCE, source)]), &environment);
        assert_eq!(of_source("auto").job(), of_source("circleci-v2").job());
        assert_ne!(of_source("auto").job(), of_source("env:BY_USER").job());
        assert_eq!(of_source("env:NOT_SET").job().subject(), None);
        assert_eq!(of_source("mint").job().subject(), None);
    }

    #[test]
    fn a_line_with_a_job_key_asks_for_the_same_in_an_environment_without_the_job() {
        let job = Environment::from([
            ("AWS_OIDC_ROLE_ARN", ROLE),
            ("CIRCLE_WORKFLOW_JOB_ID", "1"),
            ("CIRCLE_OIDC_TOKEN_V2", TOKENS[0]),
        ]);
        let first = of(&Flags::default(), &job);
        let mut line = read_back(&first);
        line.push(&table::JOB_KEY, &first.job().to_string());
        // The Region of a caller decides which STS is called, not which credentials are meant.
        for caller in [Environment::default(), Environment::from([("AWS_DEFAULT_REGION", "us-east-1")])] {
            assert_eq!(of(&line, &caller).key(), first.key());
        }
        for (name, value) in [("CIRCLE_WORKFLOW_JOB_ID", "2"), ("CIRCLE_OIDC_TOKEN_V2", TOKENS[1])] {
            assert_ne!(of(&line, &Environment::from([(name, value)])).key(), first.key(), "{name}");
        }
    }
}
