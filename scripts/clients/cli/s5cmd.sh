#!/usr/bin/env bash
# Lists the bucket matrix at the server GATE with s5cmd.
# usage: s5cmd.sh S5CMD
set -euo pipefail

"$1" --endpoint-url "${GATE:?}" ls s3://matrix/ >/dev/null
echo ok
