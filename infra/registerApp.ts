/**
 * Registers the service with Entra ID: what tokens are for, its app roles, and who of the two that Event Grid asks about
 * may tell of events. A step of its own, since the right to it is rarely the deployer's. Run again, it makes nothing twice.
 *
 *     npm run --silent register -- <installation> [--me Reader,Builder]
 */
import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import { register } from "./registration.ts";

const { positionals, values } = parseArgs({ allowPositionals: true, options: { me: { type: "string", default: "" } } });
const [installationId] = positionals;
if (!installationId) throw new Error("Usage: npm run --silent register -- <installation> [--me Reader,Builder]");

// On Windows az is a script of the command processor's, which only a shell starts; none of what follows is a shell's.
const az = process.platform === "win32" ? ["cmd", "/c", "az"] : ["az"];
const { clientId, eventSenderId } = register(
  (...words) => execFileSync(az[0] ?? "", [...az.slice(1), ...words, "--output", "json"], { encoding: "utf8" }),
  { installationId, mine: values.me.split(",").filter(Boolean) },
);

console.log(`azd env set GOLDSMITH_ENTRA_CLIENT_ID ${clientId}`);
console.log(`azd env set GOLDSMITH_EVENT_SENDERS '["${eventSenderId}"]'`);
