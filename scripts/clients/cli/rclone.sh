#!/usr/bin/env bash
# Lists the bucket matrix at the server GATE with rclone, which has no remotes configured.
# usage: rclone.sh RCLONE
set -euo pipefail

"$1" lsf --config '' --s3-provider Other --s3-env-auth --s3-endpoint "${GATE:?}" --s3-force-path-style :s3:matrix >/dev/null
echo ok
