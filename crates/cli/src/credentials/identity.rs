//! The identity of credentials, from STS. Retries for credentials that are seconds old. Shared by the commands that need
//! it.

use std::time::Duration;

use export::StaticCredentials;
use sts::{CallerIdentity, GetCallerIdentity, Response, SigningKeys, StsError, signed_headers};

use crate::exchange::progress::OnProgress;
use crate::exchange::record::CallSubject;
use crate::exchange::retry::{Attempts, Pauses, Retries, RetryPolicy};
use crate::exchange::sts_client::{CallError, StsClient, StsRequest};
use crate::io::clock::{self, Deadline};

/// A host of STS may not know new credentials yet. After this time, its refusal is final.
const SETTLING: Duration = Duration::from_secs(5);
const SETTLING_ATTEMPTS: u32 = 3;
/// Without jitter, unlike the pauses of other retries: it waits for propagation.
const SETTLING_PAUSE: Duration = Duration::from_secs(1);

/// Calls GetCallerIdentity; an error comes with its attempts.
pub(crate) async fn of_credentials(
    client: StsClient<'_>,
    credentials: &StaticCredentials,
    on_progress: OnProgress<'_>,
) -> Result<CallerIdentity, (CallError, Attempts)> {
    let form = GetCallerIdentity.to_form();
    let network = client.network;
    let sign = || {
        let keys = SigningKeys {
            access_key_id: &credentials.access_key_id,
            secret_access_key: &credentials.secret_access_key,
            session_token: credentials.session_token.as_ref(),
        };
        signed_headers(keys, &network.signing_region, &network.endpoint.host(), &form, clock::now())
    };
    let secret = credentials.session_token.as_ref().unwrap_or(&credentials.secret_access_key);
    let call = CallSubject { operation: "GetCallerIdentity", role: None, token: None };
    let request = StsRequest { call, form: &form, sign: &sign, secret: secret.expose() };
    let settling = settling(client.policy());
    let policy = |error: &CallError| if error.is_unknown_key() { settling } else { client.policy() };
    client.call_under(policy, &request, caller_identity, on_progress).await
}

/// A function because a path to the method does not have these lifetimes.
fn caller_identity(response: &Response<'_>) -> Result<CallerIdentity, StsError> {
    response.caller_identity()
}

/// For credentials that STS does not know yet: at most three attempts within five seconds.
fn settling(policy: RetryPolicy) -> RetryPolicy {
    RetryPolicy {
        retries: Retries::All,
        max_attempts: Some(policy.max_attempts.map_or(SETTLING_ATTEMPTS, |most| most.min(SETTLING_ATTEMPTS))),
        pauses: Pauses::Fixed(SETTLING_PAUSE),
        deadline: policy.deadline.min(Deadline::after(SETTLING)),
        unreached: None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn new_credentials_get_three_attempts_within_five_seconds() {
        for (max_attempts, seconds, attempts, left) in
            [(None, 60, 3, 5), (Some(20), 60, 3, 5), (Some(2), 60, 2, 5), (Some(20), 2, 3, 2)]
        {
            let deadline = Deadline::after(Duration::from_secs(seconds));
            let retries = Retries::Transient;
            let pauses = Pauses::Jittered;
            let policy = settling(RetryPolicy { retries, max_attempts, pauses, deadline, unreached: None });
            assert_eq!(policy.retries, Retries::All);
            assert_eq!(policy.max_attempts, Some(attempts));
            assert!(policy.deadline.left() <= Duration::from_secs(left), "{policy:?}");
            assert!(policy.deadline.left() > Duration::from_secs(left - 1), "{policy:?}");
            assert!(matches!(policy.pauses, Pauses::Fixed(pause) if pause == SETTLING_PAUSE));
        }
    }
}
