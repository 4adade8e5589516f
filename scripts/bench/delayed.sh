# shellcheck shell=bash
# A network that is 25 ms away each way: two network namespaces, and scripts/bench/delay-line.py between them. Sourced by bash,
# after tools.sh and scripts/lib/static-sts.sh. Who sources it calls remove_delay at the end.

# shellcheck disable=SC2034 # Who sources this uses the variables.

: "${root:?tools.sh comes first}" "${work:?}"

delay_ms=25
near_address=10.89.0.1
far_address=10.89.0.2
near_namespace=bench-near-$$
far_namespace=bench-far-$$
delay_line=
namespaces=()

# start_delay: sets $near and $far, each a command that runs another one at its end of the line.
start_delay() {
  local namespace
  near=(ip netns exec "$near_namespace")
  far=(ip netns exec "$far_namespace")
  [ "$(id -u)" -eq 0 ] || { say 'skipped: round trips (only root makes network namespaces)' && return 1; }
  [ -c /dev/net/tun ] || { say 'skipped: round trips (no /dev/net/tun)' && return 1; }
  apt_has ip=iproute2
  for namespace in "$near_namespace" "$far_namespace"; do
    ip netns add "$namespace" || { say 'skipped: round trips (no network namespaces)' && return 1; }
    namespaces+=("$namespace")
  done
  mkfifo "$work/delay"
  python3 "$root/scripts/bench/delay-line.py" "$near_namespace" "$near_address" "$far_namespace" "$far_address" "$delay_ms" \
    >"$work/delay" &
  delay_line=$!
  # It says nothing if it fails.
  read -r _ <"$work/delay" || { say 'skipped: round trips (the delay line does not start)' && return 1; }
}

remove_delay() {
  local namespace
  [ -z "$delay_line" ] || kill "$delay_line" 2>/dev/null || true
  for namespace in "${namespaces[@]}"; do ip netns del "$namespace" || true; done
}
