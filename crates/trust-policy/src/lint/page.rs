//! The rules as a page to read: `RULES.md`, of which a test sees to it that it is this text.

use super::{rule::Rule, rules::RULES};

const HEAD: &str = "# What `trust lint` looks for

Made from the rules in `crates/trust-policy/src/lint/rules` by `cargo run -p trust-policy --example rules > crates/trust-policy/RULES.md`; a test compares the two.
A value that is not literal where the policy is written, such as a reference in a template, is never the reason of a finding.
";

/// The whole page.
pub fn rules_page() -> String {
    let sections: String = RULES.iter().map(|rule| section(rule)).collect();
    format!("{HEAD}{sections}")
}

fn section(rule: &Rule) -> String {
    let Rule { id, severity, title, why, mend } = rule;
    let why = why.replace(". ", ".\n");
    format!("\n## {id}\n\nSeverity {}: {title}.\n\n{why}\nTo mend it: {mend}.\n", severity.name())
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
