//! Which accounts are refused: checked before the call by the role's ARN, and after it by the ARN of the session.

use aws::{AccountId, AssumedRoleArn};

/// Accounts that are allowed, where any are named, and accounts that never are.
#[derive(Debug, Default)]
pub(crate) struct AccountGuard {
    allowed: Vec<AccountId>,
    forbidden: Vec<AccountId>,
}

/// An account that is refused.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum AccountError {
    /// There is a list, and it is not on it.
    #[error("account {0} is not one of those that `--allowed-account-id` names")]
    NotAllowed(AccountId),
    /// It is on the other list.
    #[error("account {0} is forbidden by `--forbidden-account-id`")]
    Forbidden(AccountId),
    /// STS gave credentials for another account than was asked for.
    #[error("STS answered with `{arn}`, which is not of account {expected}")]
    Another {
        /// The session of the credentials.
        arn: Box<AssumedRoleArn>,
        /// The account of the role.
        expected: AccountId,
    },
}

impl AccountGuard {
    /// These lists; empty ones refuse nothing.
    pub(crate) fn new(allowed: Vec<AccountId>, forbidden: Vec<AccountId>) -> Self {
        Self { allowed, forbidden }
    }

    /// Whether a role's account is allowed.
    pub(crate) fn check(&self, account: &AccountId) -> Result<(), AccountError> {
        if self.forbidden.contains(account) {
            return Err(AccountError::Forbidden(account.clone()));
        }
        if !self.allowed.is_empty() && !self.allowed.contains(account) {
            return Err(AccountError::NotAllowed(account.clone()));
        }
        Ok(())
    }

    /// Whether the credentials are of the requested role's account, and that one is allowed.
    pub(crate) fn check_granted(
        &self,
        arn: &AssumedRoleArn,
        expected: &AccountId,
    ) -> Result<(), AccountError> {
        if arn.account() != expected {
            return Err(AccountError::Another { arn: Box::new(arn.clone()), expected: expected.clone() });
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
    fn an_answer_of_another_account_is_refused_without_any_list() {
        let arn = &"arn:aws:sts::222222222222:assumed-role/deploy/me".parse().unwrap();
        assert!(AccountGuard::default().check_granted(arn, &account('2')).is_ok());
        assert!(matches!(
            AccountGuard::default().check_granted(arn, &account('1')),
            Err(AccountError::Another { .. })
        ));
    }
}
