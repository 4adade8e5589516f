# shellcheck shell=bash
# The clients of AWS that are not written in Python, each pinned to a version. Sourced by bash, after tools.sh.

: "${root:?tools.sh comes first}" "${tools:?tools.sh comes first}"
clients_source=$root/scripts/clients
# shellcheck disable=SC2034 # For the scripts that source this file.
client_names=(go-v2 go-v1 minio-go s5cmd rclone rclone-1.60 restic restic-0.14 java-v2 java-v1 js-v3 js-v2 rust-sdk
  rust-object-store opentofu aws-cli-2.9)

# client NAME: builds or installs it where that is not done yet, and prints the command that runs it, in words separated
# by spaces. CALLS and PAUSE_SECONDS may follow them; the programs of cli/ make one call. Fails, and says why, where it
# cannot be had; the caller then skips it.
client() {
  local cli=$clients_source/cli program
  case $1 in
  go-v2) go_client "$1" sdk-v2 ;;
  go-v1) go_client "$1" sdk-v1 ;;
  minio-go) go_client "$1" minio ;;
  java-v2) java_client "$1" SdkV2 ;;
  java-v1) java_client "$1" SdkV1 ;;
  js-v3) js_client "$1" sdk-v3.mjs ;;
  js-v2) js_client "$1" sdk-v2.cjs ;;
  rust-sdk) rust_client "$1" sdk ;;
  rust-object-store) rust_client "$1" object-store ;;
  s5cmd) program=$(go_has s5cmd github.com/peak/s5cmd/v2 v2.3.0 .) && printf '%s\n' "$cli/s5cmd.sh $program" ;;
  rclone) program=$(go_has rclone github.com/rclone/rclone v1.76.0 .) && printf '%s\n' "$cli/rclone.sh $program" ;;
  restic) program=$(go_has restic github.com/restic/restic v0.18.1 ./cmd/restic) && printf '%s\n' "$cli/restic.sh $program" ;;
  opentofu) program=$(tofu_has) && printf '%s\n' "$cli/opentofu.sh $program" ;;
  rclone-1.60) program=$(debian_client "$1" rclone 'rclone v1.60.') && printf '%s\n' "$cli/rclone.sh $program" ;;
  restic-0.14) program=$(debian_client "$1" restic 'restic 0.14.') && printf '%s\n' "$cli/restic.sh $program" ;;
  aws-cli-2.9)
    apt_has /usr/bin/aws=awscli && is_version "$1" /usr/bin/aws 'aws-cli/2.9.' --version &&
      printf '%s\n' "$cli/aws.sh /usr/bin/aws"
    ;;
  *) skip "$1" 'there is no such client' ;;
  esac
}

skip() {
  say "skipped: $1 ($2)"
  return 1
}

# built NAME COMMAND...: runs it; where it fails, NAME is skipped, and the end of what it printed says why.
built() {
  local name=$1 log=$tools/clients/$1.log
  mkdir -p "$tools/clients"
  if ! timeout 900 "${@:2}" >"$log" 2>&1; then
    tail -n 5 "$log" >&2
    skip "$name" "it could not be built, or not in time: $log"
  fi
}

# needs NAME COMMAND
needs() { command -v "$2" >/dev/null 2>&1 || skip "$1" "$2 is not installed"; }

# go_client NAME PACKAGE
go_client() {
  local directory=$tools/clients/go
  needs "$1" go || return 1
  [ -x "$directory/$2" ] || say "building, which takes a minute: the client $1"
  built "$1" env CGO_ENABLED=0 go build -C "$clients_source/go" -mod=readonly -trimpath -buildvcs=false \
    -o "$directory/$2" "./cmd/$2" && printf '%s\n' "$directory/$2"
}

# rust_client NAME BINARY: all binaries are built at once, because they share their dependencies.
rust_client() {
  local directory=$tools/clients/rust
  needs "$1" cargo || return 1
  [ -x "$directory/debug/$2" ] || say 'building, which takes a minute or two: the clients in Rust'
  built "$1" cargo build --quiet --locked --all-features --manifest-path "$clients_source/rust/Cargo.toml" \
    --target-dir "$directory" && printf '%s\n' "$directory/debug/$2"
}

# js_client NAME FILE: beside the packages of package-lock.json, where Node.js searches for them.
js_client() {
  local directory=$tools/clients/js
  needs "$1" npm && needs "$1" node || return 1
  mkdir -p "$directory"
  if ! cmp -s "$clients_source/js/package-lock.json" "$directory/installed.json"; then
    say "installing with npm: the AWS SDKs for JavaScript"
    cp "$clients_source"/js/{package,package-lock}.json "$directory"
    built "$1" npm ci --prefix "$directory" --no-audit --no-fund --ignore-scripts || return 1
    cp "$clients_source/js/package-lock.json" "$directory/installed.json"
  fi
  cp "$clients_source"/js/{repeat.cjs,sdk-v2.cjs,sdk-v3.mjs} "$directory"
  # The SDKs warn of their end of support and of that of Node.js.
  printf '%s\n' "node --no-warnings $directory/$2"
}

# java_client NAME CLASS: Maven is started only after an edit, because it takes seconds even where all is there.
java_client() {
  local directory=$tools/clients/java
  needs "$1" mvn && needs "$1" java || return 1
  if [ ! -e "$directory/built" ] || [ -n "$(find "$clients_source/java" -newer "$directory/built" -type f)" ]; then
    say 'building with Maven: the AWS SDKs for Java'
    mkdir -p "$directory"
    built "$1" mvn --quiet --batch-mode --file "$clients_source/java/pom.xml" "-DbuildDirectory=$directory" process-classes ||
      return 1
    touch "$directory/built"
  fi
  # In a file, because a shell that splits the words could also expand the asterisk.
  printf -- '-cp "%s"\n-Daws.java.v1.disableDeprecationAnnouncement=true\n%s\n' \
    "$directory/classes:$directory/libraries/*" "$2" >"$directory/$2.arguments"
  printf '%s\n' "java @$directory/$2.arguments"
}

# debian_client NAME PACKAGE VERSION: the program of Debian's package, not installed. Prints its path.
debian_client() {
  local program
  program=$(apt_unpacked "$2" "usr/bin/$2") || skip "$1" 'apt-get does not have it' || return 1
  is_version "$1" "$program" "$3" version && printf '%s\n' "$program"
}

# is_version NAME PROGRAM TEXT ARGUMENT: whether what it says of itself starts with that. Other releases of Debian and
# Ubuntu have other versions.
is_version() {
  local said
  said=$("$2" "$4" 2>&1) || true
  [[ $said == "$3"* ]] || skip "$1" "it says ${said%%$'\n'*}"
}
