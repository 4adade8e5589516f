//! The notes of `credential-process`: none contradicts another.

use std::fs;

use local_sts::{Config, Role};

use super::LINE;
use super::cache::{entry, seed};
use crate::support::{Job, ROLE, policy};

/// A job in whose cache are credentials that have to be renewed, and whose lock is not a file.
fn job_without_a_lock(trusts: &str) -> Job {
    let job = Job::with(Config { roles: vec![Role::new(ROLE, &policy(trusts))], ..Config::default() });
    let lock = seed(&job, &LINE, &entry(-3000, 600)).with_extension("lock");
    fs::remove_file(&lock).unwrap();
    fs::create_dir(&lock).unwrap();
    job
}

#[test]
fn credentials_from_the_cache_are_not_said_to_be_uncacheable() {
    let run = job_without_a_lock("org/somebody/else").run(&LINE);
    run.expect(0, "note: the previous credentials are used again, until 20");
    assert_eq!(run.stderr.matches("note: ").count(), 1, "{}", run.stderr);
    let own = format!("org/{}/*", testkit::example_ids::ORGANIZATION_ID);
    let run = job_without_a_lock(&own).run(&LINE);
    run.expect(0, "note: the credentials cannot be cached, so STS is called each time: ");
    assert_eq!(run.stderr.matches("note: ").count(), 1, "{}", run.stderr);
}
