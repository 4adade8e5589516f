# shellcheck shell=bash
# Servers of scripts/bench/static-sts.py, an STS that does no work, with a CA of their own. Sourced by bash, after tools.sh.
# The script that sources it stops the processes in $static_servers.

: "${root:?tools.sh comes first}"

static_servers=()

# static_certificate DIRECTORY ADDRESS...: ca.pem, and cert.pem with key.pem for a server at these IP addresses.
static_certificate() {
  local directory=$1 names curve=(-newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2)
  shift
  names=$(printf ',IP:%s' "$@")
  names=subjectAltName=${names#,}
  openssl req -x509 "${curve[@]}" -subj /CN=ca -keyout "$directory/ca.key" -out "$directory/ca.pem" 2>/dev/null
  openssl req -x509 "${curve[@]}" -subj /CN=sts -addext "$names" -addext basicConstraints=CA:FALSE \
    -CA "$directory/ca.pem" -CAkey "$directory/ca.key" -keyout "$directory/key.pem" -out "$directory/cert.pem" 2>/dev/null ||
    { # Versions of OpenSSL before 3.0 sign with another command.
      openssl req "${curve[@]}" -subj /CN=sts -keyout "$directory/key.pem" -out "$directory/request.pem" 2>/dev/null
      openssl x509 -req -in "$directory/request.pem" -CA "$directory/ca.pem" -CAkey "$directory/ca.key" -CAcreateserial -days 2 \
        -extfile <(printf '%s\nbasicConstraints=CA:FALSE\n' "$names") -out "$directory/cert.pem" 2>/dev/null
    }
}

# start_static_sts DIRECTORY COMMAND...: COMMAND runs static-sts.py, or another server that prints its port. Sets $port.
# shellcheck disable=SC2034 # Who sources this uses it.
start_static_sts() {
  local fifo=$1/port.${#static_servers[@]}
  shift
  mkfifo "$fifo"
  "$@" >"$fifo" &
  static_servers+=($!)
  read -r port <"$fifo"
}
