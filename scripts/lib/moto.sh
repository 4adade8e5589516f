# shellcheck shell=bash
# moto, another implementation of AWS, on loopback behind TLS. Sourced by bash, after tools.sh, checks.sh and job.sh.

: "${root:?tools.sh comes first}" "${work:?job.sh comes first}"

# start_moto: its address is in $moto, its CA in $work/moto/ca.pem, the key that signed each request in $work/moto/log.
# $moto_client starts a command in a clean environment whose AWS endpoints are moto's.
start_moto() {
  local port
  moto_python=$(python_has aws)/bin
  "$(dev_binary local-sts)" certificate --dir "$work/moto"
  mkfifo "$work/moto/ready"
  "$moto_python/python" "$root/scripts/lib/moto-server.py" "$work/moto/server.pem" "$work/moto/server.key" \
    "$work/moto/log" >"$work/moto/ready" 2>"$work/moto/errors" &
  job_servers+=($!)
  read -r port <"$work/moto/ready" || broken 'moto starts' "$(cat "$work/moto/errors")"
  moto="https://127.0.0.1:$port"
  mkdir "$work/home"
  moto_client=(env -i "PATH=$PATH" "HOME=$work/home" "AWS_CA_BUNDLE=$work/moto/ca.pem" "AWS_ENDPOINT_URL=$moto")
}

# moto_trusts COUNT: moto accepts the next COUNT requests unchecked. After them it checks each signature and the signer's
# IAM policies, and refuses a request without a signature. After its start it accepts all.
moto_trusts() {
  "$moto_python/python" -c '
import ssl, sys, urllib.request
address, authority, count = sys.argv[1:]
request = urllib.request.Request(address + "/moto-api/reset-auth", count.encode(), {"Content-Type": "text/plain"})
urllib.request.urlopen(request, context=ssl.create_default_context(cafile=authority))
' "$moto" "$work/moto/ca.pem" "$1"
}

# moto_administrator ACCOUNT: sets $administrator to an administrator's variables, requested once, while moto accepts all.
moto_administrator() {
  local file=$work/moto/administrator-of-$1 key secret token
  if [ ! -e "$file" ]; then
    # moto derives the account from the key that signed the request.
    read -r key secret token < <("${moto_client[@]}" AWS_ACCESS_KEY_ID=setup AWS_SECRET_ACCESS_KEY=setup \
      AWS_DEFAULT_REGION=eu-west-1 "$moto_python/aws" sts assume-role --role-arn "arn:aws:iam::$1:role/setup" \
      --role-session-name setup --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text) ||
      broken 'moto can be set up' "no administrator of $1"
    printf '%s\n' "AWS_ACCESS_KEY_ID=$key" "AWS_SECRET_ACCESS_KEY=$secret" "AWS_SESSION_TOKEN=$token" \
      AWS_DEFAULT_REGION=eu-west-1 >"$file"
  fi
  mapfile -t administrator <"$file"
}

# moto_setup ACCOUNT ARGUMENTS...: the AWS CLI as that account's administrator, while moto accepts all.
moto_setup() {
  moto_administrator "$1"
  "${moto_client[@]}" "${administrator[@]}" "$moto_python/aws" "${@:2}" >/dev/null
}

# moto_role ARN TRUST PERMISSIONS: creates a role with these two policies, both JSON.
moto_role() {
  local account
  account=$(cut -d: -f5 <<<"$1")
  moto_setup "$account" iam create-role --role-name "${1##*/}" --assume-role-policy-document "$2"
  moto_setup "$account" iam put-role-policy --role-name "${1##*/}" --policy-name permissions --policy-document "$3"
}

# moto_bucket ACCOUNT NAME: creates an S3 bucket of that account.
moto_bucket() {
  moto_setup "$1" s3api create-bucket --bucket "$2" --create-bucket-configuration LocationConstraint=eu-west-1
}

# moto_token: prints a token that moto accepts.
moto_token() { "$moto_python/python" "$root/scripts/lib/unsigned-token.py"; }

# moto_signers METHOD PATH: the access key ids that signed such requests successfully.
moto_signers() { awk -v method="$1" -v path="$2" '$1 == method && $2 == path && $3 < 300 { print $4 }' "$work/moto/log" | sort -u; }
