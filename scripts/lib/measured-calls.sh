# shellcheck shell=bash
# The calls of the program that are measured, against an STS that does no work. Sourced by bash, after tools.sh, checks.sh
# and static-sts.sh, by a script that has set $binary and has openssl. Everything is in $work.

: "${root:?tools.sh comes first}" "${binary:?}"

work=$(mktemp -d)
# In memory each page of the file is mapped when it is needed. From a disk Linux maps it in blocks that depend on how the
# file came there: the same binary has had peaks 320 kB apart.
in_memory=$(mktemp -d -p /dev/shm 2>/dev/null) || in_memory=$work
# shellcheck disable=SC2154 # static-sts.sh has it.
trap 'kill "${static_servers[@]}" 2>/dev/null || true; rm -rf "$work" "$in_memory"' EXIT
cp "$binary" "$in_memory/circleci-aws-oidc"
! "$in_memory/circleci-aws-oidc" --version >/dev/null 2>&1 || binary=$in_memory/circleci-aws-oidc

# --- the server, with a CA of its own, and one without TLS

static_certificate "$work" 127.0.0.1
static_sts=(python3 "$root/scripts/bench/static-sts.py")
start_static_sts "$work" "${static_sts[@]}" "$work/cert.pem" "$work/key.pem"
tls=("AWS_ENDPOINT_URL_STS=https://127.0.0.1:${port:?}" "AWS_CA_BUNDLE=$work/ca.pem")
start_static_sts "$work" "${static_sts[@]}"
plain=("AWS_ENDPOINT_URL_STS=http://127.0.0.1:$port")

# --- the commands, in an environment that is the same everywhere

mkdir "$work/home"
token=$(python3 "$root/scripts/lib/unsigned-token.py")
role=(--role-arn arn:aws:iam::123456789012:role/bench --session-name bench)
clean=(env -i PATH=/usr/bin:/bin "HOME=$work/home" AWS_REGION=eu-west-1)

# call NAME COMMAND-IN-FRONT...: one call.
call() {
  local in_front=("${@:2}")
  case $1 in
  assume)
    "${clean[@]}" "${tls[@]}" "CIRCLE_OIDC_TOKEN_V2=$token" "${in_front[@]}" "$binary" assume "${role[@]}" --to json --quiet
    ;;
  # As in a step of the orb.
  bash-env)
    "${clean[@]}" "${tls[@]}" "CIRCLE_OIDC_TOKEN_V2=$token" "BASH_ENV=$work/bash_env" "${in_front[@]}" "$binary" assume "${role[@]}"
    ;;
  whoami)
    "${clean[@]}" "${tls[@]}" AWS_ACCESS_KEY_ID=ASIAEXAMPLEEXAMPLE23 AWS_SECRET_ACCESS_KEY=secret AWS_SESSION_TOKEN=token \
      "${in_front[@]}" "$binary" whoami --quiet
    ;;
  # From its cache, after the first call.
  credential-process)
    "${clean[@]}" "${plain[@]}" "CIRCLE_OIDC_TOKEN_V2=$token" "${in_front[@]}" "$binary" credential-process "${role[@]}"
    ;;
  help) "${clean[@]}" "${in_front[@]}" "$binary" --help ;;
  *) return 2 ;;
  esac >"$work/stdout" 2>"$work/stderr" || broken "$1 succeeds" "$(cat "$work/stderr")"
}
