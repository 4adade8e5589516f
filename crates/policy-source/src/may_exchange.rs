//! Whether a part that could not be read may be a trust policy for web identity. Only what is clearly for a service
//! or another principal, or denies, may not.

use trust_policy::lint::HOLE;

use crate::node::{Content, Node};

/// The action that exchanges a token.
const WEB_IDENTITY: &str = "assumerolewithwebidentity";

/// Whether a text names the action that exchanges a token.
pub(crate) fn names_web_identity(text: &str) -> bool {
    text.to_ascii_lowercase().contains(WEB_IDENTITY)
}

/// Whether a text anywhere in the node names it.
pub(crate) fn mentions_web_identity(node: &Node) -> bool {
    match &node.content {
        Content::Text(text) | Content::Block(text) => names_web_identity(text),
        Content::List(nodes) => nodes.iter().any(mentions_web_identity),
        Content::Map(entries) => {
            entries.iter().any(|(name, node)| names_web_identity(name) || mentions_web_identity(node))
        }
        Content::Either(_, values) => values.iter().any(mentions_web_identity),
        Content::Unknown | Content::Null | Content::Absent | Content::File(_) => false,
    }
}

/// The same question of a policy's text that is no JSON.
pub(crate) fn text_may_exchange(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    let is_open = ["federated", "sts:*", "assumerole*", "\"*\""].iter().any(|part| lower.contains(part));
    is_open || lower.contains(WEB_IDENTITY) || text.contains(HOLE) || !lower.contains("principal")
}

/// The same question of a statement, or of a policy with its statements.
pub(crate) fn may_exchange(node: &Node) -> bool {
    match &node.content {
        Content::Map(_) => match node.at("Statement") {
            Some(Node { content: Content::List(statements), .. }) => statements.iter().any(may_exchange),
            Some(single) => may_exchange(single),
            None => of_statement(node),
        },
        Content::Either(_, values) => values.iter().any(may_exchange),
        Content::Absent | Content::Null => false,
        _ => true,
    }
}

fn of_statement(statement: &Node) -> bool {
    let has = |name: &str| statement.entries().iter().any(|(own, _)| own == name);
    // IAM refuses such a statement in a trust policy.
    let is_permission = !statement.entries().is_empty()
        && !has("Principal")
        && !has("NotPrincipal")
        && statement_is_named(statement);
    let denies = statement.at("Effect").and_then(Node::as_text) == Some("Deny");
    let is_for_others = statement.at("Principal").is_some_and(|principal| {
        let entries = principal.entries();
        !entries.is_empty() && entries.iter().all(|(kind, _)| matches!(kind.as_str(), "Service" | "AWS"))
    });
    let is_other_action = statement.at("Action").is_some_and(|action| {
        let actions = match &action.content {
            Content::List(actions) => actions.as_slice(),
            _ => std::slice::from_ref(action),
        };
        actions.iter().all(|action| action.as_text().is_some_and(is_other))
    });
    !denies && !is_permission && !is_for_others && !is_other_action
}

/// Whether all its fields' names are known.
fn statement_is_named(statement: &Node) -> bool {
    statement.entries().iter().all(|(name, _)| !name.contains(HOLE))
}

fn is_other(action: &str) -> bool {
    !names_web_identity(action) && !action.contains(['*', '?', HOLE])
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{json, lines::Lines};

    #[test]
    fn only_what_is_clearly_for_others_may_not_exchange() {
        for (text, may) in [
            (r#"{"Effect": "Deny", "Action": "sts:AssumeRoleWithWebIdentity", "Principal": "*"}"#, false),
            (r#"{"Effect": "Allow", "Action": "*", "Principal": {"Service": "ec2.amazonaws.com"}}"#, false),
            (
                r#"{"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:TagSession"], "Principal": "*"}"#,
                false,
            ),
            (r#"{"Effect": "Allow", "Action": ["sts:AssumeRole", "sts:*"], "Principal": "*"}"#, true),
            (r#"{"Effect": "Allow", "Principal": {"Service": "a", "Federated": "b"}}"#, true),
            (r#"{"Statement": [{"Effect": "Deny"}, {"Effect": "Allow", "NotPrincipal": "a"}]}"#, true),
            (r#"{"Effect": "Allow", "Action": "sts:AssumeRoleWithWebIdentity", "Resource": "*"}"#, false),
            (r#"{"Statement": {"Effect": "Deny"}}"#, false),
            ("{}", true),
        ] {
            assert_eq!(may_exchange(&json::parse(text, &Lines::one(1)).unwrap()), may, "{text}");
        }
        assert!(may_exchange(&Node::new(1, Content::Unknown)));
        assert!(!text_may_exchange(
            r#"{"Principal": {"Service": "ec2.amazonaws.com"}, "Action": "sts:AssumeRole",}"#
        ));
        assert!(text_may_exchange(r#"{"Principal": {"Federated": "a"}, "Action": "sts:AssumeRole*",}"#));
        assert!(text_may_exchange("templated elsewhere"));
    }
}
