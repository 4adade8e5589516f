//! The order of what `preflight` prints, its color, and its count.

use super::{job, preflight};

/// What is read first in a log is its end. The first word of a line is the same with color and without.
#[test]
fn problems_come_last_and_in_color_only_where_it_is_due() {
    let mut job = job();
    job.set("CIRCLECI_AWS_OIDC_ROLE_ARN", "arn:aws:iam::123456789012:user/a");
    let run = preflight(&job, &[]);
    let levels: Vec<&str> = run.stdout.lines().map(|line| line.split(' ').next().unwrap()).collect();
    let mut sorted = levels.clone();
    sorted.sort_by_key(|level| ["ok", "note", "problem"].iter().position(|one| one == level).unwrap());
    sorted.dedup();
    assert_eq!(sorted, ["ok", "note", "problem"]);
    let mut runs = levels.clone();
    runs.dedup();
    assert_eq!(runs, sorted, "{}", run.stdout);
    let count = |level: &str| levels.iter().filter(|one| **one == level).count();
    assert_eq!(count("problem"), 1, "{}", run.stdout);
    run.expect(
        8,
        &format!("result: 1 problem, {} notes, {} ok; the problem would", count("note"), count("ok")),
    );
    assert!(
        !run.stdout.contains('\u{1b}') && !preflight(&job, &["--color", "never"]).stdout.contains('\u{1b}')
    );
    let colored = preflight(&job, &["--color", "always"]).stdout;
    assert!(colored.contains("\u{1b}[1;31mproblem\u{1b}[0m role-arn"), "{colored}");
    let plain =
        ["32", "33", "1;31"].iter().fold(colored, |text, code| text.replace(&format!("\u{1b}[{code}m"), ""));
    // The seconds of the token's age and life may differ between the two runs.
    let without_seconds = |text: &str| {
        let lines = text.lines().filter(|line| !line.ends_with(" s ago") && !line.contains(" is valid for "));
        lines.collect::<Vec<_>>().join("\n")
    };
    assert_eq!(without_seconds(&plain.replace("\u{1b}[0m", "")), without_seconds(&run.stdout));
}
