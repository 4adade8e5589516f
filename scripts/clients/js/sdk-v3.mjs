// Calls GetCallerIdentity at the server GATE with the AWS SDK for JavaScript v3 and its default credential chain.
// usage: node sdk-v3.mjs [CALLS [PAUSE_SECONDS]]
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { repeat } from "./repeat.cjs";

const client = new STSClient({ endpoint: process.env.GATE });
await repeat(() => client.send(new GetCallerIdentityCommand({})));
