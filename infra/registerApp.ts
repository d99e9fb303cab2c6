/** `npm run register`: a step of its own, since the right to it is rarely the deployer's. */
import { execFileSync } from "node:child_process";
import { parseArgs } from "node:util";
import { register } from "./registration.ts";

const HELP = `Registers the service with Entra ID, by the Azure CLI: what tokens are for, its app roles, and who of the two that Event Grid
asks about may tell of events. Run again, it makes nothing twice. Prints the two commands that tell azd of it.

Usage: npm run --silent register -- <installation> [options]

  --me <roles>             gives you these: Reader, Builder, Approver, Operator, LogReader, by commas
  --deployer <object id>   the person or service principal that deploys, where that is not you
  --help                   show this
`;

function main(): number {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      me: { type: "string", default: "" },
      deployer: { type: "string" },
      help: { type: "boolean", default: false },
    },
  });
  if (values.help) {
    process.stdout.write(HELP);
    return 0;
  }
  const [installationId, ...others] = positionals;
  if (!installationId || others.length > 0) throw new Error(`It takes one installation.\n\n${HELP}`);
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
  return 0;
}

try {
  process.exitCode = main();
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 2;
}
