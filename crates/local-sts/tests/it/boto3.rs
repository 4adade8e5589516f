//! A real client: boto3 makes the exchange, signs a call with the credentials, and assumes the next role.

use std::process::Command;

use aws::{SessionPolicies, SessionTag, SessionTags};
use local_sts::{LocalSts, Role};
use serde_json::{Value, json};

use crate::{
    chain::{self, WORKLOAD},
    client::{ROLE, server, token},
};

const SCRIPT: &str = r#"
import boto3, botocore, json, os
exchange = boto3.client("sts").assume_role_with_web_identity(
    RoleArn=os.environ["ROLE"], RoleSessionName="ci-1", WebIdentityToken=os.environ["TOKEN"])
granted = exchange["Credentials"]
def identity(**changes):
    keys = dict(aws_access_key_id=granted["AccessKeyId"], aws_secret_access_key=granted["SecretAccessKey"],
                aws_session_token=granted["SessionToken"])
    keys.update(changes)
    try:
        answer = boto3.client("sts", **keys).get_caller_identity()
        return [answer["Account"], answer["Arn"], answer["UserId"]]
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]["Code"]
print(json.dumps({
    "granted": [granted["AccessKeyId"], granted["SecretAccessKey"], granted["SessionToken"],
                int(granted["Expiration"].timestamp())],
    "user": exchange["AssumedRoleUser"]["AssumedRoleId"],
    "good": identity(),
    "wrong secret": identity(aws_secret_access_key="x" * 40),
    "wrong token": identity(aws_session_token="x" * 400),
    "unknown key": identity(aws_access_key_id="ASIAXXXXXXXXXXXXXXXX"),
}))
"#;

const CHAIN: &str = r#"
import boto3, botocore, json, os
def client(answer=None):
    keys = answer["Credentials"] if answer else {}
    return boto3.client("sts", aws_access_key_id=keys.get("AccessKeyId"),
                        aws_secret_access_key=keys.get("SecretAccessKey"),
                        aws_session_token=keys.get("SessionToken"))
first = client().assume_role_with_web_identity(
    RoleArn=os.environ["ROLE"], RoleSessionName="ci-1", WebIdentityToken=os.environ["TOKEN"])
asked = dict(RoleArn=os.environ["WORKLOAD"], RoleSessionName="hop", DurationSeconds=900, SourceIdentity="me",
             Tags=[dict(Key="team", Value="A B"), dict(Key="job", Value="")], TransitiveTagKeys=["team"],
             Policy="{}", PolicyArns=[dict(arn="arn:aws:iam::aws:policy/ReadOnlyAccess")])
second = client(first).assume_role(ExternalId="ext", **asked)
try:
    denied = client(first).assume_role(ExternalId="other", **asked)
except botocore.exceptions.ClientError as error:
    denied = [error.response["Error"]["Code"], error.response["Error"]["Message"]]
print(json.dumps({
    "arn": second["AssumedRoleUser"]["Arn"],
    "identity": client(second).get_caller_identity()["Arn"],
    "source identity": second["SourceIdentity"],
    "packed": second["PackedPolicySize"],
    "denied": denied,
}))
"#;

fn python() -> Command {
    Command::new("python3")
}

/// Runs a script in a job's environment; `None` where boto3 is not installed.
fn told_by(script: &str, server: &LocalSts) -> Option<Value> {
    if !python().args(["-c", "import boto3"]).output().is_ok_and(|tried| tried.status.success()) {
        println!("skipped: no boto3");
        return None;
    }
    let directory = tempfile::tempdir().unwrap();
    let bundle = directory.path().join("ca.pem");
    std::io::Write::write_all(&mut std::fs::File::create(&bundle).unwrap(), server.ca_pem().as_bytes())
        .unwrap();
    let mut command = python();
    for ambient in ["PROFILE", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "SECURITY_TOKEN"] {
        command.env_remove(format!("AWS_{ambient}"));
    }
    let output = command
        .args(["-c", script])
        .env("AWS_ENDPOINT_URL_STS", server.endpoint())
        .env("AWS_CA_BUNDLE", &bundle)
        .env("AWS_DEFAULT_REGION", "eu-west-1")
        .env("AWS_CONFIG_FILE", directory.path().join("none"))
        .env("AWS_SHARED_CREDENTIALS_FILE", directory.path().join("none"))
        .env("NO_PROXY", "127.0.0.1")
        .env("ROLE", ROLE)
        .env("WORKLOAD", WORKLOAD)
        .env("TOKEN", token(server).mint(server.issuer()).unwrap())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(serde_json::from_slice(&output.stdout).unwrap())
}

#[test]
fn boto3_exchanges_a_token_and_signs_with_the_credentials() {
    let server = server(&[]);
    let Some(told) = told_by(SCRIPT, &server) else { return };
    let granted = server.granted().remove(0);
    let (key, secret) = (granted.access_key_id, granted.secret_access_key);
    assert_eq!(told["granted"], json!([key, secret, granted.session_token, granted.expires_at]));
    assert!(told["user"].as_str().unwrap().ends_with(":ci-1"));
    let arn = "arn:aws:sts::123456789012:assumed-role/deploy/ci-1";
    assert_eq!(told["good"], json!(["123456789012", arn, told["user"]]));
    assert_eq!(told["wrong secret"], "SignatureDoesNotMatch");
    assert_eq!(told["wrong token"], "InvalidClientTokenId");
    assert_eq!(told["unknown key"], "InvalidClientTokenId");
}

#[test]
fn boto3_goes_on_to_another_role() {
    let condition = r#"{"StringEquals": {"sts:ExternalId": "ext", "aws:RequestTag/team": "A B"},
        "ForAllValues:StringEquals": {"aws:TagKeys": ["team", "job"]}}"#;
    let role = Role::new(WORKLOAD, &chain::trust(ROLE, r#""sts:*""#, condition));
    let server = chain::server(vec![role], Vec::new());
    let Some(told) = told_by(CHAIN, &server) else { return };
    let arn = "arn:aws:sts::210987654321:assumed-role/workload/hop";
    assert_eq!(told["arn"], arn);
    assert_eq!(told["identity"], arn);
    assert_eq!(told["source identity"], "me");
    assert!(told["packed"].as_u64().unwrap() > 0);
    let denied = format!(
        "User: arn:aws:sts::123456789012:assumed-role/deploy/ci-1 is not authorized to perform: sts:AssumeRole \
         on resource: {WORKLOAD}"
    );
    assert_eq!(told["denied"], json!(["AccessDenied", denied]));
    // What botocore sends, the product sends: the same names for the same values.
    let tags = vec![SessionTag::new("team", "A B").unwrap(), SessionTag::new("job", "").unwrap()];
    let managed = vec!["arn:aws:iam::aws:policy/ReadOnlyAccess".parse().unwrap()];
    let ours = sts::AssumeRole {
        role: &WORKLOAD.parse().unwrap(),
        session_name: &"hop".parse().unwrap(),
        duration: "900".parse().unwrap(),
        external_id: Some(&"ext".parse().unwrap()),
        tags: &SessionTags::new(tags, &["team".to_owned()]).unwrap(),
        source_identity: Some(&"me".parse().unwrap()),
        policies: &SessionPolicies::new(Some("{}".parse().unwrap()), managed).unwrap(),
    }
    .to_form();
    let mut ours: Vec<(String, String)> = form_urlencoded::parse(ours.as_bytes()).into_owned().collect();
    let requests = server.requests();
    let theirs = requests.iter().find(|request| request.parameter("ExternalId") == Some("ext")).unwrap();
    let mut theirs = theirs.form.clone();
    ours.sort();
    theirs.sort();
    assert_eq!(ours, theirs);
}
