#!/usr/bin/env bash
# Jobs at an STS at fault, with real processes of this program. A crowd at an STS that throttles, fails and is away for two
# seconds; beside it the published retry rules of other clients, simulated against the same STS. And 20 jobs at an STS that
# is away for 2, 5 and 10 s. Prints the tables of docs/reliability.md, and fails if a job of this program gets no credentials.
# Takes about two minutes with 1,000 jobs.
# usage: scripts/crowd.sh BINARY [JOBS]     (default: 1000)
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/lib/tools.sh"

binary=$(realpath "$1")
jobs=${2:-1000}
crowd=$root/scripts/lib/crowd.py
work=$(mktemp -d)
server=
trap 'kill "$server" 2>/dev/null || true; rm -rf "$work"' EXIT
token=$(python3 "$root/scripts/lib/unsigned-token.py")

# Jobs that start as fast as this machine starts them; each has a minute, the default.
run_jobs='
import subprocess, sys, time

binary, jobs, url, token, times = sys.argv[1:]
command = [binary, "assume", "--role-arn", "arn:aws:iam::123456789012:role/deploy", "--to", "json", "--quiet"]
environment = {"CIRCLE_OIDC_TOKEN_V2": token, "AWS_ENDPOINT_URL_STS": url, "AWS_REGION": "eu-west-1"}
# For writing alone: where stdout is one for reading too, it was closed, and `assume` refuses.
quiet = open("/dev/null", "w")
running = []
for _ in range(int(jobs)):
    running.append((time.monotonic(), subprocess.Popen(command, env=environment, stdin=quiet, stdout=quiet, stderr=quiet)))
with open(times, "w") as out:
    while running:
        for begun, process in list(running):
            if process.poll() is not None:
                print(f"{time.monotonic() - begun:.2f} {process.returncode}", file=out)
                running.remove((begun, process))
        time.sleep(0.05)
'

# play NAME JOBS [AWAY]: prints the row of these jobs.
play() {
  local url
  rm -f "$work/url"
  mkfifo "$work/url"
  python3 "$crowd" serve "$work/requests" "${@:3}" >"$work/url" &
  server=$!
  read -r url <"$work/url"
  python3 -c "$run_jobs" "$binary" "$2" "$url" "$token" "$work/times"
  kill "$server"
  wait "$server" 2>/dev/null || true
  python3 "$crowd" row "$1" "$work/times"
}

head='| %s | jobs | lost | median | longest |\n|---|---|---|---|---|\n'
# shellcheck disable=SC2059 # It is one format for both tables.
printf "$head" client
play 'this program' "$jobs"
python3 "$crowd" simulate "$jobs"
say "requests of this program: $(cut -d' ' -f2 "$work/requests" | sort | uniq -c | awk '{ printf "%s%s %s", sep, $1, $2; sep = ", " }')"
# shellcheck disable=SC2059
printf "\n$head" 'STS is away for'
for seconds in 2 5 10; do play "$seconds s" 20 "$seconds"; done
