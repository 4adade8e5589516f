"""The services that a release calls, on loopback: GitHub's releases, CircleCI's continuation and its orb registry.

usage: release-services.py RECORDS

Prints its port. Writes into RECORDS what it gets: `continued.yml`, `assets/<name>`, `orb.yml`, and `requests`, a line
for each request. It refuses a request without the token that the job has (`the-token`); validation needs none. What the
compiler gets is `compiled.json`, and a config that holds `refused by the compiler` is not valid.
"""

import json
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

RECORDS = Path(sys.argv[1])
(RECORDS / "assets").mkdir(parents=True, exist_ok=True)
TOKEN = "the-token"


class Services(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        url = urlsplit(self.path)
        with open(RECORDS / "requests", "a", encoding="utf-8") as log:
            log.write(f"{self.command} {url.path}\n")
        sent = self.headers.get("Authorization", "")
        if url.path == "/api/v2/pipeline/continue":
            body = json.loads(body)
            sent = body["continuation-key"]
            (RECORDS / "continued.yml").write_text(body["configuration"], encoding="utf-8")
            answer = {"message": "Success"}
        elif url.path.endswith("/releases"):
            answer = {"id": 7, "upload_url": f"http://{self.headers['Host']}/uploads{{?name,label}}"}
        elif url.path == "/uploads":
            name = parse_qs(url.query)["name"][0]
            (RECORDS / "assets" / name).write_bytes(body)
            answer = {"name": name, "size": len(body)}
        elif url.path == "/api/v2/compile-config-with-defaults":
            (RECORDS / "compiled.json").write_bytes(body)
            errors = [{"message": "refused by the compiler"}] if b"refused by the compiler" in body else []
            answer = {"valid": not errors, "errors": errors, "source-yaml": "", "output-yaml": ""}
            # Without a body the CLI asks only whether there is such an API.
            sent = TOKEN if body else ""
        elif url.path == "/graphql-unstable":
            answer = self.registry(json.loads(body))
            if b"orbConfig" in body:
                sent = TOKEN
        else:
            answer = {"html_url": "published"}
        self.respond(200 if sent.removeprefix("Bearer ").strip() == TOKEN else 401, answer)

    do_PATCH = do_POST

    def registry(self, body):
        """The questions of `circleci orb validate` and `circleci orb publish`."""
        query, variables = body["query"], body.get("variables", {})
        if "orbConfig" in query:
            return {"data": {"orbConfig": {"valid": True, "errors": [], "outputYaml": "", "sourceYaml": ""}}}
        if "publishOrb" in query:
            (RECORDS / "orb.yml").write_text(variables["config"], encoding="utf-8")
            (RECORDS / "version").write_text(variables.get("version", ""), encoding="utf-8")
            return {"data": {"publishOrb": {"errors": [], "orb": {"version": variables.get("version")}}}}
        return {"data": {"orb": {"id": "an-orb", "isPrivate": False, "versions": []}, "registryNamespace": {"id": "ours"}}}

    def respond(self, status, answer):
        text = json.dumps(answer).encode()
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(text)))
        self.end_headers()
        self.wfile.write(text)

    def log_message(self, *_):
        """Quiet: `requests` has them."""


server = HTTPServer(("127.0.0.1", 0), Services)
print(server.server_port, flush=True)
server.serve_forever()
