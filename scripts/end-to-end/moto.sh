#!/usr/bin/env bash
# The whole exchange against somebody else's STS: moto behind TLS, with SigV4 checked. What comes out is read by
# the AWS CLI (v1 and v2) and boto3, from the environment and from the profile.
# usage: scripts/end-to-end/moto.sh BINARY
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"

binary=$(realpath "$1")
python=$(python_has aws)
apt_has /usr/bin/aws=awscli
local_sts=$(dev_binary local-sts)
work=$(mktemp -d)
server=
trap 'if [ -n "$server" ]; then kill "$server" 2>/dev/null || true; wait "$server" 2>/dev/null || true; fi; rm -rf "$work"' EXIT

"$local_sts" certificate --dir "$work/tls"
port=$("$python/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
# moto lets so many calls pass before it checks signatures: the role, its policy, and our two unsigned exchanges.
INITIAL_NO_AUTH_ACTION_COUNT=4 "$python/bin/moto_server" -H 127.0.0.1 -p "$port" \
  -c "$work/tls/server.pem" -k "$work/tls/server.key" >"$work/moto.log" 2>&1 &
server=$!

endpoint="https://127.0.0.1:$port"
role=arn:aws:iam::123456789012:role/deploy
session=arn:aws:sts::123456789012:assumed-role/deploy/end-to-end
clean=(env -i "PATH=$PATH" "HOME=$work/home" "AWS_CA_BUNDLE=$work/tls/ca.pem" "AWS_ENDPOINT_URL=$endpoint")
mkdir "$work/home"

for _ in $(seq 100); do
  (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null && break
  sleep 0.1
done
as_admin=("${clean[@]}" AWS_ACCESS_KEY_ID=setup AWS_SECRET_ACCESS_KEY=setup AWS_DEFAULT_REGION=eu-west-1 "$python/bin/aws" iam)
everything='{"Version":"2012-10-17","Statement":[{"Effect":"Allow","Action":"*","Resource":"*"}]}'
"${as_admin[@]}" create-role --role-name deploy --assume-role-policy-document "$everything" >/dev/null
"${as_admin[@]}" put-role-policy --role-name deploy --policy-name all --policy-document "$everything"

# moto looks at no signature; our side checks shape, claims and expiry.
token=$("$python/bin/python" -c '
import base64, json, time
part = lambda value: base64.urlsafe_b64encode(json.dumps(value).encode()).rstrip(b"=").decode()
claims = {"iss": "https://oidc.circleci.com/org/o", "sub": "org/o/project/p/user/u", "aud": "o", "exp": int(time.time()) + 3600}
print(part({"alg": "RS256"}) + "." + part(claims) + "." + part("signature"))')
assume=("${clean[@]}" "CIRCLE_OIDC_TOKEN_V2=$token" "BASH_ENV=$work/bash_env" "$binary" assume
  --role-arn "$role" --session-name end-to-end --region eu-west-1 --quiet)

"${assume[@]}"
check 'the exchange against moto fills BASH_ENV' test -s "$work/bash_env"
"${assume[@]}" --profile prod
check 'the exchange against moto writes the profile' grep -q '^\[prod\]' "$work/home/.aws/credentials"

ask_boto3='import boto3, sys; print(boto3.Session(**dict(a.split("=") for a in sys.argv[1:])).client("sts").get_caller_identity()["Arn"])'
in_step() { "${clean[@]}" "BASH_ENV=$work/bash_env" bash -eo pipefail -c '"$@"' step "$@"; }
by_profile() { "${clean[@]}" "$@"; }

for aws in "$python/bin/aws" /usr/bin/aws; do
  version=$("$aws" --version 2>&1 | cut -d' ' -f1)
  # 2.9 knows no endpoint variable; the flag is in all of them.
  who=("$aws" --endpoint-url "$endpoint" sts get-caller-identity --query Arn --output text)
  check_output "$version acts as the role from BASH_ENV" "$session" in_step "${who[@]}"
  check_output "$version acts as the role from the profile" "$session" by_profile "${who[@]}" --profile prod
  check_output "$version finds the profile's Region" eu-west-1 by_profile "$aws" configure get region --profile prod
done
check_output 'boto3 acts as the role from BASH_ENV' "$session" in_step "$python/bin/python" -c "$ask_boto3"
check_output 'boto3 acts as the role from the profile' "$session" \
  by_profile "$python/bin/python" -c "$ask_boto3" profile_name=prod

# The counter-check: were signatures not looked at, all of the above would show nothing.
sed -i 's/^aws_secret_access_key = ./&x/' "$work/home/.aws/credentials"
check_fails 'a changed secret key is refused' by_profile "$python/bin/python" -c "$ask_boto3" profile_name=prod
checks_done
