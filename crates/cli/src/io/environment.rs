//! The environment, read once into a snapshot that all other code uses, so no test touches the real one.

use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;
use std::io;
use std::path::PathBuf;

use zeroize::{Zeroize, Zeroizing};

/// The variables that this program reads by name.
pub(crate) mod vars {
    pub(crate) const ACTIONS_ID_TOKEN_REQUEST_TOKEN: &str = "ACTIONS_ID_TOKEN_REQUEST_TOKEN";
    pub(crate) const ACTIONS_ID_TOKEN_REQUEST_URL: &str = "ACTIONS_ID_TOKEN_REQUEST_URL";
    pub(crate) const AWS_ACCESS_KEY_ID: &str = "AWS_ACCESS_KEY_ID";
    pub(crate) const AWS_ACCOUNT_ID: &str = "AWS_ACCOUNT_ID";
    pub(crate) const AWS_CA_BUNDLE: &str = "AWS_CA_BUNDLE";
    pub(crate) const AWS_CONFIG_FILE: &str = "AWS_CONFIG_FILE";
    pub(crate) const AWS_CONTAINER_AUTHORIZATION_TOKEN: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
    pub(crate) const AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
    pub(crate) const AWS_CONTAINER_CREDENTIALS_FULL_URI: &str = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
    pub(crate) const AWS_CONTAINER_CREDENTIALS_RELATIVE_URI: &str = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
    pub(crate) const AWS_DEFAULT_PROFILE: &str = "AWS_DEFAULT_PROFILE";
    pub(crate) const AWS_DEFAULT_REGION: &str = "AWS_DEFAULT_REGION";
    pub(crate) const AWS_ENDPOINT_URL: &str = "AWS_ENDPOINT_URL";
    pub(crate) const AWS_ENDPOINT_URL_STS: &str = "AWS_ENDPOINT_URL_STS";
    pub(crate) const AWS_IGNORE_CONFIGURED_ENDPOINT_URLS: &str = "AWS_IGNORE_CONFIGURED_ENDPOINT_URLS";
    pub(crate) const AWS_PROFILE: &str = "AWS_PROFILE";
    pub(crate) const AWS_REGION: &str = "AWS_REGION";
    pub(crate) const AWS_SECRET_ACCESS_KEY: &str = "AWS_SECRET_ACCESS_KEY";
    pub(crate) const AWS_SECURITY_TOKEN: &str = "AWS_SECURITY_TOKEN";
    pub(crate) const AWS_SESSION_TOKEN: &str = "AWS_SESSION_TOKEN";
    pub(crate) const AWS_SHARED_CREDENTIALS_FILE: &str = "AWS_SHARED_CREDENTIALS_FILE";
    pub(crate) const AWS_USE_DUALSTACK_ENDPOINT: &str = "AWS_USE_DUALSTACK_ENDPOINT";
    pub(crate) const AWS_USE_FIPS_ENDPOINT: &str = "AWS_USE_FIPS_ENDPOINT";
    pub(crate) const AWS_WEB_IDENTITY_TOKEN_FILE: &str = "AWS_WEB_IDENTITY_TOKEN_FILE";
    pub(crate) const BASH_ENV: &str = "BASH_ENV";
    pub(crate) const CIRCLECI: &str = "CIRCLECI";
    pub(crate) const CIRCLE_BRANCH: &str = "CIRCLE_BRANCH";
    pub(crate) const CIRCLE_BUILD_NUM: &str = "CIRCLE_BUILD_NUM";
    pub(crate) const CIRCLE_JOB: &str = "CIRCLE_JOB";
    pub(crate) const CIRCLE_NODE_INDEX: &str = "CIRCLE_NODE_INDEX";
    pub(crate) const CIRCLE_NODE_TOTAL: &str = "CIRCLE_NODE_TOTAL";
    pub(crate) const CIRCLE_ORGANIZATION_ID: &str = "CIRCLE_ORGANIZATION_ID";
    pub(crate) const CIRCLE_PIPELINE_ID: &str = "CIRCLE_PIPELINE_ID";
    pub(crate) const CIRCLE_PROJECT_REPONAME: &str = "CIRCLE_PROJECT_REPONAME";
    pub(crate) const CIRCLE_PROJECT_USERNAME: &str = "CIRCLE_PROJECT_USERNAME";
    pub(crate) const CIRCLE_PR_NUMBER: &str = "CIRCLE_PR_NUMBER";
    pub(crate) const CIRCLE_PR_REPONAME: &str = "CIRCLE_PR_REPONAME";
    pub(crate) const CIRCLE_PR_USERNAME: &str = "CIRCLE_PR_USERNAME";
    pub(crate) const CIRCLE_WORKFLOW_JOB_ID: &str = "CIRCLE_WORKFLOW_JOB_ID";
    pub(crate) const GITHUB_ACTIONS: &str = "GITHUB_ACTIONS";
    pub(crate) const GITHUB_ENV: &str = "GITHUB_ENV";
    pub(crate) const GITHUB_JOB: &str = "GITHUB_JOB";
    pub(crate) const GITHUB_OUTPUT: &str = "GITHUB_OUTPUT";
    pub(crate) const GITHUB_REPOSITORY: &str = "GITHUB_REPOSITORY";
    pub(crate) const GITHUB_RUN_ATTEMPT: &str = "GITHUB_RUN_ATTEMPT";
    pub(crate) const GITHUB_RUN_ID: &str = "GITHUB_RUN_ID";
    pub(crate) const HOME: &str = "HOME";
    pub(crate) const INSTALL_AWS_OIDC_CALLER: &str = "INSTALL_AWS_OIDC_CALLER";
    pub(crate) const NO_COLOR: &str = "NO_COLOR";
    pub(crate) const REQUESTS_CA_BUNDLE: &str = "REQUESTS_CA_BUNDLE";
    pub(crate) const SSL_CERT_DIR: &str = "SSL_CERT_DIR";
    pub(crate) const SSL_CERT_FILE: &str = "SSL_CERT_FILE";
    pub(crate) const SUDO_UID: &str = "SUDO_UID";
    pub(crate) const TERM: &str = "TERM";
    pub(crate) const TOX_ENV_NAME: &str = "TOX_ENV_NAME";
    pub(crate) const USERPROFILE: &str = "USERPROFILE";
    /// Root certificates: the first that is set is used. The last may name several directories.
    pub(crate) const CA_BUNDLES: [&str; 4] = [AWS_CA_BUNDLE, SSL_CERT_FILE, REQUESTS_CA_BUNDLE, SSL_CERT_DIR];
    /// Proxies: the first that is set is used, lower case first, as in curl.
    pub(crate) const HTTPS_PROXY: [&str; 4] = ["https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"];
    /// The endpoint of a container's own credentials: the first that is set is used.
    pub(crate) const CONTAINER_CREDENTIALS: [&str; 2] =
        [AWS_CONTAINER_CREDENTIALS_RELATIVE_URI, AWS_CONTAINER_CREDENTIALS_FULL_URI];
    /// What gives access to AWS by itself.
    pub(crate) const SECRETS_OF_AWS: [&str; 5] = [
        AWS_ACCESS_KEY_ID,
        AWS_SECRET_ACCESS_KEY,
        AWS_SESSION_TOKEN,
        AWS_SECURITY_TOKEN,
        AWS_CONTAINER_AUTHORIZATION_TOKEN,
    ];
    /// The directories with programs; Windows spells the name `Path`.
    pub(crate) const PATH: [&str; 2] = ["PATH", "Path"];
    /// Hosts that are reached without a proxy.
    pub(crate) const NO_PROXY: [&str; 2] = ["no_proxy", "NO_PROXY"];
    /// What decides to whom a secret goes, where it is written and whose it is: to go on as if one of these were not set
    /// would decide it in another way.
    pub(crate) const DECIDING: [&[&str]; 6] = [
        &[AWS_ENDPOINT_URL, AWS_ENDPOINT_URL_STS, AWS_IGNORE_CONFIGURED_ENDPOINT_URLS, AWS_REGION],
        &[
            AWS_DEFAULT_REGION,
            AWS_USE_DUALSTACK_ENDPOINT,
            AWS_USE_FIPS_ENDPOINT,
            AWS_PROFILE,
            AWS_DEFAULT_PROFILE,
        ],
        &[AWS_CONFIG_FILE, AWS_SHARED_CREDENTIALS_FILE, BASH_ENV, GITHUB_ENV, GITHUB_OUTPUT],
        &[CIRCLE_PROJECT_USERNAME, CIRCLE_PR_NUMBER, CIRCLE_PR_REPONAME, CIRCLE_PR_USERNAME],
        &CA_BUNDLES,
        &HTTPS_PROXY,
    ];
}

/// The path of this program.
#[expect(clippy::disallowed_methods, reason = "the only place that reads the program's path")]
pub(crate) fn this_program() -> io::Result<PathBuf> {
    std::env::current_exe()
}

/// A snapshot of all variables. This program uses none whose name or value is not UTF-8: of those only the names are kept.
/// Values may be secrets: each is cleared when it is dropped (SECURITY.md says which copies cannot be).
#[derive(Clone, Default)]
pub(crate) struct Environment {
    variables: BTreeMap<String, Zeroizing<String>>,
    unreadable: BTreeSet<String>,
}

impl Environment {
    /// Reads the process's environment.
    #[expect(clippy::disallowed_methods, reason = "the only place that reads the environment")]
    pub(crate) fn of_this_process() -> Self {
        Self::of(std::env::vars_os())
    }

    fn of(pairs: impl IntoIterator<Item = (OsString, OsString)>) -> Self {
        let mut environment = Self::default();
        for (name, value) in pairs {
            match (name.into_string(), cleared_on_drop(value)) {
                (Ok(name), Some(value)) => drop(environment.variables.insert(name, value)),
                (Ok(name), None) => drop(environment.unreadable.insert(name)),
                (Err(name), _) => drop(environment.unreadable.insert(name.to_string_lossy().into_owned())),
            }
        }
        environment
    }

    /// The names of the variables that are not UTF-8, by their value or themselves.
    pub(crate) fn unreadable(&self) -> impl Iterator<Item = &str> {
        self.unreadable.iter().map(String::as_str)
    }

    /// The value; `None` if it is blank, as CI systems set variables to an empty text.
    pub(crate) fn non_blank(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(|value| value.as_str()).filter(|value| !value.trim().is_empty())
    }

    /// The first of several names that has a value, with its name.
    pub(crate) fn first_non_blank<'a>(&'a self, names: &[&'a str]) -> Option<(&'a str, &'a str)> {
        names.iter().find_map(|name| Some((*name, self.non_blank(name)?)))
    }

    /// The value, even if it is blank; `None` only if the variable is not set.
    pub(crate) fn raw(&self, name: &str) -> Option<&str> {
        self.variables.get(name).map(|value| value.as_str())
    }

    /// Whether sudo has removed `BASH_ENV`, which it does with `-E` too. Its own variable shows that it started this
    /// process or one above it.
    pub(crate) fn sudo_removed_bash_env(&self) -> bool {
        self.non_blank(vars::BASH_ENV).is_none() && self.non_blank(vars::SUDO_UID).is_some()
    }

    /// Every name, sorted.
    pub(crate) fn names(&self) -> impl Iterator<Item = &str> {
        self.variables.keys().map(String::as_str)
    }

    /// Every variable, for a child process.
    pub(crate) fn variables(&self) -> impl Iterator<Item = (&str, &str)> {
        self.variables.iter().map(|(name, value)| (name.as_str(), value.as_str()))
    }

    /// The environment of a later process: these variables set and unset.
    pub(crate) fn after<'a>(
        &self,
        set: impl IntoIterator<Item = (&'a str, &'a str)>,
        unset: &[&str],
    ) -> Self {
        let mut later = self.clone();
        later.variables.retain(|name, _| !unset.contains(&name.as_str()));
        later.unreadable.retain(|name| !unset.contains(&name.as_str()));
        for (name, value) in set {
            later.unreadable.remove(name);
            later.variables.insert(name.to_owned(), Zeroizing::new(value.to_owned()));
        }
        later
    }

    /// Whether an AWS switch is on: `true`, in any case (facts/aws.md 3.3).
    pub(crate) fn is_true(&self, name: &str) -> bool {
        self.non_blank(name).is_some_and(|value| value.trim().eq_ignore_ascii_case("true"))
    }
}

/// PATH as the system has it, which need not be UTF-8: one odd directory must not hide the others. `None` if it is empty.
#[expect(clippy::disallowed_methods, reason = "the only place that reads a variable as the system has it")]
pub(crate) fn search_path() -> Option<OsString> {
    std::env::var_os("PATH").filter(|path| !path.is_empty())
}

/// The value in the memory that the system's call has filled, which no other copy is made of; `None` if it is not UTF-8.
fn cleared_on_drop(value: OsString) -> Option<Zeroizing<String>> {
    match value.into_string() {
        Ok(value) => Some(Zeroizing::new(value)),
        Err(value) => {
            value.into_encoded_bytes().zeroize();
            None
        }
    }
}

#[cfg(test)]
impl<const N: usize> From<[(&str, &str); N]> for Environment {
    fn from(pairs: [(&str, &str); N]) -> Self {
        Self::of(pairs.map(|(name, value)| (name.into(), value.into())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_blank_variable_is_absent() {
        let environment = Environment::from([("A", " "), ("B", ""), ("C", "c")]);
        assert_eq!(environment.non_blank("A"), None);
        assert_eq!(environment.first_non_blank(&["A", "B", "C"]), Some(("C", "c")));
        assert_eq!(environment.raw("B"), Some(""));
        assert_eq!(environment.raw("D"), None);
    }

    #[test]
    fn a_later_environment_has_what_is_set_and_not_what_is_unset() {
        let environment =
            Environment::from([("A", "1"), ("B", "2"), ("C", "3")]).after([("C", "4"), ("D", "5")], &["A"]);
        let seen = ["A", "B", "C", "D"].map(|name| environment.raw(name));
        assert_eq!(seen, [None, Some("2"), Some("4"), Some("5")]);
    }
}
