#!/usr/bin/env bash
# The static binary in a root directory with only a shell: no libc, no CA files, no resolv.conf, no /dev.
# usage: scripts/end-to-end/chroot.sh STATIC_BINARY [STATIC_BUSYBOX]     (a shell of the same machine type)
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"
# shellcheck source=scripts/lib/job.sh
. "$root/scripts/lib/job.sh"

binary=$(realpath "$1")
if [ "$(id -u)" -ne 0 ]; then
  printf 'skipped: only root can change the root directory\n'
  exit 0
fi
busybox=${2:-$(apt_unpacked busybox-static bin/busybox)}
role=arn:aws:iam::123456789012:role/deploy
start_local_sts --trust "$role=$root/scripts/end-to-end/policies/example-project.json"

empty=$work/root
mkdir -p "$empty/bin"
cp "$busybox" "$empty/bin/sh"
cp "$binary" "$empty/bin/circleci-aws-oidc"
# The test's own CA, as a private one would be. Mozilla's are in the binary.
cp "$work/sts/ca.pem" "$empty/ca.pem"
check_output 'the root holds a shell, the binary and one CA of the test' \
  './bin/circleci-aws-oidc ./bin/sh ./ca.pem ' bash -c 'cd "$1" && find . -type f | sort | tr "\n" " "' find "$empty"

in_root() {
  env -i PATH=/bin HOME=/ AWS_CA_BUNDLE=/ca.pem "AWS_ENDPOINT_URL_STS=${sts[AWS_ENDPOINT_URL_STS]}" \
    "CIRCLE_OIDC_TOKEN_V2=${sts[CIRCLE_OIDC_TOKEN_V2]}" "CIRCLECI_AWS_OIDC_ROLE_ARN=$role" AWS_REGION=eu-west-1 "$@"
}
prints_help() { in_root /usr/sbin/chroot "$empty" /bin/sh -c 'exec circleci-aws-oidc --help' | grep -q '^Usage: circleci-aws-oidc'; }
check 'help is printed' prints_help
check 'credentials are written to a file' in_root /usr/sbin/chroot "$empty" /bin/sh -c \
  'circleci-aws-oidc assume --quiet --to dotenv:/aws.env --to profile:prod'
check 'the shell reads them from stdout' in_root /usr/sbin/chroot "$empty" /bin/sh -ec \
  'eval "$(circleci-aws-oidc assume --quiet --to shell)"; [ -n "$AWS_SESSION_TOKEN" ] && [ "$AWS_DEFAULT_REGION" = eu-west-1 ]'
check 'a command gets them without a file' in_root /usr/sbin/chroot "$empty" /bin/circleci-aws-oidc exec -- /bin/sh -c \
  '[ -n "$AWS_SESSION_TOKEN" ] && [ -z "${CIRCLE_OIDC_TOKEN_V2-}" ]'
session=arn:aws:sts::123456789012:assumed-role/deploy/CircleCI
mapfile -t variables <"$empty/aws.env"
check_output 'the AWS CLI acts as the role with what is in the file' "$session" who_is "${variables[@]}"
check_output 'the AWS CLI acts as the role with the profile' "$session" \
  who_is "AWS_SHARED_CREDENTIALS_FILE=$empty/.aws/credentials" "AWS_CONFIG_FILE=$empty/.aws/config" AWS_PROFILE=prod

status=0
in_root AWS_ENDPOINT_URL_STS=https://sts.eu-west-1.amazonaws.com \
  /usr/sbin/chroot "$empty" /bin/sh -c 'exec circleci-aws-oidc assume --to json --max-attempts 1' 2>"$work/no-name" || status=$?
check 'a host name that cannot be resolved ends with exit code 5' test "$status" -eq 5
check 'and the error says so' grep -q 'failed to lookup address' "$work/no-name"
checks_done
