#!/usr/bin/env bash
# Who can change what is read or written: directories, links and hard links of other users, with real users. Every
# destination and every reader of what decides about credentials is tried with every kind.
# usage: scripts/end-to-end/directories.sh BINARY
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"
# shellcheck source=scripts/lib/job.sh
. "$root/scripts/lib/job.sh"

if [ "$(id -u)" -ne 0 ]; then
  printf 'skipped: only root can act as several users\n'
  exit 0
fi
apt_has useradd=passwd setfacl=acl
role=arn:aws:iam::123456789012:role/deploy
start_local_sts --trust "$role=$root/scripts/end-to-end/policies/example-project.json"
# Other users enter neither the directory of this tree nor that of mktemp.
chmod 755 "$work"
install -m 755 "$1" "$work/circleci-aws-oidc"
install -m 644 "$work/sts/ca.pem" "$work/ca.pem"
binary=$work/circleci-aws-oidc
user=oidc-user-$$ other=oidc-other-$$ team=oidc-team-$$
end_users() {
  gpasswd -d "$other" "$user" || true
  userdel "$user" || true
  userdel "$other" || true
  groupdel "$team" || true
  end_job
} >/dev/null 2>&1
trap end_users EXIT
useradd --create-home --home-dir "$work/user" --shell /bin/bash "$user"
useradd --create-home --home-dir "$work/other" --shell /bin/bash "$other"
groupadd "$team"
usermod -aG "$team" "$user"

# as USER HOME VARIABLE=VALUE... -- ARGUMENTS...: the binary in a step of this user.
as() {
  local name=$1 home=$2 variables=()
  shift 2
  while [ "$1" != -- ]; do variables+=("$1") && shift; done
  shift
  (cd / && setpriv --reuid "$name" --regid "$name" --init-groups env -i PATH=/usr/bin:/bin "HOME=$home" \
    "AWS_CA_BUNDLE=$work/ca.pem" "AWS_ENDPOINT_URL_STS=${sts[AWS_ENDPOINT_URL_STS]}" \
    "CIRCLECI_AWS_OIDC_ROLE_ARN=$role" CIRCLECI_AWS_OIDC_REGION=eu-west-1 \
    "CIRCLE_OIDC_TOKEN_V2=${sts[CIRCLE_OIDC_TOKEN_V2]}" "${variables[@]}" timeout 20 "$binary" "$@")
}

# refused CLAIM STATUS TEXT -- as …: the command ends with this status and says this.
refused() {
  local claim=$1 expected=$2 text=$3 output status=0
  shift 4
  output=$("$@" 2>&1) || status=$?
  [ "$status" -eq "$expected" ] || broken "$claim" "exit code $status, not $expected" "$output"
  [[ "$output" == *"$text"* ]] || broken "$claim" "not said: $text" "$output"
  [[ "$output" == *'hint: '* ]] || broken "$claim" 'without a hint' "$output"
  held "$claim"
}

# A directory of each kind for its user; `place` is where the files are to be.
of_other() { install -d -o "$other" -g "$other" -m 1777 "$dir" && place=$dir; }
of_other_above() { of_other && install -d -o "$1" -g "$1" -m 700 "$dir/own" && place=$dir/own; }
of_all() { install -d -m 777 "$dir" && place=$dir; }
of_all_above() { of_all && install -d -o "$1" -g "$1" -m 700 "$dir/own" && place=$dir/own; }
of_team() { install -d -g "$team" -m 770 "$dir" && place=$dir; }
link_of_other() {
  install -d -m 755 "$dir" && install -d -o "$1" -g "$1" -m 700 "$dir/own"
  ln -s "$dir/own" "$dir/link" && chown -h "$other:$other" "$dir/link" && place=$dir/link
}
sticky() { install -d -m 1777 "$dir" && place=$dir; }
sticky_above() { sticky && install -d -o "$1" -g "$1" -m 700 "$dir/own" && place=$dir/own; }
link_of_own() {
  install -d -o "$1" -g "$1" -m 755 "$dir" "$dir/own"
  ln -s "$dir/own" "$dir/link" && chown -h "$1:$1" "$dir/link" && place=$dir/link
}
private_group() { install -d -o "$1" -g "$1" -m 775 "$dir" && place=$dir; }

# fill USER: what an earlier step or another user has left there; the marker shows that the process ran.
fill() {
  local name
  rm -f "$work/ran"
  printf '[default]\naws_access_key_id = ASIAEARLIER\naws_secret_access_key = x\naws_session_token = y\n' >"$place/credentials"
  printf '[profile p]\ncredential_process = touch %s\n' "$work/marks/ran" >"$place/config"
  printf 'AWS_ACCESS_KEY_ID=ASIAEARLIER\nAWS_SECRET_ACCESS_KEY=x\nAWS_SESSION_TOKEN=y\n' >"$place/out.env"
  install -d -o "$1" -g "$1" -m 700 "$place/.aws"
  for name in credentials config out.env; do chown "$1:$1" "$place/$name" && chmod 600 "$place/$name"; done
  cp -p "$place/credentials" "$place/config" "$place/.aws/"
}
install -d -m 1777 "$work/marks"
printf '[profile q]\nrole_arn = %s\n' "$role" | install -m 644 /dev/stdin "$work/roles"
content() { (cd "$place/" && find . -type f -exec sha256sum {} + | LC_ALL=C sort); }

# said STATUS CLAIM: the last command ended with this status and said the text of the kind.
said() {
  [ "$status" -eq "$1" ] || broken "$2" "exit code $status, not $1" "$(cat "$work/output")"
  check "$2" grep -qF "$text" "$work/output"
}

# try USER KIND: every destination and reader there. Sets `text` before, to what is said; empty if all is accepted.
try() {
  local name=$1 kind=$2 home before command status
  local files=()
  dir=$work/dir && rm -rf "$dir" && "$kind" "$name" && fill "$name"
  home=$(getent passwd "$name" | cut -d: -f6) before=$(content)
  files=("AWS_SHARED_CREDENTIALS_FILE=$place/credentials" "AWS_CONFIG_FILE=$place/config")
  if [ -z "$text" ]; then
    local expected=0
    for command in 'assume --to bash-env' "assume --to dotenv:$place/out.env" 'assume --profile q' 'whoami --profile q' \
      'assume --mode credential-process --profile r' 'whoami --profile r' 'clear --profile q' "clear --to dotenv:$place/out.env" \
      'clear --to bash-env'; do
      # shellcheck disable=SC2086 # the arguments
      as "$name" "$home" "${files[@]}" "BASH_ENV=$place/bash-env" -- $command >"$work/output" 2>&1 ||
        broken "$name, $kind: $command is accepted" "$(cat "$work/output")"
      held "$name, $kind: $command is accepted"
    done
    as "$name" "$place" -- assume --profile q >"$work/output" 2>&1 || broken "$name, $kind: HOME is accepted" "$(cat "$work/output")"
    held "$name, $kind: HOME is accepted"
    return
  fi
  refused "$name, $kind: assume --profile" 6 "$text" -- as "$name" "$home" "${files[@]}" -- assume --profile q
  refused "$name, $kind: assume --profile in HOME" 6 "$text" -- as "$name" "$place" -- assume --profile q
  refused "$name, $kind: assume --mode credential-process" 6 "$text" \
    -- as "$name" "$place" -- assume --mode credential-process --profile q
  refused "$name, $kind: the state directory alone" 6 "$text" -- as "$name" "$place" \
    "AWS_SHARED_CREDENTIALS_FILE=$home/c" "AWS_CONFIG_FILE=$home/k" -- assume --mode credential-process --profile q
  refused "$name, $kind: assume --mode endpoint" 6 "$text" -- as "$name" "$place" "BASH_ENV=$home/none" \
    "AWS_SHARED_CREDENTIALS_FILE=$home/c" "AWS_CONFIG_FILE=$home/k" -- assume --mode endpoint --deadline 2s
  refused "$name, $kind: profiles" 6 "$text" -- as "$name" "$home" "${files[@]}" -- profiles --config-file "$work/roles"
  status=0
  as "$name" "$home" -- preflight --to "dotenv:$place/out.env" >"$work/output" 2>&1 || status=$?
  said 8 "$name, $kind: preflight says it"
  refused "$name, $kind: serve" 6 "$text" -- as "$name" "$place" -- serve
  refused "$name, $kind: assume --to dotenv" 6 "$text" -- as "$name" "$home" -- assume --to "dotenv:$place/out.env"
  refused "$name, $kind: a new dotenv file" 6 "$text" -- as "$name" "$home" -- assume --to "dotenv:$place/new.env"
  refused "$name, $kind: assume --to bash-env" 6 "$text" -- as "$name" "$home" "BASH_ENV=$place/out.env" -- assume
  refused "$name, $kind: a new file for BASH_ENV" 6 "$text" -- as "$name" "$home" "BASH_ENV=$place/new" -- assume
  refused "$name, $kind: clear --profile" 6 "$text" -- as "$name" "$home" "${files[@]}" -- clear --profile default
  refused "$name, $kind: clear --to dotenv" 6 "$text" -- as "$name" "$home" -- clear --to "dotenv:$place/out.env"
  refused "$name, $kind: clear --to bash-env" 6 "$text" -- as "$name" "$home" "BASH_ENV=$place/out.env" -- clear
  for command in default p; do
    refused "$name, $kind: whoami --profile $command" 2 "$text" -- as "$name" "$home" "${files[@]}" -- whoami --profile "$command"
    refused "$name, $kind: whoami --profile $command in HOME" 2 "$text" -- as "$name" "$place" -- whoami --profile "$command"
  done
  # A success prints nothing on stderr (docs/long-jobs.md); preflight has said above why nothing can be kept there.
  as "$name" "$place" -- credential-process >"$work/output" 2>"$work/stderr" ||
    broken "$name, $kind: credential-process prints credentials" "$(cat "$work/stderr")"
  check "$name, $kind: credential-process prints credentials" grep -q '"AccessKeyId":"ASIA' "$work/output"
  check_output "$name, $kind: credential-process says nothing" '' cat "$work/stderr"
  check_output "$name, $kind: nothing there has changed" "$before" content
  check_fails "$name, $kind: no process of that file has run" test -e "$work/marks/ran"
}

number() { id -u "$1"; }
for name in "$user" root; do
  text="belongs to user $(number "$other") (mode 1777)" && [ "$name" = root ] || try "$name" of_other
  [ "$name" = root ] || try "$name" of_other_above
  text='all users can replace what is in directory'
  try "$name" of_all
  try "$name" of_all_above
  text="the users of group $(getent group "$team" | cut -d: -f3) can replace what is in directory"
  [ "$name" = root ] || try "$name" of_team
  text="is a link of user $(number "$other")"
  [ "$name" = root ] || try "$name" link_of_other
  text=''
  for kind in sticky sticky_above link_of_own private_group; do try "$name" "$kind"; done
done

# The group of one user, and what makes it a group of two.
gpasswd -a "$other" "$user" >/dev/null
text="the users of group $(id -g "$user") can replace what is in directory" && try "$user" private_group
gpasswd -d "$other" "$user" >/dev/null
dir=$work/dir && rm -rf "$dir" && private_group "$user" && setfacl -m "u:$other:rwx" "$dir"
refused 'an access list names a second user' 6 "$text" -- as "$user" "$work/user" -- assume --to "dotenv:$dir/out.env"

# The file itself.
rm -rf "$dir" && install -d -o "$user" -g "$user" -m 755 "$dir" && place=$dir && fill "$user" && chmod 666 "$dir/config"
refused 'whoami does not run a process from a file that all users can write to' 2 'all users can change' \
  -- as "$user" "$work/user" "AWS_CONFIG_FILE=$dir/config" -- whoami --profile p
check_fails 'the process has not run' test -e "$work/marks/ran"
refused 'assume does not make that file private with the process in it' 6 'all users can change' \
  -- as "$user" "$work/user" "AWS_SHARED_CREDENTIALS_FILE=$dir/credentials" "AWS_CONFIG_FILE=$dir/config" -- assume --profile q
check_output 'it stays what it is' 666 stat -c %a "$dir/config"

# Root in the home of a user, and a third user.
victim=$work/other
install -d -o "$other" -g "$other" -m 700 "$victim/.aws"
printf '[default]\naws_access_key_id = ASIAVICTIM\naws_secret_access_key = x\naws_session_token = y\n' |
  install -o "$other" -g "$other" -m 600 /dev/stdin "$victim/.aws/credentials"
printf 'AWS_ACCESS_KEY_ID=ASIAVICTIM\nAWS_SECRET_ACCESS_KEY=x\nAWS_SESSION_TOKEN=y\n' |
  install -o "$other" -g "$other" -m 600 /dev/stdin "$victim/out.env"
before=$(cd "$victim" && find . -type f -exec sha256sum {} + | LC_ALL=C sort)
unchanged() { (cd "$victim" && find . -type f -exec sha256sum {} + | LC_ALL=C sort); }
rm -rf "$work/user/.aws"
ln -s "$victim/.aws" "$work/user/.aws"
ln -s "$victim" "$work/user/v"
ln -s "$victim/out.env" "$work/user/out.env"
chown -h "$user:$user" "$work/user/.aws" "$work/user/v" "$work/user/out.env"
text="belongs to user $(number "$other")"
through=("AWS_SHARED_CREDENTIALS_FILE=$work/user/v/.aws/credentials" "AWS_CONFIG_FILE=$work/user/v/.aws/config")
for command in 'assume --profile p' 'assume --mode credential-process' 'clear --profile default' 'whoami'; do
  status=6 && [ "$command" != whoami ] || status=2
  # shellcheck disable=SC2086 # the arguments
  refused "root, a link to a third user as ~/.aws: $command" "$status" "$text" -- as root "$work/user" -- $command
  [ "$command" != 'assume --mode credential-process' ] || continue
  # shellcheck disable=SC2086 # the arguments
  refused "root, the same in a path: $command" "$status" "$text" -- as root /root "${through[@]}" -- $command
done
for path in v/out.env out.env; do
  refused "root, $path leads to a third user: assume" 6 "$text" -- as root /root -- assume --to "dotenv:$work/user/$path"
  refused "root, $path leads to a third user: clear" 6 "$text" -- as root /root -- clear --to "dotenv:$work/user/$path"
  refused "root, $path leads to a third user: bash-env" 6 "$text" -- as root /root "BASH_ENV=$work/user/$path" -- assume
  refused "root, $path leads to a third user: clear of bash-env" 6 "$text" -- as root /root "BASH_ENV=$work/user/$path" -- clear
done
check_output 'the third user has the same files' "$before" unchanged
as root "$work/other" -- assume --quiet --profile p
check 'root in the home of a user without such links' grep -q '^\[p\]' "$victim/.aws/credentials"
check_output 'whose files stay the user'"'"'s' "$other" stat -c %U "$victim/.aws/credentials"

# Hard links, which the system's fs.protected_hardlinks forbids or does not.
rm -rf "$dir" && install -d -m 1777 "$dir" "$dir/shared" && install -d -m 700 "$dir/secret"
printf 'AWS_ACCESS_KEY_ID=ASIAROOT\nAWS_SECRET_ACCESS_KEY=x\nAWS_SESSION_TOKEN=y\n' >"$dir/secret/of-root"
install -o "$user" -g "$user" -m 600 "$dir/secret/of-root" "$dir/secret/of-user"
before=$(cd "$dir/secret" && sha256sum -- *)
text='names (hard links) of a file of user'
# A second name in the home of another user, and in a directory of all users.
for where in "$work/user" "$dir/shared"; do
  for file in of-root:root of-user:"$user"; do
    name=${file#*:} && ln -f "$dir/secret/${file%:*}" "$where/twin"
    # A user's own file in the user's own home.
    if [ "$name" = root ] || [ "$where" != "$work/user" ]; then
      refused "${file%:*} in $where as BASH_ENV" 6 "$text" -- as "$name" /root "BASH_ENV=$where/twin" -- assume
      refused "${file%:*} in $where as BASH_ENV of clear" 6 "$text" -- as "$name" /root "BASH_ENV=$where/twin" -- clear
      refused "${file%:*} in $where as GITHUB_ENV" 6 "$text" -- as "$name" /root "GITHUB_ENV=$where/twin" -- assume
      refused "${file%:*} in $where as a dotenv file" 6 "$text" -- as "$name" /root -- assume --to "dotenv:$where/twin"
      refused "${file%:*} in $where as the credentials file" 6 "$text" \
        -- as "$name" /root "AWS_SHARED_CREDENTIALS_FILE=$where/twin" "AWS_CONFIG_FILE=$work/none/config" -- clear --profile default
      refused "${file%:*} in $where, read by whoami" 2 "$text" \
        -- as "$name" /root "AWS_SHARED_CREDENTIALS_FILE=$where/twin" -- whoami
    fi
    rm -f "$where/twin"
  done
done
ln "$dir/secret/of-user" "$dir/shared/twin"
refused 'a hard link to a file of another user in a directory of all users' 6 'belongs to another user' \
  -- as root /root "AWS_SHARED_CREDENTIALS_FILE=$dir/shared/twin" "AWS_CONFIG_FILE=$work/none/config" -- clear --profile default
check_output 'their files are the same' "$before" bash -c "cd '$dir/secret' && sha256sum -- *"

# The files of GitHub's runner in a container: directories of the runner, and the step is root.
rm -rf "$dir" && install -d -m 777 "$dir" && install -d -o "$user" -g "$user" -m 755 "$dir/commands"
install -o "$user" -g "$user" -m 644 /dev/null "$dir/commands/env"
as root /root "GITHUB_ENV=$dir/commands/env" -- assume --quiet >/dev/null
check 'GITHUB_ENV of a runner with another number gets the credentials' grep -q AWS_ACCESS_KEY_ID "$dir/commands/env"
checks_done
