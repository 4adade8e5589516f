#!/usr/bin/env bash
# The certificates of the servers that scripts/faults/server.py plays: one that verifies, and one for each way not to.
# usage: scripts/faults/certificates.sh DIRECTORY
set -Eeuo pipefail

cd "$1"
trap 'cat openssl.log >&2' ERR
key=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes)
cat >ca.conf <<'END'
[ca]
default_ca = authority
[authority]
database = index
new_certs_dir = .
rand_serial = yes
unique_subject = no
default_md = sha256
policy = any
copy_extensions = copy
[any]
commonName = supplied
END
: >index
for authority in ca another; do
  openssl req -x509 "${key[@]}" -keyout "$authority.key" -out "$authority.pem" -subj "/CN=$authority" -days 2
done 2>openssl.log

# issue NAME AUTHORITY HOST END
issue() {
  openssl req "${key[@]}" -keyout "$1.key" -out "$1.csr" -subj "/CN=$1" -addext "subjectAltName=$3"
  openssl ca -batch -config ca.conf -cert "$2.pem" -keyfile "$2.key" -in "$1.csr" -out "$1.pem" -notext \
    -startdate 20200101000000Z -enddate "$4"
} 2>>openssl.log
issue good ca IP:127.0.0.1 20491231000000Z
issue expired ca IP:127.0.0.1 20200102000000Z
issue other-host ca DNS:sts.example 20491231000000Z
issue other-authority another IP:127.0.0.1 20491231000000Z
