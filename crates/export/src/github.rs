//! GitHub Actions: the files that the runner reads after a step, and the commands that it reads before. The files can set
//! a variable or make it blank, and cannot unset it (facts/aws.md 11.2).

use aws::Secret;

use crate::{STALE_VARIABLES, Session, Variable};

/// boto3 and the AWS CLI read a blank value as the name of a profile ("The config profile () could not be found"), also
/// where keys are set. So these two cannot be made harmless where a job has them.
pub const NOT_BLANKABLE: [&str; 2] = ["AWS_PROFILE", "AWS_DEFAULT_PROFILE"];

/// A line that ends a value. It is random, so that no value can hold it on purpose.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Delimiter(String);

impl Delimiter {
    /// The delimiter of these random bytes; `None` where a value holds it nevertheless.
    pub fn new(random: [u8; 16], session: &Session) -> Option<Self> {
        let text = format!("aws_oidc_{:032x}", u128::from_be_bytes(random));
        let is_in = |value: &str| value.contains(&text);
        let is_free =
            !session.variables().any(|variable| is_in(variable.value)) && !is_in(session.role_session_arn());
        is_free.then_some(Self(text))
    }
}

/// Stale variables that a blank value makes harmless: AWS tools read it as absent.
pub fn blankable() -> impl Iterator<Item = &'static str> {
    STALE_VARIABLES.into_iter().filter(|name| !NOT_BLANKABLE.contains(name))
}

/// Commands that make the runner mask the secrets in the log from then on, one on each line.
pub fn masks(session: &Session) -> Secret {
    let credentials = session.credentials();
    let secrets = [credentials.secret_access_key.expose(), credentials.session_token.expose()];
    // The runner reads `%25` as `%`, so a value becomes at most three times as long.
    let mut text = String::with_capacity(secrets.iter().map(|secret| secret.len() * 3 + 16).sum());
    for secret in secrets {
        text.push_str("::add-mask::");
        for character in secret.chars() {
            if character == '%' { text.push_str("%25") } else { text.push(character) }
        }
        text.push('\n');
    }
    Secret::new(text)
}

/// Text for `GITHUB_ENV`: the session's variables, and the `blank` ones without a value. It consists of whole lines and no
/// blank one: GitHub's runner skips a blank line, and act 0.2.82 reads no variable of a file that has one.
pub fn environment(session: &Session, blank: &[&'static str], delimiter: &Delimiter) -> Secret {
    let blank = blank.iter().map(|&name| Variable { name, value: "" });
    let variables: Vec<Variable<'_>> = blank.chain(session.variables()).collect();
    Secret::new(entries(&variables, delimiter))
}

/// Text for `GITHUB_OUTPUT`: the session's account, ARN and expiration, and no secret. The names are those of AWS's own
/// action.
pub fn outputs(session: &Session, delimiter: &Delimiter) -> Secret {
    let expiration = session.credentials().expiration.to_string();
    let outputs = [
        Variable { name: "aws-account-id", value: session.account().as_str() },
        Variable { name: "aws-expiration", value: &expiration },
        Variable { name: "authenticated-arn", value: session.role_session_arn() },
    ];
    Secret::new(entries(&outputs, delimiter))
}

fn entries(variables: &[Variable<'_>], Delimiter(end): &Delimiter) -> String {
    // Allocated once: a string that grows leaves copies of the secrets in memory.
    let lengths =
        variables.iter().map(|variable| variable.name.len() + variable.value.len() + 2 * end.len() + 5);
    let mut text = String::with_capacity(lengths.sum());
    for Variable { name, value } in variables {
        text.extend([name, "<<", end, "\n", value, "\n", end, "\n"]);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::session::tests::session;

    fn delimiter(session: &Session) -> Delimiter {
        Delimiter::new([0xab; 16], session).unwrap()
    }

    const END: &str = "aws_oidc_abababababababababababababababab";

    #[test]
    fn each_variable_stands_between_delimiters_and_blank_ones_come_first() {
        let session = session("ASIA1", "a<<b", "FwoG=", Some("eu-west-1")).unwrap();
        let text = environment(&session, &["AWS_SECURITY_TOKEN"], &delimiter(&session));
        assert_eq!(
            text.expose(),
            format!(
                "AWS_SECURITY_TOKEN<<{END}\n\n{END}\nAWS_ACCESS_KEY_ID<<{END}\nASIA1\n{END}\n\
                 AWS_SECRET_ACCESS_KEY<<{END}\na<<b\n{END}\nAWS_SESSION_TOKEN<<{END}\nFwoG=\n{END}\n\
                 AWS_REGION<<{END}\neu-west-1\n{END}\nAWS_DEFAULT_REGION<<{END}\neu-west-1\n{END}\n"
            )
        );
    }

    #[test]
    fn a_delimiter_that_a_value_holds_is_none() {
        let session = session("ASIA1", END, "token", None).unwrap();
        assert_eq!(Delimiter::new([0xab; 16], &session), None);
        assert!(Delimiter::new([0xac; 16], &session).is_some());
    }

    #[test]
    fn both_secrets_are_masked_as_the_runner_reads_them() {
        let session = session("ASIA1", "a%0Ab%", "c::d", None).unwrap();
        assert_eq!(masks(&session).expose(), "::add-mask::a%250Ab%25\n::add-mask::c::d\n");
    }

    #[test]
    fn outputs_hold_no_secret() {
        let session = session("ASIA1", "wJalr", "IQoJb", Some("eu-west-1")).unwrap();
        let outputs = outputs(&session, &delimiter(&session));
        assert_eq!(
            outputs.expose(),
            format!(
                "aws-account-id<<{END}\n123456789012\n{END}\naws-expiration<<{END}\n2026-11-22T14:30:05Z\n{END}\n\
                 authenticated-arn<<{END}\narn:aws:sts::123456789012:assumed-role/deploy/ci\n{END}\n"
            )
        );
    }

    #[test]
    fn no_text_outgrows_its_room() {
        let session = session("ASIA1", &"%".repeat(5000), &"%".repeat(5000), Some("eu-west-1")).unwrap();
        let blank: Vec<_> = blankable().collect();
        let variables: Vec<_> = session.variables().collect();
        let text = entries(&variables, &delimiter(&session));
        assert_eq!(text.len(), text.capacity());
        assert!(!blank.contains(&"AWS_PROFILE") && blank.contains(&"AWS_SECURITY_TOKEN"), "{blank:?}");
        assert!(masks(&session).expose().len() <= 2 * (5000 * 3 + 16));
    }
}
