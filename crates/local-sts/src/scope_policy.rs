//! A scope policy and what it allows. AWS evaluates all of IAM's grammar; here it is actions and resources with their
//! wildcards, for the actions of STS itself. A condition is not evaluated: it keeps an Allow from allowing, and not a Deny
//! from denying, so that nothing is allowed here which AWS would deny.

use serde_json::Value;
use trust_policy::matches;

use crate::refusal::Refusal;

/// One layer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ScopePolicy {
    /// As it was sent.
    pub(crate) text: String,
    statements: Vec<Statement>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
struct Statement {
    allows: bool,
    actions: Patterns,
    resources: Patterns,
    has_condition: bool,
}

/// `Action` or `NotAction`, `Resource` or `NotResource`.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Patterns {
    names: Vec<String>,
    excluded: bool,
}

impl ScopePolicy {
    /// Reads a policy. AWS's grammar refuses more.
    pub(crate) fn read(text: &str) -> Result<Self, Refusal> {
        let document: Value = serde_json::from_str(text).map_err(|_| Refusal::MalformedPolicy)?;
        let statements = match document.get("Statement") {
            Some(Value::Array(statements)) => statements.iter().map(Statement::read).collect(),
            Some(statement) => Statement::read(statement).map(|statement| vec![statement]),
            None => None,
        };
        let statements = statements.ok_or(Refusal::MalformedPolicy)?;
        Ok(Self { text: text.to_owned(), statements })
    }

    /// Whether it allows an action on a resource.
    pub(crate) fn allows(&self, action: &str, resource: &str) -> bool {
        let covers = |statement: &&Statement| {
            statement.actions.cover(&action.to_lowercase(), str::to_lowercase)
                && statement.resources.cover(resource, str::to_owned)
        };
        let mut covering = self.statements.iter().filter(covers).peekable();
        covering.peek().is_some() && {
            let (mut allowed, mut denied) = (false, false);
            for statement in covering {
                allowed |= statement.allows && !statement.has_condition;
                denied |= !statement.allows;
            }
            allowed && !denied
        }
    }
}

impl Statement {
    fn read(statement: &Value) -> Option<Self> {
        let allows = match statement.get("Effect")?.as_str()? {
            "Allow" => true,
            "Deny" => false,
            _ => return None,
        };
        // Only a policy of a resource has principals.
        if statement.get("Principal").is_some() || statement.get("NotPrincipal").is_some() {
            return None;
        }
        Some(Self {
            allows,
            actions: Patterns::read(statement, "Action", "NotAction")?,
            resources: Patterns::read(statement, "Resource", "NotResource")?,
            has_condition: statement.get("Condition").is_some(),
        })
    }
}

impl Patterns {
    fn read(statement: &Value, included: &str, excluded: &str) -> Option<Self> {
        let (names, is_excluded) = match (statement.get(included), statement.get(excluded)) {
            (Some(names), None) => (names, false),
            (None, Some(names)) => (names, true),
            _ => return None,
        };
        let names = match names {
            Value::String(name) => vec![name.clone()],
            Value::Array(names) => {
                names.iter().map(|name| name.as_str().map(str::to_owned)).collect::<Option<_>>()?
            }
            _ => return None,
        };
        Some(Self { names, excluded: is_excluded })
    }

    fn cover(&self, value: &str, form: impl Fn(&str) -> String) -> bool {
        self.names.iter().any(|name| matches(&form(name), value)) != self.excluded
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ROLE: &str = "arn:aws:iam::123456789012:role/deploy";

    #[test]
    fn a_policy_allows_what_a_statement_allows_and_none_denies() {
        let allow = |more: &str| format!(r#"{{"Effect": "Allow", {more}}}"#);
        let all = allow(r#""Action": "*", "Resource": "*""#);
        for (name, statements, allowed) in [
            ("nothing", String::new(), false),
            ("everything", all.clone(), true),
            ("another action", allow(r#""Action": "s3:*", "Resource": "*""#), false),
            (
                "the action in another case",
                allow(r#""Action": ["s3:*", "STS:assume*"], "Resource": "*""#),
                true,
            ),
            ("another resource", allow(r#""Action": "sts:*", "Resource": "arn:aws:s3:::b""#), false),
            ("this resource", allow(&format!(r#""Action": "sts:*", "Resource": ["x", "{ROLE}"]"#)), true),
            ("all but this action", allow(r#""NotAction": "sts:AssumeRole", "Resource": "*""#), false),
            ("all but another action", allow(r#""NotAction": "s3:*", "Resource": "*""#), true),
            ("all but this resource", allow(&format!(r#""Action": "*", "NotResource": "{ROLE}""#)), false),
            ("a condition", allow(r#""Action": "*", "Resource": "*", "Condition": {}"#), false),
            (
                "a denial",
                format!(
                    r#"{all}, {{"Effect": "Deny", "Action": "sts:*", "Resource": "*", "Condition": {{}}}}"#
                ),
                false,
            ),
            (
                "another denial",
                format!(r#"{all}, {{"Effect": "Deny", "Action": "s3:*", "Resource": "*"}}"#),
                true,
            ),
        ] {
            let policy = ScopePolicy::read(&format!(r#"{{"Statement": [{statements}]}}"#)).unwrap();
            assert_eq!(policy.allows("sts:AssumeRole", ROLE), allowed, "{name}");
        }
    }

    #[test]
    fn what_is_not_an_identity_policy_is_malformed() {
        for text in [
            "",
            "[]",
            "{}",
            r#"{"Statement": {}}"#,
            r#"{"Statement": {"Effect": "Maybe", "Action": "*", "Resource": "*"}}"#,
            r#"{"Statement": {"Effect": "Allow", "Action": "*"}}"#,
            r#"{"Statement": {"Effect": "Allow", "Action": "*", "NotAction": "*", "Resource": "*"}}"#,
            r#"{"Statement": {"Effect": "Allow", "Action": [1], "Resource": "*"}}"#,
            r#"{"Statement": {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}}"#,
        ] {
            assert_eq!(ScopePolicy::read(text), Err(Refusal::MalformedPolicy), "{text}");
        }
    }
}
