/** `npm start`: the service and everything that it needs, until it is stopped. */
import { credentialsText, localCredentials } from "./stack/credentials.ts";
import { helpText, readOptions } from "./stack/options.ts";
import { runCommand } from "./stack/runCommand.ts";
import { startStack } from "./stack/stack.ts";

await runCommand(async (stopped) => {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    console.log(helpText("npm start", "Starts the service, a local Azure, Azurite and the Functions host."));
    return 0;
  }
  const credentials = options.auth ? localCredentials() : undefined;
  const env = credentials?.env ?? {};
  const stack = await startStack({ ...options, env, onLine: (from, line) => console.error(`[${from}] ${line}`) });
  try {
    const { serviceUrl, azure } = stack;
    console.log(`ready: service ${serviceUrl}, Azure ${azure.url}, identity ${azure.identityUrl}`);
    if (credentials) console.log(`\n${credentialsText(credentials, azure)}`);
    console.log(`\nStart a build:\n\n  ${curlOf(serviceUrl, credentials?.keys["Builder"])}\n`);
    const broken = await Promise.race([stack.broken, stopped]);
    if (broken) console.error(broken);
    return broken ? 1 : 0;
  } finally {
    await stack.stop();
  }
});

function curlOf(serviceUrl: string, key: string | undefined): string {
  return (
    `curl --request POST ${serviceUrl}/api/images/aks-jumpbox/builds ` +
    (key ? `--header 'X-Goldsmith-Key: ${key}' ` : "") +
    `--header 'Content-Type: application/json' --data '{"reason":"first try"}'`
  );
}
