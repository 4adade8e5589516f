#!/usr/bin/env bash
# STS is away while credentials are near their end: with less than 15 minutes left, boto3 starts `credential-process` for each
# operation, and each could wait for STS. Operations of S3, which is moto, with 14 minutes left. Prints the table of
# docs/reliability.md.
# usage: scripts/end-to-end/outage.sh BINARY
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
role=arn:aws:iam::123456789012:role/deploy
start_moto
token=$(moto_token)

# Arguments COUNT and SECONDS: so many operations at least, for so long at least. Prints how long they took, and how often
# boto3 started the process.
operations='
import boto3, subprocess, sys, time

starts = 0

class Counted(subprocess.Popen):
    def __init__(self, *arguments, **options):
        global starts
        starts += 1
        super().__init__(*arguments, **options)

session = boto3.Session()
session._session.get_component("credential_provider").get_provider("custom-process")._popen = Counted
s3 = session.client("s3")
# moto responds within some milliseconds; this is as far away as S3 of the same Region.
s3.meta.events.register("before-send", lambda **request: time.sleep(0.03))
count, seconds = map(int, sys.argv[1:])
begun = time.monotonic()
while count > 0 or time.monotonic() < begun + seconds:
    s3.list_buckets()
    count -= 1
print(f"{time.monotonic() - begun:.2f} {starts}")
'

# As if the cached credentials had been requested 46 minutes ago, for an hour.
age='
import json, sys, time

path = sys.argv[1]
entry = json.load(open(path))
at = lambda minutes: time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime(time.time() + minutes * 60))
entry.update(Obtained=at(-46), Expiration=at(14))
open(path, "w").write(json.dumps(entry))
'

# play NAME OUTCOME COUNT SECONDS: a job with 14 minutes left, and its operations while STS has this outcome. What they print
# is in $work/NAME.seen, the requests for new credentials in $work/NAME.requests.
play() {
  local home=$work/$1.home url server job
  mkdir -p "$home/.aws"
  printf '[default]\nregion = eu-west-1\ncredential_process = %s credential-process --role-arn %s\n' \
    "$binary" "$role" >"$home/.aws/config"
  printf granted >"$work/$1.outcome"
  mkfifo "$work/$1.url"
  python3 "$root/scripts/lib/crowd.py" obey "$work/$1.outcome" "$work/$1.requests" >"$work/$1.url" &
  server=$!
  job_servers+=("$server")
  read -r url <"$work/$1.url"
  job=(env -i "PATH=$PATH" "HOME=$home" "CIRCLE_OIDC_TOKEN_V2=$token" AWS_REGION=eu-west-1
    "AWS_ENDPOINT_URL_STS=$url" "AWS_ENDPOINT_URL_S3=$moto" "AWS_CA_BUNDLE=$work/moto/ca.pem")
  "${job[@]}" "$binary" credential-process --role-arn "$role" >/dev/null
  python3 -c "$age" "$home"/.aws/circleci-aws-oidc/*.json
  : >"$work/$1.requests"
  printf %s "$2" >"$work/$1.outcome"
  [ "$2" != refused ] || kill "$server"
  "${job[@]}" "$moto_python/python" -c "$operations" "$3" "$4" >"$work/$1.seen"
  kill "$server" 2>/dev/null || true
}

requests() { grep -c . "$work/$1.requests" || true; }

# fastest OUTCOME: the seconds of the fastest of its rounds, as other processes of this machine can slow any of them down.
fastest() { sort -g "$work/$1".?.seen | head -n 1 | cut -d' ' -f1; }

# is_below NUMBER FACTOR OTHER
is_below() { python3 -c 'import sys; a, b, c = map(float, sys.argv[1:]); sys.exit(a >= b * c)' "$@"; }

between() { [ "$1" -le "$3" ] && [ "$3" -le "$2" ]; }

outcomes=(granted refused away)
for round in 1 2 3; do
  for outcome in "${outcomes[@]}"; do play "$outcome.$round" "$outcome" 30 0; done
done
there=$(fastest granted)
check_output 'with STS there, new credentials are requested once' 1 requests granted.1
printf '| STS | 30 operations | starts of the process | requests of STS |\n|---|---|---|---|\n'
for outcome in "${outcomes[@]}"; do
  printf '| %s | %s s | %s | %s |\n' "$outcome" "$(fastest "$outcome")" "$(cut -d' ' -f2 "$work/$outcome.1.seen")" "$(requests "$outcome.1")"
done
for outcome in "${outcomes[@]:1}"; do
  say "STS $outcome: $(python3 -c 'import sys; a, b = map(float, sys.argv[1:]); print(round((a - b) / 30 * 1000), "ms more for each operation")' "$(fastest "$outcome")" "$there")"
  check "STS $outcome: 30 operations take less than 1.5 times as long" is_below "$(fastest "$outcome")" 1.5 "$there"
done

# One operation after the other, for more than a minute.
minutes=()
for outcome in away throttled hang; do
  play "$outcome.minute" "$outcome" 0 61 &
  minutes+=($!)
done
for minute in "${minutes[@]}"; do wait "$minute"; done
for outcome in away throttled hang; do
  read -r seconds starts <"$work/$outcome.minute.seen"
  say "STS $outcome: in $seconds s boto3 started the process $starts times, which sent $(requests "$outcome.minute") requests"
  check "STS $outcome: 1 to 5 requests in a minute" between 1 5 "$(requests "$outcome.minute")"
done
checks_done
