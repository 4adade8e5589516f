#!/usr/bin/env bash
# The static binary depends on this tree alone: built again from a copy in another directory, with another home, another
# cargo home with crates unpacked again, another umask and time zone, it has the same bytes. It names no path of the
# machine that built it.
# usage: scripts/end-to-end/reproducible.sh STATIC_BINARY [TARGET [PROGRAM]]     (what scripts/build-static.sh has just made)
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"

binary=$(realpath "$1")
target=${2:-x86_64-unknown-linux-musl}
program=${3:-circleci-aws-oidc}
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

again=$(umask 077 && "${elsewhere[@]}" "$copy/scripts/build-static.sh" "$target" "$program" 2>"$work/log") ||
  broken 'a copy elsewhere builds' "$(tail -n 20 "$work/log")"
check 'they are two files' test ! "$binary" -ef "$again"
digest_of() { sha256sum <"$1" | cut -d' ' -f1; }
digest=$(digest_of "$binary")
check_output 'a build from another directory has the same bytes' "$digest" digest_of "$again"

names() { grep -a -q -F -e "$1" "$binary"; }
check 'a panic names its crate' names /crates/tokio-
sysroot=$("${RUSTC:-rustc}" --print sysroot)
for path in "$root" "$HOME/" "$cargo_home" "$sysroot" registry/src; do
  check_fails "$path is not in the binary" names "$path"
done
printf 'sha256 of both: %s\n' "$digest"
checks_done
