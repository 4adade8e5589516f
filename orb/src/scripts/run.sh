#!/bin/sh
# Runs one command of the binary. The binary reads its settings from AWS_OIDC_* and makes all decisions.

# shellcheck disable=SC2250 # Braces only where they are needed.
# shellcheck disable=SC2154 # The settings come from the step's environment.
# shellcheck disable=SC2292 # POSIX sh has no [[ ]], also where the checker reads this as bash.
set -eu

command=$INSTALL_AWS_OIDC_COMMAND

# Only bash reads the file of BASH_ENV, to which these two modes write.
if [ "$command" = assume ] && [ -z "${BASH_VERSION:-}" ]; then
  case $AWS_OIDC_MODE$AWS_OIDC_PROFILE in
    environment)
      echo 'note: the next steps have these credentials only if their shell is bash; for other shells set the parameter profile-name' >&2
      ;;
    endpoint)
      echo 'note: the next steps have these credentials only if their shell is bash; for other shells set the parameter mode to credential-process' >&2
      ;;
    *) ;;
  esac
fi

dir=$INSTALL_AWS_OIDC_DIR
# The tilde is literal: the value comes from the config and no shell has expanded it.
# shellcheck disable=SC2088
case $dir in
  '~' | '~/'*) dir=$HOME${dir#'~'} ;;
  *) ;;
esac

# With `install: true` only the binary that was checked before can run. CircleCI writes true as 1.
case $INSTALL_AWS_OIDC_CHECKED in
  1 | true) exec "$dir/circleci-aws-oidc" "$command" ;;
  *) ;;
esac

if [ -x "$dir/circleci-aws-oidc" ]; then
  exec "$dir/circleci-aws-oidc" "$command"
fi
exec circleci-aws-oidc "$command"
