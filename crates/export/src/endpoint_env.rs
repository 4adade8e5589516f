//! The variables that lead AWS tools to a container-credentials endpoint, and the variables to unset, because the
//! endpoint is last in every provider chain (facts/aws.md 6.2 and 8.1).

use aws::{Region, Secret};

use crate::{EndpointDescriptor, Variable, shell, variables};

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
    // These two win over the variables that are set.
    "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
    "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE",
];

/// The variables to set: the endpoint, its authorization and the Region.
///
/// The authorization is exported as a variable and not as a file: SDKs read the variable years before the file.
pub fn variables<'a>(
    endpoint: &'a EndpointDescriptor,
    uri: &'a str,
    region: Option<&'a Region>,
) -> impl Iterator<Item = Variable<'a>> + Clone {
    let endpoint = [
        Variable { name: "AWS_CONTAINER_CREDENTIALS_FULL_URI", value: uri },
        Variable { name: "AWS_CONTAINER_AUTHORIZATION_TOKEN", value: endpoint.authorization().expose() },
    ];
    endpoint.into_iter().chain(variables::of_region(region))
}

/// Text that unsets and sets these variables in any POSIX shell. It begins with a line break, as [`shell::render`]'s
/// text does.
pub(crate) fn render(endpoint: &EndpointDescriptor, region: Option<&Region>) -> Secret {
    let uri = endpoint.uri();
    shell::lines(&UNSET, variables(endpoint, &uri, region))
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
        let region = "eu-west-1".parse().unwrap();
        assert_eq!(
            render(&endpoint(), Some(&region)).expose(),
            "\nunset AWS_ACCESS_KEY_ID AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN AWS_SECURITY_TOKEN \
             AWS_CREDENTIAL_EXPIRATION AWS_PROFILE AWS_DEFAULT_PROFILE AWS_WEB_IDENTITY_TOKEN_FILE AWS_ROLE_ARN \
             AWS_CONTAINER_CREDENTIALS_RELATIVE_URI AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE\n\
             export AWS_CONTAINER_CREDENTIALS_FULL_URI='http://127.0.0.1:4711/credentials'\n\
             export AWS_CONTAINER_AUTHORIZATION_TOKEN='abc-_'\n\
             export AWS_REGION='eu-west-1'\n\
             export AWS_DEFAULT_REGION='eu-west-1'\n"
        );
    }

    #[test]
    fn every_stale_name_is_either_unset_or_set_anew() {
        let (endpoint, uri) = (endpoint(), String::new());
        let set: Vec<&str> = variables(&endpoint, &uri, None).map(|variable| variable.name).collect();
        assert!(STALE_VARIABLES.iter().all(|name| UNSET.contains(name) != set.contains(name)));
    }
}
