//! The sentence about the nearest statement: what differs, or what is not known. The other files of this folder
//! know one kind of difference each.

use super::{circleci, github, provider, value};
use crate::{
    actions::{ASSUME_ROLE_WITH_WEB_IDENTITY, TAG_SESSION},
    claim_keys::PROJECT_ID,
    context_keys::{self, ContextKey, LONGEST_VALUE},
    document::Effect,
    evaluate::Verdict,
    evaluated::{EvaluatedCondition, EvaluatedStatement, RequestValue},
    match_result::MatchResult,
    one_line::one_line,
    operator::{Comparison, Operator, Test},
    pattern,
    request::Request,
};

/// `statements` has the nearest first. `None` if the token is allowed.
pub(super) fn difference(
    verdict: &Verdict,
    statements: &[EvaluatedStatement],
    request: Request<'_>,
) -> Option<String> {
    let nearest = match verdict {
        Verdict::Allowed => return None,
        Verdict::Denied { .. } | Verdict::Unknown { .. } => statements.first(),
    };
    Some(match nearest {
        None => "the policy has no statement".to_owned(),
        Some(nearest) if matches!(verdict, Verdict::Unknown { .. }) => unknown(nearest, request),
        Some(nearest) => match (nearest.effect, nearest.applies) {
            (Effect::Deny, MatchResult::Met) => denied(nearest),
            (Effect::Deny, _) => "the policy has no `Allow` statement".to_owned(),
            (Effect::Allow, _) => not_met(nearest, request),
        },
    })
}

fn unknown(statement: &EvaluatedStatement, request: Request<'_>) -> String {
    let name = statement.name();
    match statement.conditions.iter().find(|condition| condition.outcome == MatchResult::Unknown) {
        Some(EvaluatedCondition { key, .. }) if context_keys::parse(key).is_some() => {
            context_key(&name, key, request)
        }
        Some(EvaluatedCondition { key, request_value: RequestValue::Unknown, .. }) => {
            format!("whether {name} applies depends on `{}`, which is not in the token", one_line(key))
        }
        Some(EvaluatedCondition { key, operator, .. }) => {
            let (operator, key) = (one_line(operator), one_line(key));
            format!(
                "whether {name} applies depends on `{operator}` on `{key}`, which cannot be evaluated offline"
            )
        }
        None => format!("AWS does not document whether {name} applies to this provider"),
    }
}

/// A key of trusted identity propagation: what is known of it, and of the claim that such a mapping may copy.
fn context_key(statement: &str, key: &str, request: Request<'_>) -> String {
    let text = format!(
        "whether {statement} applies depends on `{}`: a context provider sets it for the session, and whether the exchange \
         itself has it is not established; limit `sub` instead",
        one_line(key)
    );
    let Some(ContextKey::Mapped(name)) = context_keys::parse(key) else { return text };
    let longer = request.keys.claim_length(name).filter(|length| *length > LONGEST_VALUE);
    match longer {
        Some(length) => format!(
            "{text}; the token's `{}` has {length} characters, and a mapped value at most {LONGEST_VALUE}",
            one_line(name)
        ),
        None => text,
    }
}

fn denied(statement: &EvaluatedStatement) -> String {
    let name = statement.name();
    // Authors may not expect that a negated operator holds for an absent key.
    let absent =
        statement.conditions.iter().find(|condition| condition.request_value == RequestValue::Absent);
    match (absent, statement.conditions.first()) {
        (Some(EvaluatedCondition { operator, key, .. }), _) => {
            let (operator, key) = (one_line(operator), one_line(key));
            format!("{name} denies: `{operator}` holds because the token has no `{key}`")
        }
        (None, Some(EvaluatedCondition { operator, key, values, .. })) => {
            let (operator, key, values) = (one_line(operator), one_line(key), value::list(values));
            format!("{name} denies: the token meets its `{operator}` on `{key}` with {values}")
        }
        (None, None) => format!("{name} denies, without any condition"),
    }
}

fn not_met(statement: &EvaluatedStatement, request: Request<'_>) -> String {
    let name = statement.name();
    if statement.principal == MatchResult::NotMet {
        let difference = provider::difference(&statement.principals, request.caller.arn());
        return format!("{difference}{}", if_open(statement));
    }
    if statement.action == MatchResult::NotMet {
        let (named, action) = (value::list(&statement.actions), request.action);
        return match action {
            ASSUME_ROLE_WITH_WEB_IDENTITY => {
                format!("{name} covers {named}; a token needs `{action}`{}", if_open(statement))
            }
            TAG_SESSION => format!("the token has session tags, and no statement allows `{action}`"),
            _ => format!("the token has a source identity, and no statement allows `{action}`"),
        };
    }
    let failing = || statement.conditions.iter().filter(|condition| condition.outcome == MatchResult::NotMet);
    let known = failing().find_map(|condition| known_difference(condition, request));
    known.or_else(|| failing().next().map(plain)).unwrap_or_else(|| format!("{name} does not apply"))
}

/// What a statement that does not limit tokens would allow with the provider, or the action, that it lacks.
fn if_open(statement: &EvaluatedStatement) -> &'static str {
    let is_limited = statement.conditions.iter().any(|condition| {
        let key = condition.key.to_lowercase();
        key.ends_with(":sub") || key.ends_with(PROJECT_ID)
    });
    if is_limited {
        ""
    } else {
        "; the statement does not limit `sub`, so with that it would allow every token of the provider"
    }
}

/// A difference of a known kind.
fn known_difference(condition: &EvaluatedCondition, request: Request<'_>) -> Option<String> {
    let Operator::Compare(test) = Operator::parse(&condition.operator)? else { return None };
    let provider = request.keys.provider()?;
    let found = match &condition.request_value {
        RequestValue::Absent => {
            return circleci::no_key(provider, &condition.key)
                .or_else(|| provider::other_key(provider, &condition.key));
        }
        RequestValue::Unknown => return None,
        RequestValue::Present(values) => values.first()?,
    };
    if test.negated {
        return None;
    }
    let key = condition.key.to_lowercase();
    let name = key.strip_prefix(&format!("{}:", provider.to_lowercase())).unwrap_or_default();
    let literal = literal(condition, test, found);
    let other = match name {
        _ if literal.as_ref().is_some_and(|literal| literal.is_only_difference) => None,
        "sub" => circleci::subject(provider, request.keys.token_form()?, &condition.values, found)
            .or_else(|| github::subject(&condition.values, found))
            .or_else(|| value::difference(&condition.values, found)),
        "aud" => Some(audience(provider, &condition.values, found)),
        _ => circleci::project(name, &condition.values, found)
            .or_else(|| value::difference(&condition.values, found)),
    };
    let texts: Vec<String> = other.into_iter().chain(literal.map(|literal| literal.text)).collect();
    (!texts.is_empty()).then(|| texts.join("; and "))
}

/// A wildcard that the operator compares as a character.
struct LiteralWildcard {
    text: String,
    /// There is no other difference.
    is_only_difference: bool,
}

fn literal(condition: &EvaluatedCondition, test: Test, found: &str) -> Option<LiteralWildcard> {
    let wildcard = value::literal_wildcard(test.comparison, &condition.values)?;
    let operator = &condition.operator;
    Some(LiteralWildcard {
        text: format!("`{operator}` compares `{wildcard}` as a character"),
        is_only_difference: condition.values.iter().any(|value| match test.comparison {
            Comparison::TextIgnoringCase => pattern::matches(&value.to_lowercase(), &found.to_lowercase()),
            _ => pattern::matches(value, found),
        }),
    })
}

fn audience(provider: &str, required: &[String], found: &str) -> String {
    let text =
        format!("the token's `aud` is `{}`, the policy requires {}", one_line(found), value::list(required));
    if oidc::circleci::is_cloud(provider) && required.iter().any(|required| required == "sts.amazonaws.com") {
        return format!("{text}, which GitHub's users request: CircleCI's default is the organization's id");
    }
    match value::difference(required, found) {
        Some(difference) => difference,
        None => text,
    }
}

/// Both values, if the kind of difference is not known.
fn plain(condition: &EvaluatedCondition) -> String {
    let (operator, key) = (one_line(&condition.operator), one_line(&condition.key));
    let required = value::list(&condition.values);
    let is_negated =
        matches!(Operator::parse(&condition.operator), Some(Operator::Compare(Test { negated: true, .. })));
    match &condition.request_value {
        RequestValue::Present(values) if is_negated => {
            format!("`{operator}` on `{key}` excludes {required}, and the token has {}", value::list(values))
        }
        RequestValue::Present(values) => {
            format!("`{operator}` on `{key}` requires {required}, and the token has {}", value::list(values))
        }
        RequestValue::Absent | RequestValue::Unknown => {
            format!("`{operator}` on `{key}` requires {required}, and this token's request has no such key")
        }
    }
}
