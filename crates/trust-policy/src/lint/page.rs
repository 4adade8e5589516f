//! The rules as a page, `RULES.md`; a test checks that the file in the tree is this text.

use super::{rule::Rule, rules::RULES};

const HEAD: &str = "# What `trust lint` checks

Made from the rules in `crates/trust-policy/src/lint/rules` by `cargo run -p trust-policy --example rules > crates/trust-policy/RULES.md`; a test compares the two.
A value that is not literal in the file, such as a reference in a template, is never the reason for a finding.
";

/// The whole page.
pub fn rules_page() -> String {
    let sections: String = RULES.iter().map(|rule| section(rule)).collect();
    format!("{HEAD}{sections}")
}

fn section(rule: &Rule) -> String {
    let Rule { id, severity, title, why, fix, .. } = rule;
    let why = why.replace(". ", ".\n");
    format!("\n## {id}\n\nSeverity {}: {title}.\n\n{why}\nTo fix it: {fix}.\n", severity.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_in_the_tree_is_this_one() {
        assert_eq!(
            include_str!("../../RULES.md"),
            rules_page(),
            "run `cargo run -p trust-policy --example rules > crates/trust-policy/RULES.md`"
        );
    }
}
