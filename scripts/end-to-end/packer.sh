#!/usr/bin/env bash
# CircleCI's own packer and ours produce the same orb. CircleCI's CLI is built from Go's module registry.
# usage: scripts/end-to-end/packer.sh
set -euo pipefail
# shellcheck source=scripts/lib/tools.sh
. "$(dirname "$0")/../lib/tools.sh"
# shellcheck source=scripts/lib/checks.sh
. "$root/scripts/lib/checks.sh"

version=v0.1.47860
cli=$(go_has circleci-cli github.com/CircleCI-Public/circleci-cli "$version" .) || exit 0
lint=$(python_has lint)
"$root/scripts/pack-orb.sh" "$target_dir/packed-by-us.yml"
CIRCLECI_CLI_SKIP_UPDATE_CHECK=true "$cli" --skip-update-check orb pack "$root/orb/src" >"$target_dir/packed-by-circleci.yml"
# As YAML 1.1, like CircleCI's compiler.
equal='import sys, yaml; a, b = (yaml.safe_load(open(path, encoding="utf-8")) for path in sys.argv[1:]); sys.exit(a != b or not a["commands"])'
check "the packers agree (circleci-cli $version)" \
  "$lint/bin/python" -c "$equal" "$target_dir/packed-by-us.yml" "$target_dir/packed-by-circleci.yml"
sed 's/role-arn/role-orn/' "$target_dir/packed-by-us.yml" >"$target_dir/packed-otherwise.yml"
check_fails 'a difference is detected' \
  "$lint/bin/python" -c "$equal" "$target_dir/packed-otherwise.yml" "$target_dir/packed-by-circleci.yml"
checks_done
