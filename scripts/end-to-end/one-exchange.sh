#!/usr/bin/env bash
# 200 processes of `credential-process` with the same settings start at once, as when a build starts many AWS tools: one of
# them calls STS, and the others have its credentials, or its reason.
# usage: scripts/end-to-end/one-exchange.sh BINARY
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"
# shellcheck source=scripts/lib/job.sh
. "$root/scripts/lib/job.sh"

binary=$(realpath "$1")
processes=200
token=$(python3 "$root/scripts/lib/unsigned-token.py")

# Prints how many processes had each exit code, stdout and stderr, the most frequent first. {} in an argument is the
# number of the process. STS responds once all have started, when the file without `.held` is there.
at_once='
import collections, json, os, subprocess, sys, time

processes, held, url, token, home, *command = sys.argv[1:]
environment = {"CIRCLE_OIDC_TOKEN_V2": token, "AWS_ENDPOINT_URL_STS": url, "AWS_REGION": "eu-west-1", "HOME": home}
begun = time.monotonic()
running = [
    subprocess.Popen([part.replace("{}", str(number)) for part in command], env=environment, stdin=subprocess.DEVNULL,
                     stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    for number in range(int(processes))
]
started = time.monotonic()
os.rename(held, held.removesuffix(".held"))
ends = [(*process.communicate(), process.returncode) for process in running]
print(f"{processes} processes started within {started - begun:.1f} s; the last ended after {time.monotonic() - begun:.1f} s", file=sys.stderr)
for (out, errors, code), count in collections.Counter(ends).most_common():
    print(json.dumps({"count": count, "code": code, "out": out, "errors": errors}))
'

# play NAME OUTCOME PROCESSES FLAGS...: what the processes printed is in $work/NAME.seen, the requests in $work/NAME.requests.
play() {
  local url
  mkfifo "$work/$1.url"
  printf '%s' "$2" >"$work/$1.outcome.held"
  python3 "$root/scripts/lib/crowd.py" obey "$work/$1.outcome" "$work/$1.requests" >"$work/$1.url" &
  job_servers+=($!)
  read -r url <"$work/$1.url"
  mkdir "$work/$1.home"
  python3 -c "$at_once" "$3" "$work/$1.outcome.held" "$url" "$token" "$work/$1.home" "$binary" credential-process \
    --role-arn arn:aws:iam::123456789012:role/deploy "${@:4}" >"$work/$1.seen"
}

# seen NAME EXPRESSION: an expression of Python over `groups`, the lines that at_once printed.
seen() {
  python3 -c 'import json, sys; groups = [json.loads(line) for line in open(sys.argv[1])]; print(eval(sys.argv[2]))' "$work/$1.seen" "$2"
}

play granted granted "$processes"
check_output "$processes processes send one request" 1 grep -c . "$work/granted.requests"
check_output 'all print the same credentials, and nothing else' "[($processes, 0, 'ASIA0000000000000001', '')]" \
  seen granted '[(it["count"], it["code"], json.loads(it["out"])["AccessKeyId"], it["errors"]) for it in groups]'

play denied denied "$processes"
check_output "$processes processes that STS denies send one request" 1 grep -c . "$work/denied.requests"
check_output 'all end with exit code 4 and without credentials' "{(4, '')}" \
  seen denied '{(it["code"], it["out"]) for it in groups}'
check_output 'each says why' "$processes" \
  seen denied 'sum(it["count"] for it in groups if "`AccessDenied`: Not authorized to perform sts:AssumeRoleWithWebIdentity" in it["errors"])'
check_output 'all but one say that another call was refused' "$((processes - 1))" \
  seen denied 'sum(it["count"] for it in groups if "  shared: with another call of `credential-process`" in it["errors"])'

# Counter-check: what is counted is one request for each session that is requested.
play other granted 5 --session-name 'number-{}'
check_output 'processes with settings of their own send a request each' 5 grep -c . "$work/other.requests"
checks_done
