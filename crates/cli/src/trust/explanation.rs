//! Why a policy allows or denies a token, as text for the user. Shared by `trust test` and refused exchanges.

use trust_policy::{
    Effect, EvaluatedCondition, EvaluatedStatement, Explanation, MatchResult, RequestValue, Verdict,
};

/// The verdict, the nearest statement, and every statement with its conditions, a line each.
pub(crate) fn lines(explanation: &Explanation) -> Vec<String> {
    let mut lines = vec![
        format!("verdict: {}", verdict(&explanation.verdict)),
        format!("action: {}", explanation.action),
        format!("provider: {}", explanation.provider_arn),
    ];
    lines.extend(explanation.nearest.iter().map(|nearest| format!("nearest: {nearest}")));
    for statement in &explanation.statements {
        lines.push(String::new());
        lines.extend(of_statement(statement));
    }
    lines
}

/// The conditions of the nearest statement that are not met, a line each.
pub(crate) fn failing_conditions(explanation: &Explanation) -> Vec<String> {
    let nearest = explanation.statements.first();
    let conditions = nearest.into_iter().flat_map(|statement| &statement.conditions);
    conditions.filter(|condition| condition.outcome != MatchResult::Met).map(in_one_line).collect()
}

fn verdict(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Allowed => "allowed",
        Verdict::Denied { .. } => "denied",
        Verdict::Unknown { .. } => "unknown",
    }
}

fn of_statement(statement: &EvaluatedStatement) -> Vec<String> {
    let sid = statement.sid.as_ref().map(|sid| format!(" `{sid}`")).unwrap_or_default();
    let effect = match statement.effect {
        Effect::Allow => "Allow",
        Effect::Deny => "Deny",
    };
    let applies = match statement.applies {
        MatchResult::Met => "applies",
        MatchResult::NotMet => "does not apply",
        MatchResult::Unknown => "may apply",
    };
    let mut lines = vec![
        format!("statement {}{sid}, {effect}: {applies}", statement.number),
        line(statement.principal, &format!("principal {}", statement.principals.join(", "))),
        line(statement.action, &format!("action {}", statement.actions.join(", "))),
    ];
    for condition in &statement.conditions {
        lines.push(line(condition.outcome, &format!("{} {}", condition.operator, condition.key)));
        let values = condition.values.iter().enumerate();
        lines.extend(values.map(|(at, value)| {
            let label = if at == 0 { "policy" } else { "or" };
            format!("             {label:<6} `{value}`")
        }));
        lines.push(format!("             token  {}", token_value(&condition.request_value)));
    }
    lines
}

fn line(outcome: MatchResult, text: &str) -> String {
    let mark = match outcome {
        MatchResult::Met => "holds",
        MatchResult::NotMet => "fails",
        MatchResult::Unknown => "unknown",
    };
    format!("  {mark:<8} {text}")
}

fn in_one_line(condition: &EvaluatedCondition) -> String {
    let values: Vec<String> = condition.values.iter().map(|value| format!("`{value}`")).collect();
    format!(
        "{} on {} requires {}; the token has: {}",
        condition.operator,
        condition.key,
        values.join(" or "),
        token_value(&condition.request_value)
    )
}

fn token_value(found: &RequestValue) -> String {
    match found {
        RequestValue::Present(values) => {
            values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ")
        }
        RequestValue::Absent => "absent".to_owned(),
        RequestValue::Unknown => "unknown here".to_owned(),
    }
}
