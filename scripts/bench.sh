#!/usr/bin/env bash
# What this program costs next to others that get the same credentials, and the page that says so, docs/performance.md.
# usage: scripts/bench.sh [-n RUNS] [--all-instructions] [--page] [BINARY]      all of it; --page writes page and plots
#        scripts/bench.sh exchange [-n RUNS] [--all-instructions] [BINARY]      one exchange, and calls without one
#        scripts/bench.sh roles [-n RUNS] [COUNT...]                            many roles next to one (scripts/bench/roles.sh)
#        scripts/bench.sh install [-n RUNS]                                     until a job has the program (scripts/bench/install.sh)
#
# BINARY, as an argument or a variable, is a static binary; else it is built, as is LOCAL_STS, the server of `roles`.
# Prints figures and checks none against a limit, but for `roles`. --all-instructions counts those of the SDKs and the AWS CLI
# too, which takes a minute more; --page includes it. All of it takes about 5 minutes on two cores, on which nothing else
# should run meanwhile.
set -euo pipefail
shopt -s inherit_errexit
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/lib/tools.sh"
# shellcheck source=scripts/lib/bench.sh
. "$root/scripts/lib/bench.sh"

what=all
case ${1:-} in
roles | install) exec "$root/scripts/bench/$1.sh" "${@:2}" ;;
exchange)
  what=exchange
  shift
  ;;
*) ;;
esac
runs=15
all_instructions=
page=
while [ $# -gt 0 ]; do
  case $1 in
  -n) runs=${2:-} && shift $(($# > 1)) ;;
  --all-instructions) all_instructions=$1 ;;
  --page) page=$1 all_instructions=--all-instructions ;;
  -*) runs= ;;
  *) BINARY=$1 ;;
  esac
  shift
done
if ! is_count "$runs" || [ "$what$page" = exchange--page ]; then
  say 'usage: scripts/bench.sh [exchange] [-n RUNS] [--all-instructions] [--page] [BINARY]'
  exit 2
fi

bench_binary
export BINARY=$binary
# It removes the figures of before.
"$root/scripts/bench/exchange.sh" "$runs" "$all_instructions"
if [ "$what" = all ]; then
  say 'many roles'
  "$root/scripts/bench/roles.sh" -n $(((runs + 1) / 2)) >&2 || say 'a bound of many roles is broken'
  say 'installing'
  "$root/scripts/bench/install.sh" -n $(((runs + 4) / 5)) >/dev/null
fi
printf 'load %s before, %s after\n\n' "$(sed -n 's/^load before\t//p' "$results/machine")" "$(sed -n 's/^load after\t//p' "$results/machine")"
python3 -B "$root/scripts/bench/report.py" "$results"
[ -z "$page" ] || python3 -B "$root/scripts/bench/page.py" "$results"
