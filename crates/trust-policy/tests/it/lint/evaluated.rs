//! The lint checked against the evaluator: if a policy allows a token that it should not, the lint has a finding.
//! The evaluator matches patterns; the lint compares them as sets of texts.

use trust_policy::{
    Claims, ConditionKeys, TrustPolicy, Verdict, WebIdentity, evaluate,
    lint::{HOLE, lint},
};

use super::tables::{NAMES, tables};

const MAIN: &str = "/vcs-origin/github.com/example-org/example-app/vcs-ref/refs/heads/main";

fn id(name: &str) -> &'static str {
    NAMES.iter().find(|(own, _)| *own == name).unwrap().1
}

/// Whether the policy allows a token of the organization with this subject, project and audience.
fn allows(policy: &TrustPolicy, subject: &str, project_id: Option<&str>, audience: &str) -> bool {
    let issuer = format!("https://{}", id("CIRCLECI"));
    let claims = Claims { issuer: &issuer, audience, authorized_party: None, subject, project_id };
    let provider_arn = format!("{}/{}", id("ARN"), id("CIRCLECI"));
    evaluate(policy, &WebIdentity { provider_arn, keys: ConditionKeys::from_claims(&claims) })
        == Verdict::Allowed
}

#[test]
fn the_lint_finds_every_policy_that_allows_too_much() {
    let (organization, project, user) = (id("ORG"), id("PROJECT"), id("USER"));
    let sibling = "7a1b2c3d-7f43-4a5b-8c90-1e3f5a7b9c2d";
    let own = format!("org/{organization}/project/{project}/user/{user}");
    let [mut strangers, mut audits, mut audiences, mut forgeries, mut forks] = [0; 5];
    for (table, cases) in tables() {
        for case in cases {
            let policy = case.policy();
            if format!("{policy:?}").contains(&HOLE.escape_debug().to_string()) {
                continue;
            }
            let found: Vec<&str> = lint(&policy).findings.iter().map(|finding| finding.rule.id).collect();
            let name = format!("{table}: {}: {found:?}", case.name);
            let has = |ids: &[&str]| ids.iter().any(|id| found.contains(id));

            let foreign = format!("org/{organization}/project/{sibling}/user/{user}");
            for subject in [foreign.clone(), format!("{foreign}{MAIN}")] {
                if allows(&policy, &subject, Some(sibling), organization) {
                    let rules = ["no-project", "whole-organization", "open-prefix", "passes-when-absent"];
                    assert!(has(&rules), "{name}");
                    strangers += 1;
                }
            }
            let audit = format!("org/{organization}/file-streaming/audit-logs");
            if allows(&policy, &audit, None, organization) {
                assert!(has(&["audit-log", "passes-when-absent"]), "{name}");
                audits += 1;
            }
            let subjects = [own.clone(), format!("{own}{MAIN}")];
            if subjects.iter().any(|subject| allows(&policy, subject, Some(project), "another-audience")) {
                assert!(has(&["no-audience"]), "{name}");
                audiences += 1;
            }
            let branch = format!("{own}/vcs-origin/github.com/o/r/vcs-ref/refs/heads/x");
            let forged = format!("{branch}{MAIN}");
            let is_allowed = |subject: &str| allows(&policy, subject, Some(project), organization);
            if is_allowed(&forged) && !is_allowed(&branch) {
                assert!(has(&["crafted-branch"]), "{name}");
                forgeries += 1;
            }
            // A fork's branch of the same name, where another branch and a token without a ref are not allowed.
            let fork = MAIN.replace("/example-org/", "/stranger/");
            let is_limited = !is_allowed(&own) && !is_allowed(&branch);
            if is_limited && is_allowed(&format!("{own}{fork}")) {
                assert!(has(&["open-origin", "whole-organization", "passes-when-absent"]), "{name}");
                forks += 1;
            }
        }
    }
    // Each check met policies that are wrong.
    assert!(
        strangers > 5 && audits > 5 && audiences > 5 && forgeries > 5 && forks > 5,
        "{strangers} {audits} {audiences} {forgeries} {forks}"
    );
}

/// A token of another customer, for each issuer that many share: what lets it in has a critical finding.
#[test]
fn the_lint_finds_every_policy_that_allows_another_customer() {
    let strangers = [
        ("gitlab.com", "project_path:stranger/app:ref_type:branch:ref:main"),
        ("gitlab.com", "project_path:octopus/app:ref_type:branch:ref:main"),
        ("agent.buildkite.com", "organization:stranger:pipeline:deploy:ref:refs/heads/main:commit:C:step:S"),
        ("app.terraform.io", "organization:stranger:project:p:workspace:w:run_phase:apply"),
        ("api.bitbucket.org/2.0/workspaces/octo/pipelines-config/identity/oidc", "{stranger}:{step}"),
        ("accounts.google.com", "stranger"),
        ("accounts.google.com", "17"),
        ("token.actions.githubusercontent.com", "repo:stranger/app:environment:prod"),
        ("token.actions.githubusercontent.com", "repo:octopus/app:environment:production"),
    ];
    let audiences = [
        "https://gitlab.com",
        "sts.amazonaws.com",
        "aws.workload.identity",
        "ari:cloud:bitbucket::workspace/1",
        "client",
    ];
    let mut let_in = 0;
    for (table, cases) in tables() {
        for case in cases {
            let policy = case.policy();
            if format!("{policy:?}").contains(&HOLE.escape_debug().to_string()) {
                continue;
            }
            let found: Vec<&str> = lint(&policy).findings.iter().map(|finding| finding.rule.id).collect();
            for (issuer, subject) in strangers {
                let url = format!("https://{issuer}");
                let is_allowed = audiences.iter().any(|audience| {
                    let claims =
                        Claims { issuer: &url, audience, authorized_party: None, subject, project_id: None };
                    let provider_arn = match issuer {
                        "accounts.google.com" => issuer.to_owned(),
                        _ => format!("{}/{issuer}", id("ARN")),
                    };
                    let keys = ConditionKeys::from_claims(&claims);
                    evaluate(&policy, &WebIdentity { provider_arn, keys }) == Verdict::Allowed
                });
                if is_allowed {
                    let has = ["any-customer", "any-repository", "passes-when-absent"];
                    assert!(
                        has.iter().any(|rule| found.contains(rule)),
                        "{table}: {}: {issuer}: {found:?}",
                        case.name
                    );
                    let_in += 1;
                }
            }
        }
    }
    assert!(let_in > 15, "{let_in}");
}
