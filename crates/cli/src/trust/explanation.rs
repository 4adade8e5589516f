//! How a policy judged a token, as lines for a person. Shared by `trust test` and refused exchanges.

use trust_policy::{Effect, Explanation, Found, JudgedCondition, JudgedStatement, Outcome, Verdict};

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
    conditions.filter(|condition| condition.outcome != Outcome::Met).map(in_one_line).collect()
}

fn verdict(verdict: &Verdict) -> &'static str {
    match verdict {
        Verdict::Allowed => "allowed",
        Verdict::Denied { .. } => "denied",
        Verdict::Unknown { .. } => "unknown",
    }
}

fn of_statement(statement: &JudgedStatement) -> Vec<String> {
    let sid = statement.sid.as_ref().map(|sid| format!(" `{sid}`")).unwrap_or_default();
    let effect = match statement.effect {
        Effect::Allow => "Allow",
        Effect::Deny => "Deny",
    };
    let applies = match statement.applies {
        Outcome::Met => "applies",
        Outcome::NotMet => "does not apply",
        Outcome::Unknown => "may apply",
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
        lines.push(format!("             token  {}", found(&condition.found)));
    }
    lines
}

fn part(outcome: Outcome, text: &str) -> String {
    let mark = match outcome {
        Outcome::Met => "holds",
        Outcome::NotMet => "fails",
        Outcome::Unknown => "unknown",
    };
    format!("  {mark:<8} {text}")
}

fn in_one_line(condition: &JudgedCondition) -> String {
    let asked: Vec<String> = condition.values.iter().map(|value| format!("`{value}`")).collect();
    format!(
        "{} on {} asks for {}; the token's: {}",
        condition.operator,
        condition.key,
        asked.join(" or "),
        found(&condition.found)
    )
}

fn found(found: &Found) -> String {
    match found {
        Found::Present(values) => {
            values.iter().map(|value| format!("`{value}`")).collect::<Vec<_>>().join(", ")
        }
        Found::Absent => "absent".to_owned(),
        Found::Unknown => "can't be seen from here".to_owned(),
    }
}
