import { parseArgs } from "node:util";
import { installClock } from "../clock/installClock.ts";
import { stateClock } from "../clock/stateClock.ts";
import { spedUpClock } from "../clock/spedUpClock.ts";
import { createHost } from "./host.ts";
import { readLocalSettings } from "./localSettings.ts";

const USAGE = `Runs an Azure Functions app on this machine.

  node local/functionsHost/main.ts [options]

  --app FOLDER       the app, with host.json and package.json (.)
  --port NUMBER      where it listens on 127.0.0.1, 0 for any (7071)
  --state FOLDER     keeps the state, and sets the clock, in this folder; without, in memory and real time
  --settings FILE    local.settings.json: its Values are put into the environment where it has none of that name
  --require-keys     asks for keys as Azure does, and prints the master key when ready
  --redelivery SECONDS  how long an activity in flight is left alone after a crash (300)
  --least-seconds SECONDS  real seconds that a function has in any case, however fast time runs (10)
  --help
`;

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      app: { type: "string", default: "." },
      port: { type: "string", default: "7071" },
      state: { type: "string" },
      settings: { type: "string" },
      "require-keys": { type: "boolean", default: false },
      redelivery: { type: "string", default: "300" },
      "least-seconds": { type: "string", default: "10" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(USAGE);
    return;
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535)
    throw new Error(`--port must be a port number, not ${values.port}.`);
  if (values.settings !== undefined) {
    for (const [name, value] of Object.entries(readLocalSettings(values.settings))) process.env[name] ??= value;
  }
  const clock = values.state === undefined ? spedUpClock() : stateClock(values.state);
  installClock(clock);
  const host = await createHost({
    clock,
    app: values.app,
    port,
    requireKeys: values["require-keys"],
    activityRedeliverySeconds: Number(values.redelivery),
    leastFunctionSeconds: Number(values["least-seconds"]),
    log: (line) => process.stderr.write(`${line}\n`),
    ...(values.state === undefined ? {} : { stateFolder: values.state }),
  });
  const stop = () => void host.close().then(() => process.exit(0));
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  // Output lands in logs: the key is told only to who needs one.
  const key = values["require-keys"] ? { masterKey: host.masterKey } : {};
  process.stdout.write(`${JSON.stringify({ ready: true, url: host.url, ...key })}\n`);
}

main().catch((error: NodeJS.ErrnoException) => {
  const isPortTaken = error.code === "EADDRINUSE";
  process.stderr.write(isPortTaken ? `The port is in use: ${error.message}\n` : `${error.message}\n`);
  process.exit(1);
});
