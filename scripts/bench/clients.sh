# shellcheck shell=bash
# The programs that scripts/bench/exchange.sh compares. Each function runs one exchange, or one command, under the command
# that it is given, in an environment that is the same everywhere. Sourced by bash, after tools.sh and scripts/lib/bench.sh.
# They read $endpoint, the URL of STS, $token, and the files of $work: token, ca.pem, and homes, a directory for each client.

# shellcheck disable=SC2034 # Who sources this uses the variables.

: "${root:?tools.sh comes first}" "${work:?}" "${binary:?}" "${floor:?}"
# shellcheck source=scripts/clients/build.sh
. "$root/scripts/clients/build.sh"
# shellcheck source=scripts/clients/versions.sh
. "$root/scripts/clients/versions.sh"

role=arn:aws:iam::123456789012:role/bench
endpoint=
token=
names=()
declare -A label=() bytes=() group=()

# known NAME GROUP BYTES LABEL
known() {
  names+=("$1")
  group[$1]=$2 bytes[$1]=$3 label[$1]=$4
}

# clean NAME: sets $clean to the environment of a client. As in a job, the token is in it. Without the last variable, the AWS
# CLI and the SDKs would search for credentials at an address that some networks drop packets to.
clean() {
  clean=(env -i "PATH=$PATH" "HOME=$work/homes/$1" "BASH_ENV=$work/bash_env" "CIRCLE_OIDC_TOKEN_V2=$token"
    AWS_REGION=eu-west-1 "STS_ENDPOINT=$endpoint" "AWS_CA_BUNDLE=$work/ca.pem" "ROLE_ARN=$role" AWS_EC2_METADATA_DISABLED=true)
}

ours() { assume bash-env "$@"; }
ours_json() { assume json "$@"; }
assume() {
  clean ours && "${clean[@]}" "${@:2}" "$binary" assume --to "$1" --role-arn "$role" --session-name bench --sts-endpoint "$endpoint"
}
floor() { clean floor && "${clean[@]}" "$@" "$floor" "${endpoint#https://}" "$work/ca.pem" "$role" "$work/bash_env"; }
curl_and_sed() {
  clean curl_and_sed && "${clean[@]}" "CA=$work/ca.pem" "TOKEN_FILE=$work/token" "$@" sh "$root/scripts/bench/curl-and-sed.sh"
}

# What the connection alone costs: it sends no request.
handshake() {
  clean handshake && "${clean[@]}" "$@" openssl s_client -brief -connect "${endpoint#https://}" -CAfile "$work/ca.pem" \
    -verify_return_error -verify_ip "$(sed 's|https://||; s|:.*||' <<<"$endpoint")"
}

node_sdk() {
  clean node_sdk && "${clean[@]}" "NODE_EXTRA_CA_CERTS=$work/ca.pem" "NODE_PATH=$tools/clients/js/node_modules" \
    "$@" node --no-warnings "$root/scripts/bench/exchange.cjs"
}
boto3() { clean boto3 && "${clean[@]}" "$@" "$python/bin/python" "$root/scripts/bench/exchange.py"; }

# aws_cli NAME PROGRAM COMMAND...: a shell reads what it prints, which is not measured.
aws_cli() {
  local key secret session aws=$2
  clean "$1"
  shift 2
  "${clean[@]}" "$@" "$aws" sts assume-role-with-web-identity --endpoint-url "$endpoint" --role-arn "$role" \
    --role-session-name bench --web-identity-token "file://$work/token" \
    --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text >"$work/printed" &&
    read -r key secret session <"$work/printed" &&
    printf "export AWS_%s='%s'\n" ACCESS_KEY_ID "$key" SECRET_ACCESS_KEY "$secret" SESSION_TOKEN "$session" >"$work/bash_env"
}
aws_cli_v1() { aws_cli aws_cli_v1 "$python/bin/aws" "$@"; }
aws_cli_v2() { aws_cli aws_cli_v2 /usr/bin/aws "$@"; }

orb() {
  clean "$1" && "${clean[@]}" "AWS_PROGRAM=$2" "${@:3}" bash "$root/scripts/bench/aws-cli-orb.sh"
}
orb_v1() { orb orb_v1 "$python/bin/aws" "$@"; }
orb_v2() { orb orb_v2 /usr/bin/aws "$@"; }

# Commands of the binary that request nothing. credential-process has its credentials from the run before.
help() { clean help && "${clean[@]}" "$@" "$binary" --help; }
assume_help() { clean assume_help && "${clean[@]}" "$@" "$binary" assume --help; }
cached() {
  clean cached && "${clean[@]}" "$@" "$binary" credential-process --role-arn "$role" --session-name bench --sts-endpoint "$endpoint"
}

# find_clients: those that can be had here, the quick ones first. A group is quick, slow, orb or command.
find_clients() {
  local size versions v2
  python=$(python_has aws)
  known ours quick "$(stat -c %s "$binary")" circleci-aws-oidc
  known ours_json quick "$(stat -c %s "$binary")" "the same, \`--to json\`: to stdout, no file"
  known floor quick "$(stat -c %s "$floor")" "floor: rustls $(pinned_in "$root/scripts/bench/floor/Cargo.lock" rustls) on a socket"
  apt_has curl=curl openssl=openssl
  known curl_and_sed quick - "curl $(curl --version | sed -n '1s/^curl \([^ ]*\).*/\1/p') + sed"
  known handshake quick - "openssl $(openssl version | cut -d' ' -f2) s_client, the handshake alone"
  if client js-v3 >/dev/null; then
    size=$(installed_bytes node "$tools/clients/js/node_modules" @aws-sdk/client-sts)
    known node_sdk slow "$size" "Node.js $(node --version | tr -d v), @aws-sdk/client-sts $(client_version js-v3)"
  fi
  versions=$("$python/bin/python" -c 'import boto3, platform; print(boto3.__version__, platform.python_version())')
  size=$(installed_bytes python boto3)
  known boto3 slow "$size" "boto3 ${versions% *}, Python ${versions#* }"
  size=$(installed_bytes python awscli)
  find_aws_cli 1 "$python/bin/aws" "$size" "of PyPI"
  v2=
  apt_has /usr/bin/aws=awscli && v2=$(aws_version /usr/bin/aws)
  if [[ $v2 == 2.* ]]; then
    size=$(installed_bytes debian awscli)
    find_aws_cli 2 /usr/bin/aws "$size" "of Debian"
  else
    say 'skipped: AWS CLI v2 (apt-get does not have it)'
  fi
  known help command - '`--help`'
  known assume_help command - '`assume --help`'
  known cached command - '`credential-process`, cached'
}

# find_aws_cli MAJOR PROGRAM BYTES ORIGIN
find_aws_cli() {
  local version
  version=$(aws_version "$2")
  known "aws_cli_v$1" slow "$3" "AWS CLI $version $4"
  known "orb_v$1" orb - "role step of circleci/aws-cli, AWS CLI $version"
}

pinned_in() { grep -A1 -x "name = \"$2\"" "$1" | sed -n 's/^version = "\(.*\)"$/\1/p'; }
aws_version() { "$1" --version 2>&1 | sed -n '1s|^aws-cli/\([^ ]*\).*|\1|p'; }
installed_bytes() { "$python/bin/python" "$root/scripts/bench/installed-bytes.py" "$@"; }
