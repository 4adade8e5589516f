#!/usr/bin/env bash
# Runs the clients against the gate, on a network that has no other machine: where there is no metadata service, a client
# that looks for one fails in the same way everywhere.
# usage: scripts/clients/matrix/run.sh PYTHON DIR SCRIPT ARGUMENTS... >RESULTS
# PYTHON has moto. SCRIPT, of this directory, gets the URL of the gate in place of the argument GATE.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
if [ -z "${ALONE:-}" ]; then
  alone=(unshare --net)
  [ "$(id -u)" -eq 0 ] || alone+=(--map-root-user)
  if "${alone[@]}" ip link set lo up 2>/dev/null; then
    ALONE=yes exec "${alone[@]}" "$0" "$@"
  fi
  printf 'these clients run on the network of this machine, because it allows no other one\n' >&2
else
  ip link set lo up
fi

python=$1 directory=$2 script=$3
shift 3
mkfifo "$directory/gate"
"$python" "$here/gate.py" "$directory/gate.log" >"$directory/gate" 2>"$directory/gate.errors" &
gate=$!
trap 'kill "$gate" 2>/dev/null || true' EXIT
read -r url <"$directory/gate" || { cat "$directory/gate.errors" >&2 && exit 1; }
arguments=()
for argument in "$@"; do
  [ "$argument" != GATE ] || argument=$url
  arguments+=("$argument")
done
"$python" "$here/$script" "${arguments[@]}"
