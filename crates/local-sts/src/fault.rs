//! Faults on demand: names on the command line → what to do to an answer. Apart from the answers,
//! because a fault strikes whatever the answer would have been.

use std::{str::FromStr, time::Duration};

/// The session token of [`Fault::HostileCredentials`]: it runs where a shell reads it unquoted, and
/// ends the line where a file has one value a line.
pub const HOSTILE_SESSION_TOKEN: &str = "$(touch pwned)'\"\nAWS_PROFILE=pwned";

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
    /// 403 `InvalidClientTokenId` for calls that are signed with the role's credentials, as for new ones that have
    /// not come round. The role itself is assumed as if nothing were.
    UnknownKey,
    /// 502 with a proxy's page.
    BadGatewayHtml,
    /// The true answer, its XML cut in the middle, its length told correctly.
    TruncatedXml,
    /// 200 with a page.
    Html,
    /// 200 with ten million bytes.
    Huge,
    /// 302 without a body, to a path of this server: following it would be recorded.
    Redirect,
    /// The true answer up to its middle, then a reset.
    ResetInBody,
    /// The connection ends without an answer.
    Close,
    /// The connection stays open without an answer.
    Hang,
    /// The true answer, later.
    Delay(Duration),
    /// The true answer, with credentials that expire in so many seconds: no AWS gives so short ones, but a test
    /// of their renewal can't wait for 15 minutes.
    Expiring(i64),
    /// 200 without a body.
    Empty,
    /// The true answer with [`HOSTILE_SESSION_TOKEN`] in it.
    HostileCredentials,
}

/// A fault for one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PlannedFault {
    /// Calls for this role are struck; `GetCallerIdentity` stands for the calls that name no role.
    pub role_arn: String,
    /// What goes wrong.
    pub fault: Fault,
    /// How many calls are struck, or all.
    pub uses: Option<u32>,
}

/// Why a text names no fault.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum InvalidFault {
    /// Not `ARN=NAME`.
    #[error("`{0}` has no `=` between the role's ARN and the fault")]
    NoName(String),
    /// There is no such fault.
    #[error("there is no fault `{0}`")]
    UnknownName(String),
    /// After `*` stands no count of one or more.
    #[error("`{0}` is no count of uses")]
    InvalidCount(String),
    /// After `delay:` stands no number.
    #[error("`{0}` is no number of milliseconds")]
    InvalidDelay(String),
    /// After `expiring:` stands no number.
    #[error("`{0}` is no number of seconds")]
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
    fn struck(self) -> Struck {
        if self == Self::UnknownKey { Struck::ByItsKeys } else { Struck::ForRole }
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
                Some(("expiring", seconds)) => Self::Expiring(
                    seconds.parse().map_err(|_| InvalidFault::InvalidExpiry(seconds.to_owned()))?,
                ),
                _ => return Err(InvalidFault::UnknownName(other.to_owned())),
            },
        })
    }
}

/// Which calls a fault is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Struck {
    /// Those that ask for the role.
    ForRole,
    /// Those that its credentials sign.
    ByItsKeys,
}

/// Takes the next fault for such a call, in the order of the plan, and counts its use.
pub(crate) fn take(plan: &mut [PlannedFault], role_arn: &str, struck: Struck) -> Option<Fault> {
    let next = plan.iter_mut().find(|planned| {
        planned.role_arn == role_arn && planned.uses != Some(0) && planned.fault.struck() == struck
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
        assert_eq!(take(&mut plan, "arn:aws:iam::123456789012:role/other", Struck::ForRole), None);
        let struck: Vec<_> = (0..4).map(|_| take(&mut plan, ROLE, Struck::ForRole)).collect();
        assert_eq!(struck, [Some(Fault::Throttling), Some(Fault::Throttling), Some(Fault::Close), None]);
    }

    #[test]
    fn faults_of_keys_and_of_roles_leave_each_other_alone() {
        let mut plan: Vec<PlannedFault> = ["unknown-key*1", "close*1"]
            .iter()
            .map(|fault| format!("{ROLE}={fault}").parse().unwrap())
            .collect();
        assert_eq!(take(&mut plan, ROLE, Struck::ForRole), Some(Fault::Close));
        assert_eq!(take(&mut plan, ROLE, Struck::ByItsKeys), Some(Fault::UnknownKey));
        assert_eq!(take(&mut plan, ROLE, Struck::ByItsKeys), None);
    }

    #[test]
    fn a_fault_without_a_count_is_endless() {
        let mut plan = [format!("{ROLE}=hang").parse().unwrap()];
        assert!((0..10).all(|_| take(&mut plan, ROLE, Struck::ForRole) == Some(Fault::Hang)));
    }
}
