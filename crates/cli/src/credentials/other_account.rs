//! `AWS_ACCOUNT_ID`, which SDKs take for the account of the credentials (facts/aws.md 6.1). People also build addresses from
//! it, so it is never changed, only named.

use aws::AccountId;

use crate::io::environment::{Environment, vars};

/// A note, if the variable names another account than that of the credentials.
pub(crate) fn note(environment: &Environment, account: &AccountId) -> Option<String> {
    let value = environment.non_blank(vars::AWS_ACCOUNT_ID)?.trim();
    (value != account.to_string()).then(|| {
        format!(
            "AWS_ACCOUNT_ID is `{value}`, but the credentials are of account {account}: AWS SDKs use the variable for \
             the endpoints of an account, so unset or change it for the steps that use these credentials"
        )
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_another_account_is_noted() {
        let account = "123456789012".parse().unwrap();
        for (value, is_noted) in [("", false), (" 123456789012", false), ("210987654321", true), ("x", true)]
        {
            let environment = Environment::from([("AWS_ACCOUNT_ID", value)]);
            assert_eq!(note(&environment, &account).is_some(), is_noted, "{value}");
        }
        assert_eq!(note(&Environment::default(), &account), None);
    }
}
