//! `scope_policy` and `scope_duration` of a declared role: they limit the profile, and no role that it is the source of.

use super::{DEEPER, TOOLING, keys_in};
use crate::support::many_roles::{job, opened_by, opened_by_token, profiles};
use crate::support::{Job, ROLE};

const S3: &str = r#"{"Statement":[{"Effect":"Allow","Action":"s3:GetObject","Resource":"*"}]}"#;

fn actions(job: &Job) -> Vec<String> {
    let requests = job.sts.requests();
    requests.iter().map(|request| request.parameter("Action").unwrap().to_owned()).collect()
}

#[test]
fn a_scope_limits_the_profile_and_not_what_it_is_the_source_of() {
    let job = job(vec![opened_by_token(TOOLING), opened_by(DEEPER, TOOLING, None)]);
    job.write("s3.json", S3);
    let run = profiles(
        &job,
        &format!(
            "[profile reader]\nrole_arn = {TOOLING}\nscope_policy = s3.json\nscope_duration = 5m\n\
             scope_description = read-one-bucket\nregion = eu-west-1\n\
             [profile deeper]\nrole_arn = {DEEPER}\nsource_profile = reader\nregion = eu-west-1\nscope_policy = {S3}\n"
        ),
    );
    run.expect(0, "profiles written: 2;");
    let requests = job.sts.requests();
    let scoped: Vec<_> = requests
        .iter()
        .filter(|request| request.parameter("Action") == Some("GetScopedCredentials"))
        .collect();
    let sent: Vec<_> = scoped
        .iter()
        .map(|request| {
            let of = |name| request.parameter(name);
            (of("Policy"), of("DurationSeconds"), of("ScopedSessionDescription"))
        })
        .collect();
    let described = Some("read-one-bucket");
    assert_eq!(sent, [(Some(S3), Some("300"), described), (Some(S3), None, None)]);
    // The policy denies sts:AssumeRole, so the chained role was assumed with the whole session.
    let chained = requests.iter().find(|request| request.parameter("Action") == Some("AssumeRole")).unwrap();
    assert!(chained.signer.as_ref().unwrap().scope_policies.is_empty());
    let given: Vec<String> = job.sts.granted().iter().map(|one| one.access_key_id.clone()).collect();
    let written = [keys_in(&job, "reader"), keys_in(&job, "deeper")];
    assert_eq!(written, [given[1].clone(), given[3].clone()]);
}

#[test]
fn a_scope_that_cannot_be_requested_is_refused_with_its_line() {
    let mut job = Job::new();
    for (lines, flaw) in [
        (
            "region = eu-west-1\nscope_policy = none.json",
            "line 4: the policy file `none.json` cannot be read: there is no such file",
        ),
        ("region = eu-west-1\nscope_policy = {", "line 4: the scope policy is not JSON"),
        ("region = eu-west-1\nscope_duration = 0", "line 4: invalid scope duration `0`"),
        (
            "region = eu-west-1\nduration_seconds = 900\nscope_duration = 900",
            "line 5: the scope lasts 900 s, and the session 900 s",
        ),
        (
            "region = eu-west-1\nscope_polcy = s3.json",
            "line 4 sets the unknown key `scope_polcy`: write `scope_policy`",
        ),
        ("region = eu-west-1\nscope_description = x", "line 4: the scope description has 1 characters"),
        (
            "region = eu-west-1\nscope_description = one-bucket",
            "line 4: `scope_description` describes no scope",
        ),
        ("scope_duration = 60", "line 1: `a` has a scope: no Region is set, and STS narrows"),
    ] {
        profiles(&job, &format!("[profile a]\nrole_arn = {ROLE}\n{lines}\n")).expect(2, flaw);
    }
    let inline = format!("[profile a]\nrole_arn = {ROLE}\nregion = $HERE\nscope_policy = {S3}\n");
    job.set("HERE", "eu-west-1").set("CIRCLECI_AWS_OIDC_CONFIG", &inline);
    job.run(&["profiles"]).expect(2, "line 4: the roles hold variables, and one in JSON could change");
    assert_eq!(actions(&job), [""; 0]);
    job.write("s3.json", S3);
    job.set("CIRCLECI_AWS_OIDC_CONFIG", &inline.replace(S3, "s3.json"));
    job.run(&["profiles"]).succeeds();
    assert_eq!(actions(&job), ["AssumeRoleWithWebIdentity", "GetScopedCredentials"]);
}
