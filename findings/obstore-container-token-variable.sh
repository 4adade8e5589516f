#!/usr/bin/env bash
# obstore 0.12.1 (object_store 0.14.2 in Rust): the container credentials endpoint of AWS_CONTAINER_CREDENTIALS_FULL_URI is used
# only together with AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE. With the older variable AWS_CONTAINER_AUTHORIZATION_TOKEN, which
# holds the token itself and which botocore and AWS's SDKs take, the endpoint is not asked at all, nor is it without either
# variable, which AWS's reference allows. The search goes on to EC2's metadata service without a word.
#
# On a machine that is not in EC2 nothing listens there: the user sees a timeout of an address that was never configured.
# botocore 1.44.8 beside it takes all three.
#
# usage: findings/obstore-container-token-variable.sh
# Installs both in a temporary folder. Fails if what it prints is not what is written at its end.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check obstore==0.12.1 botocore==1.44.8

cat >"$work/look.py" <<'PYTHON'
import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

client, way = sys.argv[1:]
seen = []


class Server(BaseHTTPRequestHandler):
    """Plays three servers: the container endpoint, EC2's metadata service, and S3."""

    def answer(self):
        if self.path == "/credentials":
            seen.append("container endpoint")
            body = json.dumps({
                "AccessKeyId": "ASIAIOSFODNN7EXAMPLE",
                "SecretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
                "Token": "token",
                "Expiration": "2099-01-01T00:00:00Z",
            }).encode()
            self.send_response(200)
        else:
            seen.append("metadata service" if self.path.startswith("/latest/") else "S3")
            body = b""
            self.send_response(404)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    do_GET = do_HEAD = do_PUT = answer

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"http://127.0.0.1:{server.server_port}"
token_file = f"{os.environ['WORK']}/token"
with open(token_file, "w") as file:
    file.write("opaque")

os.environ.clear()
os.environ["HOME"] = "/nonexistent"
os.environ["AWS_CONTAINER_CREDENTIALS_FULL_URI"] = f"{address}/credentials"
if way == "variable":
    os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN"] = "opaque"
elif way == "file":
    os.environ["AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE"] = token_file

if client == "obstore":
    from obstore.store import S3Store

    store = S3Store(
        "bucket", region="us-east-1", endpoint=address, metadata_endpoint=address,
        client_options={"allow_http": True}, retry_config={"max_retries": 0},
    )
    try:
        store.head("object")
    except Exception:
        pass
else:
    from botocore.session import Session

    os.environ["AWS_EC2_METADATA_SERVICE_ENDPOINT"] = address
    Session().get_credentials()
order = list(dict.fromkeys(seen))
print(f"{client}, token in {way}: first {order[0]}")
PYTHON

run() { WORK=$work "$work/venv/bin/python" -I "$work/look.py" "$@"; }

for client in obstore botocore; do
  for way in variable file neither; do run "$client" "$way"; done
done >"$work/seen"
cat "$work/seen"
diff - "$work/seen" <<'SEEN'
obstore, token in variable: first metadata service
obstore, token in file: first container endpoint
obstore, token in neither: first metadata service
botocore, token in variable: first container endpoint
botocore, token in file: first container endpoint
botocore, token in neither: first container endpoint
SEEN
