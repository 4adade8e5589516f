"""The good response of each endpoint, and the secrets in it and in the requests. Faults are made of its parts."""

import json
import os
import subprocess
import sys
import time

ROLE = "arn:aws:iam::123456789012:role/deploy"
SESSION = "arn:aws:sts::123456789012:assumed-role/deploy/faults"
KEY_ID = "ASIAIOSFODNN7EXAMPLE"


def made_token(*claims):
    made = os.path.join(os.path.dirname(__file__), "..", "lib", "unsigned-token.py")
    return subprocess.run([sys.executable, made, *claims], check=True, stdout=subprocess.PIPE, text=True).stdout.strip()


# The token that the job has, and the one that GitHub's endpoint issues.
JOB_TOKEN = made_token()
GITHUB_TOKEN = made_token("iss=https://token.actions.githubusercontent.com", "sub=repo:example/app:ref:refs/heads/main",
                          "aud=sts.amazonaws.com")
SECRET_KEY, SESSION_TOKEN = "wJalrXUtnFEMI/K7MDENG/secretofthebody1", "IQoJb3JpZ2luX2VjSessionTokenOfTheBody//////w=="
KEPT_SECRET_KEY, KEPT_SESSION_TOKEN = "keptXUtnFEMI/K7MDENG/secretthatiskept1", "IQoJb3JpZ2luX2VjSessionTokenThatIsKept//////w=="
BEARER, AUTHORIZATION = "bearerOfTheJobAtGithub0123456789", "authorizationOfTheEndpoint0123456789"

# What may not be shown. A part of a token is enough to recognize it.
SENT = [BEARER, AUTHORIZATION, *(part for token in (JOB_TOKEN, GITHUB_TOKEN) for part in token.split(".")[1:])]
SECRETS = [*SENT, SECRET_KEY, SESSION_TOKEN, KEPT_SECRET_KEY, KEPT_SESSION_TOKEN]


def shown_in(text, secrets=None):
    """The secrets that a text shows, or a long start of them, as they are or as a form or JSON writes them."""
    plain = text.replace("%2F", "/").replace("%3D", "=").replace("%2B", "+").replace("\\/", "/").replace("&#47;", "/")
    return [secret for secret in secrets or SECRETS if secret[:24] in plain]


def time_in(seconds):
    return time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + seconds))


def credentials_xml(secret_key=SECRET_KEY, session_token=SESSION_TOKEN, seconds=3600):
    return f"""<AssumeRoleWithWebIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/">
<AssumeRoleWithWebIdentityResult><AssumedRoleUser><AssumedRoleId>AROA:faults</AssumedRoleId><Arn>{SESSION}</Arn></AssumedRoleUser>
<Credentials><AccessKeyId>{KEY_ID}</AccessKeyId><SecretAccessKey>{secret_key}</SecretAccessKey>
<SessionToken>{session_token}</SessionToken><Expiration>{time_in(seconds)}</Expiration></Credentials>
</AssumeRoleWithWebIdentityResult><ResponseMetadata><RequestId>0c5a1f9e-0000-4000-8000-000000000001</RequestId></ResponseMetadata>
</AssumeRoleWithWebIdentityResponse>"""


IDENTITY = f"""<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>
<Arn>{SESSION}</Arn><UserId>AROA:faults</UserId><Account>123456789012</Account></GetCallerIdentityResult></GetCallerIdentityResponse>"""


def refusal(code, message):
    """STS's refusal, which repeats the token of the request, as AWS's validation errors do."""
    said = "" if message is None else f"<Message>{message} {JOB_TOKEN}</Message>" if message else "<Message/>"
    return (f'<ErrorResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><Error><Type>Sender</Type><Code>{code}</Code>{said}'
            f"</Error><RequestId>0c5a1f9e-0000-4000-8000-000000000002</RequestId></ErrorResponse>")


def good(endpoint):
    """Content type and body."""
    if endpoint == "container":
        return "application/json", json.dumps({"AccessKeyId": KEY_ID, "SecretAccessKey": SECRET_KEY, "Token": SESSION_TOKEN,
                                               "Expiration": time_in(3600)})
    if endpoint == "github":
        return "application/json", json.dumps({"count": 1, "value": GITHUB_TOKEN})
    return "text/xml", credentials_xml()


def whole(status, content_type, body, *headers):
    """A complete HTTP response."""
    body = body.encode()
    lines = [f"HTTP/1.1 {status} x", f"Content-Type: {content_type}", f"Content-Length: {len(body)}", "Connection: close", *headers]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + body
