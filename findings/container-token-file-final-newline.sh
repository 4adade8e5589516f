#!/usr/bin/env bash
# A final newline in the file of AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE, as `echo`, a here-document and every editor leave one, ends
# the search for credentials in botocore 1.44.8, awscrt 0.38.1 and fromHttp of @aws-sdk/credential-providers 3.1175.0: no request
# is sent. None of the three messages names the file or the newline; awscrt's does not even name the token: it retries what cannot
# succeed.
#
# Besides, in the same JavaScript package fromContainerMetadata takes the endpoint's address and passes over the file, with or
# without a newline: its request has no Authorization header.
#
# usage: findings/container-token-file-final-newline.sh
# Installs all in a temporary folder. Fails if what it prints is not what is written at its end.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check awscrt==0.38.1 botocore==1.44.8
npm install --silent --no-fund --no-audit --prefix "$work/node" @aws-sdk/credential-providers@3.1175.0

cat >"$work/server.py" <<'PYTHON'
import json
import os
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

work, newline, *command = sys.argv[1:]
tokens = []


class Endpoint(BaseHTTPRequestHandler):
    def do_GET(self):
        tokens.append(self.headers["Authorization"])
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
address = f"http://127.0.0.1:{server.server_port}"
with open(f"{work}/token", "w") as file:
    file.write("opaque\n" if newline == "newline" else "opaque")
client = subprocess.run(
    command, capture_output=True, text=True,
    env={
        "HOME": "/nonexistent", "PATH": os.environ["PATH"],
        "AWS_CONTAINER_CREDENTIALS_FULL_URI": f"{address}/credentials",
        "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE": f"{work}/token", "AWS_EC2_METADATA_DISABLED": "true",
    },
)
names = {None: "without a token", "opaque": "with the token"}
first = f"asked {names.get(tokens[0], 'with something else')}" if tokens else "not asked"
print(f"{newline}: {first}; {client.stdout.strip()}")
PYTHON

cat >"$work/client.py" <<'PYTHON'
import sys

name = sys.argv[1]
try:
    if name == "botocore":
        from botocore.session import Session

        Session().get_credentials()
    else:
        from awscrt.auth import AwsCredentialsProvider

        AwsCredentialsProvider.new_default_chain().get_credentials().result(60)
    print(f"{name}: credentials")
except Exception as error:
    print(f"{name}: {type(error).__name__}: {error}")
PYTHON

cat >"$work/node/client.mjs" <<'JAVASCRIPT'
import * as providers from "@aws-sdk/credential-providers";

const name = process.argv[2];
try {
  await providers[name]({ maxRetries: 0 })();
  console.log(`${name}: credentials`);
} catch (error) {
  console.log(`${name}: ${error.name}: ${error.message}`);
}
JAVASCRIPT

for newline in none newline; do
  for client in botocore awscrt; do
    "$work/venv/bin/python" -I "$work/server.py" "$work" "$newline" "$work/venv/bin/python" -I "$work/client.py" "$client"
  done
  for client in fromHttp fromContainerMetadata; do
    "$work/venv/bin/python" -I "$work/server.py" "$work" "$newline" node "$work/node/client.mjs" "$client"
  done
done >"$work/seen"
cat "$work/seen"
diff - "$work/seen" <<'SEEN'
none: asked with the token; botocore: credentials
none: asked with the token; awscrt: credentials
none: asked with the token; fromHttp: credentials
none: asked without a token; fromContainerMetadata: credentials
newline: not asked; botocore: ValueError: Auth token value is not a legal header value
newline: not asked; awscrt: AwsCrtError: AWS_IO_MAX_RETRIES_EXCEEDED: Retry cannot be attempted because the maximum number of retries has been exceeded.
newline: not asked; fromHttp: CredentialsProviderError: TypeError [ERR_INVALID_CHAR]: Invalid character in header content ["Authorization"]
newline: asked without a token; fromContainerMetadata: credentials
SEEN
