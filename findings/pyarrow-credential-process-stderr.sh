#!/usr/bin/env bash
# pyarrow 24.0.0 (with the AWS SDK for C++ inside): a credential_process that prints valid JSON on stdout, one line on stderr and
# exits with 0 yields no credentials. The SDK reads both streams as one text, which is then no JSON. No exception follows: the
# request goes out unsigned, so a private bucket answers 403 and a public one works. Without the line on stderr the same program's
# credentials are used. pyarrow 26.0.1 takes both.
#
# A program that only warns on stderr fails here without a word.
#
# usage: findings/pyarrow-credential-process-stderr.sh
# Installs both versions in a temporary folder. Fails if what it prints is not what is written at its end.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

cat >"$work/look.py" <<'PYTHON'
import os
import sys
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

work, stderr = sys.argv[1:]
signatures = []


class Store(BaseHTTPRequestHandler):
    def answer(self):
        signatures.append(self.headers.get("Authorization"))
        self.send_response(404)
        self.send_header("Content-Length", "0")
        self.end_headers()

    do_GET = do_HEAD = answer

    def log_message(self, *_):
        pass


server = ThreadingHTTPServer(("127.0.0.1", 0), Store)
threading.Thread(target=server.serve_forever, daemon=True).start()
with open(f"{work}/process", "w") as file:
    file.write("#!/bin/sh\n")
    if stderr == "line":
        file.write("echo 'the session ends in an hour' >&2\n")
    file.write(
        'echo \'{"Version": 1, "AccessKeyId": "ASIAIOSFODNN7EXAMPLE", "SecretAccessKey": '
        '"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "SessionToken": "token", "Expiration": "2099-01-01T00:00:00Z"}\'\n'
    )
os.chmod(f"{work}/process", 0o755)
with open(f"{work}/config", "w") as file:
    file.write(f"[default]\nregion = us-east-1\ncredential_process = {work}/process\n")
os.environ.clear()
os.environ.update(
    HOME=work, PATH="/usr/bin:/bin", AWS_CONFIG_FILE=f"{work}/config",
    AWS_SHARED_CREDENTIALS_FILE=f"{work}/none", AWS_EC2_METADATA_DISABLED="true",
)

import pyarrow
from pyarrow.fs import S3FileSystem

store = S3FileSystem(endpoint_override=f"127.0.0.1:{server.server_port}", scheme="http")
found = store.get_file_info("bucket/object").type.name
signed = "signed" if all(signatures) else "unsigned" if not any(signatures) else "mixed"
print(f"pyarrow {pyarrow.__version__}, stderr {stderr}: {signed}, file type {found}, no exception")
PYTHON

for version in 24.0.0 26.0.1; do
  python3 -m venv "$work/$version"
  "$work/$version/bin/pip" install --quiet --disable-pip-version-check "pyarrow==$version"
  for stderr in empty line; do "$work/$version/bin/python" -I "$work/look.py" "$work" "$stderr"; done
done >"$work/seen"
cat "$work/seen"
diff - "$work/seen" <<'SEEN'
pyarrow 24.0.0, stderr empty: signed, file type NotFound, no exception
pyarrow 24.0.0, stderr line: unsigned, file type NotFound, no exception
pyarrow 26.0.1, stderr empty: signed, file type NotFound, no exception
pyarrow 26.0.1, stderr line: signed, file type NotFound, no exception
SEEN
