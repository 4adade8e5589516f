#!/usr/bin/env bash
# `exec` as the system sees it: no file written, the token on no command line and not in the memory of what the program
# becomes, every exit code and signal of the command. The same of `exec --serve`, as far as it can hold there, and a command
# that takes longer than its credentials live.
# usage: scripts/end-to-end/exec.sh BINARY
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"
# shellcheck source=scripts/lib/job.sh
. "$root/scripts/lib/job.sh"

binary=$(realpath "$1")
role=arn:aws:iam::123456789012:role/deploy
start_local_sts --trust "$role=$root/scripts/end-to-end/policies/example-project.json"
mkdir "$work/project" "$work/home"
token=${sts[CIRCLE_OIDC_TOKEN_V2]}

# in_job PROGRAM...: as a step of the job starts it.
in_job() {
  (cd "$work/project" && exec env -i "PATH=$PATH" "HOME=$work/home" "BASH_ENV=$work/project/bash-env" \
    "AWS_CA_BUNDLE=$work/sts/ca.pem" "AWS_ENDPOINT_URL_STS=${sts[AWS_ENDPOINT_URL_STS]}" AWS_REGION=eu-west-1 \
    "CIRCLE_OIDC_TOKEN_V2=$token" "CIRCLECI_AWS_OIDC_ROLE_ARN=$role" "$@")
}
exec_in_job() { in_job "$binary" exec -- "$@"; }
serve_in_job() { in_job "$binary" exec --serve "$@"; }

for how in exec_in_job 'serve_in_job --'; do
  # All at once: what one run costs is not the claim. The command says that it has run, as this program has codes, too.
  passed_on=0
  for ((code = 0; code < 256; code++)); do
    status=0
    ran=$($how sh -c "echo ran; exit $code" 2>"$work/stderr") || status=$?
    [ "$ran $status" = "ran $code" ] || broken "$how: exit code $code" "$status" "$(cat "$work/stderr")"
    passed_on=$((passed_on + 1))
  done
  check_output "$how: every exit code of the command is passed on" 256 printf '%s' "$passed_on"

  for signal in HUP INT QUIT KILL PIPE TERM SEGV USR1; do
    status=0
    $how sh -c "ulimit -c 0; kill -$signal \$\$; sleep 9" 2>"$work/stderr" || status=$?
    check "$how: a command that SIG$signal ends is seen to end by it" test "$status" -eq $((128 + $(kill -l "$signal")))
  done
done

# What a process holds, searched for two texts: the token, and as a control the access key id, which it must hold.
cat >"$work/memory.py" <<'PYTHON'
import os, sys
process, token = sys.argv[1], sys.argv[2].encode()
key = dict(part.split(b"=", 1) for part in open(f"/proc/{process}/environ", "rb").read().split(b"\0") if b"=" in part)
found = {"token": False, "key": False}
with open(f"/proc/{process}/mem", "rb", 0) as memory:
    for line in open(f"/proc/{process}/maps"):
        bounds, mode, *_ = line.split()
        if "r" not in mode or line.rstrip().endswith(("[vvar]", "[vsyscall]", "[vvar_vclock]")):
            continue
        start, end = (int(bound, 16) for bound in bounds.split("-"))
        memory.seek(start)
        try:
            text = memory.read(end - start)
        except OSError:
            continue
        found["token"] |= token[-40:] in text
        found["key"] |= key[b"AWS_ACCESS_KEY_ID"] in text
print("token:", found["token"], "key:", found["key"])
PYTHON
if [ -r /proc/self/mem ]; then
  mkfifo "$work/started"
  (exec_in_job sh -c "echo \$\$ >'$work/started'; exec sleep 60" 2>/dev/null) &
  run=$!
  read -r process <"$work/started"
  until [ "$(readlink "/proc/$process/exe")" = "$(realpath "$(command -v sleep)")" ]; do sleep 0.01; done
  holds=$(python3 "$work/memory.py" "$process" "$token" 2>"$work/stderr") || holds="skipped: $(tail -n 1 "$work/stderr")"
  kill "$process"
  wait "$run" 2>/dev/null || true
  case $holds in
  skipped:*) say "$holds" ;;
  *) check_output 'what the program becomes holds the key, and the token nowhere in its memory' 'token: False key: True' printf '%s' "$holds" ;;
  esac
else
  say 'skipped: there is no /proc that shows the memory of a process'
fi

# strace: what is opened for writing, made, renamed or removed, and every command line.
# In a condition, as the image may have neither strace nor the right to use it.
if apt_has strace=strace && strace -o /dev/null true 2>/dev/null; then
  calls=execve,execveat,open,openat,creat,mkdir,mkdirat,rename,renameat,renameat2,link,linkat,symlink,symlinkat,unlink,unlinkat,truncate,ftruncate,chmod,fchmod,fchmodat,mknod,mknodat
  traced() { in_job strace -f -o "$work/trace" -s 100000 -e "trace=?${calls//,/,?}" "$binary" exec "$@"; }
  traced -- env >"$work/environment" 2>"$work/stderr"
  changes() {
    grep -E '^[0-9]+ +(creat|mkdir|rename|link|symlink|unlink|truncate|ftruncate|chmod|fchmod|mknod|open[a-z]*\(.*O_(WRONLY|RDWR|CREAT|TRUNC|APPEND))' \
      "$work/trace" | grep -vF '"/dev/null"' || true
  }
  check 'strace has seen the program and the command' test "$(grep -c ' execve(.* = 0$' "$work/trace")" -eq 2
  check_output 'exec opens no file for writing and changes none' '' changes
  check_output 'nor is there one in its directories' '' find "$work/project" "$work/home" -mindepth 1
  secret=$(sed -n 's/^AWS_SECRET_ACCESS_KEY=//p' "$work/environment")
  session=$(sed -n 's/^AWS_SESSION_TOKEN=//p' "$work/environment")
  check 'the command has the keys' test -n "$secret" -a -n "$session"
  for text in "$token" "$secret" "$session"; do
    check_fails 'neither token nor keys are on a command line' grep -qF -- "$text" "$work/trace"
  done
  check_output 'the environment of the command has these names and no other' \
    'AWS_ACCESS_KEY_ID AWS_CA_BUNDLE AWS_DEFAULT_REGION AWS_ENDPOINT_URL_STS AWS_REGION AWS_SECRET_ACCESS_KEY AWS_SESSION_TOKEN BASH_ENV HOME PATH ' \
    bash -c 'cut -d= -f1 "$1" | LC_ALL=C sort | tr "\n" " "' names "$work/environment"
  traced --serve -- env >"$work/environment" 2>"$work/stderr"
  check 'strace has seen the program and the command that it stays above' test "$(grep -c ' execve(.* = 0$' "$work/trace")" -eq 2
  check_output 'exec --serve opens no file for writing and changes none' '' changes
  authorization=$(sed -n 's/^AWS_CONTAINER_AUTHORIZATION_TOKEN=//p' "$work/environment")
  check 'the command has the authorization of the endpoint' test -n "$authorization"
  for text in "$token" "$authorization"; do
    check_fails 'neither token nor authorization are on a command line' grep -qF -- "$text" "$work/trace"
  done
  check_output 'the environment of a command with an endpoint has these names and no other' \
    'AWS_CA_BUNDLE AWS_CONTAINER_AUTHORIZATION_TOKEN AWS_CONTAINER_CREDENTIALS_FULL_URI AWS_DEFAULT_REGION AWS_ENDPOINT_URL_STS AWS_REGION BASH_ENV HOME PATH ' \
    bash -c 'cut -d= -f1 "$1" | LC_ALL=C sort | tr "\n" " "' names "$work/environment"
else
  say 'skipped: strace is not there, or may not trace here'
fi

# An AWS tool below it, and the next step.
python=$(python_has aws)
check_output 'the AWS CLI acts as the role' arn:aws:sts::123456789012:assumed-role/deploy/CircleCI \
  exec_in_job "$python/bin/aws" sts get-caller-identity --query Arn --output text
check_output 'and finds the endpoint' arn:aws:sts::123456789012:assumed-role/deploy/CircleCI \
  serve_in_job -- "$python/bin/aws" sts get-caller-identity --query Arn --output text
cat >"$work/long.py" <<'PYTHON'
import time, boto3
sts = boto3.client("sts")
keys, failed, until = set(), 0, time.monotonic() + 25
while time.monotonic() < until:
    try:
        sts.get_caller_identity()
        keys.add(boto3.DEFAULT_SESSION.get_credentials().get_frozen_credentials().access_key)
    except Exception as error:
        failed += 1
        print(error)
    time.sleep(0.5)
print("failed:", failed, "renewed:", len(keys) > 2)
PYTHON
check_output 'boto3 works longer than its credentials live' 'failed: 0 renewed: True' \
  serve_in_job --scope-duration 10s -- "$python/bin/python" "$work/long.py"

# What keeps the token stays closed to other processes of its user; what root reads is root's.
if [ "$(id -u)" -eq 0 ] && command -v setpriv >/dev/null; then
  chmod o+x "$work" "$work/sts" && chmod o+r "$work/sts/ca.pem"
  other() { setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; }
  cp "$binary" "$work/program"
  mkfifo -m 666 "$work/serving"
  (cd / && exec setpriv --reuid 65534 --regid 65534 --clear-groups env -i "PATH=$PATH" HOME=/nonexistent \
    "AWS_CA_BUNDLE=$work/sts/ca.pem" "AWS_ENDPOINT_URL_STS=${sts[AWS_ENDPOINT_URL_STS]}" "CIRCLE_OIDC_TOKEN_V2=$token" \
    "$work/program" exec --serve --role-arn "$role" --region eu-west-1 -- sh -c "echo \$PPID \$\$ >'$work/serving'; exec sleep 60" 2>"$work/stderr") &
  run=$!
  read -r above process <"$work/serving"
  check 'the environment of the command is readable, as ever' other grep -qz AWS_REGION "/proc/$process/environ"
  for file in environ mem; do
    check_fails "its user cannot read /proc/PID/$file of the program above it" other head -c 1 "/proc/$above/$file"
  done
  kill "$above"
  wait "$run" 2>/dev/null || true
else
  say 'skipped: only root can become another user to look at'
fi
check_fails 'the next step has no credentials' in_job "$python/bin/aws" sts get-caller-identity
checks_done
