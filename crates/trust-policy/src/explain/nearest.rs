//! The one sentence: what to change, or what isn't known. It asks the other files of this folder, which know one
//! kind of difference each.

use super::{circleci, github, provider, value};
use crate::{
    actions::{ASSUME_ROLE_WITH_WEB_IDENTITY, TAG_SESSION},
    document::Effect,
    evaluate::Verdict,
    evaluated::{EvaluatedCondition, EvaluatedStatement, RequestValue},
    match_result::MatchResult,
    one_line::one_line,
    operator::{Comparison, Operator, Test},
    pattern,
    request::Request,
};

/// `statements` has the nearest first. `None` where the token is let in.
pub(super) fn words(
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
        Some(nearest) if matches!(verdict, Verdict::Unknown { .. }) => open(nearest),
        Some(nearest) => match (nearest.effect, nearest.applies) {
            (Effect::Deny, MatchResult::Met) => denied(nearest),
            (Effect::Deny, _) => "the policy has no `Allow` statement".to_owned(),
            (Effect::Allow, _) => missed(nearest, request),
        },
    })
}

fn open(statement: &EvaluatedStatement) -> String {
    let name = statement.name();
    match statement.conditions.iter().find(|condition| condition.outcome == MatchResult::Unknown) {
        Some(EvaluatedCondition { key, request_value: RequestValue::Unknown, .. }) => {
            format!("whether {name} applies hangs on `{}`, which the token doesn't show", one_line(key))
        }
        Some(EvaluatedCondition { key, operator, .. }) => {
            let (operator, key) = (one_line(operator), one_line(key));
            format!("whether {name} applies hangs on `{operator}` on `{key}`, which can't be judged here")
        }
        None => format!("whether {name} is about this provider isn't documented"),
    }
}

fn denied(statement: &EvaluatedStatement) -> String {
    let name = statement.name();
    // A negated operator holds for an absent key, which surprises its author.
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

fn missed(statement: &EvaluatedStatement, request: Request<'_>) -> String {
    let name = statement.name();
    if statement.principal == MatchResult::NotMet {
        return provider::difference(&statement.principals, request.caller.arn());
    }
    if statement.action == MatchResult::NotMet {
        let (named, asked) = (value::list(&statement.actions), request.action);
        return match asked {
            ASSUME_ROLE_WITH_WEB_IDENTITY => format!("{name} is about {named}, and a token needs `{asked}`"),
            TAG_SESSION => format!("the token carries session tags, and no statement allows it `{asked}`"),
            _ => format!("the token carries a source identity, and no statement allows it `{asked}`"),
        };
    }
    let failing = || statement.conditions.iter().filter(|condition| condition.outcome == MatchResult::NotMet);
    let told = failing().find_map(|condition| told(condition, request));
    told.or_else(|| failing().next().map(plain)).unwrap_or_else(|| format!("{name} doesn't apply"))
}

/// A difference that somebody has made before.
fn told(condition: &EvaluatedCondition, request: Request<'_>) -> Option<String> {
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
        _ if literal.as_ref().is_some_and(|literal| literal.is_all) => None,
        "sub" => circleci::subject(provider, request.keys.token_form()?, &condition.values, found)
            .or_else(|| github::subject(&condition.values, found))
            .or_else(|| value::difference(&condition.values, found)),
        "aud" => Some(audience(provider, &condition.values, found)),
        _ => circleci::project(name, &condition.values, found)
            .or_else(|| value::difference(&condition.values, found)),
    };
    let words: Vec<String> = other.into_iter().chain(literal.map(|literal| literal.words)).collect();
    (!words.is_empty()).then(|| words.join("; and "))
}

/// That a wildcard isn't taken for one.
struct Literal {
    words: String,
    /// Nothing else is in the way.
    is_all: bool,
}

fn literal(condition: &EvaluatedCondition, test: Test, found: &str) -> Option<Literal> {
    let wildcard = value::literal_wildcard(test.comparison, &condition.values)?;
    let (operator, like) = (&condition.operator, value::with_wildcards(&condition.operator));
    Some(Literal {
        words: match test.comparison {
            Comparison::TextIgnoringCase => format!(
                "`{operator}` takes `{wildcard}` literally: `{like}` is meant, which minds upper and lower case"
            ),
            _ => format!("`{operator}` takes `{wildcard}` literally: `{like}` is meant"),
        },
        is_all: condition.values.iter().any(|value| match test.comparison {
            Comparison::TextIgnoringCase => pattern::matches(&value.to_lowercase(), &found.to_lowercase()),
            _ => pattern::matches(value, found),
        }),
    })
}

fn audience(provider: &str, asked: &[String], found: &str) -> String {
    let words =
        format!("the token's `aud` is `{}`, the policy asks for {}", one_line(found), value::list(asked));
    if oidc::circleci::is_cloud(provider) && asked.iter().any(|asked| asked == "sts.amazonaws.com") {
        return format!("{words}, which is GitHub's: CircleCI's is the id of the organization");
    }
    match value::difference(asked, found) {
        Some(difference) => difference,
        None => words,
    }
}

/// Both sides, where nothing better is known.
fn plain(condition: &EvaluatedCondition) -> String {
    let (operator, key) = (one_line(&condition.operator), one_line(&condition.key));
    let asked = value::list(&condition.values);
    let is_negated =
        matches!(Operator::parse(&condition.operator), Some(Operator::Compare(Test { negated: true, .. })));
    match &condition.request_value {
        RequestValue::Present(values) if is_negated => {
            format!("`{operator}` on `{key}` keeps out {asked}, and the token has {}", value::list(values))
        }
        RequestValue::Present(values) => {
            format!("`{operator}` on `{key}` asks for {asked}, and the token has {}", value::list(values))
        }
        RequestValue::Absent | RequestValue::Unknown => {
            format!("`{operator}` on `{key}` asks for {asked}, and this token's call has no such key")
        }
    }
}
