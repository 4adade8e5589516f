#!/usr/bin/env bash
# The clients of AWS that people run after us, each in each way in which credentials are handed over, against moto behind
# an identity check. Writes the tables of docs/clients.md, or compares its rows with them.
# usage: scripts/clients.sh BINARY                    all clients; writes the tables of the ways
#        scripts/clients.sh --check BINARY NAME...    these; fails where a row of the page is another one
#        scripts/clients.sh --refresh                 writes the table of when they ask again, which takes ten minutes
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/lib/tools.sh"
# shellcheck source=scripts/clients/build.sh
. "$root/scripts/clients/build.sh"
# shellcheck source=scripts/clients/python.sh
. "$root/scripts/clients/python.sh"
# shellcheck source=scripts/clients/versions.sh
. "$root/scripts/clients/versions.sh"

what='write'
case ${1:-} in
--check | --refresh)
  what=${1#--}
  shift
  ;;
*) ;;
esac
binary=
if [ "$what" != refresh ]; then
  binary=$(realpath "$1")
  shift
fi
all=("${!python_clients[@]}" "${client_names[@]}")
names=("$@")
case $what in
check) ;;
*)
  [ $# -eq 0 ] || { say 'error: the page is written for all clients' && exit 2; }
  names=("${all[@]}")
  ;;
esac
for name in "${names[@]}"; do
  [[ " ${all[*]} " == *" $name "* ]] || { say "error: there is no client $name" && exit 2; }
done
apt_has ip=iproute2 unshare=util-linux
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# A line a client: its name, its command and its version.
skipped=0
for name in "${names[@]}"; do
  if [ -n "${python_clients[$name]:-}" ]; then
    found=$(python_client "$name")
    IFS=$'\t' read -r version command <<<"$found"
  else
    command=$(client "$name") || { skipped=$((skipped + 1)) && continue; }
    version=$(client_version "$name")
  fi
  printf '%s\t%s\t%s\n' "${name:?}" "${command:?}" "${version:?}" >>"$work/commands"
done
if [ "$skipped" -gt 0 ]; then
  say "skipped: $skipped of ${#names[@]} clients"
  [ "$what" = check ] || { say 'error: the page is written for all clients' && exit 1; }
fi

python=$(python_has aws)/bin/python
page=$root/docs/clients.md
mkdir "$work/homes"
case $what in
refresh)
  "$root/scripts/clients/matrix/run.sh" "$python" "$work" refresh.py GATE "$work/homes" "$work/commands" >"$work/results"
  "$python" "$root/scripts/clients/matrix/page.py" refresh "$work/results" "$work/commands" "$page"
  ;;
*)
  "$root/scripts/clients/matrix/run.sh" "$python" "$work" matrix.py "$binary" GATE "$work/homes" "$work/commands" >"$work/results"
  "$python" "$root/scripts/clients/matrix/page.py" "$what" "$work/results" "$work/commands" "$page"
  ;;
esac
