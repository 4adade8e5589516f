//! Which accounts may be worked in. Asked before the call, of the role's ARN, and after it, of the answer.

use aws::AccountId;

use crate::settings::table;
use crate::settings::{Lookup, SettingsError};

/// Accounts that are allowed, where any are named, and accounts that never are.
#[derive(Debug, Default)]
pub(crate) struct AccountGuard {
    allowed: Vec<AccountId>,
    forbidden: Vec<AccountId>,
}

/// An account that is not to be worked in.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum GuardError {
    /// There is a list, and it is not on it.
    #[error("account {0} is none of those that `--allowed-account-id` names")]
    NotAllowed(AccountId),
    /// It is on the other list.
    #[error("account {0} is forbidden by `--forbidden-account-id`")]
    Forbidden(AccountId),
    /// STS gave credentials for another account than was asked for.
    #[error("STS answered with `{arn}`, which is not of account {asked}")]
    Another {
        /// Who the credentials are.
        arn: String,
        /// The account of the role.
        asked: AccountId,
    },
}

impl AccountGuard {
    /// Reads both lists.
    pub(crate) fn read(
        allowed: &[String],
        forbidden: &[String],
        look: Lookup<'_>,
    ) -> Result<Self, SettingsError> {
        Ok(Self {
            allowed: look.parsed_list(allowed, table::ALLOWED_ACCOUNT_ID)?,
            forbidden: look.parsed_list(forbidden, table::FORBIDDEN_ACCOUNT_ID)?,
        })
    }

    /// Whether a role's account may be worked in.
    pub(crate) fn check(&self, account: &AccountId) -> Result<(), GuardError> {
        if self.forbidden.contains(account) {
            return Err(GuardError::Forbidden(account.clone()));
        }
        if !self.allowed.is_empty() && !self.allowed.contains(account) {
            return Err(GuardError::NotAllowed(account.clone()));
        }
        Ok(())
    }

    /// Whether the credentials that came are of the account that was asked for, and that one is fine.
    pub(crate) fn check_answer(&self, arn: &str, asked: &AccountId) -> Result<(), GuardError> {
        if arn.split(':').nth(4) != Some(asked.as_str()) {
            return Err(GuardError::Another { arn: arn.to_owned(), asked: asked.clone() });
        }
        self.check(asked)
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
        assert_eq!(guard(&['2'], &[]).check(&account('1')), Err(GuardError::NotAllowed(account('1'))));
        assert_eq!(guard(&['1'], &['1']).check(&account('1')), Err(GuardError::Forbidden(account('1'))));
    }

    #[test]
    fn an_answer_of_another_account_is_refused_without_any_list() {
        let arn = "arn:aws:sts::222222222222:assumed-role/deploy/me";
        assert!(AccountGuard::default().check_answer(arn, &account('2')).is_ok());
        assert!(matches!(
            AccountGuard::default().check_answer(arn, &account('1')),
            Err(GuardError::Another { .. })
        ));
    }
}
