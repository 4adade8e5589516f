//! The rules as pages, `docs/rules`: one a rule, at an address that never changes, and a list of them all. A test
//! checks that the files in the tree are these texts.

use super::{rule::Rule, rules::RULES};

/// Where the pages are.
const BASE: &str = concat!(env!("CARGO_PKG_REPOSITORY"), "/blob/main/docs/rules/");

const HEAD: &str = "# What `trust lint` checks

Made from the rules in `crates/trust-policy/src/lint/rules` and their cases in `crates/trust-policy/cases/lint` by `cargo run -p trust-policy --example rules -- docs/rules`; a test compares the two.
A value that is not literal in the file, such as a reference in a template, is never the reason for a finding.

| rule | severity | since | what is wrong |
|---|---|---|---|
";

/// The two policies of a rule's page, as text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RuleExample {
    /// A policy with a finding of the rule.
    pub before: String,
    /// What the finding says about it.
    pub reason: String,
    /// A policy without findings.
    pub after: String,
}

impl Rule {
    /// The address of the rule's page.
    pub fn page_url(&self) -> String {
        format!("{BASE}{}.md", self.id)
    }
}

/// The list of all rules.
pub fn rules_index() -> String {
    let row = |rule: &&Rule| {
        let Rule { id, severity, title, since, .. } = rule;
        format!("| [{id}]({id}.md) | {} | {since} | {title} |\n", severity.name())
    };
    format!("{HEAD}{}", RULES.iter().map(row).collect::<String>())
}

/// The page of a rule.
pub fn rule_page(rule: &Rule, example: &RuleExample) -> String {
    let Rule { id, severity, title, why, fix, since } = rule;
    let RuleExample { before, reason, after } = example;
    let why = why.replace(". ", ".\n");
    format!(
        "# {id}\n\nSeverity {}, since version {since}: {title}.\n\n{why}\n\nTo fix it: {fix}.\n\n## Before\n\n\
         ```json\n{before}\n```\n\n{reason}.\n\n## After\n\n```json\n{after}\n```\n\n[All rules](README.md)\n",
        severity.name()
    )
}
