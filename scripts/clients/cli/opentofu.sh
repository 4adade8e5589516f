#!/usr/bin/env bash
# Initializes a backend in the bucket matrix at the server GATE with OpenTofu: it calls GetCallerIdentity and lists the
# bucket.
# usage: opentofu.sh TOFU
set -euo pipefail

directory=$(mktemp -d)
trap 'rm -rf "$directory"' EXIT
cat >"$directory/main.tf" <<END
terraform {
  backend "s3" {
    bucket         = "matrix"
    key            = "terraform.tfstate"
    use_path_style = true
    endpoints      = { s3 = "${GATE:?}", sts = "$GATE", iam = "$GATE" }
  }
}
END
CHECKPOINT_DISABLE=1 "$1" "-chdir=$directory" init -no-color -input=false >/dev/null
echo ok
