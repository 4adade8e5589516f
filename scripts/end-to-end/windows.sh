#!/usr/bin/env bash
# The Windows binary under wine: exchanges over TLS, profiles and an env file at Windows paths, and their removal.
# Wine is not Windows: it shows that the program starts, finds its home directory and speaks TLS, but not file permissions.
# usage: scripts/end-to-end/windows.sh
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"
# shellcheck source=scripts/lib/job.sh
. "$root/scripts/lib/job.sh"

wine=/usr/lib/wine/wine64
if ! rustup_has target x86_64-pc-windows-gnu; then
  printf 'skipped: rustup cannot install the standard library of x86_64-pc-windows-gnu\n'
  exit 0
fi
if ! apt_has "$wine=wine64" x86_64-w64-mingw32-gcc=gcc-mingw-w64-x86-64-win32; then
  printf 'skipped: wine is not installed\n'
  exit 0
fi
binary=$("$root/scripts/build-static.sh" x86_64-pc-windows-gnu)

programs=$work/programs
user=$(id -un)
home=$work/prefix/drive_c/users/$user
mkdir -p "$programs"
cp "$binary" "$programs/circleci-aws-oidc.exe"
# Windows has this library since version 10. Debian's wine has only the same function under its older name.
cat >"$programs/bcryptprimitives.c" <<'END'
#include <stddef.h>
__declspec(dllimport) unsigned char __stdcall SystemFunction036(void *data, unsigned long length);
__declspec(dllexport) int __stdcall ProcessPrng(unsigned char *data, size_t length) {
  return SystemFunction036(data, (unsigned long)length);
}
END
x86_64-w64-mingw32-gcc -shared -o "$programs/bcryptprimitives.dll" "$programs/bcryptprimitives.c" -ladvapi32

role=arn:aws:iam::123456789012:role/deploy
start_local_sts --trust "$role=$root/scripts/end-to-end/policies/example-project.json"

# Wine sets USERPROFILE itself and does not pass HOME on, as in a PowerShell step.
in_wine() { env -i "WINEPREFIX=$work/prefix" WINEDEBUG=-all WINEDLLOVERRIDES='mscoree,mshtml=' "$@"; }
end_wine() { in_wine "${wine%64}server" -k 2>/dev/null || true; }
trap 'end_wine; end_job' EXIT
in_wine "$wine" wineboot --init >/dev/null 2>&1 || broken 'wine makes its drive C' "wineboot ended with $?"

# on_windows ARGUMENTS...: the program with a job's variables as Windows has them.
on_windows() {
  in_wine "AWS_CA_BUNDLE=Z:${sts[AWS_CA_BUNDLE]//\//\\}" "AWS_ENDPOINT_URL_STS=${sts[AWS_ENDPOINT_URL_STS]}" \
    "CIRCLE_OIDC_TOKEN_V2=${sts[CIRCLE_OIDC_TOKEN_V2]}" "CIRCLECI_AWS_OIDC_ROLE_ARN=$role" AWS_REGION=eu-west-1 \
    "$wine" "$programs/circleci-aws-oidc.exe" "$@"
}

prints_help() { on_windows --help | tr -d '\r' | grep -q '^Usage: circleci-aws-oidc '; }
check 'help is printed' prints_help
check 'an exchange over TLS fills an env file and a profile' \
  on_windows assume --quiet --to "dotenv:C:\\users\\$user\\aws.env" --to profile:prod
session=arn:aws:sts::123456789012:assumed-role/deploy/CircleCI
mapfile -t variables <"$home/aws.env"
check_output 'the AWS CLI acts as the role with what is in the file' "$session" who_is "${variables[@]}"
as_profile=("AWS_SHARED_CREDENTIALS_FILE=$home/.aws/credentials" "AWS_CONFIG_FILE=$home/.aws/config" AWS_PROFILE=prod)
check_output 'the AWS CLI acts as the role with the profile' "$session" who_is "${as_profile[@]}"
check 'a file that is there already is replaced' on_windows assume --quiet --to profile:test
check_output 'and keeps the profile that it held' 2 grep -c '^aws_session_token' "$home/.aws/credentials"

check 'a profile that starts the program is written' on_windows assume --quiet --mode credential-process --profile renewed
line=$(sed -n 's/^credential_process = //p' "$home/.aws/config" | tr -d '\r')
check_output 'it names the program by its Windows path' "Z:${programs//\//\\}\\circleci-aws-oidc.exe credential-process" \
  cut -d' ' -f-2 <<<"$line"
# Without the job's variables, so without its token.
in_wine "$wine" cmd /C "$line" | tr -d '\r' >"$work/kept.json"
value_of() { sed -n "s/.*\"$1\": *\"\([^\"]*\)\".*/\1/p" "$work/kept.json"; }
check_output 'cmd.exe runs the line, which prints the cached credentials' "$session" who_is "AWS_ACCESS_KEY_ID=$(value_of AccessKeyId)" \
  "AWS_SECRET_ACCESS_KEY=$(value_of SecretAccessKey)" "AWS_SESSION_TOKEN=$(value_of SessionToken)" AWS_DEFAULT_REGION=eu-west-1

check 'preflight finds no problem' \
  on_windows preflight --with-network --to "dotenv:C:\\users\\$user\\aws.env" --to profile:prod
who_says() { on_windows whoami --quiet --profile "$1" | tr -d '\r' | sed -n 's/^arn: //p'; }
printf '[profile one]\r\nrole_arn = %s\r\n[profile two]\r\nrole_arn = %s\r\n' "$role" "$role" >"$work/roles.ini"
check 'profiles writes many, from a file with Windows line ends' \
  on_windows profiles --quiet --config-file "Z:${work//\//\\}\\roles.ini"
check_output 'whoami finds one of them' "$session" who_says two
check 'clear removes a profile and the variables' \
  on_windows clear --quiet --to profile:two --to "dotenv:C:\\users\\$user\\aws.env"
check_fails 'no key is left in the env file' grep AWS_SECRET_ACCESS_KEY "$home/aws.env"
check_output 'nor in the profile, and the others are there' '[prod][test][one]' \
  bash -c 'grep "^\[" "$1" | tr -d "\r\n"' sections "$home/.aws/credentials"

status=0
on_windows assume --to json --max-attempts 1 --role-arn arn:aws:iam::123456789012:role/nobodys >"$work/refused" 2>&1 || status=$?
check 'a denial ends with exit code 4' test "$status" -eq 4
checks_done
