//! `credential-process`: one role's credentials for the AWS tool that has started it. Whatever that tool shows of stderr it
//! shows as an error, so nothing is said of what goes well.

use std::time::Duration;

use export::json;

use crate::args::CredentialProcessArgs;
use crate::exchange::acquisition::Acquisition;
use crate::failure::Failure;
use crate::io::environment::Environment;
use crate::renewal::cache::Cache;
use crate::renewal::cached_session::{Renewal, uncached};
use crate::report::Report;
use crate::settings::request_flags::Standing;
use crate::settings::table;
use crate::settings::{Lookup, SessionSettings, SettingsError};

/// AWS's SDK for Go waits a minute (facts/aws.md 7): the reason should be there before.
const DEADLINE: Duration = Duration::from_secs(45);

/// Prints credentials that are kept, or new ones. The account guards come first: they hold for both.
pub(crate) fn run(
    args: &CredentialProcessArgs,
    environment: &Environment,
    report: &mut Report,
) -> Result<(), Failure> {
    let (settings, standing) = read(args, environment).map_err(|error| Failure::from(&error))?;
    let acquisition = Acquisition::prepare(&settings, environment, &mut Vec::new())?;
    let session = match Cache::open(&standing.key, environment) {
        Ok(cache) => {
            let limit = settings.network.deadline;
            Renewal { acquisition: &acquisition, cache: &cache, limit }.run(report)?
        }
        Err(error) => {
            report.note(&uncached(&error.in_one_line()));
            acquisition.run(&mut report.silent())?.session
        }
    };
    report.data(&json::render(&session)).map_err(|error| Failure::of_stdout(&error))
}

fn read(
    args: &CredentialProcessArgs,
    environment: &Environment,
) -> Result<(SessionSettings, Standing), SettingsError> {
    let look = Lookup::in_known(environment, &args.output)?;
    let mut settings = SessionSettings::read(&args.session, &args.network, look)?;
    if look.given(args.network.deadline.as_deref(), table::DEADLINE)?.is_none() {
        settings.network.deadline = DEADLINE;
    }
    let standing = Standing::read(&args.session, &args.network, &settings, look)?;
    Ok((settings, standing))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::args::{Command, CommandLine};
    use clap::Parser;

    #[test]
    fn the_deadline_is_before_that_of_the_sdk_for_go_unless_it_is_given() {
        let given = Environment::from([("AWS_OIDC_DEADLINE", "50s")]);
        for (flags, environment, seconds) in [
            (&[][..], &Environment::default(), 45),
            (&["--deadline", "2m"], &Environment::default(), 120),
            (&[], &given, 50),
        ] {
            let role = ["--role-arn", "arn:aws:iam::123456789012:role/ci"];
            let line = ["circleci-aws-oidc", "credential-process"].iter().chain(&role).chain(flags);
            let Command::CredentialProcess(args) = CommandLine::try_parse_from(line).unwrap().command else {
                unreachable!()
            };
            let (settings, standing) = read(&args, environment).unwrap();
            assert_eq!(settings.network.deadline.as_secs(), seconds);
            assert_eq!(standing.flags.contains(&"--deadline".to_owned()), seconds != 45);
        }
    }
}
