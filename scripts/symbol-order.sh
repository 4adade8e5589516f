#!/usr/bin/env bash
# Writes scripts/lib/symbol-order.txt: the functions that jobs run in nearly every call, so that the linker puts them next
# to each other. A call then touches few pages of the program, each of which is read from the disk and counts as memory.
# usage: scripts/symbol-order.sh
#
# A name holds a digest of its crate's version, of the compiler and of the flags: after a change of these the linker finds
# fewer of them, and where scripts/end-to-end/budgets.sh says that a peak has grown, this is to be run again. Names that
# are not there do no harm. Takes two builds of the release.
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"
# shellcheck source=scripts/lib/static-sts.sh
. "$root/scripts/lib/static-sts.sh"

order=$root/scripts/lib/symbol-order.txt
apt_has openssl=openssl valgrind=valgrind nm=binutils
binary=$(CARGO_TARGET_DIR=$target_dir/symbol-order KEEP_SYMBOLS=1 "$root/scripts/build-static.sh")
nm --defined-only "$binary" | awk '{ print $3 }' | sort -u >"$target_dir/symbol-order/names"
# shellcheck source=scripts/lib/measured-calls.sh
. "$root/scripts/lib/measured-calls.sh"

# functions CALL: the names of those that it runs, in the order of callgrind's file.
functions() {
  call "$1"
  rm -f "$work/bash_env"
  call "$1" valgrind --tool=callgrind --demangle=no "--callgrind-out-file=$work/callgrind" "--log-file=$work/callgrind.log"
  rm -f "$work/bash_env"
  sed -n 's/^c\{0,1\}fn=([0-9]*) //p' "$work/callgrind" | sort -u
}

# What most calls run comes first.
for name in help credential-process whoami assume bash-env; do functions "$name"; done |
  sort | uniq -c | sort -k1,1nr -k2 | awk '{ print $2 }' | grep -Fx -f "$target_dir/symbol-order/names" >"$work/order"
[ "$(wc -l <"$work/order")" -gt 1000 ] || broken 'the functions have their names' "only $(wc -l <"$work/order") of them"
cp "$work/order" "$order"
say "$(wc -l <"$order") functions in $order"
