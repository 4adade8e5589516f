//! `whoami`: whose credentials the next step would use. The answer is AWS's, and four lines that scripts can read.

use std::time::Duration;

use aws::{Partition, Region, Secret};
use export::{ProfileName, StaticKeys};
use sts::{Answer, CallerIdentity, GetCallerIdentity, SigningKeys, StsError, signed_headers};

use crate::args::WhoamiArgs;
use crate::call::{Call, CallError, Line};
use crate::credentials::{self, Found};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::given;
use crate::io::clock::{self, Deadline};
use crate::io::https::Https;
use crate::io::tls;
use crate::network::{Network, Place};
use crate::report::{Report, printable};
use crate::settings::{Lookup, SettingsError, invalid, named_region};

/// Credentials that are seconds old may not have come round to every host of STS. Longer than that, STS means it.
const SETTLING: Duration = Duration::from_secs(5);
const SETTLING_ATTEMPTS: u32 = 3;
const SETTLING_PAUSE: Duration = Duration::from_secs(1);

/// Finds the credentials, asks STS whose they are, and prints that.
pub(crate) fn run(args: &WhoamiArgs, environment: &Environment, report: &mut Report) -> Result<(), Failure> {
    let of_settings = |error: SettingsError| Failure::from(&error);
    let look = Lookup::in_known(environment, &args.output).map_err(of_settings)?;
    let asked: Option<ProfileName> =
        look.parsed(args.profile.as_deref(), given::PROFILE).map_err(of_settings)?;
    let named = named_region(args.region.as_deref(), look).map_err(of_settings)?;
    let mut found = credentials::find(asked, environment).map_err(|error| Failure::of_credentials(&error))?;
    let region = match named {
        Some((_, region)) => region,
        None => region_of(&mut found).map_err(of_settings)?,
    };
    let mut notes = std::mem::take(&mut found.notes);
    let network =
        Network::read(&args.network, look, Place::Region(&region), &mut notes).map_err(of_settings)?;
    let roots =
        tls::client_config(network.ca_bundle.as_ref(), &mut notes).map_err(|error| Failure::from(&error))?;
    for note in &notes {
        report.note(&printable(note));
    }
    let https = Https::new(&network, roots).map_err(|error| Failure::of_set_up(&error))?;
    let line = Line { network: &network, https: &https, deadline: Deadline::after(network.deadline) };
    let identity = ask(line, &found.keys, report)
        .map_err(|(error, attempts)| Failure::of_identity(&error, attempts, &found, &network))?;
    report.data(&Secret::new(text(&identity, &found.source))).map_err(|error| Failure::of_stdout(&error))
}

/// The profile's Region, else the one that AWS takes; it decides no more than which host is asked.
fn region_of(found: &mut Found) -> Result<Region, SettingsError> {
    if let Some(text) = &found.region {
        return text.parse().map_err(|flaw| invalid("region", flaw));
    }
    let region = Region::implicit(Partition::commercial());
    found.notes.push(format!("no Region is set: STS is asked in {region}"));
    Ok(region)
}

fn ask(line: Line<'_>, keys: &StaticKeys, report: &mut Report) -> Result<CallerIdentity, (CallError, u32)> {
    let form = GetCallerIdentity.to_form();
    let network = line.network;
    let sign = || {
        let keys = SigningKeys {
            access_key_id: &keys.access_key_id,
            secret_access_key: &keys.secret_access_key,
            session_token: keys.session_token.as_ref(),
        };
        signed_headers(keys, &network.signing_region, &network.endpoint.host(), &form, clock::now())
    };
    let secret = keys.session_token.as_ref().unwrap_or(&keys.secret_access_key);
    let call = Call { form: &form, sign: &sign, secret: secret.expose() };
    let settling = Deadline::after(SETTLING);
    let pause = |error: &CallError, made| {
        if error.is_unknown_key() {
            let allowed = network.max_attempts.min(SETTLING_ATTEMPTS);
            settling_pause(made, allowed, settling.left().min(line.deadline.left()))
        } else {
            line.pause(error, made)
        }
    };
    line.ask_after(&call, caller_identity, pause, report)
}

/// With the lifetimes that a path to the method does not have.
fn caller_identity(answer: &Answer<'_>) -> Result<CallerIdentity, StsError> {
    answer.caller_identity()
}

/// Unlike the pauses of retries it has no jitter: what is waited for takes its time.
fn settling_pause(made: u32, allowed: u32, left: Duration) -> Option<Duration> {
    (made < allowed && SETTLING_PAUSE < left).then_some(SETTLING_PAUSE)
}

/// Stable: one `name: value` a line, in this order.
fn text(identity: &CallerIdentity, source: &str) -> String {
    let CallerIdentity { account, arn, user_id } = identity;
    format!("account: {account}\narn: {arn}\nuser-id: {user_id}\nsource: {}\n", printable(source))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_credentials_get_three_attempts_within_five_seconds() {
        assert_eq!(settling_pause(1, 3, SETTLING), Some(SETTLING_PAUSE));
        assert_eq!(settling_pause(2, 3, Duration::from_secs(4)), Some(SETTLING_PAUSE));
        assert_eq!(settling_pause(3, 3, SETTLING), None);
        assert_eq!(settling_pause(1, 1, SETTLING), None);
        assert_eq!(settling_pause(1, 3, SETTLING_PAUSE), None);
    }
}
