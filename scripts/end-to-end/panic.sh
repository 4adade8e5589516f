#!/usr/bin/env bash
# A program that is built as the released ones are, and panics, prints the text, the file and the line before it ends. The
# standard library is built without much that it has by default; this is not part of it.
# usage: scripts/end-to-end/panic.sh
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree=$work/tree
mkdir -p "$tree/scripts" "$tree/src"
cp -R "$root/.cargo" "$tree"
cp -R "$root/scripts/lib" "$root/scripts/build-static.sh" "$tree/scripts"
# The script builds a program of this name; how is in the profile.
{
  printf '[package]\nname = "circleci-aws-oidc"\nversion = "0.1.0"\nedition = "2024"\n\n'
  sed -n '/^\[profile\.release\]/,/^$/p' "$root/Cargo.toml"
} >"$tree/Cargo.toml"
check 'it has the profile of the released programs' grep -q '^panic = "abort"$' "$tree/Cargo.toml"
cat >"$tree/src/main.rs" <<'END'
fn main() {
    let numbers: Vec<String> = std::env::args().collect();
    std::thread::spawn(move || numbers[7].len()).join().unwrap();
}
END
(cd "$tree" && cargo generate-lockfile --offline --quiet)
unset CARGO_TARGET_DIR CARGO_BUILD_TARGET_DIR
binary=$("$tree/scripts/build-static.sh" 2>"$work/log") || broken 'it is built' "$(tail -n 20 "$work/log")"

# The braces keep the shell's own line out of the log.
panics() { { RUST_BACKTRACE=$1 "$binary" >"$work/printed" 2>&1; } 2>/dev/null; }
for backtrace in 0 1; do
  status=0
  panics "$backtrace" || status=$?
  check_output "RUST_BACKTRACE=$backtrace: it ends by SIGABRT" 134 printf '%s\n' "$status"
  for text in ' panicked at src/main.rs:3:' 'index out of bounds: the len is 1 but the index is 7'; do
    check "RUST_BACKTRACE=$backtrace: it prints: $text" grep -qF "$text" "$work/printed"
  done
done
checks_done
