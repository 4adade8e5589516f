#!/usr/bin/env bash
# Errors and SIGKILL at each file system call of the commands that write files: a file is old or new, and the next run leaves
# nothing else. Prints the table of docs/reliability.md.
# usage: scripts/end-to-end/file-faults.sh BINARY
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"

apt_has strace=strace
faults=$root/scripts/file-faults
check 'what is torn, left or printed is found' python3 -B "$faults/self_test.py"
# A container may be without the right to trace.
if ! strace -o /dev/null true 2>/dev/null; then
  say 'skipped: faults at file system calls (strace does not work here)'
  checks_done
  exit 0
fi
check 'after a fault at any file system call a file is old or new, and the next run leaves nothing else' python3 -B "$faults/run.py" "$1"
checks_done
