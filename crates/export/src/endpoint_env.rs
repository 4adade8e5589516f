//! The variables that lead AWS tools to a container-credentials endpoint, and the variables to unset, because the
//! endpoint is last in every provider chain (facts/aws.md 6.2 and 8.1).

use aws::{Region, Secret};

use crate::{EndpointDescriptor, Variable, no_proxy, shell, variables};

/// Variables that AWS tools would use instead of the endpoint or together with it.
pub const UNSET: [&str; 11] = [
    "AWS_ACCESS_KEY_ID",
    "AWS_SECRET_ACCESS_KEY",
    "AWS_SESSION_TOKEN",
    "AWS_SECURITY_TOKEN",
    "AWS_CREDENTIAL_EXPIRATION",
    "AWS_PROFILE",
    "AWS_DEFAULT_PROFILE",
    "AWS_WEB_IDENTITY_TOKEN_FILE",
    "AWS_ROLE_ARN",
    // These two win over the variables that are set. The last one is unset only where there is no file.
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    AUTHORIZATION_FILE,
];

const AUTHORIZATION_FILE: &str = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";

/// How processes reach an endpoint.
///
/// The authorization is exported twice. As a variable, because older tools know no file: AWS CLI 2.9, s5cmd, rclone 1.60.
/// As a file, because others know no variable: `object_store`, and what is built on it.
#[derive(Clone)]
pub struct EndpointEnvironment<'a> {
    uri: String,
    endpoint: &'a EndpointDescriptor,
    authorization_file: Option<&'a str>,
    region: Option<&'a Region>,
}

impl<'a> EndpointEnvironment<'a> {
    /// The endpoint, the path of the file with its authorization, and the Region. A path that no line of a shell can hold
    /// counts as none.
    pub fn new(
        endpoint: &'a EndpointDescriptor,
        authorization_file: Option<&'a str>,
        region: Option<&'a Region>,
    ) -> Self {
        let is_plain = |path: &&str| !path.is_empty() && !path.contains(char::is_control);
        let authorization_file = authorization_file.filter(is_plain);
        Self { uri: endpoint.uri(), endpoint, authorization_file, region }
    }

    /// The variables to set.
    pub fn variables(&self) -> impl Iterator<Item = Variable<'_>> + Clone {
        let endpoint = [
            Variable { name: "AWS_CONTAINER_CREDENTIALS_FULL_URI", value: &self.uri },
            Variable {
                name: "AWS_CONTAINER_AUTHORIZATION_TOKEN",
                value: self.endpoint.authorization().expose(),
            },
        ];
        let file = self.authorization_file.map(|value| Variable { name: AUTHORIZATION_FILE, value });
        endpoint.into_iter().chain(file).chain(variables::of_region(self.region))
    }

    /// The variables to unset.
    pub fn unset(&self) -> &'static [&'static str] {
        let count = UNSET.len() - usize::from(self.authorization_file.is_some());
        UNSET.get(..count).unwrap_or(&UNSET)
    }

    /// Text that unsets and sets these variables in any POSIX shell, and keeps requests to the endpoint from going through
    /// a proxy. It begins with a line break, as [`shell::render`]'s text does.
    pub(crate) fn render(&self) -> Secret {
        let lines = shell::lines(self.unset(), self.variables());
        let mut text = String::with_capacity(lines.expose().len() + no_proxy::LINE.len());
        text.push_str(lines.expose());
        text.push_str(no_proxy::LINE);
        Secret::new(text)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::STALE_VARIABLES;

    fn endpoint() -> EndpointDescriptor {
        EndpointDescriptor::new("", 4711, Secret::new("abc-_".to_owned())).unwrap()
    }

    #[test]
    fn what_would_win_goes_before_the_endpoint_comes() {
        let (endpoint, region) = (endpoint(), "eu-west-1".parse().unwrap());
        let environment = EndpointEnvironment::new(&endpoint, Some("/it's"), Some(&region));
        let text = environment.render();
        let text = text.expose().strip_suffix(no_proxy::LINE).unwrap();
        assert_eq!(
            text,
            "\nunset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_SECURITY_TOKEN \
             AWS_CREDENTIAL_EXPIRATION AWS_PROFILE AWS_DEFAULT_PROFILE AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN \
             AWS_CONTAINER_CREDENTIALS_RELATIVE_URI\n\
             export AWS_CONTAINER_CREDENTIALS_FULL_URI='http://127.0.0.1:4711/credentials'\n\
             export AWS_CONTAINER_AUTHORIZATION_TOKEN='abc-_'\n\
             export AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE='/it'\\''s'\n\
             export AWS_REGION='eu-west-1'\n\
             export AWS_DEFAULT_REGION='eu-west-1'\n"
        );
    }

    #[test]
    fn every_stale_name_is_either_unset_or_set_anew() {
        let endpoint = endpoint();
        for file in [None, Some("/file"), Some("/line\nbreak")] {
            let environment = EndpointEnvironment::new(&endpoint, file, None);
            let set: Vec<&str> = environment.variables().map(|variable| variable.name).collect();
            let is_once = |name: &&str| environment.unset().contains(name) != set.contains(name);
            assert!(STALE_VARIABLES.iter().all(is_once), "{file:?}");
            assert_eq!(set.contains(&AUTHORIZATION_FILE), file == Some("/file"));
        }
    }
}
