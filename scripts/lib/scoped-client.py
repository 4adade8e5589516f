"""boto3 narrows a role's session at local-sts; prints one line `NAME: RESULT` for each call.

usage: scoped-client.py ROLE CHAINED_ROLE, in a job's environment.
"""

import json
import os
import sys
from datetime import datetime, timezone

import boto3
import botocore.config
import botocore.exceptions

role, chained = sys.argv[1:]
config = botocore.config.Config(retries={"total_max_attempts": 1})


def client(answer=None, **changes):
    keys = answer["Credentials"] if answer else {}
    arguments = {
        "aws_access_key_id": keys.get("AccessKeyId"),
        "aws_secret_access_key": keys.get("SecretAccessKey"),
        "aws_session_token": keys.get("SessionToken"),
    }
    return boto3.client("sts", region_name="eu-west-1", config=config, **(arguments | changes))


def refusal(call, **parameters):
    """The code of the refusal, or `allowed`."""
    try:
        call(**parameters)
        return "allowed"
    except botocore.exceptions.ClientError as error:
        return error.response["Error"]["Code"]


def policy(action, length=0):
    statement = {"Effect": "Allow", "Action": action, "Resource": "*"}
    return json.dumps({"Version": "2012-10-17", "Statement": [statement]}).ljust(length)


def tell(name, *results):
    print(f"{name}:", *results)


whole = client().assume_role_with_web_identity(
    RoleArn=role, RoleSessionName="end-to-end", WebIdentityToken=os.environ["CIRCLE_OIDC_TOKEN_V2"]
)
hop = {"RoleArn": chained, "RoleSessionName": "hop", "ExternalId": "example-external-id"}

narrow = client(whole).get_scoped_credentials(
    Policy=policy("s3:GetObject"), DurationSeconds=60, ScopedSessionDescription="read only"
)
left = narrow["Credentials"]["Expiration"] - datetime.now(timezone.utc)
tell("arn", narrow["SessionInfo"]["Arn"])
tell("same id", narrow["SessionInfo"]["ScopedSessionId"] == whole["AssumedRoleUser"]["AssumedRoleId"])
tell("identity", client(narrow).get_caller_identity()["Arn"])
tell("policies", narrow["ScopedPoliciesCount"])
tell("size", narrow["SessionTokenSize"] == len(narrow["Credentials"]["SessionToken"]))
tell("utilization", narrow["SessionTokenUtilization"])
tell("at most a minute", 50 < left.total_seconds() <= 60)
tell("whole session assumes", refusal(client(whole).assume_role, **hop))
tell("narrow session assumes", refusal(client(narrow).assume_role, **hop))

layers = whole
for _ in range(3):
    layers = client(layers).get_scoped_credentials(Policy=policy("*"))
tell("three policies", layers["ScopedPoliciesCount"])
tell("three policies assume", refusal(client(layers).assume_role, **hop))
tell("a fourth policy", refusal(client(layers).get_scoped_credentials, Policy=policy("*")))
tell("a duration after three", refusal(client(layers).get_scoped_credentials, DurationSeconds=1))
tell("more than the rest", refusal(client(whole).get_scoped_credentials, DurationSeconds=43_200))
tell("neither", refusal(client(whole).get_scoped_credentials))
tell("not JSON", refusal(client(whole).get_scoped_credentials, Policy="{"))
large = client(whole).get_scoped_credentials(Policy=policy("*", 2048))
tell("a large policy", large["SessionTokenUtilization"])
tell("two large policies", refusal(client(large).get_scoped_credentials, Policy=policy("*", 2048)))
padded = client(whole).get_scoped_credentials(DurationSeconds=60, MinimumSessionTokenSize=3500)
tell("padded", padded["SessionTokenSize"], padded["SessionTokenUtilization"])
forged = client(whole, aws_secret_access_key="x" * 40)
tell("another secret key", refusal(forged.get_scoped_credentials, DurationSeconds=60))
