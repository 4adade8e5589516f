#!/usr/bin/env bash
# Steps that change the user: real sudo and su, a user with a home directory, another user, root. What sudo takes away is
# said, what root creates in a user's home belongs to the user, and links in that home lead root nowhere.
# usage: scripts/end-to-end/sudo.sh BINARY
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"
# shellcheck source=scripts/lib/job.sh
. "$root/scripts/lib/job.sh"

if [ "$(id -u)" -ne 0 ]; then
  printf 'skipped: only root can create users\n'
  exit 0
fi
apt_has sudo=sudo useradd=passwd dash=dash
busybox=$(apt_unpacked busybox-static bin/busybox)
role=arn:aws:iam::123456789012:role/deploy
start_local_sts --trust "$role=$root/scripts/end-to-end/policies/example-project.json"

# Other users enter neither the directory of this tree nor that of mktemp.
chmod 755 "$work"
install -m 755 "$1" "$work/circleci-aws-oidc"
install -m 755 "$busybox" "$work/busybox"
install -m 644 "$work/sts/ca.pem" "$work/ca.pem"
binary=$work/circleci-aws-oidc
ci=oidc-ci-$$ other=oidc-other-$$
sudoers=/etc/sudoers.d/$ci
# sudo -H writes into the real home of root, which is put back.
root_aws=$(getent passwd root | cut -d: -f6)/.aws
[ ! -e "$root_aws" ] || cp -a "$root_aws" "$work/root-aws"
end_users() {
  rm -rf "$root_aws" "$sudoers"
  [ ! -e "$work/root-aws" ] || cp -a "$work/root-aws" "$root_aws"
  userdel "$ci" || true
  userdel "$other" || true
  end_job
} 2>/dev/null
trap end_users EXIT
useradd --create-home --home-dir "$work/ci" --shell /bin/bash "$ci"
useradd --create-home --home-dir "$work/other" --shell /bin/bash "$other"
printf '%s ALL=(ALL) NOPASSWD: ALL\n' "$ci" >"$sudoers"
chmod 440 "$sudoers"
home=$work/ci
# As in CircleCI's images, bash's file is in a directory of all users.
install -d -m 1777 "$work/tmp"
bash_env=$work/tmp/bash-env

# step USER HOME VARIABLE=VALUE... SHELL ARGUMENTS...: a step of a job that runs as this user.
step() {
  local user=$1 home=$2
  shift 2
  (cd "$work" && setpriv --reuid "$user" --regid "$user" --init-groups \
    env -i PATH=/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin "HOME=$home" "BASH_ENV=$bash_env" "AWS_CA_BUNDLE=$work/ca.pem" \
    "AWS_ENDPOINT_URL_STS=${sts[AWS_ENDPOINT_URL_STS]}" "CIRCLECI_AWS_OIDC_ROLE_ARN=$role" CIRCLECI_AWS_OIDC_REGION=eu-west-1 \
    "CIRCLE_OIDC_TOKEN_V2=${sts[CIRCLE_OIDC_TOKEN_V2]}" "cli=$binary" "other=$other" "busybox=$work/busybox" "$@")
}
# as_ci SCRIPT VARIABLE=VALUE...: the same for the user of the job, in a bash that has not read BASH_ENV.
as_ci() { step "$ci" "$home" "${@:2}" bash -p -c "$1"; }

# says CLAIM STATUS TEXT... -- COMMAND...: the command ends with this status and prints each text.
says() {
  local claim=$1 expected=$2 output status=0 text texts=()
  shift 2
  while [ "$1" != -- ]; do texts+=("$1") && shift; done
  shift
  output=$("$@" 2>&1) || status=$?
  [ "$status" -eq "$expected" ] || broken "$claim" "exit code $status, not $expected" "$output"
  for text in "${texts[@]}"; do
    [[ "$output" == *"$text"* ]] || broken "$claim" "not said: $text" "$output"
  done
  held "$claim"
}
owners() { find "$@" -printf '%u:%g %m %P\n' | LC_ALL=C sort; }
# A home as at the beginning. The files of BASH_ENV and of AWS are those of no step.
anew() {
  rm -rf "$home/.aws" "$work/other/.aws" "$bash_env"
}

# What sudo takes away.
for sudo in 'sudo -E' 'sudo -E -u $other'; do
  says "$sudo assume: no destination, because sudo has removed BASH_ENV" 2 'sudo has removed BASH_ENV' \
    'hint: run this command without sudo' -- as_ci "$sudo \$cli assume"
  says "$sudo clear: the same" 2 'sudo has removed BASH_ENV' 'hint: run this command without sudo' -- as_ci "$sudo \$cli clear"
done
says 'sudo -E assume --to bash-env: the same as the error of the destination' 6 'BASH_ENV is not set: sudo has removed it' \
  -- as_ci 'sudo -E $cli assume --to bash-env'
says 'sudo -E assume --mode endpoint: the same' 6 'BASH_ENV is not set: sudo has removed it' \
  -- as_ci 'sudo -E $cli assume --mode endpoint'
says 'without sudo the error lists the destinations' 2 'hint: set `--to` to bash-env' -- as_ci 'unset BASH_ENV; $cli assume'

says 'sudo assume without -E: the token is gone, and the hint names sudo' 3 'hint: sudo has started this step (SUDO_UID)' \
  '`sudo --preserve-env=CIRCLE_OIDC_TOKEN_V2 COMMAND`, which gives the token to root' \
  -- as_ci 'sudo $cli assume --role-arn $CIRCLECI_AWS_OIDC_ROLE_ARN --profile p'

# Whose is what root creates.
private="$ci:$ci 600 config
$ci:$ci 600 credentials
$ci:$ci 700 "
for mode in '--profile p' '--mode profile'; do
  anew
  as_ci "sudo -E \$cli assume --quiet $mode"
  check_output "sudo -E assume $mode: all that is new belongs to the user" "$private" owners "$home/.aws"
done
says 'and the user finds the credentials without sudo' 0 'source: profile default' -- as_ci '$cli whoami'
anew
as_ci 'sudo -E $cli assume --quiet --mode credential-process --profile p'
check 'sudo -E assume --mode credential-process: nothing of root is left in the home' \
  test -z "$(find "$home/.aws" ! -user "$ci" -o ! -group "$ci")"
check_output 'the state directory is private' "700" stat -c %a "$home/.aws/circleci-aws-oidc"
says 'a user finds what root has cached' 0 'source: profile p (credential_process' -- as_ci 'AWS_PROFILE=p $cli whoami'
says 'and so does root' 0 'source: profile p (credential_process' -- as_ci 'AWS_PROFILE=p sudo -E $cli whoami'
as_ci 'CIRCLECI_AWS_OIDC_DURATION=1h sudo -E $cli credential-process --role-arn $CIRCLECI_AWS_OIDC_ROLE_ARN >/dev/null'
check 'credential-process as root leaves nothing of root either, locks included' \
  test -z "$(find "$home/.aws" ! -user "$ci")"
as_ci 'sudo -E $cli clear --quiet --profile p'
check_output 'clear as root leaves the files to the user' "$ci" stat -c %U "$home/.aws/config"
anew
install -d -m 700 "$home/.aws"
as_ci 'sudo -E $cli assume --quiet --profile p'
check_output 'a directory of root that existed stays with root' "root:root 600 config
root:root 600 credentials
root:root 700 " owners "$home/.aws"
anew
as_ci 'sudo -H -E $cli assume --quiet --profile oidc-sudo'
check_output 'sudo -H: the files are in the home of root' root stat -c %U "$root_aws/credentials"
says 'sudo -E -u other: a home of another user is refused with the way out' 6 \
  'set AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE' -- as_ci 'sudo -E -u $other $cli assume --profile p'

# Links in the home, which root must not follow.
of_root=$work/of-root
install -d -m 711 "$of_root"
printf '{}' | install -m 600 /dev/stdin "$of_root/daemon.json"
before=$(owners "$of_root")
for link in .aws .aws/circleci-aws-oidc; do
  anew
  as_ci "mkdir -p $home/.aws && rm -rf $home/$link && ln -s $of_root $home/$link"
  for command in 'assume --mode profile' 'assume --mode credential-process' 'clear --profile default' 'credential-process'; do
    as_ci "sudo -E \$cli $command" >/dev/null 2>&1 || true
    check_output "$link is a link into a directory of root: $command changes nothing there" "$before" owners "$of_root"
  done
done
printf '[default]\naws_access_key_id = AKIAROOT\naws_secret_access_key = x\n' | install -m 600 /dev/stdin "$of_root/credentials"
before=$(owners "$of_root")
anew
as_ci "mkdir $home/.aws && ln -s $of_root/credentials $home/.aws/credentials"
says 'a link to a file of root is refused' 6 'belongs to another user' -- as_ci 'sudo -E $cli assume --profile p'
check_output 'and the file is unchanged' "$before" owners "$of_root"

# A race: while root writes, the user replaces files and directories by links.
anew
as_ci "
  cd $home
  while [ ! -e stop ]; do
    ln -sfn $of_root .aws; rm -rf .aws; mkdir .aws; ln -sfn $of_root/credentials .aws/credentials
    rm -rf .aws; mkdir -p .aws/circleci-aws-oidc; rm -rf .aws/circleci-aws-oidc; ln -sfn $of_root .aws/circleci-aws-oidc
    rm -rf .aws
  done" 2>/dev/null &
racer=$!
for round in {1..40}; do
  mode=profile
  [ $((round % 2)) -eq 0 ] || mode=credential-process
  as_ci "sudo -E \$cli assume --quiet --mode $mode --profile p; sudo -E \$cli clear --quiet --profile p" >/dev/null 2>&1 || true
done
touch "$home/stop"
wait "$racer" || true
check_output 'a user who swaps links meanwhile changes nothing of root' "$before" owners "$of_root"
check_fails 'and reads nothing of root' grep -rqs AKIAROOT "$home"

# A home that cannot be written to.
anew
install -d -o "$ci" -g "$ci" -m 555 "$work/read-only"
says 'a read-only home names the variables' 6 'hint: set AWS_SHARED_CREDENTIALS_FILE and AWS_CONFIG_FILE' "$work/read-only/.aws" \
  -- as_ci '$cli assume --profile p' "HOME=$work/read-only"
says 'credential-process needs HOME itself' 6 'hint: set HOME to a directory that this user can write to' \
  -- as_ci '$cli assume --mode credential-process' "HOME=$work/read-only" "AWS_CONFIG_FILE=$home/c" "AWS_SHARED_CREDENTIALS_FILE=$home/k"
says 'with them the profile is written' 0 'profile `p`' -- as_ci '$cli assume --profile p; AWS_PROFILE=p $cli whoami' \
  "HOME=$work/read-only" "AWS_CONFIG_FILE=$home/c" "AWS_SHARED_CREDENTIALS_FILE=$home/k"
if unshare --mount true 2>/dev/null; then
  says 'a read-only file system names them to root too' 6 'Read-only file system' 'AWS_SHARED_CREDENTIALS_FILE' \
    -- step root "$home" unshare --mount bash -p -c \
    "mount --bind $home $home && mount -o remount,bind,ro $home && exec $binary assume --profile p"
else
  printf 'skipped: this machine does not allow mounts\n'
fi

install -d -m 711 "$work/hidden"
install -o "$ci" -g "$ci" -m 600 /dev/null "$work/hidden/bash-env"
says 'a directory that this user can enter and not list is enough for BASH_ENV' 0 'assumed' \
  -- as_ci '$cli assume' "BASH_ENV=$work/hidden/bash-env"

# whoami knows why.
anew
as_ci '$cli assume --quiet'
says 'bash, control: whoami finds the credentials' 0 'source: environment' -- step "$ci" "$home" bash -c '"$cli" whoami; :'
why="\`$bash_env\` (BASH_ENV) has credentials of \`assume\`, and this step has not read it"
for shell in 'dash:`dash` does not read it' 'sh:started as `sh`' 'bash --posix:`--posix`' 'bash -p:`-p`' \
  'busybox ash:`busybox` does not read it'; do
  program=${shell%%:*}
  [ "$program" != 'busybox ash' ] || program="$work/busybox ash"
  # shellcheck disable=SC2086 # options of the shell
  says "${shell%%:*}: whoami says that this shell has not read BASH_ENV" 2 "$why" "${shell#*:}" 'hint: run this step with bash' \
    -- step "$ci" "$home" $program -c '"$cli" whoami; exit $?'
done
says 'POSIXLY_CORRECT: the same' 2 "$why" POSIXLY_CORRECT -- step "$ci" "$home" POSIXLY_CORRECT=1 bash -c '"$cli" whoami; exit $?'
says 'another user cannot read the file' 2 'cannot be read by this user: Permission denied' 'as the user who ran `assume`' \
  -- step "$other" "$work/other" "$binary" whoami
says 'sudo: whoami says what sudo takes away, with HOME' 2 'sudo has started this step (SUDO_UID)' 'HOME is `/root` here' \
  '--preserve-env=AWS_ACCESS_KEY_ID' -- step "$ci" "$home" bash -c 'sudo $cli whoami; exit $?'
says 'its hint works' 0 'source: environment' -- step "$ci" "$home" bash -c \
  'sudo --preserve-env=AWS_CA_BUNDLE,AWS_ENDPOINT_URL_STS,AWS_ACCESS_KEY_ID,AWS_SECRET_ACCESS_KEY,AWS_SESSION_TOKEN,AWS_REGION,AWS_DEFAULT_REGION $cli whoami'
says 'sudo -E passes the keys on' 0 'source: environment' -- step "$ci" "$home" bash -c 'sudo -E $cli whoami'
anew
as_ci '$cli assume --quiet --profile p'
for sudo in sudo 'sudo -H' 'sudo -E -H'; do
  says "$sudo: whoami finds the profile in the home of the caller" 2 "profile \`p\` is in \`$home/.aws/credentials\`" \
    'who called sudo' 'HOME is `/root` here' 'hint: run this command without sudo' -- as_ci "$sudo \$cli whoami --profile p"
done
says 'sudo -E with HOME finds it' 0 'source: profile p' -- as_ci 'sudo -E $cli whoami --profile p'
says 'HOME of a container: whoami finds the profile in the home of this user' 2 "profile \`p\` is in \`$home/.aws/credentials\`" \
  "HOME is \`$work\` here" 'the same HOME' -- as_ci '$cli whoami --profile p' "HOME=$work"
says 'sudo -u other: that user cannot look into the home' 2 'there is no profile `p`' "HOME is \`$work/other\` here" \
  -- as_ci 'sudo -u $other $cli whoami --profile p'
says 'su: the same, without a trace of sudo' 2 'there is no profile `p`' "$work/other/.aws/credentials" 'echo $HOME' \
  -- step root /root su "$other" --shell /bin/sh --command "$binary whoami --profile p"
says 'assume behind sudo says who finds the profile' 0 "sudo has started this step with HOME=/root: steps of user $(id -u "$ci")" \
  -- as_ci 'sudo -E -H $cli assume --profile oidc-sudo'

# An unreadable file is said, and the search goes on.
anew
as_ci '$cli assume --quiet --profile p; chmod 0 ~/.aws/config'
says 'an unreadable config file is a note' 0 'config` is ignored, as boto3 ignores it: Permission denied' 'source: profile p' \
  -- as_ci '$cli whoami --profile p'
as_ci 'chmod 600 ~/.aws/config; chmod 0 ~/.aws/credentials'
says 'an unreadable credentials file is the reason' 2 'credentials` is ignored' 'hint: let the user who runs this step own the file' \
  -- as_ci '$cli whoami --profile p'
says 'and keys in the variables count' 0 'credentials` is ignored' 'source: environment' \
  -- as_ci 'eval "$($cli assume --quiet --to shell)"; $cli whoami'
checks_done
