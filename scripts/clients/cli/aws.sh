#!/usr/bin/env bash
# Calls GetCallerIdentity at the server GATE with the AWS CLI.
# usage: aws.sh AWS
set -euo pipefail

"$1" sts get-caller-identity --endpoint-url "${GATE:?}" >/dev/null || exit 1
echo ok
