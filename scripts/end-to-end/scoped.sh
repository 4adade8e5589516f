#!/usr/bin/env bash
# GetScopedCredentials with a second opinion: botocore, which has the operation since 1.44.7. Our request is botocore's,
# byte for byte and with the same signature; and boto3 narrows a session at local-sts, over TLS, so that what local-sts
# accepts and sends is what AWS's own client sends and reads.
# usage: scripts/end-to-end/scoped.sh
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"
# shellcheck source=scripts/lib/job.sh
. "$root/scripts/lib/job.sh"

python=$(python_has scoped)/bin/python
(cd "$root" && cargo build --quiet --locked --workspace --example scoped_request >&2)
ours=$target_dir/debug/examples/scoped_request

same='
import json, sys
ours, theirs = (json.load(open(path, encoding="utf-8")) for path in sys.argv[1:])
for part in ["url", "body", "headers"]:
    if ours[part] != theirs[part]:
        sys.exit(f"{part}: {ours[part]} is not {theirs[part]}")'

# is_botocores REGION POLICY DURATION DESCRIPTION: our request for these is the one that botocore makes at the same time.
is_botocores() {
  local time
  env -i "PATH=$PATH" "$python" "$root/scripts/lib/scoped-request.py" "$@" >"$work/theirs" || return
  time=$(sed 's/.*"x-amz-date": "\([0-9TZ]*\)".*/\1/' "$work/theirs")
  "$ours" "$1" "$time" "${@:2}" >"$work/ours" && "$python" -c "$same" "$work/ours" "$work/theirs"
}

policy='{"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "s3:Get*", "Resource": "*"}]}'
check 'a policy is sent as botocore sends it' is_botocores eu-west-1 "$policy" '' ''
check 'so is a duration' is_botocores us-east-1 '' 1 ''
check 'so is the longest, with a description' is_botocores cn-north-1 '' 129600 'read only'
odd=$(printf '{"Statement":\t[],\r\n "Id": "~*+=&%%#?/_-.\303\244\303\277\302\240\302\200"}')
check 'so are all three, with characters that need an escape' is_botocores us-gov-west-1 "$odd" 900 "$(printf 'a~*+&%%\nb\302\241\303\277')"
# Counter-check: the comparison sees a difference.
sed 's/900/901/' "$work/ours" >"$work/changed"
check_fails 'another duration is another request' "$python" -c "$same" "$work/changed" "$work/theirs"
sed 's/Signature=./Signature=x/' "$work/ours" >"$work/changed"
check_fails 'another signature is another request' "$python" -c "$same" "$work/changed" "$work/theirs"

role=arn:aws:iam::123456789012:role/deploy
chained=arn:aws:iam::210987654321:role/workload
session=arn:aws:sts::123456789012:assumed-role/deploy/end-to-end
start_local_sts --trust "$role=$root/scripts/end-to-end/policies/example-project.json" \
  --trust "$chained=$root/scripts/end-to-end/policies/trusts-deploy.json"
mapfile -t variables <"$work/sts/env"
env -i "PATH=$PATH" "HOME=$work" AWS_EC2_METADATA_DISABLED=true "${variables[@]}" \
  "$python" "$root/scripts/lib/scoped-client.py" "$role" "$chained" >"$work/told"
# told CLAIM NAME RESULT: what boto3 got of the call with this name.
told() { check_output "boto3: $1" "$3" sed -n "s/^$2: //p" "$work/told"; }

told 'the session is the same' arn "$session"
told 'so is its ID' 'same id' True
told 'GetCallerIdentity does not tell the two apart' identity "$session"
told 'the policy is counted' policies 1
told 'the size of the token is its own' size True
told 'and its share of the largest' utilization 27
told 'the credentials last as long as requested' 'at most a minute' True
told 'the whole session assumes the next role' 'whole session assumes' allowed
told 'the narrow one does not, by its scope alone' 'narrow session assumes' AccessDenied
told 'three policies are counted' 'three policies' 3
told 'three policies that allow everything deny nothing' 'three policies assume' allowed
told 'a fourth is denied' 'a fourth policy' AccessDenied
told 'a duration is not a fourth' 'a duration after three' allowed
told 'no session outlives its parent' 'more than the rest' InsufficientSessionLifetime
told 'a scope limits something' neither ValidationError
told 'a policy is JSON' 'not JSON' MalformedPolicyDocument
told 'the largest policy fits' 'a large policy' 75
told 'two of them do not' 'two large policies' PackedPolicyTooLarge
told 'a token is padded on request' padded '3500 86'
told 'a changed secret key is refused' 'another secret key' SignatureDoesNotMatch

# The log of local-sts shows why the one was denied what the other may do.
scopes='
import json, sys
lines = [json.loads(line) for line in open(sys.argv[1], encoding="utf-8")]
hops = [line["signer"] for line in lines if line["action"] == "AssumeRole"]
print(len({hop["arn"] for hop in hops}), [len(hop["scope_policies"]) for hop in hops])'
check_output 'local-sts records one session with three different scopes' '1 [0, 1, 3]' \
  "$python" -c "$scopes" "$work/sts/requests.jsonl"
checks_done
