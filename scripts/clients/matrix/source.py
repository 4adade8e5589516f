"""Where a client asks for credentials, played as planned: the endpoint, or the program of a `credential_process`.

usage: source.py serve FILE PLAN     an endpoint on loopback, whose URL is printed
       source.py process FILE PLAN   prints credentials once
FILE holds credentials as JSON: key, secret and token. PLAN is JSON: for each request in turn, the last one for all that
follow, `life` in seconds, or `status` of a refusal, and `after`, the seconds until the answer. FILE.asked gets a line for
each request: the time.
"""

import contextlib
import datetime
import http.server
import json
import sys
import time
from pathlib import Path

what, file, plan = sys.argv[1], Path(sys.argv[2]), json.loads(sys.argv[3])
asked = Path(f"{file}.asked")


def answer():
    """The step of the plan for this request, after its pause, and the credentials in the form of an endpoint."""
    with asked.open("a") as lines:
        print(time.time(), file=lines)
    number = len(asked.read_text().splitlines()) - 1
    step = plan[min(number, len(plan) - 1)]
    time.sleep(step.get("after", 0))
    credentials = json.loads(file.read_text())
    until = datetime.datetime.now(datetime.timezone.utc) + datetime.timedelta(seconds=step.get("life", 0))
    return step, {"AccessKeyId": credentials["key"], "SecretAccessKey": credentials["secret"],
                  "Expiration": f"{until:%Y-%m-%dT%H:%M:%SZ}"}, credentials["token"]


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        step, body, token = answer()
        status = step.get("status", 200)
        text = json.dumps({**body, "Token": token} if status == 200 else {"code": "Unavailable", "message": "planned"}).encode()
        with contextlib.suppress(ConnectionError):
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(text)))
            self.end_headers()
            self.wfile.write(text)

    def log_message(self, *_):
        pass


if what == "serve":
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    print(f"http://127.0.0.1:{server.server_port}/credentials", flush=True)
    server.serve_forever()
step, body, token = answer()
if "status" in step:
    sys.exit("planned: no credentials")
print(json.dumps({"Version": 1, **body, "SessionToken": token}))
