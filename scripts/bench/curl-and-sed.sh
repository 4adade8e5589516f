#!/bin/sh
# The exchange as a shell user would write it, in as few processes as possible: that is the fairest comparison.
# usage: STS_ENDPOINT=URL CA=FILE ROLE_ARN=ARN TOKEN_FILE=FILE BASH_ENV=FILE curl-and-sed.sh
set -eu
: "${STS_ENDPOINT:?}" "${CA:?}" "${ROLE_ARN:?}" "${TOKEN_FILE:?}" "${BASH_ENV:?}"

# A value that starts with @ is read from the file, so the token is not on a command line.
curl --silent --show-error --fail --cacert "$CA" \
  --data-urlencode Action=AssumeRoleWithWebIdentity \
  --data-urlencode Version=2011-06-15 \
  --data-urlencode DurationSeconds=3600 \
  --data-urlencode "RoleArn=$ROLE_ARN" \
  --data-urlencode RoleSessionName=bench \
  --data-urlencode "WebIdentityToken@$TOKEN_FILE" \
  "$STS_ENDPOINT" |
  sed -n \
    -e "s:.*<AccessKeyId>\(.*\)</AccessKeyId>.*:export AWS_ACCESS_KEY_ID='\1':p" \
    -e "s:.*<SecretAccessKey>\(.*\)</SecretAccessKey>.*:export AWS_SECRET_ACCESS_KEY='\1':p" \
    -e "s:.*<SessionToken>\(.*\)</SessionToken>.*:export AWS_SESSION_TOKEN='\1':p" >>"$BASH_ENV"
