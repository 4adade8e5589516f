# shellcheck shell=bash
# The versions of the clients that build.sh has, from the files that pin them. Sourced by bash, after build.sh.

: "${root:?tools.sh comes first}" "${clients_source:?build.sh comes first}"

# client_version NAME
client_version() {
  case $1 in
  go-v2) pinned_by_go github.com/aws/aws-sdk-go-v2/service/sts ;;
  go-v1) pinned_by_go github.com/aws/aws-sdk-go ;;
  minio-go) pinned_by_go github.com/minio/minio-go/v7 ;;
  rust-sdk) pinned_by_cargo aws-config ;;
  rust-object-store) pinned_by_cargo object_store ;;
  java-v2) pinned_by_maven sts ;;
  java-v1) pinned_by_maven aws-java-sdk-sts ;;
  js-v3) pinned_by_npm @aws-sdk/client-sts ;;
  js-v2) pinned_by_npm aws-sdk ;;
  *) said_by_itself "$1" ;;
  esac
}

pinned_by_go() { awk -v module="$1" '$1 == module || $2 == module { sub(/.* v/, ""); print $1; exit }' "$clients_source/go/go.mod"; }
pinned_by_cargo() { grep -A1 -x "name = \"$1\"" "$clients_source/rust/Cargo.lock" | sed -n 's/^version = "\(.*\)"$/\1/p'; }
pinned_by_npm() { sed -n "s|.*\"$1\": \"\([0-9.]*\)\".*|\1|p" "$clients_source/js/package.json"; }
pinned_by_maven() { sed -n "/<artifactId>$1</ { n; s|.*<version>\(.*\)</version>.*|\1|p; }" "$clients_source/java/pom.xml"; }

# said_by_itself NAME: the version that its directory has, as go_has makes them, or else what the program says of itself.
said_by_itself() {
  local command program said
  command=$(client "$1") || return 1
  program=${command##* }
  said=$(basename "$(dirname "$program")")
  [[ $said == *-v[0-9]* ]] || said=$("$program" version 2>/dev/null || "$program" --version 2>&1)
  grep -oE '[0-9]+\.[0-9]+\.[0-9]+' <<<"$said" | head -n 1
}
