#!/usr/bin/env bash
# @microsoft/sarif-multitool 5.7.0: `validate` ends with exit code 0 whether the log is valid or not. A log with an absolute path
# that is not a URL gets "error SARIF1004" on the screen, a log without the required `driver.name` gets "error JSON1002", and a job
# that relies on the exit code passes in both cases. Only the printed lines tell.
#
# usage: findings/sarif-multitool-exit-code.sh
# Installs it in a temporary folder. Fails if what it prints is not what is written at its end.
set -euo pipefail

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
npm install --silent --no-fund --no-audit --prefix "$work" @microsoft/sarif-multitool@5.7.0

# log URI DRIVER: one finding in one file.
log() {
  printf '{"$schema":"https://json.schemastore.org/sarif-2.1.0.json","version":"2.1.0","runs":[{"tool":{"driver":%s},"results":[{"ruleId":"r","message":{"text":"A finding."},"locations":[{"physicalLocation":{"artifactLocation":{"uri":"%s"},"region":{"startLine":1}}}]}]}]}\n' \
    "$2" "$1"
}
driver='{"name":"checker","semanticVersion":"1.0.0","informationUri":"https://example.com","rules":[{"id":"r","name":"Rule","fullDescription":{"text":"It checks."},"help":{"text":"Mend it."},"shortDescription":{"text":"A rule."}}]}'
log role.tf "$driver" >"$work/valid.sarif"
log /srv/role.tf "$driver" >"$work/path.sarif"
log role.tf '{"semanticVersion":"1.0.0"}' >"$work/nameless.sarif"

for name in valid path nameless; do
  code=0
  "$work/node_modules/.bin/sarif-multitool" validate "$work/$name.sarif" >"$work/out" 2>&1 || code=$?
  errors=$(grep -oE "error (SARIF|JSON)[0-9]+" "$work/out" | sort -u | paste -sd, || true)
  printf '%s: exit code %s; %s\n' "$name" "$code" "${errors:-no error}"
done >"$work/seen"
cat "$work/seen"
diff - "$work/seen" <<'SEEN'
valid: exit code 0; no error
path: exit code 0; error SARIF1004
nameless: exit code 0; error JSON1002
SEEN
