#!/usr/bin/env bash
# minio-go 7.4.1 (restic and other Go programs are built on it): FileAWSCredentials runs the command of a credential_process only
# if it has an argument. For `credential_process = /path/program`, which is valid, it says "invalid credential process args" and
# starts nothing; with any argument behind it the same program is run. In a chain of providers, as programs use it, the error is
# lost: the chain answers without an error and with empty keys, so requests go out unsigned.
#
# usage: findings/minio-go-credential-process.sh
# Installs all in a temporary folder; needs Go. Fails if what it prints is not what is written at its end.
set -euo pipefail

work=$(mktemp -d)
trap 'chmod -R u+w "$work"; rm -rf "$work"' EXIT
mkdir "$work/program" "$work/home" "$work/home/.aws"
cat >"$work/program/go.mod" <<'GO'
module look

go 1.24

require github.com/minio/minio-go/v7 v7.4.1
GO
cat >"$work/program/main.go" <<'GO'
package main

import (
	"fmt"

	"github.com/minio/minio-go/v7/pkg/credentials"
)

func main() {
	file := &credentials.FileAWSCredentials{}
	value, err := credentials.New(file).GetWithContext(nil)
	fmt.Printf("alone: access key %q, error %v\n", value.AccessKeyID, err)
	chain := []credentials.Provider{&credentials.EnvAWS{}, file}
	value, err = credentials.NewChainCredentials(chain).GetWithContext(nil)
	fmt.Printf("in a chain: access key %q, error %v\n", value.AccessKeyID, err)
}
GO
(cd "$work/program" && go mod tidy >/dev/null 2>&1 && CGO_ENABLED=0 go build -o "$work/look" .)

cat >"$work/process" <<'SH'
#!/bin/sh
echo '{"Version": 1, "AccessKeyId": "ASIAIOSFODNN7EXAMPLE", "SecretAccessKey": "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "SessionToken": "token", "Expiration": "2099-01-01T00:00:00Z"}'
SH
chmod +x "$work/process"

# look LINE: with this line in the profile default.
look() {
  printf '[default]\ncredential_process = %s\n' "$1" >"$work/home/.aws/credentials"
  printf '%s\n' "${1/$work/}"
  env -i HOME="$work/home" PATH=/usr/bin:/bin "$work/look" | sed "s|$work||g"
}

{
  look "$work/process"
  look "$work/process any"
} | tee "$work/printed"
diff - "$work/printed" <<'END'
/process
alone: access key "", error invalid credential process args
in a chain: access key "", error <nil>
/process any
alone: access key "ASIAIOSFODNN7EXAMPLE", error <nil>
in a chain: access key "ASIAIOSFODNN7EXAMPLE", error <nil>
END
