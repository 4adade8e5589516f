#!/bin/sh
# Installs the pinned circleci-aws-oidc and assumes the role, with the inputs of the action as INPUT_<NAME>. The binary
# makes all decisions; here inputs get the names of its settings, and those without one are refused.

# shellcheck disable=SC2250 # Braces only where they are needed.
# shellcheck disable=SC2154 # The inputs come from the step's environment.
# shellcheck disable=SC2292 # POSIX sh has no [[ ]].
# shellcheck disable=SC2310 # Each call in a condition handles its failure there.
# shellcheck disable=SC2312 # A pipe is read for its output, which is checked.
set -euf

# fail MESSAGE HINT
fail() {
  printf 'error: %s\n  hint: %s\n' "$1" "$2" >&2
  exit 2
}

# is_true INPUT VALUE
is_true() {
  case $2 in
    true | True | TRUE) ;;
    '' | false | False | FALSE) return 1 ;;
    *) fail "invalid value of the input \`$1\`; expected true or false" "set \`$1\` to true or false" ;;
  esac
}

# refuse INPUT VALUE HINT: fails if the input is set to anything but false.
refuse() {
  case $2 in
    '' | false | False | FALSE) ;;
    *) fail "the input \`$1\` is not supported" "$3" ;;
  esac
}

# setting NAME VALUE: a setting of the binary, unless the input is empty. The binary expands variables in it, and GitHub
# does not: so each $ is doubled, which is a literal one.
setting() {
  if [ -z "$2" ]; then return; fi
  value=
  rest=$2
  while :; do
    case $rest in
      *"$"*) value=$value${rest%%"$"*}"\$\$" rest=${rest#*"$"} ;;
      *) break ;;
    esac
  done
  export "CIRCLECI_AWS_OIDC_$1=$value$rest"
}

refuse aws-access-key-id "$INPUT_HAS_KEYS" 'remove aws-access-key-id, aws-secret-access-key and aws-session-token; role-to-assume is assumed with the token of the job'
refuse role-chaining "$INPUT_ROLE_CHAINING" 'name this role with chain-role-arn in the step that assumes the first one'
refuse force-skip-oidc "$INPUT_FORCE_SKIP_OIDC" 'remove force-skip-oidc; every run needs a token'
refuse use-existing-credentials "$INPUT_USE_EXISTING_CREDENTIALS" 'remove use-existing-credentials, and run this step only where it is needed'
refuse output-credentials "$INPUT_OUTPUT_CREDENTIALS" 'remove output-credentials; the next steps have the credentials as variables, or as a profile with aws-profile'
refuse special-characters-workaround "$INPUT_SPECIAL_CHARACTERS_WORKAROUND" 'remove special-characters-workaround, and quote the secret key where a tool reads it from a text'
refuse custom-tags "$INPUT_CUSTOM_TAGS" 'remove custom-tags; a token request takes no tags, and a chained role gets those of the input tags'
writes_variables=true
if [ -n "$INPUT_AWS_PROFILE" ]; then writes_variables=false; fi
if is_true output-env-credentials "${INPUT_OUTPUT_ENV_CREDENTIALS:-$writes_variables}"; then wanted=true; else wanted=false; fi
if [ "$wanted" != "$writes_variables" ]; then
  fail "the input \`output-env-credentials\` is $wanted, and variables are written only without \`aws-profile\`" \
    'remove output-env-credentials; set aws-profile for a profile, or leave it out for variables'
fi

attempts=$INPUT_RETRY_MAX_ATTEMPTS
if is_true disable-retry "$INPUT_DISABLE_RETRY"; then attempts=1; fi
overwrite=
if is_true overwrite-aws-profile "$INPUT_OVERWRITE_AWS_PROFILE"; then overwrite=true; fi
if is_true mask-aws-account-id "$INPUT_MASK_AWS_ACCOUNT_ID"; then
  for arn in $INPUT_ROLE_TO_ASSUME $(printf '%s' "$INPUT_CHAIN_ROLE_ARN" | tr ',' ' '); do
    account=$(printf '%s' "$arn" | cut -d : -f 5)
    case $account in
      *[!0-9]* | '') ;;
      *) printf '::add-mask::%s\n' "$account" ;;
    esac
  done
fi

if [ -n "$INPUT_HTTP_PROXY" ]; then export HTTPS_PROXY="$INPUT_HTTP_PROXY"; fi
if [ -n "$INPUT_NO_PROXY" ]; then export NO_PROXY="$INPUT_NO_PROXY"; fi

# The shell of Windows has other paths than the runner.
dir=${INPUT_INSTALL_DIR:-${RUNNER_TEMP:?}/circleci-aws-oidc}
on_path=$dir
if command -v cygpath >/dev/null 2>&1; then dir=$(cygpath -u "$dir"); fi

# The action is checked out with the whole repository, so the orb's installer and its pins are here.
scripts=$(cd "$(dirname "$0")/../../orb/src/scripts" && pwd)
# No BASH_ENV: the runner has its own file for the PATH.
BASH_ENV='' \
  INSTALL_AWS_OIDC_VERSION="$INPUT_VERSION" \
  INSTALL_AWS_OIDC_SHA256="$INPUT_SHA256" \
  INSTALL_AWS_OIDC_BASE_URL="$INPUT_DOWNLOAD_BASE_URL" \
  INSTALL_AWS_OIDC_DIR="$dir" \
  INSTALL_AWS_OIDC_PINS="$(cat "$scripts/pins.txt")" \
  sh "$scripts/install.sh"
printf '%s\n' "$on_path" >>"${GITHUB_PATH:?}"

setting ROLE_ARN "$INPUT_ROLE_TO_ASSUME"
setting SESSION_NAME "$INPUT_ROLE_SESSION_NAME"
setting DURATION "$INPUT_ROLE_DURATION_SECONDS"
setting REGION "$INPUT_AWS_REGION"
setting AUDIENCE "$INPUT_AUDIENCE"
setting ALLOWED_ACCOUNT_ID "$INPUT_ALLOWED_ACCOUNT_IDS"
setting PROFILE "$INPUT_AWS_PROFILE"
setting OVERWRITE "$overwrite"
setting POLICY "$INPUT_INLINE_SESSION_POLICY"
setting POLICY_ARN "$INPUT_MANAGED_SESSION_POLICIES"
setting CHAIN_ROLE_ARN "$INPUT_CHAIN_ROLE_ARN"
setting EXTERNAL_ID "$INPUT_ROLE_EXTERNAL_ID"
setting TAG "$INPUT_TAGS"
setting TRANSITIVE_TAG "$INPUT_TRANSITIVE_TAG_KEYS"
setting STS_ENDPOINT "$INPUT_STS_ENDPOINT"
setting MAX_ATTEMPTS "$attempts"
setting DEADLINE "${INPUT_ACTION_TIMEOUT_S:+${INPUT_ACTION_TIMEOUT_S}s}"
setting TOKEN_SOURCE "${INPUT_WEB_IDENTITY_TOKEN_FILE:+file:$INPUT_WEB_IDENTITY_TOKEN_FILE}"
# A variable of the workflow can name further destinations.
if [ -z "$INPUT_AWS_PROFILE" ]; then export CIRCLECI_AWS_OIDC_TO="${CIRCLECI_AWS_OIDC_TO:-github}"; fi

# The binary then names a setting by the input of this action.
export INSTALL_AWS_OIDC_CALLER=action
if [ -z "$INPUT_AWS_PROFILE" ]; then exec "$dir/circleci-aws-oidc" assume; fi

"$dir/circleci-aws-oidc" assume
# Outputs belong to the destination github, so for a profile AWS is asked whose it is.
identity=$("$dir/circleci-aws-oidc" whoami)
for output in account=aws-account-id arn=authenticated-arn; do
  printf '%s=%s\n' "${output#*=}" "$(printf '%s\n' "$identity" | sed -n "s/^${output%=*}: //p")" >>"${GITHUB_OUTPUT:?}"
done
