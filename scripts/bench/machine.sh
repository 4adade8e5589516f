#!/usr/bin/env bash
# What a figure depends on besides the programs: a line for each fact, its name and its value separated by a tab.
# usage: scripts/bench/machine.sh RUNS TOKEN_BYTES GZIP_BYTES
set -euo pipefail

fact() { printf '%s\t%s\n' "$1" "$2"; }

processor=$(sed -n 's/^model name[^:]*: *//p' /proc/cpuinfo | sed -n 1p)
fact processor "${processor:-$(uname -m)}"
fact cores "$(nproc)"
fact kernel "$(uname -s) $(uname -r | cut -d- -f1) $(uname -m)"
# shellcheck disable=SC1091 # Each system has its own.
fact system "$(. /etc/os-release && printf '%s' "$PRETTY_NAME")"
fact server "Python $(python3 --version | cut -d' ' -f2), $(python3 -c 'import ssl; print(ssl.OPENSSL_VERSION.rsplit(" ", 3)[0])')"
fact runs "$1"
fact 'token bytes' "$2"
fact 'gzip -9 bytes' "$3"
fact shell "$(dpkg-query -W -f '${Package} ${Version}' dash 2>/dev/null || readlink -f "$(command -v sh)")"
fact 'load before' "$(cut -d' ' -f1 /proc/loadavg)"
