//! Which plans are refused, the notes about a plan, and the form of its policies.

use testkit::example_ids::{ORGANIZATION_ID, OTHER_PROJECT_ID, PROJECT_ID, VCS_ORIGIN};
use trust_policy::generate::{
    CircleCiJobs, Format, Issuer, Plan, Project, Provider, RefPattern, TrustedJobs, generate,
};
use trust_policy::{ConditionKeys, RoleCall, RoleParameters, RoleSession, Verdict, evaluate_role_call};

use super::verdicts::circleci;

const ROLE: &str = "arn:aws:iam::123456789012:role/deploy";
const WORKLOAD: &str = "arn:aws:iam::111122223333:role/app/deploy";

fn plan() -> Plan {
    let jobs = CircleCiJobs {
        issuer: Issuer::of_organization(ORGANIZATION_ID.parse().unwrap()),
        projects: vec![Project { id: PROJECT_ID.parse().unwrap(), vcs_origin: None }],
        refs: Vec::new(),
        user: None,
    };
    Plan {
        jobs: TrustedJobs::CircleCi(jobs),
        audience: ORGANIZATION_ID.parse().unwrap(),
        role: ROLE.parse().unwrap(),
        permissions_policies: Vec::new(),
        workload_roles: Vec::new(),
        external_id: None,
        max_session_duration: None,
        provider: Provider::New,
        context_provider: false,
        thumbprints: Vec::new(),
    }
}

fn with_branch(branch: &str) -> Plan {
    let mut plan = plan();
    let jobs = circleci(&mut plan);
    jobs.projects[0].vcs_origin = Some(VCS_ORIGIN.parse().unwrap());
    jobs.refs = vec![RefPattern::branch(branch).unwrap()];
    plan
}

fn changed(mut plan: Plan, change: impl FnOnce(&mut CircleCiJobs)) -> Plan {
    change(circleci(&mut plan));
    plan
}

#[test]
fn a_branch_limit_is_one_statement() {
    let expected = r#"{"Version": "2012-10-17", "Statement": [{
        "Effect": "Allow",
        "Principal": {"Federated": "arn:aws:iam::123456789012:oidc-provider/oidc.circleci.com/org/ORG"},
        "Action": "sts:AssumeRoleWithWebIdentity",
        "Condition": {
            "StringEquals": {
                "oidc.circleci.com/org/ORG:aud": "ORG",
                "oidc.circleci.com/org/ORG:oidc.circleci.com/project-id": "PROJECT"
            },
            "StringLike": {"oidc.circleci.com/org/ORG:sub": "org/ORG/project/PROJECT/user/*/vcs-origin/github.com/example-org/example-app/vcs-ref/refs/heads/main"},
            "StringNotLike": {"oidc.circleci.com/org/ORG:sub": ["*/vcs-ref/*/vcs-ref/*", "*/vcs-origin/*/vcs-origin/*"]}
        }
    }]}"#;
    let expected = expected.replace("ORG", ORGANIZATION_ID).replace("PROJECT", PROJECT_ID);
    assert_eq!(json(&with_branch("main")), serde_json::from_str::<serde_json::Value>(&expected).unwrap());
}

#[test]
fn a_subject_without_wildcards_stands_under_string_equals() {
    let mut plan = with_branch("main");
    circleci(&mut plan).user = Some(OTHER_PROJECT_ID.parse().unwrap());
    let condition = json(&plan)["Statement"][0]["Condition"].take();
    assert_eq!(condition.as_object().unwrap().len(), 1, "{condition}");
    let subject = &condition["StringEquals"][format!("oidc.circleci.com/org/{ORGANIZATION_ID}:sub")];
    assert!(subject.as_str().unwrap().ends_with("/vcs-ref/refs/heads/main"), "{condition}");
}

#[test]
fn each_project_has_its_own_repository() {
    let mut plan = with_branch("main");
    let other = Project {
        id: OTHER_PROJECT_ID.parse().unwrap(),
        vcs_origin: Some("github.com/example-org/other".parse().unwrap()),
    };
    circleci(&mut plan).projects.push(other);
    let subjects = json(&plan)["Statement"][0]["Condition"]["StringLike"]
        [format!("oidc.circleci.com/org/{ORGANIZATION_ID}:sub")]
    .take();
    let expected =
        [(PROJECT_ID, VCS_ORIGIN), (OTHER_PROJECT_ID, "github.com/example-org/other")].map(|(id, origin)| {
            format!("org/{ORGANIZATION_ID}/project/{id}/user/*/vcs-origin/{origin}/vcs-ref/refs/heads/main")
        });
    assert_eq!(subjects, serde_json::json!(expected));
}

fn json(plan: &Plan) -> serde_json::Value {
    serde_json::from_str(&generate(plan, Format::Json).unwrap().text).unwrap()
}

#[test]
fn a_plan_that_cannot_be_deployed_is_refused() {
    let origin = |origin: &str| Some(origin.parse().unwrap());
    let workloads = |roles: &[&str]| roles.iter().map(|role| role.parse().unwrap()).collect::<Vec<_>>();
    let thumbprint = || "9e99a48a9960b14926bb7f3b02e22da2b0ab7280".parse().unwrap();
    let many = |count: usize, role: &dyn Fn(usize) -> String| {
        (0..count).map(|number| role(number).parse().unwrap()).collect::<Vec<_>>()
    };
    let policies = |arn: &str| vec![arn.parse().unwrap()];
    let cases: [(Plan, &str); 14] = [
        (
            with_branch("x/vcs-ref"),
            "`refs/heads/x/vcs-ref` has a part `vcs-ref` or `vcs-origin`, like the forged names that the policy denies",
        ),
        (
            with_branch("vcs-origin/x"),
            "`refs/heads/vcs-origin/x` has a part `vcs-ref` or `vcs-origin`, like the forged names that the policy denies",
        ),
        (
            Plan { permissions_policies: policies("arn:aws:iam::111122223333:policy/p"), ..plan() },
            "`arn:aws:iam::111122223333:policy/p` is a policy of another account or partition than the role",
        ),
        (
            Plan { permissions_policies: policies("arn:aws-cn:iam::aws:policy/ReadOnlyAccess"), ..plan() },
            "`arn:aws-cn:iam::aws:policy/ReadOnlyAccess` is a policy of another account or partition than the role",
        ),
        (
            changed(plan(), |jobs| jobs.projects.clear()),
            "no project is named: the role would trust every project of the organization",
        ),
        (
            changed(with_branch("main"), |jobs| jobs.projects[0].vcs_origin = None),
            "project `5b2e7d90-41aa-4c8e-8f13-6a9d0c7b4e02` has no repository, which a branch or tag needs",
        ),
        (
            Plan { external_id: Some("secret".parse().unwrap()), ..plan() },
            "an external ID is for workload roles, and no workload role is named",
        ),
        (
            Plan { workload_roles: workloads(&["arn:aws-cn:iam::111122223333:role/deploy"]), ..plan() },
            "`arn:aws-cn:iam::111122223333:role/deploy` is in another partition than the role that assumes it",
        ),
        (
            Plan {
                workload_roles: workloads(&[WORKLOAD, "arn:aws:iam::123456789012:role/x/deploy"]),
                ..plan()
            },
            "`arn:aws:iam::123456789012:role/x/deploy` is named twice: role names are unique in an account",
        ),
        (
            Plan { max_session_duration: Some("3599".parse().unwrap()), ..plan() },
            "invalid maximum session duration `59m59s`; expected 1 h to 12 h",
        ),
        (
            Plan { provider: Provider::Existing, thumbprints: vec![thumbprint()], ..plan() },
            "thumbprints are given, but the provider exists already",
        ),
        (
            Plan { thumbprints: (0..6).map(|_| thumbprint()).collect(), ..plan() },
            "6 thumbprints are given; IAM allows at most 5",
        ),
        (
            changed(with_branch("main"), |jobs| {
                let project =
                    Project { id: PROJECT_ID.parse().unwrap(), vcs_origin: origin("github.com/o/r") };
                jobs.projects = vec![project; 50];
            }),
            "the trust policy would have 9873 characters without white space; IAM allows at most 8192",
        ),
        (
            Plan {
                workload_roles: many(300, &|number| format!("arn:aws:iam::1111222{number:05}:role/deploy")),
                ..plan()
            },
            "the permission policy for the workload roles would have 12096 characters without white space; IAM allows \
             at most 10240",
        ),
    ];
    for (plan, message) in cases {
        assert_eq!(generate(&plan, Format::Json).unwrap_err().to_string(), message);
    }
}

#[test]
fn notes_say_what_the_policy_does_not_show() {
    let noted = |plan: &Plan, format| -> Vec<String> {
        let notes = generate(plan, format).unwrap().notes;
        notes
            .iter()
            .map(|note| {
                note.to_string().split_once(':').map_or(note.to_string(), |(head, _)| head.to_owned())
            })
            .collect()
    };
    let any_ref = "every branch and tag is allowed";
    let any_origin = "the repository is not limited";
    let v2 = "only CIRCLE_OIDC_TOKEN_V2 names a repository and a branch";
    assert_eq!(noted(&plan(), Format::Json), [any_ref, any_origin]);
    assert_eq!(noted(&with_branch("main"), Format::Terraform), [v2]);
    let origin_only = changed(with_branch("main"), |jobs| jobs.refs.clear());
    assert_eq!(noted(&origin_only, Format::Json), [any_ref, v2]);
    let gov =
        Plan { role: "arn:aws-us-gov:iam::123456789012:role/d".parse().unwrap(), ..with_branch("main") };
    assert_eq!(noted(&gov, Format::AwsCli), [v2, "the project is limited by `sub` alone"]);
    let chained = Plan { workload_roles: vec![WORKLOAD.parse().unwrap()], ..with_branch("main") };
    assert_eq!(noted(&chained, Format::CloudFormation), [v2]);
    assert_eq!(
        noted(&chained, Format::Json),
        [v2, "only the other formats contain the policies of the workload roles"]
    );
    let attached = Plan {
        permissions_policies: vec!["arn:aws:iam::aws:policy/p".parse().unwrap()],
        ..with_branch("main")
    };
    assert_eq!(noted(&attached, Format::Terraform), [v2]);
    assert_eq!(
        noted(&attached, Format::Json),
        [v2, "only the other formats attach permissions policies to the role"]
    );
    let long = changed(with_branch("x"), |jobs| {
        jobs.refs = (0..9).map(|n| RefPattern::branch(&format!("b{n}")).unwrap()).collect();
    });
    let size =
        generate(&long, Format::Json).unwrap().text.split_whitespace().collect::<String>().chars().count();
    assert!(size > 2048, "{size}");
    assert_eq!(
        noted(&long, Format::Json),
        [v2.to_owned(), format!("the trust policy has {size} characters without white space")]
    );
}

#[test]
fn a_workload_role_allows_the_first_role_with_its_external_id() {
    let plan = Plan {
        workload_roles: vec![WORKLOAD.parse().unwrap()],
        external_id: Some("shared-secret".parse().unwrap()),
        ..plan()
    };
    let script = generate(&plan, Format::AwsCli).unwrap().text;
    let workload = script.split_once("workload_trust='").unwrap().1;
    let policy = workload.split_once("'\n").unwrap().0.parse().unwrap();
    for (role, external_id, expected) in [
        (ROLE, Some("shared-secret"), true),
        (ROLE, None, false),
        (ROLE, Some("other"), false),
        ("arn:aws:iam::123456789012:role/other", Some("shared-secret"), false),
    ] {
        let session = role.replace(":iam:", ":sts:").replace("role/", "assumed-role/") + "/job";
        let caller = RoleSession { role_arn: role.to_owned(), session_arn: session };
        let parameters =
            RoleParameters { session_name: "job", external_id, source_identity: None, tags: &[] };
        let keys = ConditionKeys::from_role_parameters(&parameters);
        let call = RoleCall { caller: &caller, action: "sts:AssumeRole", keys: &keys };
        assert_eq!(evaluate_role_call(&policy, call) == Verdict::Allowed, expected, "{role} {external_id:?}");
    }
}
