#!/usr/bin/env bash
# Both stages of a release, with a poisoned cache and a poisoned workspace between them: the jobs' own shell code makes,
# hands over, checks and publishes, and publishes nothing but what the first stage made.
# usage: scripts/end-to-end/release.sh BINARY [LOCAL_STS]     (for Linux on this machine)
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"

binary=$(realpath "$1")
local_sts=$(realpath "${2:-$(dev_binary local-sts)}")
rust=$(sed -n 's/^rust_version=//p' "$root/.circleci/rust.sh")
if ! RUSTUP_TOOLCHAIN=$rust cargo --version >/dev/null 2>&1; then
  say "skipped: Rust $rust, with which the pipeline builds, is not installed"
  exit 0
fi
apt_has jq=jq curl=curl git=git ssh-keygen=openssh-client
python=$(python_has lint)/bin/python
work=$(mktemp -d)
services=$work/services
records=$work/records
mkdir -p "$services/project" "$services/caches" "$services/workspace/dist" "$work/bin" "$records"
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT

# The played jobs do not use the registry: what the bill reads of the standard library is fetched here.
RUSTUP_TOOLCHAIN=$rust rustup --quiet component add rust-src
RUSTUP_TOOLCHAIN=$rust "$python" "$root/scripts/lib/sbom.py" "$work/sbom.json"

# --- the services, and the project as a job checks it out

"$python" "$root/scripts/lib/release-services.py" "$records" >"$work/port" &
server=$!
until [ -s "$work/port" ]; do sleep 0.1; done
port=$(cat "$work/port")
(cd "$root" && git ls-files -z --cached --others --exclude-standard | tar -c --null --files-from=-) | tar -x -C "$services/project"
# The publisher's key, as docs/RELEASING.md makes it.
# block PAGE TEXT: the commands of the page's block that holds this text.
block() {
  awk -v "text=$2" '/^ *```/ { if (is_open && index(lines, text)) printf "%s", lines; is_open = !is_open; lines = ""; next }
    is_open { sub(/^   /, ""); lines = lines $0 "\n" }' "$root/docs/$1"
}
make_key=$(block RELEASING.md 'ssh-keygen -t ed25519')
verify=$(block get-the-binary.md 'ssh-keygen -Y verify')
[ -n "$make_key" ] && [ -n "$verify" ] || broken 'the pages have the commands' "$make_key$verify"
(cd "$services/project" && bash -euo pipefail -c "$make_key") >"$work/printed"
signing_key=$(tail -n 1 "$work/printed")
mv "$services/project/signing-key" "$services/project/signing-key.pub" "$work"
(cd "$services/project" && git init -q && git add -A && git -c user.name=test -c user.email=test commit -qm test)
printf '11111111-2222-3333-4444-555555555555\n' >"$services/pipeline"
version=$(sed -n 's/^version = "\(.*\)"$/\1/p' "$root/Cargo.toml" | head -n 1)
cli=$(go_has circleci-cli github.com/CircleCI-Public/circleci-cli v0.1.47860 .) || cli=
[ -z "$cli" ] || ln -s "$cli" "$work/bin/circleci"

circle_token=the-token

# play CONFIG JOB [--unchecked]: its log is in $work/log.
play() {
  env "PATH=$work/bin:$PATH" "CARGO_HOME=${CARGO_HOME:-$HOME/.cargo}" "RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}" \
    "CARGO_TARGET_DIR=$target_dir/played-release" CARGO_NET_OFFLINE=true "CIRCLE_TAG=v$version" "TMPDIR=$work" \
    CIRCLE_CONTINUATION_KEY=the-token GITHUB_TOKEN=the-token "CIRCLE_TOKEN=$circle_token" "RELEASE_SIGNING_KEY=$signing_key" \
    "CIRCLECI_API_URL=http://127.0.0.1:$port" "GITHUB_API_URL=http://127.0.0.1:$port" \
    "CIRCLECI_CLI_HOST=http://127.0.0.1:$port" \
    "$python" "$root/scripts/lib/play-job.py" "$1" "$2" "$services" "$work/$2" "${@:3}" >"$work/log" 2>&1
}

says() { grep -qF -e "$1" "$work/log"; }

# poisoned COMMAND...: runs it in a directory with the files of the release, of which it has a copy.
poisoned() {
  rm -rf "$work/poison"
  cp -a "$work/good" "$work/poison"
  (cd "$work/poison" && "$@")
}

append() { printf 'x' >>"$1"; }

# A link to a right file could lead elsewhere a moment later.
behind_a_link() {
  mv "$1" "$work/moved"
  ln -s "$work/moved" "$1"
}

# What the sums of main would have accepted: another binary, and sums that agree with it.
with_sums_that_agree() {
  append "$1"
  sed -i "\\|  $1\$|d" SHA256SUMS
  sha256sum "$1" >>SHA256SUMS
}

# --- the first stage

dist=$services/workspace/dist
cp "$binary" "$dist/circleci-aws-oidc-linux-x86_64"
elf='\177ELF\002\001\001\000\000\000\000\000\000\000\000\000\002\000\267\000'
printf '%b' "$elf" >"$dist/circleci-aws-oidc-linux-aarch64"
printf '%b' '\317\372\355\376\007\000\000\001a program' >"$dist/circleci-aws-oidc-macos-x86_64"
printf '%b' '\317\372\355\376\014\000\000\001a program' >"$dist/circleci-aws-oidc-macos-aarch64"
printf 'MZ a program' >"$dist/circleci-aws-oidc-windows-x86_64.exe"
cp "$local_sts" "$dist/local-sts-linux-x86_64"
for platform in linux-aarch64 macos-x86_64 macos-aarch64; do
  { cat "$dist/circleci-aws-oidc-$platform" && printf '%s' 'for rehearsals'; } >"$dist/local-sts-$platform"
done
mkdir "$services/workspace/rebuilt"
cp "$dist"/*linux* "$services/workspace/rebuilt"
first=$root/.circleci/config.yml
for file in circleci-aws-oidc-linux-aarch64 local-sts-linux-aarch64; do
  append "$services/workspace/rebuilt/$file"
  check_fails "a build of $file that differs from the independent one ends the release" play "$first" make-release
  says "dist/$file" || broken 'the log names the file' "$(cat "$work/log")"
  cp "$dist/$file" "$services/workspace/rebuilt"
done
play "$first" make-release || broken 'the first stage makes a release' "$(tail -n 20 "$work/log")"
play "$first" continue || broken 'the first stage starts the second' "$(tail -n 20 "$work/log")"
second=$records/continued.yml
cp -a "$services/caches/000000/files/dist" "$work/good"
files=$(cd "$work/good" && ls)
if [ -n "$cli" ]; then
  play "$first" validate-release || broken 'CircleCI validates the release before the second stage' "$(cat "$work/log")"
  check 'with the compiler to come, and the config that is then started' bash -c \
    'jq -e .options.next <"$1" >/dev/null && cmp <(jq -j .config_yaml <"$1") "$2"' json "$records/compiled.json" "$second"
  printf '# refused by the compiler\n' >>"$services/workspace/second-stage.yml"
  check_fails 'a config that it refuses ends the release' play "$first" validate-release
  cp "$second" "$services/workspace/second-stage.yml"
fi

# --- the config of the second stage

# inlined: the text of the orb in the config, without the indentation. It reads to the end: a `head` that ends early would
# end the pipe with SIGPIPE.
inlined() {
  awk -v "left=$(wc -l <"$work/good/orb.yml")" \
    'is_orb && left-- > 0 { sub(/^    /, ""); print } /^  aws-oidc:$/ { is_orb = 1 }' "$second"
}
orb_digest=$(sha256sum <"$work/good/orb.yml")
check_output 'the orb that is tried is the very file that is published' "$orb_digest" eval 'inlined | sha256sum'
for file in $files; do
  sum=$(cd "$work/good" && sha256sum "$file")
  check_output "the digest of $file is wherever files are taken, signed or published" 4 grep -cE "^ +$sum\$" "$second"
done
check_fails 'no place for digests is left empty' grep -F 'RELEASE_SUMS: ""' "$second"

# --- a poisoned cache, whose key begins with that of the release

# refuses JOB CLAIM: the job fails, says why, and calls no service.
refuses() {
  rm -f "$records/requests"
  check_fails "$2: $1 refuses" play "$second" "$1"
  says 'error: this is not the release that the first stage made' || broken "$2: $1 says why" "$(cat "$work/log")"
  [ ! -e "$records/requests" ] || broken "$2: $1 calls no service" "$(cat "$records/requests")"
}

cases=()
# The compressed binaries take turns at the three: the jobs do the same with each line of digests.
ways=(append rm behind_a_link)
turn=0
for file in $files; do
  case $file in
  *.gz) cases+=("${ways[turn++%3]} $file") ;;
  *) for way in "${ways[@]}"; do cases+=("$way $file"); done ;;
  esac
done
cases+=('with_sums_that_agree circleci-aws-oidc-linux-x86_64')
cache=$services/caches/000001
mkdir "$cache"
printf 'release-%s-x' "$(cat "$services/pipeline")" >"$cache/key"
for case in "${cases[@]}"; do
  # shellcheck disable=SC2086 # A case is a command and its argument.
  poisoned $case
  rm -rf "$cache/files" "$services/workspace"
  mkdir -p "$cache/files" "$services/workspace"
  cp -a "$work/poison" "$cache/files/dist"
  refuses fetch-release "cache, $case"
  # The cache replaced the programs of that job as well, so it passes on what it got.
  play "$second" fetch-release --unchecked || broken "$case: the workspace is poisoned" "$(cat "$work/log")"
  refuses sign-release "workspace, $case"
  refuses publish-binaries "workspace, $case"
  refuses publish-orb "workspace, $case"
done
[ "$(wc -w <<<"$files")" -eq 18 ] || broken 'every file of a release was tried' "$files"

# --- and without poison

rm -rf "$cache" "$services/workspace" "$records/requests"
mkdir "$services/workspace"
play "$second" fetch-release || broken 'the second stage takes the release' "$(cat "$work/log")"

# --- the signature

# stays_private CLAIM TEXT: no service is called.
stays_private() {
  check_fails "$1" play "$second" "$2"
  says "$3" || broken "$1: it says why" "$(cat "$work/log")"
  [ ! -e "$records/requests" ] || broken "$1: it calls no service" "$(cat "$records/requests")"
}
no_signature='error: SHA256SUMS.sig is no signature of a key in docs/release-signers'
own_key=$signing_key
ssh-keygen -q -t ed25519 -N '' -f "$work/another-key"
signing_key=$(base64 -w 0 "$work/another-key")
stays_private 'a key that users do not know signs nothing' sign-release "$no_signature"
signing_key=$own_key
stays_private 'what is not signed is not published' publish-binaries SHA256SUMS.sig
play "$second" sign-release || broken 'the digests are signed' "$(cat "$work/log")"
check_fails 'no part of the key is in the log' grep -qF "$(sed -n 2p "$work/signing-key")" "$work/log"
signature=$services/workspace/SHA256SUMS.sig
cp "$signature" "$work/SHA256SUMS.sig"
(cd "$work" && cp good/SHA256SUMS other && append other && ssh-keygen -q -Y sign -f signing-key -n circleci-aws-oidc-release other)
cp "$work/other.sig" "$signature"
stays_private 'a signature of another list is not published' publish-binaries "$no_signature"
ssh-keygen -q -Y sign -f "$work/signing-key" -n file - <"$work/good/SHA256SUMS" >"$signature"
stays_private 'a signature for another purpose is not published' publish-binaries "$no_signature"
cp "$work/SHA256SUMS.sig" "$signature"
play "$second" publish-binaries || broken 'the binaries are published' "$(cat "$work/log")"
cp "$work/SHA256SUMS.sig" "$work/good"
check 'what GitHub got is what the first stage made, and the signature' diff -r "$work/good" "$records/assets"
cp "$services/project/docs/release-signers" "$records/assets"
user_verifies() { (cd "$records/assets" && bash -euo pipefail -c "$verify") >"$work/log" 2>&1; }
check 'a user can verify what GitHub got, by the page' user_verifies
check_output 'with every file in it' 16 grep -c ': OK$' "$work/log"
append "$records/assets/local-sts-linux-x86_64"
check_fails 'a changed file does not pass' user_verifies
sed -i 's/0/1/' "$records/assets/SHA256SUMS"
check_fails 'a changed list does not pass' user_verifies
says 'Signature verification failed' || broken 'the signature is what fails' "$(cat "$work/log")"
if [ -n "$cli" ]; then
  circle_token=
  rm -f "$records/requests"
  stays_private 'without the registry token no orb is published, as in the rehearsal in a fork' publish-orb 'a token of an owner of the namespace'
  circle_token=the-token
  play "$second" publish-orb || broken 'the orb is published' "$(cat "$work/log")"
  check 'what the registry got is the orb that was tried' cmp "$work/good/orb.yml" "$records/orb.yml"
  check_output 'under the version of the tag' "$version" cat "$records/version"
fi
checks_done
