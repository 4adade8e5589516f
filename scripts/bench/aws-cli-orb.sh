#!/usr/bin/env bash
# What the role step of the orb circleci/aws-cli runs (facts/circleci.md 5): the exchange, the variables in BASH_ENV, and a
# profile with its Region, which are six runs of `aws`. Without its calls of `circleci env subst`, which only a job has.
# usage: AWS_PROGRAM=FILE STS_ENDPOINT=URL ROLE_ARN=ARN AWS_REGION=REGION CIRCLE_OIDC_TOKEN_V2=TOKEN BASH_ENV=FILE aws-cli-orb.sh
set -eu

aws() { "${AWS_PROGRAM:?}" "$@"; }

read -r key secret session <<END
$(aws sts assume-role-with-web-identity --role-arn "${ROLE_ARN:?}" --role-session-name bench \
  --web-identity-token "${CIRCLE_OIDC_TOKEN_V2:?}" --duration-seconds 3600 --region "${AWS_REGION:?}" \
  --query 'Credentials.[AccessKeyId,SecretAccessKey,SessionToken]' --output text --endpoint-url "${STS_ENDPOINT:?}")
END
[ -n "$session" ]
{
  printf 'export AWS_%s="%s"\n' ACCESS_KEY_ID "$key" SECRET_ACCESS_KEY "$secret" SESSION_TOKEN "$session"
  printf 'export AWS_CLI_STR_%s="%s"\n' ACCESS_KEY_ID "$key" SECRET_ACCESS_KEY "$secret" SESSION_TOKEN "$session"
} >>"${BASH_ENV:?}"
aws configure set aws_access_key_id "$key" --profile default
aws configure set aws_secret_access_key "$secret" --profile default
aws configure set aws_session_token "$session" --profile default
aws configure set default.region "$AWS_REGION"
aws configure set region "$AWS_REGION" --profile default
