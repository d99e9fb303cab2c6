/** `npm run start:func`: the service under Azure Functions Core Tools, and the local Azure that it needs, until it is stopped. */
import { coreToolsMissing, NOT_FOUND, runCoreTools } from "./stack/coreTools.ts";
import { helpText, readOptions } from "./stack/options.ts";
import { runCommand } from "./stack/runCommand.ts";
import { startSurroundings } from "./stack/stack.ts";

/** Core Tools go by the machine's clock, and let everybody in. */
const LEFT_OUT = ["speed", "auth"] as const;

await runCommand(async (stopped) => {
  const options = readOptions(process.argv.slice(2), LEFT_OUT);
  if (!options) {
    const summary = "Starts the service under Azure Functions Core Tools (func), with a local Azure and Azurite.";
    console.log(helpText("npm run start:func", summary, LEFT_OUT));
    return 0;
  }
  const missing = coreToolsMissing();
  if (missing) {
    console.error(missing);
    return NOT_FOUND;
  }
  // What is around them goes by the machine's clock as well.
  const surroundings = await startSurroundings({
    ...options,
    speed: 1,
    onLine: (from, line) => console.error(`[${from}] ${line}`),
  });
  try {
    const { azure, stateFolder, storagePort } = surroundings;
    console.log(`Azure ${azure.url}, identity ${azure.identityUrl}; func start follows.`);
    return await runCoreTools({ stateFolder, port: options.port, storagePort, azure, stopped });
  } finally {
    await surroundings.stop();
  }
});
