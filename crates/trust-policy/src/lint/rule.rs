//! A rule's description, separate from its check: its page in docs/rules and SARIF are made from it.

/// How much harm a finding of the rule can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// The policy works, but will surprise its author.
    Low,
    /// The policy allows more than it seems to, or allows nothing.
    Medium,
    /// The policy allows what it is meant to exclude.
    High,
    /// The policy allows other organizations.
    Critical,
}

impl Severity {
    /// The word in a report.
    pub fn name(self) -> &'static str {
        match self {
            Self::Low => "low",
            Self::Medium => "medium",
            Self::High => "high",
            Self::Critical => "critical",
        }
    }
}

/// One thing that can be wrong with a trust policy.
#[derive(Debug, PartialEq, Eq)]
pub struct Rule {
    /// In kebab-case. It never changes, because users filter by it.
    pub id: &'static str,
    /// The version of this program that reported it first.
    pub since: &'static str,
    /// The same for every finding of the rule.
    pub severity: Severity,
    /// What is wrong, in a few words.
    pub title: &'static str,
    /// Why it is wrong, for a reader who sees the rule for the first time.
    pub why: &'static str,
    /// What to do, for any policy.
    pub fix: &'static str,
}
