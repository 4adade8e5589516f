#!/usr/bin/env bash
# Signals at random moments of a run: the files of a set are all new or all old, nothing else stays behind, and the shell
# sees by which signal the program ended.
# usage: scripts/end-to-end/signals.sh BINARY [ROUNDS]
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"
# shellcheck source=scripts/lib/job.sh
. "$root/scripts/lib/job.sh"

binary=$1 rounds=${2:-300}
role=arn:aws:iam::123456789012:role/deploy
start_local_sts --trust "$role=$root/scripts/end-to-end/policies/example-project.json" --fault "$role=delay:30"
project=$work/project home=$work/home
destinations=(--to bash-env --to profile:prod --to dotenv:out.env)
assume=(assume --role-arn "$role" "${destinations[@]}")
set_of_files=(bash-env out.env ../home/.aws/credentials ../home/.aws/config)

# become COMMAND...: the program takes the place of this shell. Started by a shell in the background, it would ignore SIGINT.
become() {
  cd "$project"
  exec env --default-signal=INT,HUP,TERM,QUIT -i "PATH=$PATH" "HOME=$home" "BASH_ENV=$project/bash-env" \
    "AWS_CA_BUNDLE=$work/sts/ca.pem" "AWS_ENDPOINT_URL_STS=${sts[AWS_ENDPOINT_URL_STS]}" AWS_REGION=eu-west-1 \
    "CIRCLE_OIDC_TOKEN_V2=${sts[CIRCLE_OIDC_TOKEN_V2]}" "$binary" "$@" 2>"$work/stderr"
}
start() { (become "$@"); }

# Half of the rounds begin with no file, half with files that are to be changed.
anew() {
  rm -rf "$project" "$home"
  mkdir "$project" "$home"
  if [ $(($1 % 2)) -eq 0 ]; then
    mkdir "$home/.aws"
    printf 'export MINE=1\n' >"$project/bash-env"
    printf 'MINE=1\n' >"$project/out.env"
    printf '[mine]\nregion = eu-west-2\n' | tee "$home/.aws/credentials" >"$home/.aws/config"
  fi
}
contents() { (cd "$work" && find project home -printf '%p %y %m\n' | LC_ALL=C sort && find project home -type f -exec cksum {} + | LC_ALL=C sort); }

# new_files: how many files of the set hold what this run writes.
new_files() {
  local file count=0
  for file in "${set_of_files[@]}"; do
    ! grep -qsE 'ASIA|profile prod' "$project/$file" || count=$((count + 1))
  done
  printf '%s\n' "$count"
}
strays() { find "$project" "$home" -name '.*' ! -name .aws -type f | wc -l; }

anew 1
began=$(date +%s%N)
start "${assume[@]}"
took=$((($(date +%s%N) - began) / 1000))
say "a run takes $((took / 1000)) ms"
mixed=0 left=0 changed=0 other=0
signals=(TERM INT HUP QUIT ALRM USR1 XCPU)
declare -A ended=()
for ((round = 1; round <= rounds; round++)); do
  signal=${signals[round%${#signals[@]}]}
  anew "$round"
  before=$(contents)
  become "${assume[@]}" &
  run=$!
  # Two of three in the second half of the run, where files are written.
  moment=$((RANDOM * took / 32768))
  [ $((RANDOM % 3)) -eq 0 ] || moment=$((took / 2 + moment / 2))
  sleep "$(printf '0.%06d' "$moment")"
  kill -s "$signal" "$run" 2>/dev/null || true
  status=0
  wait "$run" 2>/dev/null || status=$?
  case $status in
  0) ended[0]=$((${ended[0]:-0} + 1)) ;;
  $((128 + $(kill -l "$signal")))) ended[$signal]=$((${ended[$signal]:-0} + 1)) ;;
  *) other=$((other + 1)) && say "exit code $status after SIG$signal: $(cat "$work/stderr")" ;;
  esac
  case $(new_files) in
  0) [ "$(contents)" = "$before" ] || { changed=$((changed + 1)) && diff <(printf '%s\n' "$before") <(contents) >&2 || true; } ;;
  4) ;;
  *) mixed=$((mixed + 1)) ;;
  esac
  left=$((left + $(strays)))
done
say "$rounds signals: ended by itself ${ended[0]:-0}$(for signal in "${signals[@]}"; do printf ', by %s %s' "$signal" "${ended[$signal]:-0}"; done)"
check_output "of $rounds signals none leaves a mixed set, a staging file or another change" '0 0 0 0' \
  printf '%s %s %s %s' "$mixed" "$left" "$changed" "$other"

# SIGKILL cannot wait. What it leaves is gone after the next run, or after `clear`.
seen=0 left=0
for ((round = 1; round <= rounds / 3; round++)); do
  anew "$round"
  become "${assume[@]}" &
  run=$!
  sleep "$(printf '0.%06d' "$((took * 6 / 10 + RANDOM * took / 32768 / 2))")"
  kill -s KILL "$run" 2>/dev/null || true
  wait "$run" 2>/dev/null || true
  [ "$(strays)" -eq 0 ] || seen=$((seen + 1))
  if [ $((round % 4)) -lt 2 ]; then start "${assume[@]}"; else start clear "${destinations[@]}"; fi
  left=$((left + $(strays)))
done
say "$((rounds / 3)) times SIGKILL: a staging file was left $seen times"
check_output 'after the next run or `clear` no staging file is left' 0 printf '%s' "$left"

# A file as a killed run leaves it.
for command in assume clear; do
  anew 2
  for directory in "$project" "$home/.aws"; do printf 'secret' >"$directory/.circleci-aws-oidc-0123456789abcdef.tmp"; done
  if [ "$command" = assume ]; then start "${assume[@]}"; else start clear "${destinations[@]}"; fi
  check_output "$command removes what a killed run has left" 0 strays
done
# `nohup` and background processes of a shell ignore signals: that stays so.
anew 1
(trap '' HUP INT && touch "$work/ignores" && cd "$project" && exec env -i "HOME=$home" "BASH_ENV=$project/bash-env" "AWS_CA_BUNDLE=$work/sts/ca.pem" \
  "AWS_ENDPOINT_URL_STS=${sts[AWS_ENDPOINT_URL_STS]}" "CIRCLE_OIDC_TOKEN_V2=${sts[CIRCLE_OIDC_TOKEN_V2]}" \
  "$binary" assume --role-arn "$role" --to bash-env --verify) 2>"$work/stderr" &
run=$!
until [ -e "$work/ignores" ]; do sleep 0.01; done
while kill -s HUP "$run" 2>/dev/null && kill -s INT "$run" 2>/dev/null; do sleep 0.005; done
check 'a run that ignores SIGHUP and SIGINT is not ended by them' wait "$run"
checks_done
