#!/usr/bin/env bash
# The packed orb in small root file systems: it installs the static binary with the programs of that root and assumes a
# role, and the AWS CLI outside of the root acts with the credentials.
# usage: scripts/end-to-end/roots.sh STATIC_BINARY
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"
# shellcheck source=scripts/lib/job.sh
. "$root/scripts/lib/job.sh"
# shellcheck source=scripts/lib/roots.sh
. "$root/scripts/lib/roots.sh"

if [ "$(id -u)" -ne 0 ]; then
  printf 'skipped: only root can change the root directory\n'
  exit 0
fi
if ! can_make_devices "$work"; then
  printf 'skipped: /dev/null cannot be made in a root here\n'
  exit 0
fi
if ! command -v apt-get >/dev/null 2>&1; then
  printf 'skipped: the roots are made of packages, and there is no apt-get\n'
  exit 0
fi

# --- AWS, a release on a web server, and a tampered one beside it

python=$(python_has aws)
role=arn:aws:iam::123456789012:role/deploy
session=arn:aws:sts::123456789012:assumed-role/deploy/CircleCI-example-app-1
start_local_sts --trust "$role=$root/scripts/end-to-end/policies/example-project.json"
printf 'AWS_CA_BUNDLE=/kept/ca.pem\n' >"$work/env-of-a-root"

pack_orb "$1"
read -r _ asset <"$work/SHA256SUMS"
version=$(sed -n 's/^version=//p' "$root/orb/src/scripts/pins.txt")
mkdir -p "$work/web/release/v$version" "$work/web/tampered/v$version"
cp "$1" "$work/web/release/v$version/$asset"
gzip -9 -n -k "$work/web/release/v$version/$asset"
{ cat "$1" && printf x; } >"$work/web/tampered/v$version/$asset"

mkfifo "$work/web-server"
"$python/bin/python" -u -m http.server --bind 127.0.0.1 --directory "$work/web" 0 >"$work/web-server" 2>>"$work/requests" &
job_servers+=($!)
read -r _ _ _ _ _ port _ <"$work/web-server" || broken 'a web server starts' 'it ended at once'

# --- one job in one root

# write_config SHELL RELEASE PROFILE: if SHELL is empty, the job has CircleCI's default shell.
write_config() {
  cat <<CONFIG
orbs: {aws-oidc: circleci-aws-oidc/aws-oidc@0.1}
jobs:
  deploy:
    ${1:+shell: $1}
    steps:
      - aws-oidc/aws-configure-credentials:
          role-arn: $role
          region: eu-west-1
          profile-name: "$3"
          download-base-url: http://127.0.0.1:$port/$2
      - run:
          name: Keep what the step before has left
          command: |
            if [ -n "\${AWS_SESSION_TOKEN:-}" ]; then env | grep '^AWS_' >/kept/variables; fi
            if [ -d ~/.aws ]; then cp ~/.aws/credentials ~/.aws/config /kept; fi
      - run:
          name: Look for a binary
          when: on_fail
          command: if [ ! -e ~/.circleci-aws-oidc/bin/circleci-aws-oidc ]; then echo nothing is left; fi
CONFIG
}

# job_in ROOT SHELL RELEASE PROFILE: its log is in $work/log.
job_in() {
  rm -rf "$1/kept"
  mkdir "$1/kept"
  cp "$work/sts/ca.pem" "$1/kept/ca.pem"
  write_config "$2" "$3" "$4" >"$work/config.yml"
  run_job "$work/config.yml" deploy "$work/sts/env" --env-file "$work/env-of-a-root" --root "$1" >"$work/log" 2>&1
}

# downloaded ROOT: the compressed file, where the root has gzip, else the binary itself.
downloaded() {
  local file=$asset
  if [ -e "$1/usr/bin/gzip" ] || [ -e "$1/bin/gzip" ]; then file=$asset.gz; fi
  grep -q "/$file HTTP/1.[01]\" 200" "$work/requests"
}

# holds_in NAME ROOT SHELL PROFILE: the claims about one shell in one root.
holds_in() {
  local name=$1 here=$2 shell=$3 profile=$4 status=0 variables
  : >"$work/requests"
  job_in "$here" "$shell" release "$profile" || broken "$name: the job is green" "$(cat "$work/log")"
  held "$name: the job is green"
  check "$name: it downloads the compressed file if there is gzip" downloaded "$here"
  if [ -n "$profile" ]; then
    check_output "$name: the AWS CLI acts as the role with the profile" "$session" who_is \
      "AWS_SHARED_CREDENTIALS_FILE=$here/kept/credentials" "AWS_CONFIG_FILE=$here/kept/config" "AWS_PROFILE=$profile"
  else
    mapfile -t variables < <(grep -v -e '^AWS_CA_BUNDLE=' -e '^AWS_ENDPOINT_URL' "$here/kept/variables")
    check_output "$name: the AWS CLI acts as the role with the variables" "$session" who_is "${variables[@]}"
  fi
  job_in "$here" "$shell" tampered "$profile" || status=$?
  check_output "$name: a tampered binary is refused and removed" '1, is not the pinned one, nothing is left' \
    bash -c 'printf "%s, %s, %s\n" "$1" "$(grep -o "is not the pinned one" "$2")" "$(grep -x "nothing is left" "$2")"' \
    refusal "$status" "$work/log"
  rm -rf "$here/kept"
}

# exchanges: how many requests for a session local-sts has received.
exchanges() { grep -cF '"action":"AssumeRoleWithWebIdentity"' "$work/sts/requests.jsonl"; }

# renews_in NAME ROOT: without bash and without a token, the command in the config file prints the cached credentials. The
# program finds its own path in /proc, which every container has; here it is mounted in a namespace that ends with the job.
renews_in() {
  local name=$1 here=$2 field variables=() before
  mkdir -p "$here/proc"
  if ! unshare --mount mount --bind /proc "$here/proc" 2>/dev/null; then
    printf 'skipped: /proc cannot be mounted in a root here\n'
    return
  fi
  before=$(exchanges)
  rm -rf "$here/kept"
  mkdir "$here/kept"
  cp "$work/sts/ca.pem" "$here/kept/ca.pem"
  cat >"$work/config.yml" <<CONFIG
orbs: {aws-oidc: circleci-aws-oidc/aws-oidc@0.1}
jobs:
  deploy:
    steps:
      - aws-oidc/aws-configure-credentials:
          role-arn: $role
          region: eu-west-1
          mode: credential-process
          profile-name: prod
          download-base-url: http://127.0.0.1:$port/release
      - run:
          name: Run the line of the profile
          command: |
            unset CIRCLE_OIDC_TOKEN CIRCLE_OIDC_TOKEN_V2
            sh -c "\$(sed -n 's/^credential_process = //p' ~/.aws/config)" >/kept/json
CONFIG
  export root work target_dir
  export -f run_job dev_binary
  unshare --mount bash -euo pipefail -c 'mount --bind /proc "$1/proc" && run_job "${@:2}"' bash "$here" \
    "$work/config.yml" deploy "$work/sts/env" --env-file "$work/env-of-a-root" --root "$here" >"$work/log" 2>&1 ||
    broken "$name: a profile that starts the binary" "$(cat "$work/log")"
  for field in AWS_ACCESS_KEY_ID=AccessKeyId AWS_SECRET_ACCESS_KEY=SecretAccessKey AWS_SESSION_TOKEN=SessionToken; do
    variables+=("${field%%=*}=$(sed -n "s/.*\"${field#*=}\": *\"\([^\"]*\)\".*/\1/p" "$here/kept/json")")
  done
  check_output "$name: a profile that starts the binary gives the role's credentials" "$session" who_is \
    "${variables[@]}" AWS_DEFAULT_REGION=eu-west-1
  check_output "$name: which it has asked for once" "$((before + 1))" exchanges
  rm -rf "$here/kept"
}

# --- the roots

# Which of the programs that `install` or CircleCI's default shell could use are there.
programs_in() {
  /usr/sbin/chroot "$1" /bin/sh -c 'PATH=/usr/sbin:/usr/bin:/sbin:/bin
    for program in curl wget python3 perl pwsh sha256sum shasum openssl busybox bash; do
      if command -v "$program" >/dev/null; then echo "$program"; fi
    done' | tr '\n' ' '
}

alpine_like=$(busybox_root busybox)
check_output 'busybox: nothing else is there' 'wget sha256sum busybox ' programs_in "$alpine_like"
holds_in 'busybox, ash' "$alpine_like" '' prod
renews_in 'busybox, ash' "$alpine_like"

with_bash=$(busybox_root bash)
cp "$(apt_unpacked bash-static bin/bash-static)" "$with_bash/bin/bash"
check_output 'bash: there is bash too' 'wget sha256sum busybox bash ' programs_in "$with_bash"
holds_in 'bash, bash' "$with_bash" '' ''

debian=$(package_root debian '?essential' usr-is-merged)
check_output 'debian: no curl, no wget, no python' 'perl sha256sum bash ' programs_in "$debian"
holds_in 'debian, bash' "$debian" '' ''
holds_in 'debian, dash' "$debian" '/bin/sh -e' prod

for language in python3 perl; do
  slim=$(package_root "$language-alone" dash coreutils grep sed "$language")
  keep_programs "$slim" "$language" sh dash cat chmod cp env grep id ls mkdir mktemp mv rm sed sleep tr uname
  check_output "$language: nothing else is there" "$language " programs_in "$slim"
  holds_in "$language, dash" "$slim" '/bin/sh -e' prod
done
checks_done
