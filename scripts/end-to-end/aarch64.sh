#!/usr/bin/env bash
# The aarch64 binary, emulated by qemu, passes chroot.sh, clients.sh and migration.sh too.
# As root, this script makes the kernel start such files with qemu while it runs. Otherwise a wrapper script replaces the
# binary, and chroot.sh is skipped.
# usage: scripts/end-to-end/aarch64.sh
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"

binary=$("$root/scripts/build-static.sh" aarch64-unknown-linux-musl)
qemu=$(apt_unpacked qemu-user-static usr/bin/qemu-aarch64-static)
formats=/proc/sys/fs/binfmt_misc
entry=$formats/aarch64-for-one-test
work=$(mktemp -d)
mounted=
trap 'unregister; rm -rf "$work"' EXIT

# ELF, 64 bits, little endian, an executable or a shared object, machine 183. F: the kernel opens qemu now, so it is
# also found inside another root directory.
register() {
  local magic='\x7fELF\x02\x01\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x02\x00\xb7\x00'
  local mask='\xff\xff\xff\xff\xff\xff\xff\x00\xff\xff\xff\xff\xff\xff\xff\xff\xfe\xff\xff\xff'
  [ "$(id -u)" -eq 0 ] || return 1
  if [ ! -e "$formats/register" ]; then
    mount -t binfmt_misc binfmt_misc "$formats" 2>/dev/null || return 1
    mounted=yes
  fi
  printf ':%s:M::%s:%s:%s:F' "$(basename "$entry")" "$magic" "$mask" "$qemu" 2>/dev/null >"$formats/register"
}

unregister() {
  [ ! -e "$entry" ] || echo -1 >"$entry"
  [ -z "$mounted" ] || umount "$formats"
}

# A busybox for aarch64, from package lists that are separate from the system's.
foreign_busybox() {
  local directory="$tools/busybox-static-arm64"
  if [ ! -x "$directory/bin/busybox" ]; then
    say 'unpacking from apt-get: busybox-static:arm64'
    rm -rf "$directory"
    mkdir -p "$directory/lists/partial" "$directory/cache/archives/partial"
    (
      cd "$directory"
      apt=(apt-get -o APT::Architecture=arm64 -o APT::Architectures::=arm64 -o "Dir::State::lists=$directory/lists"
        -o "Dir::Cache=$directory/cache" -o Dir::State::status=/dev/null -o APT::Sandbox::User=root)
      "${apt[@]}" update >/dev/null
      "${apt[@]}" download busybox-static:arm64 >/dev/null
      dpkg-deb -x ./*.deb .
      rm -rf ./*.deb lists cache
    )
  fi
  printf '%s\n' "$directory/bin/busybox"
}

machine_of() { od -An -t u2 -j 18 -N 2 "$1" | tr -d ' '; }
check_output 'the file is for aarch64, machine 183 of ELF' 183 machine_of "$binary"
if register; then
  check 'the kernel starts it with qemu' test "$("$binary" --version | cut -d' ' -f1)" = circleci-aws-oidc
  runs=$binary
  "$root/scripts/end-to-end/chroot.sh" "$binary" "$(foreign_busybox)"
else
  printf 'skipped: chroot.sh (only root, with binfmt_misc, can make the kernel start aarch64 files)\n'
  runs=$work/circleci-aws-oidc
  printf '#!/bin/sh\nexec "%s" "%s" "$@"\n' "$qemu" "$binary" >"$runs"
  chmod +x "$runs"
fi
"$root/scripts/end-to-end/clients.sh" "$runs"

# The orb uses the digest of the machine that it runs on.
mkdir "$work/machine"
printf '#!/bin/sh\n[ "$*" != -m ] || { echo aarch64; exit; }\nexec %s "$@"\n' "$(command -v uname)" >"$work/machine/uname"
chmod +x "$work/machine/uname"
PATH="$work/machine:$PATH" "$root/scripts/end-to-end/migration.sh" "$runs"
checks_done
