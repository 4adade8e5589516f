#!/bin/sh
# Puts the pinned circleci-aws-oidc into the install directory. A file whose SHA-256 is not the pinned one is never run.
#
# Settings: INSTALL_AWS_OIDC_VERSION, _DIR, _BASE_URL, _SHA256 from the command's parameters, and _PINS, the orb's own
# `version=` and `<platform>=<digest>` lines. An empty version or digest means the pinned one.

# shellcheck disable=SC2250 # Braces only where they are needed.
# shellcheck disable=SC2154 # The settings come from the step's environment.
# shellcheck disable=SC2292 # POSIX sh has no [[ ]], also where the checker takes this for bash.
# shellcheck disable=SC2310 # Each call in a condition handles its failure right there.
set -euf

name=circleci-aws-oidc
stage=

fail() {
  printf 'error: %s\n' "$1" >&2
  if [ -n "${2:-}" ]; then printf '  hint: %s\n' "$2" >&2; fi
  exit 1
}

has() { command -v "$1" >/dev/null 2>&1; }

# Sets `platform`, in the words of the released files' names.
find_platform() {
  system=$(uname -s)
  machine=$(uname -m)
  case $system in
    Linux) platform=linux ;;
    Darwin) platform=macos ;;
    *) fail "there is no $name for the system \`$system\`" ;;
  esac
  case $machine in
    x86_64 | amd64) platform=$platform-x86_64 ;;
    aarch64 | arm64) platform=$platform-aarch64 ;;
    *) fail "there is no $name for the machine \`$machine\`" ;;
  esac
}

# Sets `version` and `wanted`, the only digest that will do.
find_pin() {
  version=$INSTALL_AWS_OIDC_VERSION
  wanted=$INSTALL_AWS_OIDC_SHA256
  pinned_version=
  pinned_digest=
  for pin in $INSTALL_AWS_OIDC_PINS; do
    case $pin in
      version=*) pinned_version=${pin#version=} ;;
      "$platform"=*) pinned_digest=${pin#*=} ;;
      *) ;;
    esac
  done
  version=${version:-$pinned_version}
  # The pinned digests belong to the pinned version alone.
  if [ -z "$wanted" ] && [ "$version" = "$pinned_version" ]; then wanted=$pinned_digest; fi
  if [ -z "$wanted" ]; then
    fail "no SHA-256 is pinned for $name $version on $platform" \
      "give it in the parameter sha256, or use a release of the orb that pins it"
  fi
  case $wanted in
    *[!0-9A-Fa-f]*) fail "the parameter sha256 is not 64 hexadecimal digits: \`$wanted\`" ;;
    *) ;;
  esac
  if [ "${#wanted}" -ne 64 ]; then fail "the parameter sha256 is not 64 hexadecimal digits: \`$wanted\`"; fi
  wanted=$(printf '%s' "$wanted" | tr 'A-F' 'a-f')
}

# Sets `dir`, absolute: PATH must mean the same place in every directory.
find_directory() {
  dir=$INSTALL_AWS_OIDC_DIR
  # The tilde is text here: a value from the config that no shell has expanded.
  # shellcheck disable=SC2088
  case $dir in
    '~' | '~/'*) dir=$HOME${dir#'~'} ;;
    /*) ;;
    '') fail 'the parameter install-dir is empty' ;;
    *) dir=$PWD/$dir ;;
  esac
  case $dir in
    *:* | *'
'*) fail 'the parameter install-dir holds a colon or a line break, which PATH cannot carry' ;;
    *) ;;
  esac
}

# Whether the file $1 is the pinned binary.
is_pinned() {
  case $hasher in
    sha256sum) sum=$(sha256sum <"$1") || return 1 ;;
    shasum) sum=$(shasum -a 256 <"$1") || return 1 ;;
    *) sum=$(openssl dgst -sha256 -r <"$1") || return 1 ;;
  esac
  [ "${sum%% *}" = "$wanted" ]
}

find_hasher() {
  for hasher in sha256sum shasum openssl; do
    if has "$hasher"; then return; fi
  done
  fail 'no program here can check a SHA-256' 'add sha256sum, shasum or openssl to the image'
}

# Downloads $1 to the file $2.
download() {
  if has curl; then
    curl --fail --silent --show-error --location --retry 3 --connect-timeout 10 --max-time 120 --output "$2" "$1"
    return
  fi
  has wget || fail 'neither curl nor wget is here to download with' 'add one of them to the image'
  # The wget of busybox has few options, and an old one has no time limit.
  help=$(wget --help 2>&1) || true
  url=$1
  file=$2
  set -- -q -O "$file"
  case $help in
    *'-T'*) set -- "$@" -T 60 ;;
    *) ;;
  esac
  for pause in 1 2 0; do
    if wget "$@" "$url"; then return; fi
    sleep "$pause"
  done
  return 1
}

# Puts the pinned binary into `stage`: a copy from the PATH if that is the one, else a download.
stage_binary() {
  found=$(command -v "$name") || found=
  if [ -f "$found" ] && is_pinned "$found"; then
    cp "$found" "$stage/$name"
  else
    asset=$name-$platform
    url=${INSTALL_AWS_OIDC_BASE_URL%/}/v$version/$asset
    download "$url" "$stage/$name" ||
      fail "cannot download \`$url\`" 'check the parameters version and download-base-url'
  fi
  # Checked here and not before: what was looked at is what gets moved into place.
  is_pinned "$stage/$name" ||
    fail "the SHA-256 of \`${url:-$found}\` is not the pinned one ($wanted, found ${sum%% *}); the file is removed"
}

install_binary() {
  target=$dir/$name
  if [ -f "$target" ] && is_pinned "$target"; then
    printf '%s %s is in %s already\n' "$name" "$version" "$dir"
    return
  fi
  if [ -d "$target" ]; then fail "\`$target\` is a directory"; fi
  mkdir -p "$dir" || fail "cannot create \`$dir\`" 'set the parameter install-dir to a directory that this user may write'
  # A file of another digest must not stay where a later step looks for the binary.
  rm -f "$target" || fail "cannot replace \`$target\`"
  trap 'if [ -n "$stage" ]; then rm -rf "$stage"; fi' EXIT
  trap 'exit 129' HUP
  trap 'exit 130' INT
  trap 'exit 143' TERM
  stage=$(mktemp -d "$dir/.install.XXXXXX") ||
    fail "cannot write to \`$dir\`" 'set the parameter install-dir to a directory that this user may write'
  stage_binary
  chmod 0755 "$stage/$name"
  mv -f "$stage/$name" "$target"
  printf 'installed %s %s in %s\n' "$name" "$version" "$dir"
}

# Bash reads BASH_ENV before each later step; other shells have to name the directory.
put_on_path() {
  if [ -z "${BASH_ENV:-}" ]; then return; fi
  quoted=$(printf '%s' "$dir" | sed "s/'/'\\\\''/g")
  line="export PATH='$quoted':\"\$PATH\""
  if [ -f "$BASH_ENV" ] && grep -qxF -e "$line" "$BASH_ENV"; then return; fi
  # Later steps append credentials to this file, so it is private from the start.
  (umask 077 && printf '%s\n' "$line" >>"$BASH_ENV") || fail "cannot write to the file of BASH_ENV, \`$BASH_ENV\`"
}

find_platform
find_hasher
find_pin
find_directory
install_binary
put_on_path
