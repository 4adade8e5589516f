//! The variables by which a process gets the job's token, from all CI systems: a job of one can run inside of another's.

use crate::ci;
use crate::exchange::token_source::TokenSource;
use crate::io::environment::vars;

impl TokenSource {
    /// Their names, whether they are set or not. The last one names a file with a token for AWS's own clients.
    pub(crate) fn token_variables(&self) -> Vec<&str> {
        let of_user = match self {
            Self::Env(name) => Some(name.as_str()),
            _ => None,
        };
        let known = ci::token_variables().chain([vars::AWS_WEB_IDENTITY_TOKEN_FILE]);
        of_user.into_iter().chain(known.map(|name: &'static str| -> &str { name })).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_ci_with_a_known_variable_is_covered_and_so_is_the_one_that_the_user_names() {
        let known = [
            "CIRCLE_OIDC_TOKEN_V2",
            "CIRCLE_OIDC_TOKEN",
            "ACTIONS_ID_TOKEN_REQUEST_URL",
            "ACTIONS_ID_TOKEN_REQUEST_TOKEN",
            "BITBUCKET_STEP_OIDC_TOKEN",
            "AWS_WEB_IDENTITY_TOKEN_FILE",
        ];
        let mut names = TokenSource::Auto.token_variables();
        names.sort_unstable();
        let mut expected = known;
        expected.sort_unstable();
        assert_eq!(names, expected);
        assert!(TokenSource::Env("AWS_TOKEN".to_owned()).token_variables().contains(&"AWS_TOKEN"));
    }
}
