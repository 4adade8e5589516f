#!/bin/sh
# Runs one command of the binary. The binary reads its settings from CIRCLECI_AWS_OIDC_* and makes all decisions.

# shellcheck disable=SC2250 # Braces only where they are needed.
# shellcheck disable=SC2154 # The settings come from the environment of the step.
# shellcheck disable=SC2292 # POSIX sh has no [[ ]], also where the checker reads this as bash.

# fish parses a whole script before it runs one line, and old versions exit with 0 if they cannot. So for fish all that
# follows the next line is one string, which ends in the last line: no single quote may stand between them, not even in a
# comment. For other shells the line does nothing.
# shellcheck disable=SC1003,SC2016 # The quotes are for fish.
: '\''; echo "error: this step needs a POSIX shell and fish runs it; set the parameter shell to /bin/sh" >&2; exit 2; : '
set -eu

# The binary then names a setting by the parameter of the orb.
export INSTALL_AWS_OIDC_CALLER=orb

command=$INSTALL_AWS_OIDC_COMMAND

# Why this shell does not read the file of BASH_ENV, to which two modes write; empty if it does. POSIXLY_CORRECT and the
# name sh show in SHELLOPTS too.
shell=
if [ -z "${BASH_VERSION:-}" ]; then
  shell="is not bash"
else
  # shellcheck disable=SC3028 # Only bash gets here.
  case ":$SHELLOPTS:" in
    *:posix:*) shell="is bash in POSIX mode (as sh, with --posix or POSIXLY_CORRECT)" ;;
    *:privileged:*) shell="is bash with the option -p" ;;
    *) case $- in *i*) shell="is bash with the option -i" ;; *) ;; esac ;;
  esac
fi
case $shell:$command in
  :*) ;;
  *:assume | *:preflight)
    remedy=
    case $CIRCLECI_AWS_OIDC_MODE$CIRCLECI_AWS_OIDC_PROFILE in
      environment) remedy="profile-name" ;;
      endpoint) remedy="mode to credential-process" ;;
      *) ;;
    esac
    if [ -n "$remedy" ]; then
      echo "note: the shell of this step $shell and does not read BASH_ENV; the next steps have the credentials only if their shell does; for other shells set the parameter $remedy" >&2
    fi
    ;;
  *) ;;
esac

dir=$INSTALL_AWS_OIDC_DIR
# The tilde is literal: the value comes from the config and no shell has expanded it.
# shellcheck disable=SC2088
case $dir in
  "~" | "~/"*) dir=$HOME${dir#"~"} ;;
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
# The end of the string: '
