"""Prints botocore's signed GetScopedCredentials as JSON, in the form of `crates/sts/examples/scoped_request.rs`.

usage: scoped-request.py REGION POLICY DURATION DESCRIPTION, with "" for what is absent. Nothing is sent.
"""

import json
import sys

import botocore.awsrequest
import botocore.session

region, policy, duration, description = sys.argv[1:]
# In the order in which the product writes them: botocore keeps the caller's.
parameters = {}
if duration:
    parameters["DurationSeconds"] = int(duration)
if policy:
    parameters["Policy"] = policy
if description:
    parameters["ScopedSessionDescription"] = description

client = botocore.session.Session().create_client(
    "sts",
    region_name=region,
    aws_access_key_id="ASIAEXAMPLEEXAMPLE12",
    aws_secret_access_key="example-secret",
    aws_session_token="example-token//==",
)
requests = []


def keep(request, **_):
    """Answers in place of STS."""
    requests.append(request)
    body = b"<GetScopedCredentialsResponse><GetScopedCredentialsResult/></GetScopedCredentialsResponse>"
    response = botocore.awsrequest.AWSResponse(request.url, 200, {}, None)
    response._content = body
    return response


client.meta.events.register("before-send.sts.GetScopedCredentials", keep)
client.get_scoped_credentials(**parameters)
(request,) = requests
text = lambda value: value.decode() if isinstance(value, bytes) else value
# The other headers are unsigned: botocore's own about itself, and the length.
names = ["authorization", "content-type", "x-amz-date", "x-amz-security-token"]
headers = {name: text(request.headers[name]) for name in names}
print(json.dumps({"url": request.url, "headers": headers, "body": text(request.body)}))
