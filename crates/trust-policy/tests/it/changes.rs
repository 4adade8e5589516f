//! Random policies and denied tokens: what a change lets in beyond the denied token is what its text says.

mod job;

use std::collections::BTreeMap;

use serde_json::{Value, json};
use trust_policy::{Explanation, Sibling, TrustPolicy, Verdict, evaluate, explain};

use crate::differential::random::Random;
use job::{Job, PROJECTS};

const PAIRS: usize = 20_000;
const SIBLINGS: usize = 20;
const SEED: u64 = 20_261_128;
/// A condition on `sub` that some people would write for `job`, or for another.
fn policy(random: &mut Random, job: &Job) -> TrustPolicy {
    let key = |name: &str| format!("{}:{name}", job.provider());
    let values: Vec<String> = (0..=random.below(2))
        .map(|_| {
            let meant = if random.one_in(4) { job.sibling(random) } else { job.clone() };
            let mut subject = meant.subject();
            if random.one_in(3) {
                subject = subject.replace("@1", "").replace("@2", "");
            }
            pattern(random, &subject)
        })
        .collect();
    let operator = random.of(&[
        "StringEquals",
        "StringEquals",
        "StringEquals",
        "StringLike",
        "ForAnyValue:StringEquals",
    ]);
    let mut condition = json!({operator: {key("sub"): values}});
    if random.one_in(2) {
        condition["StringEquals"][key("aud")] = "O".into();
    }
    if random.one_in(4) {
        condition["StringEquals"][key("oidc.circleci.com/project-id")] = random.of(&PROJECTS).into();
    }
    if random.one_in(8) {
        condition["StringEquals"][key("oidc.circleci.com/project-id")] = json!(PROJECTS);
    }
    if random.one_in(6) {
        condition["StringNotLike"][key("sub")] = "*/vcs-ref/*/vcs-ref/*".into();
    } else if random.one_in(8) {
        let other = job.sibling(random).subject();
        condition["StringNotLike"][key("sub")] = pattern(random, &other).into();
    }
    if random.one_in(8) {
        let own = job.subject();
        condition["StringLikeIfExists"][key("sub")] = pattern(random, &own).into();
    }
    let statement = json!({
        "Effect": "Allow",
        "Principal": {"Federated": job.identity().provider_arn},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
    });
    let mut statements = vec![statement];
    for _ in 0..random.below(3) {
        let at = random.below(statements.len() + 1);
        statements.insert(at, other_statement(random, job));
    }
    json!({"Version": "2012-10-17", "Statement": statements}).to_string().parse().unwrap()
}

/// A denial of some subjects, or of all others; or an `Allow` of some.
fn other_statement(random: &mut Random, job: &Job) -> Value {
    let subject = job.sibling(random).subject();
    let subject = if random.one_in(2) { job.subject() } else { subject };
    let value = match random.below(4) {
        0 => "*/vcs-ref/*/vcs-ref/*".to_owned(),
        1 => subject,
        _ => pattern(random, &subject),
    };
    let operator = random.of(&[
        "StringEquals",
        "StringLike",
        "StringNotLike",
        "StringNotEquals",
        "ForAnyValue:StringNotLike",
        "StringNotLikeIfExists",
    ]);
    let key = |name: &str| format!("{}:{name}", job.provider());
    let mut condition = json!({operator: {key("sub"): value}});
    if random.one_in(4) {
        condition["StringNotEquals"][key("oidc.circleci.com/project-id")] = random.of(&PROJECTS).into();
    }
    json!({
        "Effect": if random.one_in(4) { "Allow" } else { "Deny" },
        "Principal": {"Federated": job.identity().provider_arn},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": condition,
    })
}

/// The subject with wildcards for some parts, or its beginning.
fn pattern(random: &mut Random, subject: &str) -> String {
    let mut parts: Vec<String> = subject.split('/').map(str::to_owned).collect();
    for part in parts.iter_mut().skip(1) {
        match random.below(9) {
            0 => "*".clone_into(part),
            1 if part.len() > 1 => part.replace_range(1..2, "?"),
            2 => part.push('*'),
            _ => {}
        }
    }
    if random.one_in(5) {
        parts.truncate(1 + random.below(parts.len()));
        if random.one_in(2) {
            parts.push("*".to_owned());
        }
    }
    parts.join("/")
}

#[test]
fn a_change_lets_in_what_its_text_says_and_no_more() {
    let mut random = Random::new(SEED);
    let (mut seen, mut proposed) = (BTreeMap::<Sibling, usize>::new(), 0);
    for _ in 0..PAIRS {
        let job = Job::random(&mut random, None);
        let policy = policy(&mut random, &job);
        let identity = job.identity();
        let Explanation { verdict, nearest, change: Some(change), .. } = explain(&policy, &identity) else {
            continue;
        };
        assert!(matches!(verdict, Verdict::Denied { .. }));
        assert_eq!(evaluate(&change.policy, &identity), Verdict::Allowed, "{policy:?}");
        proposed += usize::from(change.is_proposed());
        for _ in 0..SIBLINGS {
            let other = job.sibling(&mut random);
            let allows = |policy| evaluate(policy, &other.identity()) == Verdict::Allowed;
            if other == job || allows(&policy) || !allows(&change.policy) {
                continue;
            }
            let let_in = job.differences(&other);
            assert!(
                let_in.is_subset(&change.also_allows),
                "seed {SEED}: {nearest:?}\nlets in {other:?} beside {job:?}: {let_in:?}\n{policy:?}"
            );
            for kind in let_in {
                *seen.entry(kind).or_default() += 1;
            }
        }
        let text = nearest.unwrap();
        for kind in &change.also_allows {
            assert!(text.contains(&kind.to_string()), "{text}");
            assert!(matches!(kind, Sibling::User | Sibling::Ref) || !change.is_proposed(), "{text}");
        }
    }
    println!("{proposed} of {PAIRS} proposed; let in: {seen:?}");
    assert!(proposed > PAIRS / 50, "{proposed}");
    assert_eq!(seen.len(), 5, "each kind was tried: {seen:?}");
}
