//! Any flags of `trust generate`, good ones and patterns where none may be: what is written passes the lint, or a note
//! says what the lint finds.

use testkit::example_ids::{ORGANIZATION_ID, OTHER_PROJECT_ID, PROJECT_ID, USER_ID};

use crate::support::{Job, ROLE};

const RUNS: u64 = 400;

const ROLES: &[&str] = &[
    ROLE,
    "arn:aws-cn:iam::123456789012:role/deploy",
    "arn:aws:iam::123456789012:role/pa*th/deploy",
    "arn:aws:iam::123456789012:role/de*",
    "arn:aws:iam::*:role/deploy",
];
const CIRCLECI: &[(&str, &[&str])] = &[
    ("--project-id", &[PROJECT_ID, OTHER_PROJECT_ID, PROJECT_ID, "*"]),
    ("--vcs-origin", &["github.com/o/r", "github.com/o/r", "github.com/*/r", "github.com/o/r*", "*"]),
    ("--user-id", &["", USER_ID, "*"]),
];
const GITHUB: &[(&str, &[&str])] = &[
    ("--repository", &["octo@1/app@2", "octo@1/app@2", "octo@*/app@*", "octo/app", "octo@1/*@2", "*"]),
    ("--environment", &["", "production", "a:b", "prod-*", "*"]),
    (
        "--job-workflow-ref",
        &[
            "",
            "o/r/.github/workflows/d.yml@refs/heads/main",
            "o/r/.github/workflows/d.yml@refs/heads/*",
            "o/*/.github/workflows/d.yml@refs/heads/main",
        ],
    ),
    ("--subject-form", &["", "names", "ids", "both"]),
    ("--pull-request", &["", "", "yes"]),
];
const BOTH: &[(&str, &[&str])] = &[
    ("--branch", &["main", "main", "", "release/*", "rel*", "*", "x?", "a${b}", "m*/x", "**"]),
    ("--git-tag", &["", "", "v1", "v*", "*"]),
    (
        "--audience",
        &["", "", "https://aud.example", "sts.amazonaws.com", "*", "aud?", "${aws:userid}", "${*}"],
    ),
];

/// What a note says of a rule's finding.
const NOTES: [(&str, &str); 4] = [
    ("foreign-audience", "not CircleCI's default, the organization's id"),
    ("branch-wildcard", "matches new branches or tags too"),
    ("pull-request", "workflows of pull requests are allowed: "),
    ("name-only-subject", "the repository is limited by its name alone"),
];

#[test]
fn what_is_written_passes_the_lint_or_has_a_note() {
    let mut job = Job::new();
    job.unset("CIRCLE_OIDC_TOKEN_V2");
    let (mut written, mut noted) = (0, 0);
    for seed in 0..RUNS {
        let flags = flags(seed);
        let flags: Vec<&str> = flags.iter().map(String::as_str).collect();
        let made = job.run(&[&["trust", "generate"], &flags[..]].concat());
        if made.status != 0 {
            assert_eq!((made.status, made.stdout.as_str()), (2, ""), "{flags:?}\n{}", made.stderr);
            continue;
        }
        written += 1;
        job.write("policy.json", &made.stdout);
        let linted = job.run(&["trust", "lint", "policy.json"]);
        for line in linted.stdout.lines().filter(|line| line.starts_with("policy.json:")) {
            noted += 1;
            let rule = line.split(['[', ']']).nth(1).unwrap();
            let note = NOTES.iter().find(|(id, _)| *id == rule).map(|(_, words)| *words);
            assert!(
                note.is_some_and(|words| made.stderr.contains(words)),
                "{flags:?}\n{line}\n{}",
                made.stderr
            );
        }
    }
    println!("{written} of {RUNS} written, {noted} findings noted");
    assert!(written > 20 && written < RUNS - 20 && noted > 3);
}

/// Flags of one CI, with a value of each list or none.
fn flags(seed: u64) -> Vec<String> {
    let mut state = seed;
    let mut below = |limit: usize| {
        // SplitMix64: numbers that are the same in each run.
        state = state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (state ^ (state >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        usize::try_from((mixed ^ (mixed >> 31)) % u64::try_from(limit).unwrap()).unwrap()
    };
    let role = ROLES[if below(3) == 0 { below(ROLES.len()) } else { 0 }];
    let mut flags = vec!["--role-arn".to_owned(), role.to_owned()];
    let own = if below(2) == 0 {
        flags.extend(["--organization-id".to_owned(), ORGANIZATION_ID.to_owned()]);
        CIRCLECI
    } else {
        GITHUB
    };
    for (flag, values) in own.iter().chain(BOTH) {
        // Most values are the first ones, so that not every run is refused.
        let most = if below(3) == 0 { values.len() } else { values.len().min(2) };
        match values[below(most)] {
            "" => {}
            "yes" => flags.push((*flag).to_owned()),
            value => flags.extend([(*flag).to_owned(), value.to_owned()]),
        }
    }
    flags
}
