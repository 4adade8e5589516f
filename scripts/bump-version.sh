#!/usr/bin/env bash
# Writes a version into every place that has one: Cargo.toml, both lock files, the orb's pins, every reference to the orb
# and to its releases in documents, examples and scripts, the recorded outputs of the tests, and CHANGELOG.md.
# usage: scripts/bump-version.sh VERSION     (1.2.3, without a v)
#
# scripts/end-to-end/bump.sh runs it in a copy of the tree, with the tests that compare these places.
set -euo pipefail
shopt -s inherit_errexit

root=$(cd "$(dirname "$0")/.." && pwd)
cd "$root"
refuse() {
  printf 'error: %s\n' "$1" >&2
  exit 2
}
[ $# -eq 1 ] || refuse 'usage: scripts/bump-version.sh VERSION'
new=$1
number='(0|[1-9][0-9]*)'
[[ $new =~ ^$number\.$number\.$number$ ]] || refuse "invalid value \`$new\`; expected a version such as 1.2.3"
old=$(sed -n 's/^version = "\(.*\)"$/\1/p' Cargo.toml)
[ "$new" != "$old" ] || refuse "the version is \`$old\` already"
[ "$(printf '%s\n' "$old" "$new" | sort -V | tail -n 1)" = "$new" ] || refuse "\`$new\` is before \`$old\`, and versions only grow"
orb=$(cat orb/namespace)/aws-oidc
repository=$(sed -n 's/^repository = "\(.*\)"$/\1/p' Cargo.toml)

# replace FILE SED_ARGUMENTS...: as `sed -i`, which macOS has in another form. Keeps the file's mode.
replace() {
  local file=$1 text
  shift
  text=$(sed "$@" "$file" && printf x)
  printf '%s' "${text%x}" >"$file"
}

dots=${old//./\\.}
replace Cargo.toml "s/^version = \"$dots\"\$/version = \"$new\"/"
# The crates of this tree are the packages of a lock file that have no source. crates/fuzz has a version of its own.
# shellcheck disable=SC2046 # Paths of this tree, without spaces.
members=$(sed -n 's/^name = "\(.*\)"$/\1/p' $(grep -l '^version.workspace = true$' crates/*/Cargo.toml))
for lock in Cargo.lock crates/fuzz/Cargo.lock; do
  text=$(awk -v members=" ${members//$'\n'/ } " -v new="$new" '
    /^name = / { name = $3; gsub(/"/, "", name); is_member = index(members, " " name " ") > 0 }
    is_member && /^version = / { print "version = \"" new "\""; is_member = 0; next }
    { print }' "$lock")
  printf '%s\n' "$text" >"$lock"
done
printf 'version=%s\n' "$new" >orb/src/scripts/pins.txt

# Users of the orb name the release that gets its patches; a file of a release is of one version.
files=$(find . \( -name .git -o -name dist -o -name target \) -prune -o -type f \
  \( -name '*.md' -o -name '*.sh' -o -name '*.toml' -o -name '*.yml' \) -print)
while IFS= read -r file; do
  if grep -qF -e "$orb@" -e "$repository/releases/download/v" "$file"; then
    replace "$file" -E -e "s#(^|[^A-Za-z0-9_-])$orb@[0-9][0-9.]*[0-9]#\1$orb@${new%.*}#g" \
      -e "s#$repository/releases/download/v[0-9.]*[0-9]#$repository/releases/download/v$new#g"
  fi
done <<<"$files"
for file in crates/cli/tests/cases/*.toml; do
  if grep -qF -e "circleci-aws-oidc $old" -e "\"semanticVersion\":\"$old\"" "$file"; then
    replace "$file" -e "s/^circleci-aws-oidc $dots\$/circleci-aws-oidc $new/" -e "s/\"semanticVersion\":\"$dots\"/\"semanticVersion\":\"$new\"/g"
  fi
done
if [ -e CHANGELOG.md ]; then
  grep -qx '## \[Unreleased\]' CHANGELOG.md || refuse 'CHANGELOG.md has no heading `## [Unreleased]`'
  replace CHANGELOG.md "s/^## \[Unreleased\]\$/## [Unreleased]\\
\\
## [$new] - $(date -u +%Y-%m-%d)/"
fi

cargo pkgid --offline --locked -p circleci-aws-oidc >/dev/null
printf '%s -> %s\n' "$old" "$new"
printf 'next: read the diff, complete CHANGELOG.md, run the tests, merge, push the tag v%s\n' "$new"
