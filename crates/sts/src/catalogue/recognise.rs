//! From a refusal to its entry. AWS's text says more than its code, and the code more than the status, so an entry
//! with a text comes before one with a code only.

use super::chapters::entries;
use super::entry::{Call, Entry};
use crate::Refusal;
use crate::retry::Class;

/// How much of the refusal an entry names, the least first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Status,
    Code,
    Text,
}

/// The entry for STS's refusal of `call`.
pub(crate) fn find(refusal: &Refusal, call: Call) -> Option<&'static Entry> {
    best_ranked(refusal, entries().filter(|entry| entry.calls.contains(&call))).map(|(_, entry)| entry)
}

/// Whether to retry. It does not depend on the call: the same text means the same for every operation. A text says more
/// than the status, and the status more than a code: a server that fails may send any.
pub(crate) fn class_by_any_call(refusal: &Refusal) -> Class {
    let of_status = Class::of_status(refusal.status);
    match best_ranked(refusal, entries()) {
        Some((Rank::Text, entry)) => entry.class,
        Some((_, entry)) if entry.class != Class::Permanent => entry.class,
        _ => of_status,
    }
}

fn best_ranked(
    refusal: &Refusal,
    among: impl Iterator<Item = &'static Entry>,
) -> Option<(Rank, &'static Entry)> {
    among.filter_map(|entry| Some((rank(entry, refusal)?, entry))).max_by_key(|(rank, _)| *rank)
}

fn rank(entry: &Entry, refusal: &Refusal) -> Option<Rank> {
    if entry.codes.is_empty() {
        return entry.statuses.contains(&refusal.status).then_some(Rank::Status);
    }
    if !entry.codes.contains(&refusal.code.as_str()) {
        return None;
    }
    if entry.texts.is_empty() {
        return Some(Rank::Code);
    }
    let message = refusal.message.as_deref()?;
    entry.texts.iter().any(|pattern| is_like(pattern, message)).then_some(Rank::Text)
}

/// Whether `text` is `pattern` with any text for each `*`.
fn is_like(pattern: &str, text: &str) -> bool {
    let mut parts = pattern.split('*');
    let Some(mut rest) = parts.next().and_then(|first| text.strip_prefix(first)) else { return false };
    let Some(last) = parts.next_back() else { return rest.is_empty() };
    for part in parts {
        let Some((_, after)) = rest.split_once(part) else { return false };
        rest = after;
    }
    rest.ends_with(last)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::Value;

    use super::*;

    const CALLS: [(&str, Call); 4] = [
        ("AssumeRoleWithWebIdentity", Call::WithToken),
        ("AssumeRole", Call::FromRole),
        ("GetCallerIdentity", Call::Identity),
        ("GetScopedCredentials", Call::Scoped),
    ];

    fn cases() -> Vec<(Value, Refusal)> {
        let list: Vec<Value> = serde_json::from_str(include_str!("../../cases/refusals.json")).unwrap();
        let refusal = |case: &Value| Refusal {
            status: case["status"].as_u64().unwrap().try_into().unwrap(),
            code: case["code"].as_str().unwrap().to_owned(),
            message: case["message"].as_str().map(str::to_owned),
            request_id: None,
            server_time: None,
        };
        list.into_iter().map(|case| (case.clone(), refusal(&case))).collect()
    }

    #[test]
    fn each_known_text_finds_its_own_entry_and_no_second_one() {
        for (case, refusal) in cases() {
            let call = CALLS.iter().find(|(name, _)| case["call"] == *name).unwrap().1;
            let found = find(&refusal, call);
            assert_eq!(found.map(|entry| entry.id), case["entry"].as_str(), "{case}");
            let of_call = || entries().filter(|entry| entry.calls.contains(&call));
            let top = of_call().filter_map(|entry| rank(entry, &refusal)).max();
            let at_top: Vec<&str> = of_call()
                .filter(|entry| top.is_some() && rank(entry, &refusal) == top)
                .map(|entry| entry.id)
                .collect();
            assert!(at_top.len() <= 1, "{case} is {at_top:?}");
        }
    }

    #[test]
    fn each_entry_has_a_case_for_each_code_and_text() {
        let cases = cases();
        for entry in entries() {
            let own: Vec<&Refusal> = cases
                .iter()
                .filter(|(case, _)| case["entry"] == entry.id)
                .map(|(_, refusal)| refusal)
                .collect();
            assert!(!own.is_empty(), "{} has no case", entry.id);
            for code in entry.codes {
                assert!(own.iter().any(|refusal| refusal.code == *code), "{}: {code}", entry.id);
            }
            for text in entry.texts {
                let said = |refusal: &&Refusal| is_like(text, refusal.message.as_deref().unwrap_or_default());
                assert!(own.iter().any(said), "{}: {text}", entry.id);
            }
        }
    }

    #[test]
    fn the_same_words_are_as_lasting_whatever_was_asked() {
        for (case, refusal) in cases() {
            let call = CALLS.iter().find(|(name, _)| case["call"] == *name).unwrap().1;
            if let Some(entry) = find(&refusal, call) {
                assert_eq!(entry.class, class_by_any_call(&refusal), "{case}");
            }
        }
    }

    #[test]
    fn ids_are_words_and_stand_for_one_thing() {
        let ids: Vec<&str> = entries().map(|entry| entry.id).collect();
        assert_eq!(ids.iter().collect::<BTreeSet<_>>().len(), ids.len(), "{ids:?}");
        for entry in entries() {
            let causes: BTreeSet<&str> = entry.causes.iter().map(|cause| cause.id).collect();
            assert_eq!(causes.len(), entry.causes.len(), "{}", entry.id);
            assert!(!causes.is_empty() && !entry.fix.is_empty() && !entry.means.is_empty(), "{}", entry.id);
            for id in causes.iter().chain([&entry.id]) {
                assert!(
                    id.bytes().all(|byte| byte.is_ascii_lowercase() || b"-0123456789".contains(&byte)),
                    "{id}"
                );
            }
        }
    }

    #[test]
    fn a_star_is_any_run_and_nothing_else_is_special() {
        for (pattern, text, is) in [
            ("Rate exceeded", "Rate exceeded", true),
            ("Rate exceeded", "Rate exceeded.", false),
            ("* is invalid", "arn is invalid", true),
            ("* is invalid", "x is invalid, y", false),
            ("a*b*c", "a-b-b-c", true),
            ("a*b*c", "a-c-b", false),
            ("*", "", true),
            ("a*a", "a", false),
            ("[w]*", "w", false),
        ] {
            assert_eq!(is_like(pattern, text), is, "{pattern} {text}");
        }
    }
}
