//! The pages in `docs/rules`: each is made of its rule and of two cases of the rule's table. The program that writes
//! them, `examples/rules.rs`, uses this file too.

use std::collections::BTreeMap;

use serde_json::Value;
use trust_policy::lint::{RULES, Rule, RuleExample, lint, rule_page, rules_index};

use super::tables::{Case, tables};

/// Every file of the directory, by its name.
pub(crate) fn pages() -> BTreeMap<String, String> {
    let tables = tables();
    let page = |rule: &&Rule| {
        let cases = tables.iter().find(|(table, _)| table == rule.id).map(|(_, cases)| cases.as_slice());
        let example = example(rule, cases.unwrap_or_default());
        (format!("{}.md", rule.id), rule_page(rule, &example))
    };
    let mut pages: BTreeMap<String, String> = RULES.iter().map(page).collect();
    pages.insert("README.md".to_owned(), rules_index());
    pages
}

fn example(rule: &Rule, cases: &[Case]) -> RuleExample {
    let case = |which: &str| {
        let mut marked = cases.iter().filter(|case| case.page.as_deref() == Some(which));
        let case =
            marked.next().unwrap_or_else(|| panic!("`{}` has no case with `page`: `{which}`", rule.id));
        assert!(marked.next().is_none(), "`{}` has two cases with `page`: `{which}`", rule.id);
        case
    };
    let (before, after) = (case("before"), case("after"));
    assert!(after.findings.is_empty(), "`{}`: the page's good policy has findings", rule.id);
    let findings = lint(&before.policy()).findings;
    let own = findings.into_iter().find(|finding| finding.rule.id == rule.id);
    let reason =
        own.unwrap_or_else(|| panic!("`{}`: the page's faulty policy has no such finding", rule.id)).reason;
    RuleExample { before: pretty(before), reason: sentence(&reason), after: pretty(after) }
}

fn pretty(case: &Case) -> String {
    let value: Value = serde_json::from_str(&case.text()).unwrap();
    serde_json::to_string_pretty(&value).unwrap()
}

/// A finding's text, with a capital at its start if that is a letter.
fn sentence(reason: &str) -> String {
    let mut rest = reason.chars();
    rest.next().map(|first| first.to_uppercase().chain(rest).collect()).unwrap_or_default()
}
