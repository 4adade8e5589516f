//! Roles of several accounts and partitions, and runs of `profiles` over them.

use local_sts::{Config, Role};

use super::{Job, Run, project_policy};

/// Trusts the example project, from an account and partition of its own.
pub(crate) fn opened_by_token(role: &str) -> Role {
    let fields: Vec<&str> = role.split(':').collect();
    let ours = project_policy(testkit::example_ids::ORGANIZATION_ID);
    let provider = format!("arn:{}:iam::{}:", fields[1], fields[4]);
    Role::new(role, &ours.replace("arn:aws:iam::123456789012:", &provider))
}

/// Trusts the session of another role, with an external id if one is given.
pub(crate) fn opened_by(role: &str, principal: &str, external_id: Option<&str>) -> Role {
    let condition = external_id.map_or_else(
        || serde_json::json!({}),
        |id| serde_json::json!({"StringEquals": {"sts:ExternalId": id}}),
    );
    let statement = serde_json::json!([{
        "Effect": "Allow", "Principal": {"AWS": principal}, "Action": "sts:AssumeRole", "Condition": condition,
    }]);
    Role::new(role, &serde_json::json!({"Version": "2012-10-17", "Statement": statement}).to_string())
}

/// A job that finds these roles.
pub(crate) fn job(roles: Vec<Role>) -> Job {
    Job::with(Config { roles, ..Config::default() })
}

/// `profiles` with a file of this text.
pub(crate) fn profiles(job: &Job, roles: &str) -> Run {
    job.write("roles.ini", roles);
    job.run(&["profiles", "--config-file", "roles.ini"])
}
