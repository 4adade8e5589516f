#!/usr/bin/env bash
# awscrt 0.38.1 (AWS's common runtime, which is in mountpoint-s3, the Swift SDK and the CRT clients of other SDKs): the request to
# the container credentials endpoint names the host without its port, `Host: 127.0.0.1`, although the address in
# AWS_CONTAINER_CREDENTIALS_FULL_URI has a port that is not 80. RFC 9110, section 7.2, asks for the authority of the target, port
# included. botocore 1.44.8 sends the port.
#
# An endpoint on loopback that compares Host with its own address, the usual defence against a page in a browser that rebinds a
# name, refuses this client and no other.
#
# usage: findings/awscrt-host-header-without-port.sh
# Installs both in a temporary folder. Fails if what it prints is not what is written at its end.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check awscrt==0.38.1 botocore==1.44.8

cat >"$work/look.py" <<'PYTHON'
import json
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

hosts = []


class Endpoint(BaseHTTPRequestHandler):
    def do_GET(self):
        hosts.append(self.headers["Host"])
        body = json.dumps({
            "AccessKeyId": "ASIAIOSFODNN7EXAMPLE",
            "SecretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY",
            "Token": "token",
            "Expiration": "2099-01-01T00:00:00Z",
        }).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Endpoint)
threading.Thread(target=server.serve_forever, daemon=True).start()
address = f"127.0.0.1:{server.server_port}"
os.environ.clear()
os.environ.update(
    HOME="/nonexistent", AWS_CONTAINER_CREDENTIALS_FULL_URI=f"http://{address}/credentials",
    AWS_CONTAINER_AUTHORIZATION_TOKEN="opaque",
)
if sys.argv[1] == "awscrt":
    from awscrt.auth import AwsCredentialsProvider

    key = AwsCredentialsProvider.new_default_chain().get_credentials().result(30).access_key_id
else:
    from botocore.session import Session

    key = Session().get_credentials().get_frozen_credentials().access_key
(host,) = hosts
print(f"{sys.argv[1]}: Host is {host.replace(address, 'ADDRESS:PORT').replace('127.0.0.1', 'ADDRESS')}, key {key}")
PYTHON

for client in awscrt botocore; do "$work/venv/bin/python" -I "$work/look.py" "$client"; done >"$work/seen"
cat "$work/seen"
diff - "$work/seen" <<'SEEN'
awscrt: Host is ADDRESS, key ASIAIOSFODNN7EXAMPLE
botocore: Host is ADDRESS:PORT, key ASIAIOSFODNN7EXAMPLE
SEEN
