#!/usr/bin/env bash
# Builds a released program as one static file that needs nothing from the image it runs in. The same tree, toolchain and
# C compiler give the same bytes, wherever the tree, cargo's home and the toolchain are. The standard library is built with
# the program, from the toolchain's own source of it.
# usage: scripts/build-static.sh [TARGET [PROGRAM]]
#   TARGET   x86_64-unknown-linux-musl (default), aarch64-unknown-linux-musl or x86_64-pc-windows-gnu
#   PROGRAM  circleci-aws-oidc (default), local-sts, which is for Linux and macOS, or floor, with which scripts/bench.sh
#            compares: it is not released and is a workspace of its own
#
# Three methods, the first that works here: cross (CROSS=1, needs a container engine), rustup's target, zig with Debian's
# Rust (STATIC_WITH=zig chooses it; Linux only). Prints the binary's path on stdout.
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/lib/tools.sh"
cd "$root"

target=${1:-x86_64-unknown-linux-musl}
program=${2:-circleci-aws-oidc}
case $program/$target in
circleci-aws-oidc/* | local-sts/*-linux-* | floor/*-linux-*) ;;
*)
  say "error: no recipe for \`$program\` on $target"
  exit 2
  ;;
esac
binary="$target_dir/$target/release/$program"
workspace=()
if [ "$program" = floor ]; then
  workspace=(--manifest-path scripts/bench/floor/Cargo.toml)
  export CARGO_TARGET_DIR=$target_dir
fi
case $target in
x86_64-unknown-linux-musl) compiler=musl-gcc packages=(musl-gcc=musl-tools) ;;
aarch64-unknown-linux-musl)
  compiler=aarch64-linux-gnu-gcc
  # Only headers are used from the second; the libc is musl's, which comes with the target.
  packages=(aarch64-linux-gnu-gcc=gcc-aarch64-linux-gnu aarch64-linux-gnu-gcc=libc6-dev-arm64-cross)
  ;;
x86_64-pc-windows-gnu)
  compiler=x86_64-w64-mingw32-gcc packages=(x86_64-w64-mingw32-gcc=gcc-mingw-w64-x86-64-win32)
  binary=$binary.exe
  ;;
*)
  say "no recipe for $target: x86_64-unknown-linux-musl, aarch64-unknown-linux-musl and x86_64-pc-windows-gnu have one"
  exit 2
  ;;
esac

# Either would replace the flags that make the file static and the same everywhere.
unset RUSTFLAGS CARGO_ENCODED_RUSTFLAGS
flags=()
c_flags=

# Without the features that it has by default, the standard library does not look up the names of a backtrace's frames.
# A panic prints its text and its place all the same. A stable cargo takes the options only with RUSTC_BOOTSTRAP. With
# RUSTC_STAGE, crates that look for unstable features of the compiler do not use them.
export RUSTC_BOOTSTRAP=1 RUSTC_STAGE=1
mapfile -t std <"$root/scripts/lib/build-std.txt"
# A panic ends the program, so nothing unwinds. Windows demands the tables.
if [[ $target != *-windows-* ]]; then
  flags+=(-C force-unwind-tables=no)
  c_flags+=' -fno-asynchronous-unwind-tables -fno-unwind-tables'
fi

# What jobs run in nearly every call is linked side by side. The names in the list hold a digest of the flags, also of the
# path to the list, which is therefore the same everywhere, and of whether cargo strips the file: it does not, so that
# scripts/symbol-order.sh sees the names (KEEP_SYMBOLS=1), and it is done here.
objcopy=
order() {
  # cargo links in the workspace's directory, and the list is not in that of this one.
  [ "$program" != floor ] || return 0
  flags+=(-C link-arg=--symbol-ordering-file=scripts/lib/symbol-order.txt -C link-arg=--no-warn-symbol-ordering)
  objcopy=$(find "$("${RUSTC:-rustc}" --print sysroot)/lib/rustlib" -path '*/bin/rust-objcopy' | sed -n 1p)
  [ -n "$objcopy" ] || { say 'error: this toolchain has no rust-objcopy, which strips the file' && exit 1; }
}

# What the LLVM and the linker of rustup's toolchain take. Blocks are ordered for size, and a match of few arms has no table
# of 8 bytes an arm. Of functions with the same code one is kept. No unwinder is linked: only the printing of a backtrace
# calls one, which without tables finds no frame, and then calls none of the other functions.
for_size() {
  local name
  [[ $target == *-linux-* ]] || return 0
  order
  flags+=(-C llvm-args=-apply-ext-tsp-for-size -C llvm-args=-min-jump-table-entries=8)
  flags+=(-C link-arg=--icf=all -C link-arg=-O2 -C link-arg=--no-eh-frame-hdr)
  flags+=(-C link-arg=--defsym=_Unwind_Backtrace=getpid)
  for name in GetDataRelBase GetIP GetIPInfo GetLanguageSpecificData GetRegionStart GetTextRelBase SetGR SetIP; do
    flags+=(-C "link-arg=--defsym=_Unwind_$name=abort")
  done
}

# remapped DIRECTORY NAME: in the binary, paths of panics under DIRECTORY begin with NAME.
remapped() {
  flags+=("--remap-path-prefix=$1=$2")
  c_flags+=" -ffile-prefix-map=$1=$2"
}

# Paths of this machine, and the name that cargo gives the registry, which a mirror changes. Of two rules that match,
# the later one wins. In a container of cross, cargo's home is /cargo and the toolchain /rust.
remap_paths() {
  local home=${CARGO_HOME:-$HOME/.cargo} commit sysroot registry
  commit=$("${RUSTC:-rustc}" -vV | sed -n 's/^commit-hash: //p')
  sysroot=$("${RUSTC:-rustc}" --print sysroot)
  remapped "$root" /source
  remapped "$target_dir" /source/target
  remapped "$sysroot/lib/rustlib/src/rust" "/rustc/$commit"
  remapped /rust/lib/rustlib/src/rust "/rustc/$commit"
  cargo fetch --locked --quiet "${workspace[@]}" "${std[@]}"
  for registry in "$home"/registry/src/*/; do
    registry=$(basename "$registry")
    remapped "$home/registry/src/$registry" /crates
    remapped "/cargo/registry/src/$registry" /crates
  done
}

# build COMMAND...: cargo's build with these flags added to those of .cargo/config.toml. Each program is built alone, because
# together they would have the sum of their features, and other bytes.
build() {
  local list
  list=$(printf '"%s",' "${flags[@]}")
  env "CFLAGS_${target//-/_}=$c_flags" "$@" --release --locked --target "$target" "${workspace[@]}" -p "$program" "${std[@]}" \
    --config "target.$target.rustflags=[$list]" ${objcopy:+--config 'profile.release.strip="none"'}
  # The toolchain's objcopy finds its LLVM by itself only where llvm-tools is installed too.
  [ -z "$objcopy" ] || [ "${KEEP_SYMBOLS:-}" = 1 ] ||
    LD_LIBRARY_PATH=$("${RUSTC:-rustc}" --print sysroot)/lib "$objcopy" --strip-all "$binary"
}

with_cross() {
  rustup_has component rust-src
  remap_paths
  for_size
  CROSS_BUILD_ENV_PASSTHROUGH="CFLAGS_${target//-/_} RUSTC_BOOTSTRAP RUSTC_STAGE" build cross build
}

# The target has the libc and the objects that a program starts with.
has_rustup_target() {
  command -v rustup >/dev/null 2>&1 &&
    rustup_has target "$target" &&
    { [ -d "$(rustc --print sysroot)/lib/rustlib/src/rust/library" ] || rustup_has component rust-src; }
}

with_rustup() {
  apt_has "${packages[@]}"
  remap_paths
  for_size
  # Without it, a Windows file holds the time of the build.
  [ "$target" != x86_64-pc-windows-gnu ] || flags+=(-C "link-arg=-Wl,--no-insert-timestamp" -C target-feature=+crt-static)
  build env "CC_${target//-/_}=$compiler" cargo build
}

# Debian has only the source of the standard library for musl. zig is the C compiler, libc and linker for both.
with_zig() {
  local zig
  zig=$(python_has zig)
  # The compiler and its standard library must be of one version, so both are Debian's.
  { [ -x /usr/bin/rustc ] && [ -d /usr/lib/rustlib/src/rust/library ]; } ||
    apt_has no-such-command=rustc-web no-such-command=rust-web-src
  export RUSTC=/usr/bin/rustc
  remap_paths
  flags+=(-C link-self-contained=no)
  PATH="$zig/bin:$PATH" build cargo-zigbuild zigbuild
}

if [ "${CROSS:-}" = 1 ]; then
  with_cross >&2
elif [ "${STATIC_WITH:-}" != zig ] && has_rustup_target; then
  with_rustup >&2
elif [[ $target == *-linux-musl ]]; then
  with_zig >&2
else
  say "error: $target needs rustup's libraries for it and Rust's source: rustup target add $target, rustup component add rust-src"
  exit 1
fi

case $target in
*-windows-*) ;; # Windows has its system libraries everywhere; the C runtime is in the file.
*)
  apt_has readelf=binutils
  headers=$(LC_ALL=C readelf -lW "$binary")
  # A file that is not static names its interpreter or its libraries.
  if grep -E 'INTERP|DYNAMIC' <<<"$headers" >&2; then
    say "$binary is not static"
    exit 1
  fi
  ;;
esac
printf '%s\n' "$binary"
