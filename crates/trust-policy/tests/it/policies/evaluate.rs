//! `cases/evaluate`: AWS's verdict on a policy and a token, with the source.

use serde::Deserialize;
use trust_policy::{Verdict, evaluate};

use super::case;

/// The promised number of cases.
const FEWEST: usize = 250;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    /// A section of the facts, or a topic of the IAM guide.
    source: String,
    expect: Decision,
    /// A part of one of the reasons.
    because: Option<String>,
}

#[derive(Deserialize, Debug, PartialEq, Clone, Copy)]
#[serde(rename_all = "lowercase")]
enum Decision {
    Allow,
    Deny,
    Unknown,
}

#[test]
fn policies_come_out_as_aws_documents() {
    let cases = case::read::<Expected>("evaluate");
    let mut failed = Vec::new();
    for (case, expected) in &cases {
        assert!(!expected.source.is_empty(), "{}: no source", case.name);
        let is_open = expected.expect == Decision::Unknown;
        assert!(!is_open || expected.because.is_some(), "{}: what is unknown?", case.name);
        let (policy, identity) = case.build();
        failed.extend(
            expected.fault(&evaluate(&policy, &identity)).map(|fault| format!("{}: {fault}", case.name)),
        );
    }
    assert!(failed.is_empty(), "{} of {} cases failed:\n{}", failed.len(), cases.len(), failed.join("\n"));
    assert!(cases.len() >= FEWEST, "{} cases, at least {FEWEST} are promised", cases.len());
}

impl Expected {
    /// How the verdict differs from the case.
    fn fault(&self, verdict: &Verdict) -> Option<String> {
        let (decision, reasons) = match verdict {
            Verdict::Allowed => (Decision::Allow, &[][..]),
            Verdict::Denied { reasons } => (Decision::Deny, &reasons[..]),
            Verdict::Unknown { reasons } => (Decision::Unknown, &reasons[..]),
        };
        let reasons: Vec<String> = reasons.iter().map(ToString::to_string).collect();
        if decision != self.expect {
            return Some(format!("{decision:?} instead of {:?}: {reasons:?}", self.expect));
        }
        if decision != Decision::Allow && reasons.is_empty() {
            return Some("no reason".to_owned());
        }
        let text = self.because.as_ref()?;
        let is_given = reasons.iter().any(|reason| reason.contains(text));
        (!is_given).then(|| format!("no reason contains `{text}`: {reasons:?}"))
    }
}
