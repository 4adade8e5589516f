// Runs the request of a client as often as its command line says.
// usage: PROGRAM [CALLS [PAUSE_SECONDS]]     (default: 1 and 0)
const [calls = "1", pause = "0"] = process.argv.slice(2);

// The error as the SDK words it, with its causes.
function fail(error) {
  const lines = [];
  for (let cause = error; cause; cause = cause.cause ?? cause.originalError) {
    const line = `${cause.name ?? "Error"}: ${cause.message ?? cause}`;
    if (!lines.includes(line)) lines.push(line);
    for (const one of cause.errors ?? []) lines.push(`${one.name}: ${one.message}`);
  }
  console.error(lines.join("\n"));
  process.exit(1);
}

// Calls request, and prints `ok` after each success. The first error ends the program.
exports.repeat = async function (request) {
  for (let call = 1; call <= Number(calls); call++) {
    await request().catch(fail);
    console.log("ok");
    if (call < Number(calls)) await new Promise((done) => setTimeout(done, Number(pause) * 1000));
  }
};
