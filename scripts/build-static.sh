#!/usr/bin/env bash
# Builds the product as one static file that needs nothing of the image it runs in.
# usage: scripts/build-static.sh [TARGET]     (default x86_64-unknown-linux-musl)
#
# Three ways, the first that works here: cross (CROSS=1, needs a container engine), rustup's musl target,
# Debian's rustc with its standard library built from source. Prints the path of the binary on stdout.
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/lib/tools.sh"
cd "$root"

target=${1:-x86_64-unknown-linux-musl}
binary="target/$target/release/circleci-aws-oidc"
if [ "$target" != x86_64-unknown-linux-musl ]; then
  say "only x86_64-unknown-linux-musl can be built so far, not $target"
  exit 2
fi

with_cross() { cross build --release --locked --target "$target" -p circleci-aws-oidc; }

with_rustup() {
  apt_has musl-gcc=musl-tools
  CC_x86_64_unknown_linux_musl=musl-gcc cargo build --release --locked --target "$target" -p circleci-aws-oidc
}

has_rustup_target() {
  command -v rustup >/dev/null 2>&1 &&
    { rustup target list --installed 2>/dev/null | grep -qx "$target" || rustup target add "$target" >&2; }
}

# Debian has no compiled standard library for musl, but its source; and musl-gcc brings no unwinder.
with_debian() {
  apt_has musl-gcc=musl-tools gcc=gcc
  # The compiler and its standard library must be of one version, so both are Debian's.
  { [ -x /usr/bin/rustc ] && [ -d /usr/lib/rustlib/src/rust/library ]; } ||
    apt_has no-such-command=rustc-web no-such-command=rust-web-src
  local unwind="$root/target/unwind"
  mkdir -p "$unwind"
  printf 'int _dl_find_object(void *pc, void *result) { (void)pc; (void)result; return -1; }\n' >"$unwind/find.c"
  gcc -O2 -c "$unwind/find.c" -o "$unwind/find.o"
  cp "$(gcc -print-file-name=libgcc_eh.a)" "$unwind/libunwind.a"
  ar r "$unwind/libunwind.a" "$unwind/find.o"
  RUSTC=/usr/bin/rustc RUSTC_BOOTSTRAP=1 CC_x86_64_unknown_linux_musl=musl-gcc \
    CARGO_TARGET_X86_64_UNKNOWN_LINUX_MUSL_LINKER=musl-gcc \
    RUSTFLAGS="-C link-self-contained=no -C target-feature=+crt-static -C relocation-model=static -L native=$unwind" \
    cargo build --release --locked -Zbuild-std=std,panic_abort --target "$target" -p circleci-aws-oidc
}

if [ "${CROSS:-}" = 1 ]; then
  with_cross >&2
elif [ "${STATIC_WITH:-}" != debian ] && has_rustup_target; then
  with_rustup >&2
else
  with_debian >&2
fi

# musl's own ldd says so too; this one is on every Linux machine.
if ldd "$binary" >/dev/null 2>&1; then
  say "$binary is not static:"
  ldd "$binary" >&2
  exit 1
fi
printf '%s\n' "$binary"
