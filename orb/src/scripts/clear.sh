#!/bin/sh
# Runs the binary that an earlier step has installed. This step also runs after a failed step, so a missing binary is a
# note and not a second failure.

# shellcheck disable=SC2250 # Braces only where they are needed.
# shellcheck disable=SC2154 # The settings come from the environment of the step.
# shellcheck disable=SC2292 # POSIX sh has no [[ ]], also where the checker reads this as bash.

# For fish all that follows the next line is one string: see run.sh. No single quote may stand between them.
# shellcheck disable=SC1003,SC2016 # The quotes are for fish.
: '\''; echo "error: this step needs a POSIX shell and fish runs it; set the parameter shell to /bin/sh" >&2; exit 2; : '
set -eu

# The binary then names a setting by the parameter of the orb.
export INSTALL_AWS_OIDC_CALLER=orb

dir=$INSTALL_AWS_OIDC_DIR
# The tilde is literal: the value comes from the config and no shell has expanded it.
# shellcheck disable=SC2088
case $dir in
  "~" | "~/"*) dir=$HOME${dir#"~"} ;;
  *) ;;
esac

if [ -x "$dir/circleci-aws-oidc" ]; then
  exec "$dir/circleci-aws-oidc" clear
fi
if command -v circleci-aws-oidc >/dev/null; then
  exec circleci-aws-oidc clear
fi
echo "note: nothing was cleared: there is no circleci-aws-oidc in \`$dir\` or on the PATH; if an earlier step installed it elsewhere, set the parameter install-dir" >&2
# The end of the string: '
