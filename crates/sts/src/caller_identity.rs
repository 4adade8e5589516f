//! `GetCallerIdentity`: the request and its response. It needs no permission, so it tests credentials without any other
//! effect.

use aws::AccountId;
use zeroize::Zeroizing;

use crate::error::StsError;
use crate::form::Form;
use crate::response::{Response, printable};

/// The request. It has no parameters: the signature names the caller.
#[derive(Debug, Clone, Copy)]
pub struct GetCallerIdentity;

/// The identity of the credentials that signed the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CallerIdentity {
    /// Their account.
    pub account: AccountId,
    /// The ARN. It may be a user's, the account root's or a federated user's; for a role's session it is
    /// `arn:aws:sts::<account>:assumed-role/<role>/<session>`.
    pub arn: String,
    /// For a role's session `AROA…:<session>`.
    pub user_id: String,
}

impl GetCallerIdentity {
    /// The body of a `POST /`, as in all requests.
    pub fn to_form(self) -> Zeroizing<String> {
        Form::of("GetCallerIdentity", 0).finish()
    }
}

impl Response<'_> {
    /// Reads the response to `GetCallerIdentity`.
    pub fn caller_identity(&self) -> Result<CallerIdentity, StsError> {
        let result = self.succeeded("GetCallerIdentity")?;
        Ok(CallerIdentity {
            account: result.text("Account", "Account")?.parse().map_err(|_| self.incomplete("Account"))?,
            arn: printable(result.text("Arn", "Arn")?),
            user_id: printable(result.text("UserId", "UserId")?),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::error::Unreadable;

    const IDENTIFIED: &str = include_str!("../cases/caller-identity.xml");

    fn response(body: &str) -> Response<'_> {
        Response {
            status: 200,
            content_type: Some("text/xml"),
            request_id: None,
            date: None,
            body: body.as_bytes(),
        }
    }

    #[test]
    fn the_form_is_what_sts_reads() {
        assert_eq!(GetCallerIdentity.to_form().as_str(), "Action=GetCallerIdentity&Version=2011-06-15");
    }

    #[test]
    fn the_caller_is_read() {
        let identity = response(IDENTIFIED).caller_identity().unwrap();
        assert_eq!(identity.account.as_str(), "123456789012");
        assert_eq!(identity.arn, "arn:aws:sts::123456789012:assumed-role/deploy/job-1");
        assert_eq!(identity.user_id, "AROAEXAMPLEEXAMPLE123:job-1");
    }

    #[test]
    fn an_identity_without_one_of_its_parts_is_incomplete() {
        for (field, instead) in [("Account", "<Account>root</Account>"), ("Arn", ""), ("UserId", "")] {
            let (start, rest) = IDENTIFIED.split_once(&format!("<{field}>")).unwrap();
            let (_, end) = rest.split_once(&format!("</{field}>")).unwrap();
            let body = format!("{start}{instead}{end}");
            let error = response(&body).caller_identity().unwrap_err();
            assert_eq!(error, StsError::Unreadable(Unreadable::Incomplete { status: 200, field }));
        }
    }
}
