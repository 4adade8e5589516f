//! Faults on demand: from names on the command line to what happens to a response. Separate from the responses, because
//! a fault applies whatever the response would have been.

use std::{str::FromStr, time::Duration};

/// The session token of [`Fault::HostileCredentials`]: a shell that reads it unquoted
/// runs it, and its line break ends the line in a file with one value per line.
pub const HOSTILE_SESSION_TOKEN: &str = "$(touch pwned)'\"\nAWS_PROFILE=pwned";

/// The person in the response of [`Fault::PropagatedIdentity`]. AWS asks that it is not logged.
pub const PROPAGATED_SUBJECT: &str = "person-of-the-identity-context@example.com";
/// A claim of the token in that response.
pub const PROPAGATED_CLAIM: &str = "claim-of-the-identity-context";

/// What goes wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fault {
    /// 400 `Throttling`.
    Throttling,
    /// 500 `InternalFailure`.
    InternalFailure,
    /// 503 `ServiceUnavailable`.
    ServiceUnavailable,
    /// 400 `IDPCommunicationError`.
    IdpCommunication,
    /// 400 `InvalidIdentityToken` with the text about the verification key.
    VerificationKey,
    /// 400 `InvalidIdentityToken` with the text about the thumbprint.
    Thumbprint,
    /// 403 `RegionDisabledException`.
    RegionDisabled,
    /// 403 `AccessDenied` in the words of other servers than AWS's, which tell a missing role from one that denies.
    RoleNotFound,
    /// 403 `AccessDenied`, as where an identity policy of the caller does not allow `GetScopedCredentials`.
    ScopeDenied,
    /// 400 `InvalidSubjectCredentials`.
    InvalidSubject,
    /// 403 `InvalidClientTokenId` for calls that are signed with the role's credentials, as AWS returns it for new
    /// credentials that are not yet known everywhere. AssumeRole for the role itself succeeds.
    UnknownKey,
    /// 502 with a proxy's page.
    BadGatewayHtml,
    /// This status, with a body that is not XML.
    Status(u16),
    /// 503 `ServiceUnavailable`, with this number of seconds in `Retry-After`.
    RetryAfter(u32),
    /// The regular response, its XML cut in the middle, with the correct `Content-Length`.
    TruncatedXml,
    /// 200 with an HTML page.
    Html,
    /// 200 with ten million bytes.
    Huge,
    /// 302 without a body, to a path of this server: following it would be recorded.
    Redirect,
    /// The first half of the regular response, then a connection reset.
    ResetInBody,
    /// The connection ends without a response.
    Close,
    /// The connection stays open without a response.
    Hang,
    /// The regular response, later.
    Delay(Duration),
    /// The regular response, with credentials that expire after this number of seconds. AWS gives 900 or more, but a test
    /// of renewal cannot wait for 15 minutes.
    Expiring(i64),
    /// 200 without a body.
    Empty,
    /// The regular response with [`HOSTILE_SESSION_TOKEN`] in it.
    HostileCredentials,
    /// The regular response with a `TrustedIdentityPropagationContext`, whose values are [`PROPAGATED_SUBJECT`] and
    /// [`PROPAGATED_CLAIM`].
    PropagatedIdentity,
}

/// A fault for one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedFault {
    /// The role whose calls get the fault; `GetCallerIdentity` and `GetScopedCredentials` stand for the calls that name no
    /// role.
    pub role_arn: String,
    /// What goes wrong.
    pub fault: Fault,
    /// How many calls get the fault; `None` is all.
    pub uses: Option<u32>,
}

/// Why a text does not name a fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidFault {
    /// Not `ARN=NAME`.
    #[error("`{0}` has no `=` between the role's ARN and the fault")]
    NoName(String),
    /// There is no such fault.
    #[error("unknown fault `{0}`")]
    UnknownName(String),
    /// What follows `*` is not a count of one or more.
    #[error("invalid count `{0}`; expected a whole number of 1 or more")]
    InvalidCount(String),
    /// What follows `delay:` is not a number.
    #[error("invalid delay `{0}`; expected a number of milliseconds")]
    InvalidDelay(String),
    /// What follows `status:` is not a status of an error.
    #[error("invalid status `{0}`; expected 400 to 599")]
    InvalidStatus(String),
    /// What follows `retry-after:` is not a number.
    #[error("invalid pause `{0}`; expected a number of seconds")]
    InvalidPause(String),
    /// What follows `expiring:` is not a number.
    #[error("invalid expiry `{0}`; expected a number of seconds")]
    InvalidExpiry(String),
}

impl FromStr for PlannedFault {
    type Err = InvalidFault;

    /// Reads `ARN=NAME` or `ARN=NAME*N`. Role names may hold `=`, fault names don't.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let (role_arn, fault) = text.rsplit_once('=').ok_or_else(|| InvalidFault::NoName(text.to_owned()))?;
        let (name, uses) = match fault.split_once('*') {
            None => (fault, None),
            Some((name, count)) => match count.parse() {
                Ok(count) if count > 0 => (name, Some(count)),
                _ => return Err(InvalidFault::InvalidCount(count.to_owned())),
            },
        };
        Ok(Self { role_arn: role_arn.to_owned(), fault: name.parse()?, uses })
    }
}

impl Fault {
    fn target(self) -> FaultTarget {
        if self == Self::UnknownKey { FaultTarget::CallsItSigned } else { FaultTarget::CallsForRole }
    }
}

impl FromStr for Fault {
    type Err = InvalidFault;

    fn from_str(name: &str) -> Result<Self, Self::Err> {
        Ok(match name {
            "throttling" => Self::Throttling,
            "internal-failure" => Self::InternalFailure,
            "service-unavailable" => Self::ServiceUnavailable,
            "idp-communication" => Self::IdpCommunication,
            "verification-key" => Self::VerificationKey,
            "thumbprint" => Self::Thumbprint,
            "region-disabled" => Self::RegionDisabled,
            "role-not-found" => Self::RoleNotFound,
            "scope-denied" => Self::ScopeDenied,
            "invalid-subject" => Self::InvalidSubject,
            "propagated-identity" => Self::PropagatedIdentity,
            "unknown-key" => Self::UnknownKey,
            "bad-gateway-html" => Self::BadGatewayHtml,
            "truncated-xml" => Self::TruncatedXml,
            "html" => Self::Html,
            "huge" => Self::Huge,
            "redirect" => Self::Redirect,
            "reset-in-body" => Self::ResetInBody,
            "close" => Self::Close,
            "hang" => Self::Hang,
            "empty" => Self::Empty,
            "hostile-credentials" => Self::HostileCredentials,
            other => match other.split_once(':') {
                Some(("delay", delay)) => Self::Delay(Duration::from_millis(
                    delay.parse().map_err(|_| InvalidFault::InvalidDelay(delay.to_owned()))?,
                )),
                Some(("status", status)) => Self::Status(
                    status
                        .parse()
                        .ok()
                        .filter(|status| (400..600).contains(status))
                        .ok_or_else(|| InvalidFault::InvalidStatus(status.to_owned()))?,
                ),
                Some(("retry-after", seconds)) => Self::RetryAfter(
                    seconds.parse().map_err(|_| InvalidFault::InvalidPause(seconds.to_owned()))?,
                ),
                Some(("expiring", seconds)) => Self::Expiring(
                    seconds.parse().map_err(|_| InvalidFault::InvalidExpiry(seconds.to_owned()))?,
                ),
                _ => return Err(InvalidFault::UnknownName(other.to_owned())),
            },
        })
    }
}

/// Which calls a fault applies to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FaultTarget {
    /// Those that assume the role.
    CallsForRole,
    /// Those that its credentials sign.
    CallsItSigned,
}

/// Takes the next fault for such a call, in the order of the plan, and counts its use.
pub(crate) fn take(plan: &mut [PlannedFault], role_arn: &str, target: FaultTarget) -> Option<Fault> {
    let next = plan.iter_mut().find(|planned| {
        planned.role_arn == role_arn && planned.uses != Some(0) && planned.fault.target() == target
    })?;
    next.uses = next.uses.map(|uses| uses - 1);
    Some(next.fault)
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLE: &str = "arn:aws:iam::123456789012:role/a=b";

    #[test]
    fn a_plan_reads_as_it_is_written() {
        let planned = |fault, uses| Ok(PlannedFault { role_arn: ROLE.to_owned(), fault, uses });
        let cases = [
            ("throttling", planned(Fault::Throttling, None)),
            ("throttling*2", planned(Fault::Throttling, Some(2))),
            ("delay:250*1", planned(Fault::Delay(Duration::from_millis(250)), Some(1))),
            ("expiring:6", planned(Fault::Expiring(6), None)),
            ("status:429*3", planned(Fault::Status(429), Some(3))),
            ("status:200", Err(InvalidFault::InvalidStatus("200".to_owned()))),
            ("retry-after:2", planned(Fault::RetryAfter(2), None)),
            ("retry-after:2s", Err(InvalidFault::InvalidPause("2s".to_owned()))),
            ("expiring:6s", Err(InvalidFault::InvalidExpiry("6s".to_owned()))),
            ("throttle", Err(InvalidFault::UnknownName("throttle".to_owned()))),
            ("close*0", Err(InvalidFault::InvalidCount("0".to_owned()))),
            ("close*", Err(InvalidFault::InvalidCount(String::new()))),
            ("delay:1s", Err(InvalidFault::InvalidDelay("1s".to_owned()))),
        ];
        for (text, expected) in cases {
            assert_eq!(format!("{ROLE}={text}").parse(), expected, "{text}");
        }
        assert_eq!("close".parse::<PlannedFault>(), Err(InvalidFault::NoName("close".to_owned())));
    }

    #[test]
    fn faults_strike_in_order_until_used_up() {
        let mut plan: Vec<PlannedFault> = ["throttling*2", "close*1"]
            .iter()
            .map(|fault| format!("{ROLE}={fault}").parse().unwrap())
            .collect();
        assert_eq!(take(&mut plan, "arn:aws:iam::123456789012:role/other", FaultTarget::CallsForRole), None);
        let taken: Vec<_> = (0..4).map(|_| take(&mut plan, ROLE, FaultTarget::CallsForRole)).collect();
        assert_eq!(taken, [Some(Fault::Throttling), Some(Fault::Throttling), Some(Fault::Close), None]);
    }

    #[test]
    fn faults_of_keys_and_of_roles_leave_each_other_alone() {
        let mut plan: Vec<PlannedFault> = ["unknown-key*1", "close*1"]
            .iter()
            .map(|fault| format!("{ROLE}={fault}").parse().unwrap())
            .collect();
        assert_eq!(take(&mut plan, ROLE, FaultTarget::CallsForRole), Some(Fault::Close));
        assert_eq!(take(&mut plan, ROLE, FaultTarget::CallsItSigned), Some(Fault::UnknownKey));
        assert_eq!(take(&mut plan, ROLE, FaultTarget::CallsItSigned), None);
    }

    #[test]
    fn a_fault_without_a_count_is_endless() {
        let mut plan = [format!("{ROLE}=hang").parse().unwrap()];
        assert!((0..10).all(|_| take(&mut plan, ROLE, FaultTarget::CallsForRole) == Some(Fault::Hang)));
    }
}
