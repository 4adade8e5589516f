//! The catalogue as a page to read: `docs/refusals.md`; a test compares the two.

use super::chapters::CHAPTERS;
use super::entry::{Call, Cause, Entry};
use super::evidence::Evidence;
use super::template::fill;
use crate::retry::Class;

const HEAD: &str = "# What STS refuses, and what to do

Made from the catalogue in `crates/sts/src/catalogue` by `cargo run -p sts --example refusals > docs/refusals.md`; a test compares the two.
Where STS refuses, `assume` and `whoami` print the most probable of the causes below, without those that the token, the request or the clocks rule out; `assume` with `--details` prints all of them where STS denies a role.
The name in parentheses after a cause is its name here.
In AWS's texts `…` stands for a part that depends on the request; in this program's texts NAMES stand for values that it knows.
";

/// The whole page.
pub fn refusals_page() -> String {
    let mut page = HEAD.to_owned();
    for chapter in &CHAPTERS {
        page.push_str(&format!("\n## {}\n", chapter.title));
        for entry in chapter.entries {
            page.push_str(&section(entry));
        }
    }
    page
}

fn section(entry: &Entry) -> String {
    let mut text = format!("\n### {}\n\n{}\n", entry.id, recognised(entry));
    text.push_str(&format!("{}\n", entry.means.replace(". ", ".\n")));
    text.push_str(match entry.class {
        Class::Permanent => "It is not retried.\n",
        Class::Transient => "It is retried.\n",
        Class::Throttled => "It is retried after longer pauses.\n",
    });
    text.push('\n');
    for (cause, number) in entry.causes.iter().zip(1..) {
        text.push_str(&format!("{number}. `{}`: {}.{}\n", cause.id, named(cause.text), conditions(cause)));
        if let Some(fix) = cause.fix {
            text.push_str(&format!("   Fix: {}.\n", named(fix)));
        }
    }
    text.push_str(&format!("\nFix: {}.\n", named(entry.fix)));
    text
}

/// Code, status, texts and calls.
fn recognised(entry: &Entry) -> String {
    let listed = |items: Vec<String>| items.join(", ");
    let statuses = listed(entry.statuses.iter().map(u16::to_string).collect());
    let calls = listed(entry.calls.iter().map(|call| operation(*call).to_owned()).collect());
    let http =
        if statuses.is_empty() { "HTTP status not verified".to_owned() } else { format!("HTTP {statuses}") };
    let mut text = match entry.codes {
        [] => format!("Any other code with {http}; {calls}.\n"),
        codes => {
            format!("{}; {http}; {calls}.\n", listed(codes.iter().map(|code| format!("`{code}`")).collect()))
        }
    };
    for pattern in entry.texts {
        text.push_str(&format!("AWS says: `{}`\n", pattern.replace('*', "…")));
    }
    text
}

fn operation(call: Call) -> &'static str {
    match call {
        Call::WithToken => "AssumeRoleWithWebIdentity",
        Call::FromRole => "AssumeRole",
        Call::Identity => "GetCallerIdentity",
    }
}

fn conditions(cause: &Cause) -> String {
    let words = |list: &[Evidence], link: &str| {
        list.iter().map(|evidence| named(evidence.words())).collect::<Vec<_>>().join(link)
    };
    let is_said = cause.likely_if.iter().all(|evidence| cause.only_if.contains(evidence));
    let mut text = String::new();
    for (list, intro, link) in [
        (
            cause.only_if,
            if cause.likely_if.is_empty() { "Only where" } else { "First, and only, where" },
            " and ",
        ),
        (if is_said { &[] } else { cause.likely_if }, "First where", " or "),
        (cause.ruled_out_if, "Ruled out where", " or "),
    ] {
        if !list.is_empty() {
            text.push_str(&format!("\n   {intro} {}.", words(list, link)));
        }
    }
    text
}

/// Names for values that are known at run time only.
fn named(text: &str) -> String {
    fill(text, |name| {
        Some(match name {
            "clock" => "TIME is MINUTES behind or ahead of the clock of STS".to_owned(),
            "other-origin" => "the token with the other form of `sub`".to_owned(),
            name => name.to_uppercase(),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_in_the_tree_is_this_one() {
        assert_eq!(
            include_str!("../../../../docs/refusals.md"),
            refusals_page(),
            "run `cargo run -p sts --example refusals > docs/refusals.md`"
        );
    }

    #[test]
    fn no_cell_of_the_page_is_empty() {
        for section in CHAPTERS.iter().flat_map(|chapter| chapter.entries).map(section) {
            assert!(
                !section.contains(": .") && !section.contains("``") && !section.contains("..\n"),
                "{section}"
            );
        }
    }
}
