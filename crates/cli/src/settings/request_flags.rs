//! The flags with which another process requests the same session. That process has neither this one's working
//! directory nor its settings, so paths become absolute and values are expanded.

use std::path::Path;

use crate::exchange::token_source::TokenSource;
use crate::io::files::text_file;
use crate::renewal::job_key::JobKey;
use crate::renewal::request_flags::{RequestFlag, RequestFlags};
use crate::settings::inputs::Inputs;
use crate::settings::list;
use crate::settings::setting::{Elements, Repeats, Setting, Shape};
use crate::settings::settings_error::{SettingsError, invalid};
use crate::settings::table;

/// Values that replace the user's in the flags for another process.
#[derive(Debug, Default)]
pub(crate) struct ResolvedValues(Vec<(&'static Setting, String)>);

impl ResolvedValues {
    /// Sets the value for the other process.
    pub(crate) fn set(&mut self, setting: &'static Setting, value: String) {
        self.0.push((setting, value));
    }

    fn get(&self, setting: &Setting) -> Option<&str> {
        self.0.iter().find(|(resolved, _)| *resolved == setting).map(|(_, value)| value.as_str())
    }
}

/// Puts the flags together, from the rows of the table that a request repeats, for the job that this process shows.
pub(crate) fn request_flags(
    inputs: Inputs<'_>,
    resolved: &ResolvedValues,
    source: &TokenSource,
) -> Result<RequestFlags, SettingsError> {
    let of_session = flags_of_rows(Repeats::Session, inputs, resolved)?;
    let mut beside_key = flags_of_rows(Repeats::Roots, inputs, resolved)?;
    beside_key.extend(flags_of_rows(Repeats::Limits, inputs, resolved)?);
    // A token that is missing or not usable is reported where it is needed.
    let token = source.existing_token(inputs.environment).ok().flatten();
    let claims = token.as_ref().map(|found| found.first.token.claims());
    let flags = RequestFlags::new(of_session, beside_key, JobKey::of(inputs.environment, claims));
    let line: Option<JobKey> = inputs.parsed(&table::JOB_KEY)?;
    Ok(line.iter().fold(flags, RequestFlags::completed_by))
}

fn flags_of_rows(
    repeats: Repeats,
    inputs: Inputs<'_>,
    resolved: &ResolvedValues,
) -> Result<Vec<RequestFlag>, SettingsError> {
    let mut flags = Vec::new();
    for setting in table::all().filter(|setting| setting.repeats == repeats) {
        match (resolved.get(setting), setting.shape) {
            (Some(value), _) => flags.push(with_value(setting, value)),
            (None, Shape::One(_)) => {
                if let Some(value) = inputs.value(setting)? {
                    flags.push(with_value(setting, value.text.trim()));
                }
            }
            (None, Shape::List(_, elements)) => {
                for element in inputs.list(setting)? {
                    let text = element.text();
                    // A flag of words is a list.
                    let text = if elements == Elements::Words { list::quoted(&text) } else { text };
                    flags.push(with_value(setting, &text));
                }
            }
            (None, Shape::Switch) => {
                if inputs.is_on(setting)? {
                    flags.push(RequestFlag { flag: setting.flag, value: None });
                }
            }
        }
    }
    Ok(flags)
}

fn with_value(setting: &Setting, value: &str) -> RequestFlag {
    RequestFlag { flag: setting.flag, value: Some(value.to_owned()) }
}

/// The absolute path.
pub(crate) fn absolute(name: &'static str, path: &Path) -> Result<String, SettingsError> {
    let absolute =
        std::path::absolute(path).map_err(|error| invalid(name, text_file::ReadError::Io(error)))?;
    Ok(absolute.to_string_lossy().into_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::environment::Environment;
    use crate::io::http::added_roots::AddedRoots;
    use crate::renewal::request_flags::RequestKey;
    use crate::settings::flags::Flags;
    use crate::settings::{DEFAULT_DEADLINE, SessionSettings};

    const ROLE: &str = "arn:aws:iam::123456789012:role/ci";

    fn request_flags(flags: &Flags, environment: &Environment) -> RequestFlags {
        SessionSettings::read(Inputs { flags, environment }, DEFAULT_DEADLINE).unwrap().flags
    }

    /// Parses the flags as another process does.
    fn parsed(flags: &RequestFlags) -> Flags {
        let arguments = ["circleci-aws-oidc", "assume"].map(str::to_owned).into_iter();
        crate::args::tests::flags_of(arguments.chain(words(flags)).map(Into::into))
    }

    fn words(flags: &RequestFlags) -> Vec<String> {
        flags.all().flat_map(RequestFlag::words).collect()
    }

    fn variables() -> Environment {
        Environment::from([
            ("CIRCLECI_AWS_OIDC_ROLE_ARN", "arn:aws:iam::$ACCOUNT:role/ci"),
            ("ACCOUNT", "123456789012"),
            ("CIRCLECI_AWS_OIDC_DURATION", "45m"),
            ("AWS_REGION", "eu-west-1"),
            ("CIRCLECI_AWS_OIDC_TOKEN_SOURCE", "file:token"),
            ("CIRCLECI_AWS_OIDC_AUDIENCE", "a.example"),
            (
                "CIRCLECI_AWS_OIDC_CHAIN_ROLE_ARN",
                "arn:aws:iam::123456789012:role/a arn:aws:iam::123456789012:role/b",
            ),
            ("CIRCLECI_AWS_OIDC_EXTERNAL_ID", "e-1"),
            ("CIRCLECI_AWS_OIDC_TAG", "\"K=v w\", auto"),
            ("CIRCLECI_AWS_OIDC_TRANSITIVE_TAG", "K"),
            ("CIRCLECI_AWS_OIDC_SOURCE_IDENTITY", "s-1"),
            ("CIRCLECI_AWS_OIDC_POLICY", r#"{"Version": "2012-10-17"}"#),
            ("CIRCLECI_AWS_OIDC_POLICY_ARN", "arn:aws:iam::aws:policy/ReadOnlyAccess"),
            ("CIRCLECI_AWS_OIDC_SCOPE_POLICY", r#"{"Statement": []}"#),
            ("CIRCLECI_AWS_OIDC_SCOPE_DURATION", "5m"),
            ("CIRCLECI_AWS_OIDC_SCOPE_DESCRIPTION", "one step"),
            ("CIRCLECI_AWS_OIDC_ALLOWED_ACCOUNT_ID", "123456789012"),
            ("CIRCLECI_AWS_OIDC_FORBIDDEN_ACCOUNT_ID", "1".repeat(12).as_str()),
            ("CIRCLECI_AWS_OIDC_REFUSE_SSH_RERUN", "1"),
            ("CIRCLECI_AWS_OIDC_REFUSE_FORK", "true"),
            ("CIRCLECI_AWS_OIDC_EXPECT_AWS", "true"),
            ("CIRCLECI_AWS_OIDC_STS_ENDPOINT", "https://sts.eu-west-1.amazonaws.com"),
            ("CIRCLECI_AWS_OIDC_CA_BUNDLE", "ca.pem"),
            ("CIRCLECI_AWS_OIDC_CONNECT_TIMEOUT", "3s"),
            ("CIRCLECI_AWS_OIDC_DEADLINE", "30s"),
            ("CIRCLECI_AWS_OIDC_MAX_ATTEMPTS", "2"),
        ])
    }

    #[test]
    fn the_flags_alone_request_the_same_session() {
        let first = request_flags(&Flags::default(), &variables());
        assert_eq!(request_flags(&parsed(&first), &Environment::default()), first);
        for setting in table::all().filter(|setting| setting.repeats != Repeats::No) {
            assert!(first.all().any(|it| it.flag == setting.flag), "{}", setting.flag);
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
        let first = request_flags(&flags, &Environment::default());
        assert_eq!(request_flags(&parsed(&first), &Environment::default()), first);
    }

    #[test]
    fn a_path_does_not_depend_on_the_working_directory() {
        let flags = request_flags(&Flags::default(), &variables());
        let here = std::path::absolute("token").unwrap();
        assert!(words(&flags).contains(&format!("file:{}", here.display())), "{flags:?}");
    }

    fn key(flags: &RequestFlags) -> RequestKey {
        flags.key(&AddedRoots::default())
    }

    fn of_job(id: &str) -> Environment {
        Environment::from([("CIRCLE_WORKFLOW_JOB_ID", id)])
    }

    #[test]
    fn a_bundle_for_openssl_that_does_not_exist_is_not_repeated() {
        for (name, path, is_repeated) in [
            ("AWS_CA_BUNDLE", "/nowhere.pem", true),
            ("SSL_CERT_FILE", "/nowhere.pem", false),
            ("SSL_CERT_FILE", "Cargo.toml", true),
        ] {
            let environment = Environment::from([("CIRCLECI_AWS_OIDC_ROLE_ARN", ROLE), (name, path)]);
            let flags = request_flags(&Flags::default(), &environment);
            assert_eq!(flags.all().any(|it| it.flag == "--ca-bundle"), is_repeated, "{name} {path}");
        }
    }

    #[test]
    fn every_job_and_every_request_has_a_key_of_its_own() {
        let job = |id| of_job(id).after([("CIRCLECI_AWS_OIDC_ROLE_ARN", ROLE)], &[]);
        let none = Flags::default();
        let one = request_flags(&none, &job("1"));
        assert_eq!(one, request_flags(&Flags::from([(&table::ROLE_ARN, ROLE)]), &job("1")));
        assert_ne!(key(&one), key(&request_flags(&none, &job("2"))));
        assert_ne!(key(&one), key(&request_flags(&Flags::from([(&table::DURATION, "900")]), &job("1"))));
        let beside = Flags::from([
            (&table::DEADLINE, "5s"),
            (&table::MAX_ATTEMPTS, "1"),
            (&table::CONNECT_TIMEOUT, "2s"),
            (&table::CA_BUNDLE, "another-path.pem"),
        ]);
        assert_eq!(key(&one), key(&request_flags(&beside, &job("1"))));
    }

    #[test]
    fn every_host_of_sts_has_a_key_of_its_own_whatever_has_chosen_it() {
        let of = |variables: &[(&'static str, &'static str)]| {
            let job = [("CIRCLECI_AWS_OIDC_ROLE_ARN", ROLE), ("CIRCLE_WORKFLOW_JOB_ID", "1")];
            let variables = job.into_iter().chain(variables.iter().copied());
            request_flags(&Flags::default(), &Environment::default().after(variables, &[]))
        };
        let plain = of(&[]);
        let others: [&[(&str, &str)]; 9] = [
            &[("CIRCLECI_AWS_OIDC_STS_ENDPOINT", "http://127.0.0.1:4566")],
            &[("AWS_ENDPOINT_URL_STS", "http://127.0.0.1:4567")],
            &[("AWS_ENDPOINT_URL", "http://127.0.0.1:4568")],
            &[("AWS_ENDPOINT_URL_STS", "https://vpce-0a-1b.sts.us-east-1.vpce.amazonaws.com")],
            &[("AWS_ENDPOINT_URL_STS", "https://sts.amazonaws.com")],
            &[("AWS_USE_FIPS_ENDPOINT", "true")],
            &[("AWS_USE_DUALSTACK_ENDPOINT", "true")],
            &[("AWS_USE_FIPS_ENDPOINT", "true"), ("AWS_USE_DUALSTACK_ENDPOINT", "true")],
            &[("AWS_REGION", "eu-west-1")],
        ];
        let mut keys = vec![key(&plain)];
        for variables in others {
            let flags = of(variables);
            assert!(!keys.contains(&key(&flags)), "{variables:?}");
            keys.push(key(&flags));
            // The line of a profile repeats the host for a caller without these variables.
            assert_eq!(
                key(&request_flags(&parsed(&flags), &of_job("1"))),
                key(&flags),
                "{variables:?}: {flags:?}"
            );
        }
        for same in [
            &[("AWS_ENDPOINT_URL_STS", "https://sts.us-east-1.amazonaws.com:443")][..],
            &[("AWS_ENDPOINT_URL", "http://127.0.0.1:1"), ("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "true")],
            &[("AWS_ENDPOINT_URL_S3", "http://127.0.0.1:1")],
            &[("HTTPS_PROXY", "http://proxy.example:3128")],
        ] {
            assert_eq!(key(&of(same)), key(&plain), "{same:?}");
        }
    }

    /// `sub` is `s`, and `t`.
    const TOKENS: [&str; 2] = [
        "e30.eyJpc3MiOiJodHRwczovL2kiLCJzdWIiOiJzIiwiYXVkIjoiYSIsImV4cCI6NDAwMDAwMDAwMH0.c2ln",
        "e30.eyJpc3MiOiJodHRwczovL2kiLCJzdWIiOiJ0IiwiYXVkIjoiYSIsImV4cCI6NDAwMDAwMDAwMH0.c2ln",
    ];

    #[test]
    fn every_subject_has_a_key_of_its_own_whatever_the_source_of_its_token_is() {
        let tokens = [("CIRCLE_OIDC_TOKEN_V2", TOKENS[0]), ("BY_USER", TOKENS[1])];
        let environment =
            Environment::default().after([("CIRCLECI_AWS_OIDC_ROLE_ARN", ROLE)], &[]).after(tokens, &[]);
        let of_source = |source| request_flags(&Flags::from([(&table::TOKEN_SOURCE, source)]), &environment);
        assert_eq!(of_source("auto").job(), of_source("circleci-v2").job());
        assert_ne!(of_source("auto").job(), of_source("env:BY_USER").job());
        assert_eq!(of_source("env:NOT_SET").job().subject(), None);
        assert_eq!(of_source("mint").job().subject(), None);
    }

    #[test]
    fn a_line_with_a_job_key_asks_for_the_same_in_an_environment_without_the_job() {
        let job = Environment::from([
            ("CIRCLECI_AWS_OIDC_ROLE_ARN", ROLE),
            ("CIRCLE_WORKFLOW_JOB_ID", "1"),
            ("CIRCLE_OIDC_TOKEN_V2", TOKENS[0]),
        ]);
        let first = request_flags(&Flags::default(), &job);
        let mut line = parsed(&first);
        line.push(&table::JOB_KEY, &first.job().to_string());
        // The Region of a caller decides which STS is called, not which credentials are meant.
        for caller in [Environment::default(), Environment::from([("AWS_DEFAULT_REGION", "us-east-1")])] {
            assert_eq!(key(&request_flags(&line, &caller)), key(&first));
        }
        for (name, value) in [("CIRCLE_WORKFLOW_JOB_ID", "2"), ("CIRCLE_OIDC_TOKEN_V2", TOKENS[1])] {
            assert_ne!(
                key(&request_flags(&line, &Environment::from([(name, value)]))),
                key(&first),
                "{name}"
            );
        }
    }
}
