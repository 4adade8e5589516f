#!/usr/bin/env bash
# A static binary depends on this tree alone: built again from a copy in another directory, with another home, another
# cargo home with crates unpacked again, another umask and time zone, it has the same bytes. It names no path of the
# machine that built it.
# usage: scripts/end-to-end/reproducible.sh STATIC_BINARY...     (what scripts/build-static.sh has just made, by its path)
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cargo_home=${CARGO_HOME:-$HOME/.cargo}

copy=$work/a/directory/with/another/name
elsewhere=(env "CARGO_TARGET_DIR=$copy/target" "HOME=$work/home" "CARGO_HOME=$work/cargo" "RUSTUP_HOME=${RUSTUP_HOME:-$HOME/.rustup}"
  CARGO_NET_OFFLINE=true TZ=Pacific/Auckland LC_ALL=C)
mkdir -p "$copy/target" "$work/home" "$work/cargo/registry" "$tools"
(cd "$root" && git ls-files -z --cached --others --exclude-standard | tar -c --null --files-from=-) | tar -x -C "$copy"
# Tools are not part of what is built. The archives and the index of crates are; cargo checks their digests.
ln -s "$tools" "$copy/target/tools"
cp -R "$cargo_home/registry/index" "$cargo_home/registry/cache" "$work/cargo/registry"
for settings in config config.toml; do
  [ ! -e "$cargo_home/$settings" ] || cp "$cargo_home/$settings" "$work/cargo"
done

digest_of() { sha256sum <"$1" | cut -d' ' -f1; }
names() { grep -a -q -F -e "$1" "$binary"; }
sysroot=$("${RUSTC:-rustc}" --print sysroot)

for binary in "$@"; do
  binary=$(realpath "$binary")
  program=$(basename "$binary" .exe)
  # Built at TARGET/release/PROGRAM.
  target=$(basename "$(dirname "$(dirname "$binary")")")
  again=$(umask 077 && "${elsewhere[@]}" "$copy/scripts/build-static.sh" "$target" "$program" 2>"$work/log") ||
    broken "$program: a copy elsewhere builds" "$(tail -n 20 "$work/log")"
  check "$program: they are two files" test ! "$binary" -ef "$again"
  digest=$(digest_of "$binary")
  check_output "$program: a build from another directory has the same bytes" "$digest" digest_of "$again"
  check "$program: a panic names its crate" names /crates/tokio-
  for path in "$root" "$HOME/" "$cargo_home" "$sysroot" registry/src; do
    check_fails "$path is not in $program" names "$path"
  done
  printf 'sha256 of both: %s  %s\n' "$digest" "$program"
done
checks_done
