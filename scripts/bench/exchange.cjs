// The exchange with AWS's SDK for JavaScript, in a program that does nothing else. Its settings are those of clients.sh.
const fs = require("node:fs");
const { AssumeRoleWithWebIdentityCommand, STSClient } = require("@aws-sdk/client-sts");

const sts = new STSClient({ endpoint: process.env.STS_ENDPOINT, region: process.env.AWS_REGION });
const command = new AssumeRoleWithWebIdentityCommand({
  RoleArn: process.env.ROLE_ARN,
  RoleSessionName: "bench",
  WebIdentityToken: process.env.CIRCLE_OIDC_TOKEN_V2,
});
sts.send(command).then(({ Credentials: { AccessKeyId, SecretAccessKey, SessionToken } }) => {
  const lines = [
    `export AWS_ACCESS_KEY_ID='${AccessKeyId}'`,
    `export AWS_SECRET_ACCESS_KEY='${SecretAccessKey}'`,
    `export AWS_SESSION_TOKEN='${SessionToken}'`,
  ];
  fs.appendFileSync(process.env.BASH_ENV, lines.join("\n") + "\n");
  sts.destroy();
});
