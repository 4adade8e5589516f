"""The exchange with boto3, in a program that does nothing else. Its settings are those of clients.sh."""

import os

import boto3

sts = boto3.client("sts", endpoint_url=os.environ["STS_ENDPOINT"], region_name=os.environ["AWS_REGION"])
credentials = sts.assume_role_with_web_identity(
    RoleArn=os.environ["ROLE_ARN"], RoleSessionName="bench", WebIdentityToken=os.environ["CIRCLE_OIDC_TOKEN_V2"]
)["Credentials"]
with open(os.environ["BASH_ENV"], "a", encoding="utf-8") as file:
    for variable, key in (
        ("AWS_ACCESS_KEY_ID", "AccessKeyId"),
        ("AWS_SECRET_ACCESS_KEY", "SecretAccessKey"),
        ("AWS_SESSION_TOKEN", "SessionToken"),
    ):
        print(f"export {variable}='{credentials[key]}'", file=file)
