#!/usr/bin/env bash
# Each way of starting an AWS tool after `assume`, in each of the four modes: the tool finds the credentials of the role, all
# of them, or the step's own, or none, as the table in scripts/lib/ways.sh says. It never finds half of them or another role. What `--verify` says is compared with STS, too.
# The tool is botocore's search for credentials, as the AWS CLI has it. Each mode is one job. Took 98 s on 2 busy cores.
# usage: scripts/end-to-end/steps.sh BINARY
#        scripts/end-to-end/steps.sh --table     (prints the table of docs/steps.md)
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"
# shellcheck source=scripts/lib/ways.sh
. "$root/scripts/lib/ways.sh"

modes=(environment profile credential-process endpoint)

# print_table: all ways in Markdown, a table for each group.
print_table() {
  group() {
    printf '\n**%s**\n\n| way | %s | %s | %s | %s |\n|---|---|---|---|---|\n' "$1" "${modes[@]}"
  }
  way() { printf '| %s | %s | %s | %s | %s |\n' "${@:1:5}"; }
  all_ways
}
if [ "$1" = --table ]; then
  print_table
  exit
fi
page=$(sed -n '/^<!-- ways: begin/,/^<!-- ways: end/p' "$root/docs/steps.md" | sed '1d;$d')
check_output 'the page has the table of these ways' "$(print_table)" printf '%s' "$page"

# shellcheck source=scripts/lib/job.sh
. "$root/scripts/lib/job.sh"
tox=$(python_has tox)/bin
apt_has /usr/bin/aws=awscli sudo=sudo tmux=tmux direnv=direnv zsh=zsh fish=fish make=make dash=dash
busybox=$(dirname "$(apt_unpacked busybox-static bin/busybox)")

trust=$root/scripts/end-to-end/policies/example-project.json
deploy=arn:aws:iam::123456789012:role/deploy
start_local_sts --trust "$deploy=$trust" --trust "arn:aws:iam::123456789012:role/production=$trust"
mapfile -t sts_env <"$work/sts/env"

# The tool, for every user of this machine: it prints a digest of all three values together, so that half of them is
# another digest.
cat >"$work/tool" <<'END'
#!/usr/bin/python3 -I
import hashlib, os, sys
from awscli.botocore.session import Session
# Of the same copy of botocore.
from botocore.exceptions import BotoCoreError

os.environ["AWS_EC2_METADATA_DISABLED"] = "true"
session = Session()
try:
    found = session.get_credentials()
    found = found and found.get_frozen_credentials()
except (BotoCoreError, OSError) as error:
    print(error, file=sys.stderr)
    found = None
if found:
    values = "\n".join([found.access_key, found.secret_key, found.token or ""])
    print("found", hashlib.sha256(values.encode()).hexdigest(), session.get_config_variable("region"))
else:
    print("found none")
END
mkdir -p "$work/bin" "$work/links" "$work/project"
printf '#!/bin/bash\n"$TOOL"\n' >"$work/project/bash-script"
chmod 755 "$work/tool" "$work/project/bash-script"
# Other users can pass through it.
chmod 711 "$work"
# A line of `credential_process` needs this name.
install -m 755 "$1" "$work/bin/circleci-aws-oidc"
ln -s "$(command -v bash)" "$work/links/sh"
own_key=AKIAIOSFODNN7EXAMPLE own_secret=wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY

# In seconds.
step_limit=60
# step SCRIPT [VARIABLE=VALUE...]: as CircleCI runs a step of the job, in the shell of the array `shell`.
step() {
  (cd "$work/project" && exec timeout "$step_limit" env -i "PATH=$work/bin:$tox:$busybox:$PATH" "HOME=$job/home" "BASH_ENV=$job/bash_env" \
    CIRCLECI=true CIRCLE_PROJECT_REPONAME=example-app CIRCLE_BUILD_NUM=1 CIRCLE_NODE_INDEX=0 \
    CIRCLE_WORKFLOW_JOB_ID=11111111-1111-4111-8111-111111111111 "${sts_env[@]}" \
    "TOOL=$work/tool" "HERE=$here" "SERVERS=$job/servers" "OWN=$job/own" "OWN_KEY=$own_key" "OWN_SECRET=$own_secret" \
    "TOX_WORK_DIR=$work/tox" PRODUCTION=arn:aws:iam::123456789012:role/production CIRCLECI_AWS_OIDC_REGION=eu-west-1 "${@:2}" "${shell[@]}" "$1")
}
circleci_shell=(bash -eo pipefail -c)
session=arn:aws:sts::123456789012:assumed-role/deploy/CircleCI-example-app-1
ask_sts='/usr/bin/aws --endpoint-url "$AWS_ENDPOINT_URL_STS" sts get-caller-identity --query Arn --output text'

# found FILE: what the tool has printed last.
found() { sed -n 's/^found //p' "$1" | tail -n 1; }

# start_earlier_processes: what an earlier step of the job leaves running: two processes that wait for a line, and tmux, for ten
# minutes at most.
start_earlier_processes() {
  mkfifo "$job/servers/tool.ask" "$job/servers/tool.answer" "$job/servers/bash.ask" "$job/servers/bash.answer"
  step '
    setsid timeout 600 sh -c '\''read -r go <"$SERVERS/tool.ask"; "$TOOL" >"$SERVERS/tool.answer"'\'' >"$SERVERS/log" 2>&1 &
    setsid timeout 600 sh -c '\''read -r go <"$SERVERS/bash.ask"; ./bash-script >"$SERVERS/bash.answer"'\'' >"$SERVERS/log" 2>&1 &
    tmux -S "$SERVERS/tmux" -f /dev/null new-session -d "sleep 600" \; set-option -g default-shell /bin/sh' </dev/null >/dev/null
}

# start_job MODE: the job up to the end of the step that assumes the role. $ours is what that step has handed out.
start_job() {
  mode=$1 job=$work/$1 here=$work/$1 shell=("${circleci_shell[@]}")
  mkdir -p "$job/home/.aws" "$job/servers"
  printf '[production]\naws_access_key_id = %s\naws_secret_access_key = %s\n' "$own_key" "$own_secret" >"$job/home/.aws/credentials"
  chmod -R go= "$job/home"
  # Other steps write to the file, too.
  echo "export EARLIER=1" >"$job/bash_env"
  start_earlier_processes
  if [ "$mode" = endpoint ]; then
    # It serves until the mode is through, which takes minutes on a busy machine.
    step_limit=900 step "exec circleci-aws-oidc serve --role-arn $deploy" 2>"$job/served" &
    job_servers+=($!)
  fi
  step "circleci-aws-oidc assume --mode $mode --role-arn $deploy --verify" >"$job/log" 2>&1 || broken "$mode: assume" "$(cat "$job/log")"
  check "$mode: assume says that the next step is verified" grep -q '^verified: ' "$job/log"
  check_output "$mode: STS names the session of the next step" "$session" step "$ask_sts"
  step '"$TOOL"' >"$job/found"
  ours=$(found "$job/found")
  [ "${ours#* }" = eu-west-1 ] || broken "$mode: the next step has the Region" "$ours"
  ours=${ours% *}
}

end_job_of_mode() {
  # `serve` of the job ends with it.
  shell=("${circleci_shell[@]}")
  [ "$mode" != endpoint ] || step 'circleci-aws-oidc clear --quiet'
  tmux -S "$job/servers/tmux" kill-server 2>/dev/null || true
}

user_keys=$(printf '%s\n%s\n' "$own_key" "$own_secret" | sha256sum | cut -d' ' -f1)
# name_of FOUND: the word of the table for what the tool has found.
name_of() {
  local own=$user_keys
  [ ! -e "$job/own" ] || own=$(found "$job/own" | cut -d' ' -f1)
  case $1 in
  "$ours eu-west-1") echo arrives ;;
  "$ours us-west-2") echo 'arrives, own Region' ;;
  "$own "*) echo own ;;
  none) echo lost ;;
  *) echo "neither: $1" ;;
  esac
}

declare -A missing=()
# is_missing NEED: looked for once.
is_missing() {
  if [ -z "${missing[$1]:-}" ]; then
    missing[$1]=true
    case $1 in
    root) [ "$(id -u)" -ne 0 ] || missing[$1]=false ;;
    nobody) ! su -s /bin/sh nobody -c "$work/tool" >/dev/null 2>&1 || missing[$1]=false ;;
    unshare) ! unshare --net --mount true 2>/dev/null || missing[$1]=false ;;
    *) ! PATH="$tox:$PATH" command -v "$1" >/dev/null || missing[$1]=false ;;
    esac
  fi
  "${missing[$1]}"
}

cells=0 skipped=0 failed=0 ways=0
group() { printf '%s: %s\n' "$mode" "$1"; }
way() {
  local name=$1 expected option script needs='' variables=() got
  shell=("${circleci_shell[@]}")
  case $mode in
  environment) expected=$2 ways=$((ways + 1)) ;;
  profile) expected=$3 ;;
  credential-process) expected=$4 ;;
  *) expected=$5 ;;
  esac
  for option in "${@:6}"; do
    case $option in
    shell=*) read -ra shell <<<"${option#shell=}" && shell[0]=${shell[0]/#LINKS/$work/links} ;;
    env=*) option=${option#env=} && option=${option/%=OWN_KEY/=$own_key} && variables+=("${option/%=OWN_SECRET/=$own_secret}") ;;
    needs=*) needs=${option#*=} ;;
    *) broken "the ways can be read" "$option" ;;
    esac
  done
  script=$(cat)
  for option in $needs; do
    if is_missing "$option"; then
      say "skipped: $mode, $name (no $option)"
      skipped=$((skipped + 1))
      return
    fi
  done
  here=$(mktemp -d "$work/here.XXXXXX")
  rm -f "$job/own"
  step "$script" "${variables[@]}" >"$here/log" 2>&1 </dev/null || true
  got=$(found "$here/log")
  got=$(name_of "$got")
  if [ "$got" = "$expected" ]; then
    cells=$((cells + 1))
  else
    failed=$((failed + 1))
    printf 'FAILED: %s, %s\n  expected: %s\n       got: %s\n' "$mode" "$name" "$expected" "$got" >&2
    sed 's/^/  /' "$here/log" >&2
  fi
}

verified=0 unverified=0 wrongly=0
# bash_env NAME: `assume --verify`, in a step that sh runs, after earlier steps have left this in the file of BASH_ENV. What
# is verified has to be what STS says in the next step that bash runs.
bash_env() {
  local file
  file=$(mktemp "$work/bash-env.XXXXXX")
  cat >"$file"
  shell=(sh -ec)
  step "circleci-aws-oidc assume --mode $mode --role-arn $deploy --verify" "BASH_ENV=$file" >"$file.log" 2>&1 || true
  if ! grep -q '^verified: ' "$file.log"; then
    unverified=$((unverified + 1))
    return
  fi
  shell=("${circleci_shell[@]}")
  step "$ask_sts" "BASH_ENV=$file" >"$file.seen" 2>&1 </dev/null || true
  if [ "$(tail -n 1 "$file.seen")" = "$session" ]; then
    verified=$((verified + 1))
  else
    wrongly=$((wrongly + 1))
    printf 'FAILED: %s, BASH_ENV with %s is verified wrongly\n' "$mode" "$1" >&2
    sed 's/^/  /' "$file.log" "$file.seen" >&2
  fi
}

for mode in "${modes[@]}"; do
  start_job "$mode"
  all_ways
  files_of_bash_env
  end_job_of_mode
done

# A container that reads a dotenv file, as `docker run --env-file` does: each line as it is.
job=$work/dotenv here=$work/dotenv shell=("${circleci_shell[@]}")
mkdir -p "$job/home"
step "circleci-aws-oidc assume --quiet --to dotenv:aws.env --role-arn $deploy"
mapfile -t lines <"$work/project/aws.env"
env -i HOME="$job/home" PATH=/usr/bin:/bin "${lines[@]}" "$work/tool" >"$here/log"
value() { sed -n "s/^$1=//p" "$work/project/aws.env"; }
handed_out=$(printf '%s\n%s\n%s' "$(value AWS_ACCESS_KEY_ID)" "$(value AWS_SECRET_ACCESS_KEY)" "$(value AWS_SESSION_TOKEN)" | sha256sum)
check_output 'a container with the lines of `dotenv:` has the credentials' "${handed_out%% *} eu-west-1" found "$here/log"
step 'circleci-aws-oidc clear --quiet --to dotenv:aws.env'
mapfile -t lines <"$work/project/aws.env"
env -i HOME="$job/home" PATH=/usr/bin:/bin "${lines[@]}" "$work/tool" >"$here/log"
check_output 'and after `clear` it has none' none found "$here/log"

printf 'cells: %s of %s ways in %s modes as the table says, %s not, %s skipped\n' "$cells" "$ways" "${#modes[@]}" "$failed" "$skipped"
printf 'files of BASH_ENV under --verify: %s verified, %s not verified, %s verified wrongly\n' "$verified" "$unverified" "$wrongly"
check 'nothing is verified wrongly' test "$wrongly" -eq 0
[ "$failed" -eq 0 ] || broken 'each cell is as the table says'
checks_done
