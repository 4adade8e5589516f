"""moto behind an identity check: an S3 and an STS that admit only requests which are signed with credentials that this STS
has issued.

usage: gate.py LOG
Plain http on loopback. Prints its URL once it listens.
A line of LOG is: time in seconds, method, path, status, access key id (- for an unsigned request), why not.
S3 has the bucket `matrix` with the object `object`. A role whose name ends in `-once` is denied after its first session.
As an HTTP proxy the gate reaches itself alone, and answers 502 to what is for another host or port.
"""

import functools
import hashlib
import hmac
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
moto = DomainDispatcherApplication(create_backend_app)
lock = threading.Lock()
# Access key id: session token, when it expires, and the secret key.
issued = {}
# Roles that are denied from now on.
closed = set()


def refusal(environ, body):
    """Why the request is not signed with credentials of this STS; None if it is."""
    key = key_of(environ)
    if key is None:
        return "AccessDenied", "the request is not signed"
    if key not in issued:
        return "InvalidAccessKeyId", "another access key"
    token, expires, secret = issued[key]
    if environ.get("HTTP_X_AMZ_SECURITY_TOKEN") != token:
        return "InvalidToken", "another session token"
    if time.time() >= expires:
        return "ExpiredToken", "the credentials have expired"
    given = re.search(r"Signature=([0-9a-f]{64})$", environ["HTTP_AUTHORIZATION"].strip())
    is_signed = given and hmac.compare_digest(given[1], signature(environ, body, secret))
    return None if is_signed else ("SignatureDoesNotMatch", "the signature is another one")


def signature(environ, body, secret):
    """That of SigV4 over the request as it was sent."""
    scope, signed = (re.search(pattern, environ["HTTP_AUTHORIZATION"])[1]
                     for pattern in (r"Credential=[^/]+/([^,\s]+)", r"SignedHeaders=([^,\s]+)"))

    def header(name):
        plain = {"content-type": "CONTENT_TYPE", "content-length": "CONTENT_LENGTH"}
        return " ".join(environ.get(plain.get(name, "HTTP_" + name.upper().replace("-", "_")), "").split())

    address = urllib.parse.urlsplit(environ["RAW_URI"])
    query = "&".join(sorted(part if "=" in part else f"{part}=" for part in address.query.split("&") if part))
    headers = "".join(f"{name}:{header(name)}\n" for name in signed.split(";"))
    digest = environ.get("HTTP_X_AMZ_CONTENT_SHA256") or hashlib.sha256(body).hexdigest()
    canonical = "\n".join([environ["REQUEST_METHOD"], address.path or "/", query, headers, signed, digest])
    at = environ["HTTP_X_AMZ_DATE"]
    text = "\n".join(["AWS4-HMAC-SHA256", at, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = f"AWS4{secret}".encode()
    for part in (*scope.split("/"), text):
        key = hmac.digest(key, part.encode(), "sha256")
    return key.hex()


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
    names = "AccessKeyId", "SessionToken", "SecretAccessKey"
    key, token, secret = (re.search(f"<{name}>(.*?)</{name}>", answer) for name in names)
    if key and token:
        issued[key[1]] = token[1], time.time() + 3600, secret[1]
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
    denied = refusal(environ, body)
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
