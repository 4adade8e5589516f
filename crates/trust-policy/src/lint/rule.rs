//! What a rule says about itself, apart from how it looks at a policy: the docs and SARIF are made of this.

/// How much harm what a rule finds can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    /// Works, and will surprise somebody.
    Low,
    /// Lets in more than it says, or nobody at all.
    Medium,
    /// Lets in whom the policy means to keep out.
    High,
    /// Lets in strangers.
    Critical,
}

impl Severity {
    /// The word for it in a report.
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
    /// In kebab-case, and the same forever: people filter by it.
    pub id: &'static str,
    /// The same for everything that the rule finds.
    pub severity: Severity,
    /// What is wrong, in half a line.
    pub title: &'static str,
    /// Why it is, for somebody who sees the rule for the first time.
    pub why: &'static str,
    /// What to do, whatever the policy.
    pub mend: &'static str,
}
