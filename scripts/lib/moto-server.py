"""moto behind TLS, which writes a line for each request: which access key signed it.

usage: moto-server.py CERTIFICATE KEY LOG
Prints its port once it listens. A line of LOG is: method, path, status, access key id (- for an unsigned request).
"""

import re
import sys

import flask
from moto.iam import access_control
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server

class AsSent(access_control.S3IAMRequest):
    """Checks the signature over the address as it was sent: moto's own is decoded once, and `env%3A%2F` with it."""

    def __init__(self, path, **rest):
        super().__init__(path=flask.request.environ["RAW_URI"], **rest)


access_control.S3IAMRequest = AsSent

certificate, key, log_file = sys.argv[1:]
log = open(log_file, "a", buffering=1, encoding="utf-8")
moto = DomainDispatcherApplication(create_backend_app)


def recorded(environ, start_response):
    """Answers as moto does, and notes the request before its answer goes out."""

    def note(status, *rest):
        signer = re.search(r"Credential=([^/,]+)", environ.get("HTTP_AUTHORIZATION", ""))
        status_code = status.split(" ")[0]
        print(environ["REQUEST_METHOD"], environ["PATH_INFO"], status_code, signer[1] if signer else "-", file=log)
        return start_response(status, *rest)

    return moto(environ, note)


server = make_server("127.0.0.1", 0, recorded, threaded=True, ssl_context=(certificate, key))
print(server.port, flush=True)
server.serve_forever()
