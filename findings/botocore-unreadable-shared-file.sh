#!/usr/bin/env bash
# botocore 1.43.11: a credentials file that the user may not read is the same as no file. There is no error and no log line,
# not even at the level of debugging: the search goes on to the config file, and ends in NoCredentialsError as if nobody had
# written any credentials. A config file that may not be read is passed over in the same way, and its profile is then unknown.
#
# A job meets this after `sudo aws configure`, which leaves root's files with mode 0600 in the user's home. What fails names
# neither file.
#
# usage: findings/botocore-unreadable-shared-file.sh
# Installs boto3 in a temporary folder. Fails if what it prints is not what is written at its end.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
chmod 755 "$work"
python3 -m venv "$work/venv"
"$work/venv/bin/pip" install --quiet --disable-pip-version-check boto3==1.43.11 botocore==1.43.11

cat >"$work/look.py" <<'PYTHON'
import logging
import os
import sys

from botocore.exceptions import BotoCoreError
from botocore.session import Session

home, unreadable, profile = sys.argv[1:]
os.makedirs(f"{home}/.aws")
keys = "aws_access_key_id = AKIAIOSFODNN7EXAMPLE\naws_secret_access_key = wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY\n"
for name, section in [("credentials", "[default]"), ("config", "[profile deploy]")]:
    with open(f"{home}/.aws/{name}", "w") as file:
        file.write(f"{section}\n{keys}")
    os.chmod(file.name, 0o000 if name == unreadable else 0o444)
if os.geteuid() == 0:
    # Root may read everything.
    os.setgid(65534)
    os.setuid(65534)

os.environ.clear()
os.environ.update(HOME=home, AWS_EC2_METADATA_DISABLED="true")
records = []


class Collect(logging.Handler):
    def emit(self, record):
        records.append(record.getMessage())


logging.getLogger("botocore").addHandler(Collect())
logging.getLogger("botocore").setLevel(logging.DEBUG)
try:
    found = Session(profile=profile if profile != "-" else None).get_credentials()
    outcome = f"credentials by {found.method}" if found else "no credentials"
except BotoCoreError as error:
    outcome = f"{type(error).__name__}: {error}"
named = sum(f".aws/{unreadable}" in text for text in records if "ermission" in text or "annot" in text)
print(f"{unreadable} unreadable, profile {profile}: {outcome}; log lines that say so: {named}")
PYTHON

run() { "$work/venv/bin/python" -I "$work/look.py" "$work/$1" "${@:2}"; }
seen=$(
  run none nothing -
  run one credentials -
  run two config deploy
)
printf '%s\n' "$seen"
diff <(printf '%s\n' "$seen") - <<'EXPECTED'
nothing unreadable, profile -: credentials by shared-credentials-file; log lines that say so: 0
credentials unreadable, profile -: no credentials; log lines that say so: 0
config unreadable, profile deploy: ProfileNotFound: The config profile (deploy) could not be found; log lines that say so: 0
EXPECTED
