"""moto behind an identity check: an S3 and an STS that admit only credentials which this STS has issued.

usage: gate.py LOG [LIFE]
Plain http on loopback. Prints its URL once it listens. LIFE is how long the credentials are valid, in seconds, whatever
was requested. A line of LOG is: time in seconds, method, path, status, access key id (- for an unsigned request), why not.
S3 has the bucket `matrix` with the object `object`. A role whose name ends in `-once` is denied after its first session.
As an HTTP proxy the gate reaches itself alone, and answers 502 to what is for another host or port.
"""

import datetime
import functools
import io
import os
import re
import sys
import threading
import time
import urllib.parse

# A bucket in the path, whatever the host is called.
os.environ["S3_IGNORE_SUBDOMAIN_BUCKETNAME"] = "1"

from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app  # noqa: E402
from moto.s3.models import s3_backends  # noqa: E402
from werkzeug.serving import make_server  # noqa: E402

ACCOUNT, REGION = "123456789012", "eu-west-1"

log = open(sys.argv[1], "a", buffering=1, encoding="utf-8")
life = int(sys.argv[2]) if sys.argv[2:] else None
moto = DomainDispatcherApplication(create_backend_app)
lock = threading.Lock()
# Access key id: session token, and when it expires.
issued = {}
# Roles that are denied from now on.
closed = set()


def refusal(environ):
    """Why the request is not signed with credentials of this STS; None if it is."""
    key = key_of(environ)
    if key is None:
        return "AccessDenied", "the request is not signed"
    if key not in issued:
        return "InvalidAccessKeyId", "another access key"
    token, expires = issued[key]
    if environ.get("HTTP_X_AMZ_SECURITY_TOKEN") != token:
        return "InvalidToken", "another session token"
    return ("ExpiredToken", "the credentials have expired") if time.time() >= expires else None


def key_of(environ):
    found = re.search(r"Credential=([^/,]+)", environ.get("HTTP_AUTHORIZATION", ""))
    return found[1] if found else None


def issue(environ, start_response, body):
    """moto's answer, whose credentials count from now on."""
    role = urllib.parse.parse_qs(body.decode()).get("RoleArn", [""])[0]
    if role in closed:
        return refuse(start_response, "AccessDenied", "Not authorized to perform sts:AssumeRoleWithWebIdentity", True)
    if role.endswith("-once"):
        closed.add(role)
    heard = []
    environ["wsgi.input"] = io.BytesIO(body)
    answer = b"".join(moto(environ, lambda status, headers, *_: heard.append((status, headers)))).decode()
    status, headers = heard[0]
    key, token = (re.search(f"<{name}>(.*?)</{name}>", answer) for name in ("AccessKeyId", "SessionToken"))
    if key and token:
        if life is not None:
            until = datetime.datetime.fromtimestamp(int(time.time()) + life, datetime.timezone.utc)
            answer = re.sub("<Expiration>.*?</Expiration>", f"<Expiration>{until:%Y-%m-%dT%H:%M:%SZ}</Expiration>", answer)
        issued[key[1]] = token[1], time.time() + (life or 3600)
    answer = answer.encode()
    headers = [pair for pair in headers if pair[0].lower() != "content-length"]
    start_response(status, headers + [("Content-Length", str(len(answer)))])
    return [answer]


def refuse(start_response, code, message, is_sts):
    error = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    text = f"<ErrorResponse>{error}<RequestId>gate</RequestId></ErrorResponse>" if is_sts else error
    start_response("403 Forbidden", [("Content-Type", "text/xml"), ("Content-Length", str(len(text)))])
    return [text.encode()]


def application(environ, start_response):
    def logged(status, *rest, why="-"):
        line = f"{time.time():.2f}", environ["REQUEST_METHOD"], environ["PATH_INFO"], status.split()[0], key_of(environ) or "-", why
        print(*line, file=log)
        return start_response(status, *rest)

    if environ["HTTP_HOST"] != f"127.0.0.1:{server.port}":
        logged("502 Bad Gateway", [("Content-Length", "0")], why="sent_to_a_proxy")
        return []
    body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
    if b"Action=AssumeRoleWithWebIdentity" in body:
        with lock:
            return issue(environ, logged, body)
    denied = refusal(environ)
    if denied:
        code, why = denied
        return refuse(functools.partial(logged, why=why.replace(" ", "_")), code, why, b"Action=" in body)
    environ["wsgi.input"] = io.BytesIO(body)
    return moto(environ, logged)


bucket = s3_backends[ACCOUNT]["aws"]
bucket.create_bucket("matrix", REGION)
bucket.put_object("matrix", "object", b"name,value\ncontent,1\n")

server = make_server("127.0.0.1", 0, application, threaded=True)
print(f"http://127.0.0.1:{server.port}", flush=True)
server.serve_forever()
