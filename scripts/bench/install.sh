#!/usr/bin/env bash
# What it costs until a job without the program has credentials: the orb's install command with a server on loopback as the
# release's host, and the first exchange. Next to it, the AWS CLI as far as it can be had here: v1 with pip from a directory of
# wheels, v2 as Debian's package, unpacked. Writes the figures for scripts/bench/report.py. Downloads of the AWS CLI are not
# measured.
# usage: scripts/bench/install.sh [-n RUNS]      BINARY names a static binary, which is else built
set -euo pipefail
shopt -s inherit_errexit
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/static-sts.sh
. "$root/scripts/lib/static-sts.sh"
# shellcheck source=scripts/lib/bench.sh
. "$root/scripts/lib/bench.sh"

runs=3
if [ "${1:-}" = -n ]; then runs=${2:-} && shift $((1 + ($# > 1))); fi
if [ $# -gt 0 ] || ! is_count "$runs"; then
  say 'usage: scripts/bench/install.sh [-n RUNS]'
  exit 2
fi
apt_has curl=curl openssl=openssl
bench_binary
bench_measure
work=$(mktemp -d)
trap 'kill "${static_servers[@]}" 2>/dev/null || true; rm -rf "$work"' EXIT

# --- the release's host, and STS

version=$("$binary" --version | cut -d' ' -f2)
digest=$(sha256sum <"$binary" | cut -d' ' -f1)
mkdir -p "$work/www/v$version"
cp "$binary" "$work/www/v$version/circleci-aws-oidc-linux-$(uname -m)"
static_certificate "$work" 127.0.0.1
start_static_sts "$work" python3 "$root/scripts/lib/release-server.py" "$work/cert.pem" "$work/key.pem" "$work/www" 2>/dev/null
host=https://127.0.0.1:$port
start_static_sts "$work" python3 "$root/scripts/bench/static-sts.py" "$work/cert.pem" "$work/key.pem"
sts=https://127.0.0.1:$port
token=$(python3 "$root/scripts/lib/unsigned-token.py")
role=(--role-arn arn:aws:iam::123456789012:role/bench --role-session-name bench)

# --- each installs itself in $work/home, which is empty, and then exchanges

# measured COMMAND...: sets $took, in nanoseconds.
measured() {
  rm -f "$work/sample"
  env -i "PATH=$PATH" "HOME=$work/home" "BASH_ENV=$work/home/bash_env" "CIRCLE_OIDC_TOKEN_V2=$token" AWS_REGION=eu-west-1 \
    "AWS_CA_BUNDLE=$work/ca.pem" "CURL_CA_BUNDLE=$work/ca.pem" AWS_EC2_METADATA_DISABLED=true "$measure" "$work/sample" "$@" \
    >"$work/log" 2>&1 </dev/null || { cat "$work/log" >&2 && exit 1; }
  took=$(cut -f 1 "$work/sample")
}

bytes_below() { find "$1" -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum }'; }

# ours, pip and debian set $label, $downloaded, the bytes, and $installed, the directory, and leave $took.
ours() {
  label="circleci-aws-oidc, by the orb's command"
  downloaded=$(stat -c %s "$binary") installed=$work/home/bin
  measured env "INSTALL_AWS_OIDC_VERSION=$version" "INSTALL_AWS_OIDC_DIR=$installed" "INSTALL_AWS_OIDC_BASE_URL=$host" \
    "INSTALL_AWS_OIDC_SHA256=$digest" INSTALL_AWS_OIDC_PINS= sh "$root/orb/src/scripts/install.sh"
}
ours_exchange() { measured "$installed/circleci-aws-oidc" assume "${role[0]}" "${role[1]}" --sts-endpoint "$sts"; }

pip() {
  label="AWS CLI v1, $(sed -n 's/^awscli==//p' "$root/scripts/lib/requirements-aws.txt"), by pip in a virtual environment"
  downloaded=$(bytes_below "$work/wheels") installed=$work/home/venv
  # shellcheck disable=SC2016 # The inner shell expands it.
  measured sh -euc '"$0" -m venv "$1" && "$1/bin/pip" install --quiet --no-index --find-links "$2" awscli' \
    "$(python_has aws)/bin/python" "$installed" "$work/wheels"
}
pip_exchange() { aws_exchange "$installed/bin/aws"; }

debian() {
  label="AWS CLI v2, $(dpkg-deb -f "$deb" Version | cut -d- -f1), Debian's package unpacked, without its dependencies"
  downloaded=$(stat -c %s "$deb") installed=$work/home/unpacked
  measured dpkg-deb -x "$deb" "$installed"
}
debian_exchange() { aws_exchange env "PYTHONPATH=$installed/usr/lib/python3/dist-packages" "$installed/usr/bin/aws"; }

aws_exchange() {
  measured "$@" sts assume-role-with-web-identity "${role[@]}" --endpoint-url "$sts" --web-identity-token "$token"
}

# --- what can be had here

ways=(ours)
wheels=$tools/bench-wheels
if mkdir -p "$wheels" "$work/wheels" && "$(python_has aws)/bin/pip" download --quiet --disable-pip-version-check --dest "$wheels" \
  "$(grep '^awscli==' "$root/scripts/lib/requirements-aws.txt")" >&2; then
  cp "$wheels"/* "$work/wheels"
  ways+=(pip)
else
  say 'skipped: AWS CLI v1 (pip cannot download it)'
fi
apt_has /usr/bin/aws=awscli || true
if (cd "$work" && apt-get download awscli >/dev/null 2>&1) && deb=$(find "$work" -maxdepth 1 -name 'awscli_*.deb') &&
  [[ $(dpkg-deb -f "$deb" Version) == 2.* ]]; then
  ways+=(debian)
else
  say 'skipped: AWS CLI v2 (apt-get cannot download it)'
fi

: >"$results/install"
for _ in $(seq "$runs"); do
  for way in "${ways[@]}"; do
    rm -rf "${work:?}/home"
    mkdir "$work/home"
    "$way"
    install_time=$took
    size=$(bytes_below "$installed")
    "${way}_exchange"
    printf '%s\t%s\t%s\t%s\t%s\n' "$label" "$downloaded" "$size" "$install_time" "$took" >>"$results/install"
  done
done
python3 -B "$root/scripts/bench/report.py" "$results" install
