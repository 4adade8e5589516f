# shellcheck shell=bash
# Puts the pinned Rust on the PATH of a step, and installs it where it is missing. Sourced by bash on CircleCI's Linux,
# macOS and Windows machines, whose images have no Rust or another version.
# usage: . .circleci/rust.sh [TARGET...]

rust_version=1.95.0
rustup_version=1.28.2

# The installer runs only if its digest is the one below.
case "$(uname -s) $(uname -m)" in
'Linux x86_64') rustup_host=x86_64-unknown-linux-gnu rustup_sha256=20a06e644b0d9bd2fbdbfd52d42540bdde820ea7df86e92e533c073da0cdd43c ;;
'Darwin arm64') rustup_host=aarch64-apple-darwin rustup_sha256=20ef5516c31b1ac2290084199ba77dbbcaa1406c45c1d978ca68558ef5964ef5 ;;
MINGW*\ x86_64 | MSYS*\ x86_64) rustup_host=x86_64-pc-windows-msvc rustup_sha256=88d8258dcf6ae4f7a80c7d1088e1f36fa7025a1cfd1343731b4ee6f385121fc0 ;;
*) printf 'error: no Rust is pinned for %s %s\n' "$(uname -s)" "$(uname -m)" >&2 && exit 1 ;;
esac
rustup_file=rustup-init
if [[ $rustup_host == *windows* ]]; then rustup_file=rustup-init.exe; fi

export PATH="$HOME/.cargo/bin:$PATH" RUSTUP_TOOLCHAIN=$rust_version
if ! cargo --version >/dev/null 2>&1; then
  rustup_dir=$(mktemp -d)
  curl --proto '=https' --fail --silent --show-error --location --retry 3 --output "$rustup_dir/$rustup_file" \
    "https://static.rust-lang.org/rustup/archive/$rustup_version/$rustup_host/$rustup_file"
  # macOS has shasum.
  rustup_sum=$(sha256sum "$rustup_dir/$rustup_file" 2>/dev/null || shasum -a 256 "$rustup_dir/$rustup_file")
  # sha256sum starts the line with a backslash where the path has one, as on Windows.
  rustup_sum=${rustup_sum#\\}
  if [ "${rustup_sum%% *}" != "$rustup_sha256" ]; then
    printf 'error: rustup-init is not the pinned file; its SHA-256 is %s\n' "${rustup_sum%% *}" >&2
    exit 1
  fi
  chmod +x "$rustup_dir/$rustup_file"
  "$rustup_dir/$rustup_file" -y --no-modify-path --profile minimal --component clippy,rustfmt \
    --default-toolchain "$rust_version" --default-host "$rustup_host"
  rm -rf "$rustup_dir"
fi
if [ $# -gt 0 ]; then rustup target add "$@"; fi
# The standard library's source, from which scripts/build-static.sh builds it and which says what is in it.
rustup component add rust-src
