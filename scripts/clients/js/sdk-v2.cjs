// Calls GetCallerIdentity at the server GATE with the AWS SDK for JavaScript v2 and its default credential chain.
// It reads the file `config` only if AWS_SDK_LOAD_CONFIG is set.
// usage: node sdk-v2.cjs [CALLS [PAUSE_SECONDS]]
const STS = require("aws-sdk/clients/sts");
const { repeat } = require("./repeat.cjs");

const client = new STS({ endpoint: process.env.GATE });
repeat(() => client.getCallerIdentity().promise());
