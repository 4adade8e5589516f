//! How a policy judged a token, as lines for a person. Shared by `trust test` and refused exchanges.

use trust_policy::{
    Effect, EvaluatedCondition, EvaluatedStatement, Explanation, MatchResult, RequestValue, Verdict,
};

/// The verdict, what is nearest to it, and every statement with its conditions.
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

/// The conditions of the nearest statement that keep the token out, a line each.
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
        part(statement.principal, &format!("principal {}", statement.principals.join(", "))),
        part(statement.action, &format!("action {}", statement.actions.join(", "))),
    ];
    for condition in &statement.conditions {
        lines.push(part(condition.outcome, &format!("{} {}", condition.operator, condition.key)));
        let asked = condition.values.iter().enumerate();
        lines.extend(asked.map(|(at, value)| {
            let label = if at == 0 { "policy" } else { "or" };
            format!("             {label:<6} `{value}`")
        }));
        lines.push(format!("             token  {}", found(&condition.request_value)));
    }
    lines
}

fn part(outcome: MatchResult, text: &str) -> String {
    let mark = match outcome {
        MatchResult::Met => "holds",
        MatchResult::NotMet => "fails",
        MatchResult::Unknown => "unknown",
    };
    format!("  {mark:<8} {text}")
}

fn in_one_line(condition: &EvaluatedCondition) -> String {
    let asked: Vec<String> = condition.values.iter().map(|value| format!("`{value}`")).collect();
    format!(
        "{} on {} asks for {}; the token's: {}",
        condition.operator,
        condition.key,
        asked.join(" or "),
        found(&condition.request_value)
    )
}

fn found(found: &RequestValue) -> String {
    match found {
        RequestValue::Present(values) => {
            values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ")
        }
        RequestValue::Absent => "absent".to_owned(),
        RequestValue::Unknown => "can't be seen from here".to_owned(),
    }
}
