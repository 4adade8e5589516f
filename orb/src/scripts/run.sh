#!/bin/sh
# Runs one command of the binary, which takes its settings from AWS_OIDC_* and decides everything.

# shellcheck disable=SC2250 # Braces only where they are needed.
# shellcheck disable=SC2154 # The settings come from the step's environment.
# shellcheck disable=SC2292 # POSIX sh has no [[ ]], also where the checker takes this for bash.
set -eu

command=$INSTALL_AWS_OIDC_COMMAND

# Only bash reads the file of BASH_ENV, which is where these two modes put something.
if [ "$command" = assume ] && [ -z "${BASH_VERSION:-}" ]; then
  case $AWS_OIDC_MODE$AWS_OIDC_PROFILE in
    environment)
      echo 'note: later steps have these credentials only if their shell is bash; for other shells set profile-name' >&2
      ;;
    endpoint)
      echo 'note: later steps find these credentials only if their shell is bash; for other shells set mode to credential-process' >&2
      ;;
    *) ;;
  esac
fi

dir=$INSTALL_AWS_OIDC_DIR
# The tilde is text here: a value from the config that no shell has expanded.
# shellcheck disable=SC2088
case $dir in
  '~' | '~/'*) dir=$HOME${dir#'~'} ;;
  *) ;;
esac

# With `install: true` nothing but the binary that was just checked may run. CircleCI writes true as 1.
case $INSTALL_AWS_OIDC_CHECKED in
  1 | true) exec "$dir/circleci-aws-oidc" "$command" ;;
  *) ;;
esac

if [ -x "$dir/circleci-aws-oidc" ]; then
  exec "$dir/circleci-aws-oidc" "$command"
fi
exec circleci-aws-oidc "$command"
