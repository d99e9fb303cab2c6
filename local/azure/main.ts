import { parseArgs } from "node:util";
import { stateClock } from "../clock/stateClock.ts";
import { landscape } from "../landscape.ts";
import { createCloud } from "./cloud.ts";
import { scenarioList } from "./scenarios/scenarios.ts";

const HELP = `The local Azure: image builder, role assignments, and what they need, over HTTPS.

  node local/azure/main.ts --state <folder> [--port 8443] [--identity-port 8444] [--seed 1]
                           [--scenario <name>]…

  --state <folder>   where its state, its keys and ca.pem lie; clock.json must be there already
  --port             HTTPS, 8443 unless told otherwise; 0 is any that is free
  --identity-port    the managed identity endpoint, HTTP on 127.0.0.1, 8444 unless told otherwise
  --seed             of every duration, delay and name; 1 unless told otherwise
  --scenario <name>  something that goes wrong, of those below; as often as you like
  --help             this

It prints one line of JSON once it answers: {"ready":true,"url":…,"identityUrl":…,"identityHeader":…}.
GET <url>/_control/state and /_control/requests tell what there is and what was asked.

Scenarios:
${scenarioList.map(({ scenario, does }) => `  ${scenario.padEnd(32)} ${does}`).join("\n")}`;

const options = {
  state: { type: "string" },
  port: { type: "string", default: "8443" },
  "identity-port": { type: "string", default: "8444" },
  seed: { type: "string", default: "1" },
  scenario: { type: "string", multiple: true, default: [] as string[] },
  help: { type: "boolean", default: false },
} as const;

try {
  await main();
} catch (error) {
  process.stderr.write(`local Azure: ${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}

async function main(): Promise<void> {
  const { values } = parseArgs({ options });
  if (values.help) return void process.stdout.write(`${HELP}\n`);
  if (!values.state) throw new Error("--state is missing; --help tells more.");
  const cloud = await createCloud({
    clock: stateClock(values.state),
    landscape,
    stateFolder: values.state,
    port: numberOf("--port", values.port, 65_535),
    identityPort: numberOf("--identity-port", values["identity-port"], 65_535),
    scenarios: values.scenario,
    seed: numberOf("--seed", values.seed, Number.MAX_SAFE_INTEGER),
  });
  const { url, identityUrl, identityHeader } = cloud;
  const stop = () => void cloud.close().finally(() => process.exit(0));
  process.once("SIGTERM", stop);
  process.once("SIGINT", stop);
  process.stdout.write(`${JSON.stringify({ ready: true, url, identityUrl, identityHeader })}\n`);
}

function numberOf(option: string, text: string, highest: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value <= highest) return value;
  throw new Error(`${option} takes a number from 0 to ${highest}, not '${text}'.`);
}
