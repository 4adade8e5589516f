#!/usr/bin/env bash
# `install` from a server whose certificate is of a private CA, as behind a company's proxy: with each real download
# program, without that CA, with it in each variable, and with a tampered file.
# usage: scripts/end-to-end/private-ca.sh
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"

apt_has curl=curl wget=wget perl=perl openssl=openssl python3=python3
# Perl's TLS; a module has no command to look for.
perl -MIO::Socket::SSL -e 1 2>/dev/null || apt_install libio-socket-ssl-perl
busybox=$(apt_unpacked busybox-static bin/busybox)
work=$(mktemp -d)
server=
trap '[ -z "$server" ] || kill "$server"; rm -rf "$work"' EXIT
local_sts=$(dev_binary local-sts)
# A version manager's wrapper for Python would not work in an image.
python=$(python3 -c 'import os, sys; print(os.path.realpath(sys.executable))')

# --- a release behind TLS

"$local_sts" certificate --dir "$work/authority"
"$local_sts" certificate --dir "$work/another"
ca=$work/authority/ca.pem
mkdir -p "$work/web/release/v1.2.3" "$work/web/tampered/v1.2.3"
machine=$(uname -m)
file=circleci-aws-oidc-linux-${machine/arm64/aarch64}
printf '#!/bin/sh\necho installed\n' >"$work/web/release/v1.2.3/$file"
printf '#!/bin/sh\necho executed\n' >"$work/web/tampered/v1.2.3/$file"
gzip -9 -n -k "$work/web/release/v1.2.3/$file"
digest=$(sha256sum <"$work/web/release/v1.2.3/$file" | cut -d' ' -f1)
cat >"$work/serve.py" <<'PYTHON'
import functools, http.server, os, ssl, sys
work = sys.argv[1]
handler = functools.partial(http.server.SimpleHTTPRequestHandler, directory=f"{work}/web")
server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
tls = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
tls.load_cert_chain(f"{work}/authority/server.pem", f"{work}/authority/server.key")
server.socket = tls.wrap_socket(server.socket, server_side=True, do_handshake_on_connect=False)
with open(f"{work}/port.new", "w") as file:
    file.write(str(server.server_port))
os.rename(f"{work}/port.new", f"{work}/port")
server.serve_forever()
PYTHON
"$python" "$work/serve.py" "$work" >/dev/null 2>>"$work/requests" &
server=$!
until [ -s "$work/port" ]; do
  kill -0 "$server" || broken 'the server starts' "$(cat "$work/requests")"
  sleep 0.1
done
port=$(cat "$work/port")

# HTTP::Tiny verifies certificates by default from 0.083 on; this makes an earlier one do so. Without it the digest alone
# protects the download, as with busybox's wget.
mkdir "$work/perl"
cat >"$work/perl/Verifying.pm" <<'PERL'
package Verifying;
require HTTP::Tiny;
my $new = \&HTTP::Tiny::new;
no warnings "redefine";
*HTTP::Tiny::new = sub { my $class = shift; $new->($class, verify_SSL => 1, @_) };
1;
PERL

# --- an image with one download program

# image NAME PROGRAM: a directory with the base programs and this one.
image() {
  local name
  mkdir -p "$work/image-$1"
  for name in cat chmod cp grep id ls mkdir mktemp mv rm sed sh tr uname sha256sum gzip head; do
    ln -sf "$(command -v "$name")" "$work/image-$1/$name"
  done
  ln -sf "$2" "$work/image-$1/$1"
  # A pause between attempts is one of 3 s; those of a download's limit are of 1 s.
  printf '#!/bin/sh\necho "$1" >>"%s"\nexec %s "$1"\n' "$work/pauses" "$(command -v sleep)" >"$work/image-$1/sleep"
  chmod +x "$work/image-$1/sleep"
}
curl=$(command -v curl) wget=$(command -v wget) perl=$(command -v perl)
image curl "$curl"
image wget "$wget"
image python3 "$python"
image perl "$perl"

# install_with TOOL RELEASE VARIABLE=VALUE...: its messages are in $work/said.
install_with() {
  rm -rf "${work:?}/home"
  mkdir -m 700 "$work/home"
  cp "$ca" "$work/home/ca.pem"
  env -i "PATH=$work/image-$1" "HOME=$work/home" "INSTALL_AWS_OIDC_DIR=$work/home/bin" INSTALL_AWS_OIDC_VERSION=1.2.3 \
    "PERL5LIB=$work/perl" PERL5OPT=-MVerifying "INSTALL_AWS_OIDC_SHA256=$digest" INSTALL_AWS_OIDC_PINS= "INSTALL_AWS_OIDC_BASE_URL=https://127.0.0.1:$port/$2" \
    "${@:3}" "$shell" "$root/orb/src/scripts/install.sh" >"$work/said" 2>&1
}
installed() { [ "$("$work/home/bin/circleci-aws-oidc")" = installed ]; }
says() { grep -qF -e "$1" "$work/said" || broken "$2" "$(cat "$work/said")"; }
refuses() {
  check_fails "$1" install_with "${@:2}"
  [ -z "$(ls -A "$work/home/bin")" ] || broken "$1: nothing is left" "$(ls -A "$work/home/bin")"
}

for shell in /bin/dash /bin/bash "$busybox sh"; do
  # shellcheck disable=SC2086 # A shell may have an argument.
  case $shell in *' '*) printf '#!/bin/sh\nexec %s "$@"\n' "$shell" >"$work/shell" && chmod +x "$work/shell" && shell=$work/shell ;; *) ;; esac
  for tool in curl wget python3 perl; do
    name="$tool, ${shell##*/}"
    # Busybox's shell runs its own wget, which fails at TLS with this server.
    [ "$tool:$shell" != "wget:$work/shell" ] || continue
    : >"$work/pauses"
    refuses "$name: without the CA nothing is installed" "$tool" release
    ! grep -qx 3 "$work/pauses" || broken "$name: a certificate is not tried again" "$(cat "$work/pauses")"
    says "caused by: $tool: " "$name: the error is the program's"
    grep -qi certificate <(grep 'caused by' "$work/said") || broken "$name: the cause is the certificate" "$(cat "$work/said")"
    says 'set AWS_CA_BUNDLE, SSL_CERT_FILE or CURL_CA_BUNDLE to a PEM file' "$name: the hint names the variables"
    ! grep -qi 'insecure\|no-check' "$work/said" || broken "$name: no advice to turn verification off" "$(cat "$work/said")"
    says "cannot download \`https://127.0.0.1:$port/release/v1.2.3/$file\`" "$name: the error names the binary"
    : >"$work/requests"
    for variable in AWS_CA_BUNDLE SSL_CERT_FILE CURL_CA_BUNDLE; do
      install_with "$tool" release "$variable=$ca" || broken "$name: $variable" "$(cat "$work/said")"
      check "$name: with $variable it is installed" installed
    done
    check_output "$name: from the compressed file" 3 grep -cF "GET /release/v1.2.3/$file.gz" "$work/requests"
    check_fails "$name: alone" grep -F "GET /release/v1.2.3/$file HTTP" "$work/requests"
    install_with "$tool" release 'AWS_CA_BUNDLE=~/ca.pem' || broken "$name: a tilde" "$(cat "$work/said")"
    check "$name: a leading tilde is the home directory" installed
    refuses "$name: with another CA nothing is installed" "$tool" release "AWS_CA_BUNDLE=$work/another/ca.pem"
    says "add the certificate of the CA to \`$work/another/ca.pem\`, which was tried too" "$name: the hint names the file"
    refuses "$name: with the CA a tampered file is refused" "$tool" tampered "AWS_CA_BUNDLE=$ca"
    says 'is not the pinned one' "$name: by its digest"
    refuses "$name: a file that is not there is not a matter of certificates" "$tool" absent "AWS_CA_BUNDLE=$ca"
    says 'hint: check the parameters version and download-base-url' "$name: a 404 has its own hint"
  done
  # The default CAs, which SSL_CERT_FILE replaces for these programs, come before those of AWS_CA_BUNDLE: a direct
  # connection works although that file has a company's CA alone.
  for tool in curl python3 perl; do
    install_with "$tool" release "SSL_CERT_FILE=$ca" "AWS_CA_BUNDLE=$work/another/ca.pem" || broken "$tool" "$(cat "$work/said")"
    check "$tool, ${shell##*/}: a server of the default CAs needs no bundle" installed
  done
done
checks_done
