#!/usr/bin/env bash
# The file of BASH_ENV while other steps append to it: `assume` and `clear` lose no line of theirs, and leave no secret.
# usage: scripts/end-to-end/writers.sh BINARY [ROUNDS]
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"
# shellcheck source=scripts/lib/job.sh
. "$root/scripts/lib/job.sh"

binary=$1 rounds=${2:-200}
role=arn:aws:iam::123456789012:role/deploy
start_local_sts --trust "$role=$root/scripts/end-to-end/policies/example-project.json"
file=$work/tmp/bash-env
mkdir "$work/tmp" "$work/home" "$work/lines"
cli() {
  env -i "PATH=$PATH" "HOME=$work/home" "BASH_ENV=$file" "AWS_CA_BUNDLE=$work/sts/ca.pem" AWS_REGION=eu-west-1 \
    "AWS_ENDPOINT_URL_STS=${sts[AWS_ENDPOINT_URL_STS]}" "CIRCLE_OIDC_TOKEN_V2=${sts[CIRCLE_OIDC_TOKEN_V2]}" \
    "$binary" "$@" 2>"$work/stderr" || broken "$1 ends with 0" "$(cat "$work/stderr")"
}

# writer NAME: appends numbered lines until it is told to stop, and records how many. Every second writer takes its time
# between opening the file and writing to it.
writer() {
  local count=0
  while [ ! -e "$work/stop" ]; do
    exec 9>>"$file"
    [ $(($1 % 2)) -eq 0 ] || sleep 0.01
    count=$((count + 1))
    printf 'export W%s_%s=1\n' "$1" "$count" >&9
    exec 9>&-
    sleep 0.02
  done
  printf '%s\n' "$count" >"$work/lines/$1"
}

printf 'export FIRST=1\n' >"$file"
chmod 644 "$file"
writers=()
for name in 1 2 3 4 5 6 7 8; do
  writer "$name" &
  writers+=($!)
done
for ((round = 1; round <= rounds; round++)); do
  # As another program could leave it: then the file is replaced before the secret is in it.
  [ $((round % 10)) -ne 0 ] || chmod 644 "$file"
  cli assume --role-arn "$role" --to bash-env --quiet
  cli clear --to bash-env --quiet
done
touch "$work/stop"
wait "${writers[@]}"

expected=1
printf 'export FIRST=1\n' >"$work/expected"
for name in 1 2 3 4 5 6 7 8; do
  count=$(cat "$work/lines/$name")
  expected=$((expected + count))
  for ((line = 1; line <= count; line++)); do printf 'export W%s_%s=1\n' "$name" "$line"; done >>"$work/expected"
done
grep -v '^$' "$file" | LC_ALL=C sort >"$work/found"
LC_ALL=C sort -o "$work/expected" "$work/expected"
lost=$(LC_ALL=C comm -23 "$work/expected" "$work/found" | wc -l)
more=$(LC_ALL=C comm -13 "$work/expected" "$work/found" | wc -l)
say "$rounds rounds beside 8 writers: $expected lines, $lost lost, $more that nobody wrote"
check_output "no line is lost in $rounds rounds" '0 0' printf '%s %s' "$lost" "$more"
check_output 'no staging file is left' bash-env ls -A "$work/tmp"
check_output 'bash reads the file' ok env -i "BASH_ENV=$file" bash -c 'echo ok'
# Nobody writes any more: a file is byte for byte what it was.
cp "$file" "$work/before"
cli assume --role-arn "$role" --to bash-env --quiet
printf 'export LAST=1\n' | tee -a "$file" >>"$work/before"
cli clear --to bash-env --quiet
check 'without other writers the file is byte for byte what it was' cmp "$file" "$work/before"
checks_done
