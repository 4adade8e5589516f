//! The way of a real client: boto3 makes the exchange and signs a call with what it got.

use std::process::Command;

use serde_json::{Value, json};

use crate::client::{ROLE, server, token};

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

fn python() -> Command {
    Command::new("python3")
}

#[test]
fn boto3_exchanges_a_token_and_signs_with_the_credentials() {
    if !python().args(["-c", "import boto3"]).output().is_ok_and(|tried| tried.status.success()) {
        println!("skipped: no boto3");
        return;
    }
    let server = server(&[]);
    let directory = tempfile::tempdir().unwrap();
    let bundle = directory.path().join("ca.pem");
    std::io::Write::write_all(&mut std::fs::File::create(&bundle).unwrap(), server.ca_pem().as_bytes())
        .unwrap();
    let mut command = python();
    for ambient in ["PROFILE", "ACCESS_KEY_ID", "SECRET_ACCESS_KEY", "SESSION_TOKEN", "SECURITY_TOKEN"] {
        command.env_remove(format!("AWS_{ambient}"));
    }
    let output = command
        .args(["-c", SCRIPT])
        .env("AWS_ENDPOINT_URL_STS", server.endpoint())
        .env("AWS_CA_BUNDLE", &bundle)
        .env("AWS_DEFAULT_REGION", "eu-west-1")
        .env("AWS_CONFIG_FILE", directory.path().join("none"))
        .env("AWS_SHARED_CREDENTIALS_FILE", directory.path().join("none"))
        .env("NO_PROXY", "127.0.0.1")
        .env("ROLE", ROLE)
        .env("TOKEN", token(&server).mint(server.issuer()).unwrap())
        .output()
        .unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let told: Value = serde_json::from_slice(&output.stdout).unwrap();
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
