#!/usr/bin/env bash
# Builds a book of docs/ with mdBook, in target/book, and checks its links. Prints where it is.
# usage: scripts/docs.sh
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/lib/tools.sh"
cd "$root"

# From PyPI, which has mdBook's programs as they were released; from source it takes minutes.
# In a shell of its own: in a condition, set -e would not end the function where pip fails.
if ! docs=$(bash -ec '. scripts/lib/tools.sh; python_has docs' 2>"$target_dir/docs.log"); then
  say "skipped: mdBook could not be installed: $(tail -n 1 "$target_dir/docs.log")"
  exit 0
fi
repository=$(sed -n 's/^repository = "\(.*\)"$/\1/p' Cargo.toml)
source=$target_dir/book-source
rm -rf "$source" "$target_dir/book"
mkdir -p "$source"
python3 scripts/lib/book.py prepare docs "$source/src" "$repository"
cat >"$source/book.toml" <<END
[book]
title = "circleci-aws-oidc"
language = "en"

[output.html]
git-repository-url = "$repository"
END
"$docs/bin/mdbook" build --dest-dir "$target_dir/book" "$source" >"$target_dir/docs.log" 2>&1 ||
  { cat "$target_dir/docs.log" >&2 && exit 1; }
python3 scripts/lib/book.py check "$target_dir/book"
printf '%s\n' "$target_dir/book/index.html"
