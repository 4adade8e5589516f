#!/usr/bin/env bash
# README's five steps to the first deploy, in order and unchanged, from an empty home directory: the download, the script
# that creates provider and role, the config with preflight, and the identity at the end. The release's host is a server
# on loopback, IAM is moto, STS is local-sts with the policy that IAM then has.
# usage: scripts/end-to-end/first-steps.sh BINARY
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"
# shellcheck source=scripts/lib/job.sh
. "$root/scripts/lib/job.sh"
# shellcheck source=scripts/lib/moto.sh
. "$root/scripts/lib/moto.sh"

binary=$(realpath "$1")
apt_has curl=curl openssl=openssl
python=$(python_has aws)
export PATH="$python/bin:$PATH"
organization=11111111-2222-4333-8444-555555555555
project=66666666-7777-4888-8999-aaaaaaaaaaaa
role=arn:aws:iam::123456789012:role/deploy

# What does not belong to the five steps: builds, and the machines that a user reaches.
dev_binary local-sts >/dev/null
dev_binary orb-runner >/dev/null
pack_orb "$binary"
start_moto
moto_administrator 123456789012
mkdir "$work/blocks" "$work/laptop"
section=$(sed -n '/^## The first deploy in five steps$/,/^## Which mode/p' "$root/README.md")
check_output 'README has five steps' 5 grep -cE '^\*\*[1-5]\. ' <<<"$section"
printf '%s\n' "$section" >"$work/steps.md"
python3 "$root/scripts/lib/fenced-blocks.py" sh "$work/blocks/sh" sh "$work/steps.md"
python3 "$root/scripts/lib/fenced-blocks.py" yaml "$work/blocks/yaml" yml "$work/steps.md"
check_output 'they have two shell blocks and one config' 'steps-1.sh steps-1.yml steps-2.sh' \
  bash -c 'cd "$1" && ls -- */* | sed "s|.*/||" | sort | paste -sd " "' ls "$work/blocks"

# The release's host: its certificate is for the name in README's URL, and curl of the laptop connects here.
url=$(sed -n 's/^release=https:\/\///p' "$work/blocks/sh/steps-1.sh")
host=${url%%/*}
files=$work/www/${url#*/}
mkdir -p "$files" "$work/curl"
cp "$binary" "$files/circleci-aws-oidc-linux-x86_64"
(cd "$files" && sha256sum circleci-aws-oidc-linux-x86_64 >SHA256SUMS)
openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 1 -subj "/CN=$host" \
  -addext "subjectAltName=DNS:$host" -keyout "$work/www.key" -out "$work/www.pem" 2>/dev/null
mkfifo "$work/www-ready"
python3 "$root/scripts/lib/release-server.py" "$work/www.pem" "$work/www.key" "$work/www" \
  >"$work/www-ready" 2>"$work/www-log" &
job_servers+=($!)
read -r port <"$work/www-ready" || broken 'the server of the release starts' "$(cat "$work/www-log")"
printf '%s\n' "connect-to = \"$host:443:127.0.0.1:$port\"" "cacert = \"$work/www.pem\"" >"$work/curl/.curlrc"

# on_laptop BLOCK: a shell of README on a machine with an empty home, its directory, and an administrator's login.
on_laptop() {
  (
    cd "$work/laptop"
    env -i "PATH=$work/laptop/.local/bin:$python/bin:/usr/bin:/bin" "HOME=$work/laptop" "CURL_HOME=$work/curl" \
      "AWS_CA_BUNDLE=$work/moto/ca.pem" "AWS_ENDPOINT_URL=$moto" "${administrator[@]}" \
      "ORG=$organization" "PROJECT=$project" sh -eu "$work/blocks/sh/$1" >"$work/said" 2>&1
  ) || broken "README's $1 runs" "$(cat "$work/said")"
}

begun=$(date +%s%N)
on_laptop steps-1.sh
check '1. the digest is checked' grep -qx 'circleci-aws-oidc-linux-x86_64: OK' "$work/said"
check '1. the binary is in the PATH' test -x "$work/laptop/.local/bin/circleci-aws-oidc"

on_laptop steps-2.sh
check '2. IAM has the role' grep -qx "$role" "$work/said"
"${moto_client[@]}" "${administrator[@]}" "$python/bin/aws" iam get-role --role-name deploy \
  --query Role.AssumeRolePolicyDocument --output json >"$work/trust.json"

start_local_sts --organization "$organization" --trust "$role=$work/trust.json"
# job_env BRANCH: the variables of a job of this branch.
job_env() {
  grep '^AWS_' "$work/sts/env"
  printf 'CIRCLE_OIDC_TOKEN_V2=%s\n' "$("$local_sts" mint --dir "$work/sts" --project "$project" \
    --origin github.com/your-org/your-app --branch "$1")"
}
job_env main >"$work/main-env"
run_job "$work/blocks/yaml/steps-1.yml" deploy "$work/main-env" >"$work/log" 2>&1 ||
  broken '3. the job succeeds' "$(cat "$work/log")"
held '3. the job succeeds'
check '4. preflight finds the token' grep -q '^ok      token  ' "$work/log"
check '4. and reaches STS' grep -q '^ok      tls ' "$work/log"
check '5. the job acts as the role' grep -q '"Arn": "arn:aws:sts::123456789012:assumed-role/deploy/' "$work/log"
took=$((($(date +%s%N) - begun) / 1000000))
held "the five steps took $took ms"
check 'which is less than a minute' test "$took" -lt 60000

# Without these the steps would prove nothing.
job_env feature/x >"$work/feature-env"
status=0
run_job "$work/blocks/yaml/steps-1.yml" deploy "$work/feature-env" >"$work/log" 2>&1 || status=$?
check 'a job of another branch is denied' test "$status" -eq 4
echo >>"$files/circleci-aws-oidc-linux-x86_64"
rm -rf "$work/laptop" && mkdir "$work/laptop"
on_laptop steps-1.sh
check 'a changed download is refused' grep -qx 'circleci-aws-oidc-linux-x86_64: FAILED' "$work/said"
check 'and not installed' test ! -e "$work/laptop/.local/bin/circleci-aws-oidc"
checks_done
