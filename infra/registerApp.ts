/**
 * Registers the service with Entra ID: what tokens are for, its app roles, and who of the two that Event Grid asks about
 * may tell of events. A step of its own, since the right to it is rarely the deployer's. Run again, it makes nothing twice.
 *
 *     npm run --silent register -- <installation> [--me Reader,Builder] [--deployer <object id>]
 */
import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import { register } from "./registration.ts";

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { me: { type: "string", default: "" }, deployer: { type: "string" } },
});
const [installationId] = positionals;
if (!installationId) {
  throw new Error("Usage: npm run --silent register -- <installation> [--me Reader,Builder] [--deployer <object id>]");
}

const { clientId, eventSenderId } = register(
  (...words) => execFileSync("az", [...words, "--output", "json"], { encoding: "utf8" }),
  {
    installationId,
    mine: values.me.split(",").filter(Boolean),
    ...(values.deployer ? { deployer: values.deployer } : {}),
  },
);

console.log(`azd env set GOLDSMITH_ENTRA_CLIENT_ID ${clientId}`);
console.log(`azd env set GOLDSMITH_EVENT_SENDERS '["${eventSenderId}"]'`);
