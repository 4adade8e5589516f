//! Which accounts are refused: checked against the role's ARN before the call, and against the session's ARN after it.

use aws::{AccountId, AssumedRoleArn};

/// Allowed accounts (all if there are none), and forbidden accounts.
#[derive(Debug, Clone, Default)]
pub(crate) struct AccountGuard {
    allowed: Vec<AccountId>,
    forbidden: Vec<AccountId>,
}

/// An account that is refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AccountError {
    /// It is not among the allowed accounts.
    #[error("account {0} is not allowed by `--allowed-account-id`")]
    NotAllowed(AccountId),
    /// It is among the forbidden accounts.
    #[error("account {0} is forbidden by `--forbidden-account-id`")]
    Forbidden(AccountId),
    /// STS returned credentials for another account than the role's.
    #[error("STS returned a session of another account: `{arn}`; expected account {expected}")]
    OtherAccount {
        /// The session's ARN.
        arn: Box<AssumedRoleArn>,
        /// The account of the role.
        expected: AccountId,
    },
}

impl AccountGuard {
    /// A guard with these lists; empty lists refuse nothing.
    pub(crate) fn new(allowed: Vec<AccountId>, forbidden: Vec<AccountId>) -> Self {
        Self { allowed, forbidden }
    }

    /// Checks a role's account.
    pub(crate) fn check(&self, account: &AccountId) -> Result<(), AccountError> {
        if self.forbidden.contains(account) {
            return Err(AccountError::Forbidden(account.clone()));
        }
        if !self.allowed.is_empty() && !self.allowed.contains(account) {
            return Err(AccountError::NotAllowed(account.clone()));
        }
        Ok(())
    }

    /// Checks that a session is of the requested role's account, and that this account is allowed.
    pub(crate) fn check_granted(
        &self,
        arn: &AssumedRoleArn,
        expected: &AccountId,
    ) -> Result<(), AccountError> {
        if arn.account() != expected {
            return Err(AccountError::OtherAccount {
                arn: Box::new(arn.clone()),
                expected: expected.clone(),
            });
        }
        self.check(expected)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn account(digit: char) -> AccountId {
        digit.to_string().repeat(12).parse().unwrap()
    }

    #[test]
    fn forbidden_wins_and_an_empty_list_allows_all() {
        let guard = |allowed: &[char], forbidden: &[char]| AccountGuard {
            allowed: allowed.iter().map(|digit| account(*digit)).collect(),
            forbidden: forbidden.iter().map(|digit| account(*digit)).collect(),
        };
        assert_eq!(guard(&[], &[]).check(&account('1')), Ok(()));
        assert_eq!(guard(&['1'], &[]).check(&account('1')), Ok(()));
        assert_eq!(guard(&['2'], &[]).check(&account('1')), Err(AccountError::NotAllowed(account('1'))));
        assert_eq!(guard(&['1'], &['1']).check(&account('1')), Err(AccountError::Forbidden(account('1'))));
    }

    #[test]
    fn a_session_of_another_account_is_refused_without_any_list() {
        let arn = &"arn:aws:sts::222222222222:assumed-role/deploy/me".parse().unwrap();
        assert!(AccountGuard::default().check_granted(arn, &account('2')).is_ok());
        assert!(matches!(
            AccountGuard::default().check_granted(arn, &account('1')),
            Err(AccountError::OtherAccount { .. })
        ));
    }
}
