//! Whose credentials these are, by AWS's own answer. Patient with keys that are seconds old. Apart from the commands
//! that want to know.

use std::time::Duration;

use export::StaticKeys;
use sts::{Answer, CallerIdentity, GetCallerIdentity, SigningKeys, StsError, signed_headers};

use crate::exchange::progress::Tell;
use crate::exchange::sts_client::{Call, CallError, Line};
use crate::io::clock::{self, Deadline};

/// Credentials that are seconds old may not have come round to every host of STS. Longer than that, STS means it.
const SETTLING: Duration = Duration::from_secs(5);
const SETTLING_ATTEMPTS: u32 = 3;
const SETTLING_PAUSE: Duration = Duration::from_secs(1);

/// Asks STS, and says how often if that brings nothing.
pub(crate) async fn ask(
    line: Line<'_>,
    keys: &StaticKeys,
    tell: Tell<'_>,
) -> Result<CallerIdentity, (CallError, u32)> {
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
    line.asked_after(&call, caller_identity, pause, tell).await
}

/// With the lifetimes that a path to the method does not have.
fn caller_identity(answer: &Answer<'_>) -> Result<CallerIdentity, StsError> {
    answer.caller_identity()
}

/// Unlike the pauses of retries it has no jitter: what is waited for takes its time.
fn settling_pause(made: u32, allowed: u32, left: Duration) -> Option<Duration> {
    (made < allowed && SETTLING_PAUSE < left).then_some(SETTLING_PAUSE)
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
