/** `npm run demo`: builds the sample image once, from an empty state folder, and shows that nothing is left behind. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { BlobServiceClient } from "@azure/storage-blob";
import { readTraces, type Traces } from "./demo/cloudCheck.ts";
import { progressLine, receiptText } from "./demo/display.ts";
import { type BuildAnswer, readBuild, type Receipt, startBuild } from "./demo/service.ts";
import { azuriteConnectionString } from "./stack/azurite.ts";
import { helpText, readOptions } from "./stack/options.ts";
import { runCommand } from "./stack/runCommand.ts";
import { type Stack, startStack } from "./stack/stack.ts";

const IMAGE = "aks-jumpbox";
/** Real milliseconds between two looks at the build. */
const LOOK_MILLISECONDS = 250;

await runCommand(async (stopped) => {
  const options = readOptions(process.argv.slice(2));
  if (!options) {
    console.log(helpText("npm run demo", "Builds the sample image on this machine, from an empty state folder."));
    return 0;
  }
  console.log("Starting the local Azure, Azurite and the Functions host …");
  const printed: string[] = [];
  const stack = await startStack({
    ...options,
    fresh: true,
    // The nightly schedule must not be faster than the demo's own request.
    env: { "AzureWebJobs.nightlyBuilds.Disabled": "true" },
    onLine: (from, line) => printed.push(`[${from}] ${line}`),
  });
  try {
    const interrupted = stopped.then(() => "Interrupted.");
    const ended = await Promise.race([build(stack, options.speed), stack.broken, interrupted]);
    if (typeof ended === "number") return ended;
    console.error([...printed.slice(-20), ended].join("\n"));
    return 1;
  } finally {
    await stack.stop();
  }
});

async function build(stack: Stack, speed: number): Promise<number> {
  const ca = readFileSync(stack.azure.caFile, "utf8");
  const before = await readTraces(stack.azure.url, ca);

  const location = await startBuild(stack.serviceUrl, IMAGE, "the demo");
  console.log(`Building ${IMAGE}; one second here is ${speed} of the local clock.\n`);
  const ended = await follow(location);
  const { receipt } = ended;
  if (!receipt) throw new Error(`The build ended without a receipt: ${ended.detail}`);

  console.log(`\nReceipt of ${ended.id}:\n\n${receiptText(receipt)}\n`);
  const copy = await copyOfLog(stack, receipt);
  if (copy) console.log(`The archived log lies in blob storage at the URL above; a copy of it: ${copy}\n`);

  const faults = faultsOf(receipt, before, await readTraces(stack.azure.url, ca));
  for (const fault of faults) console.error(fault);
  if (faults.length === 0)
    console.log("The local Azure itself was asked: one new image version, and nothing else of ours.");
  return faults.length === 0 ? 0 : 1;
}

/** Shows how the build is doing until it has ended: a line each time that something has changed. */
async function follow(location: string): Promise<BuildAnswer> {
  let shown = "";
  for (;;) {
    const build = await readBuild(location);
    if (build.receipt ?? build.detail) {
      if (process.stdout.isTTY) process.stdout.write("\r\u001b[K");
      return build;
    }
    const line = progressLine(build);
    const changed = line.replace(/^\S+/, "") !== shown;
    shown = line.replace(/^\S+/, "");
    if (process.stdout.isTTY) process.stdout.write(`\r\u001b[K${line}`);
    if (changed) process.stdout.write(process.stdout.isTTY ? "\n" : `${line}\n`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MILLISECONDS));
  }
}

/** A file of the archived log that a person can open. @returns its path. */
async function copyOfLog(stack: Stack, { log }: Receipt): Promise<string | undefined> {
  const url = log.files?.find(({ name }) => name === "customization.log")?.url;
  if (!url) return undefined;
  const service = BlobServiceClient.fromConnectionString(azuriteConnectionString(stack.storagePort));
  const blob = decodeURIComponent(new URL(url).pathname.split("/").slice(3).join("/"));
  const bytes = await service.getContainerClient("archive").getBlobClient(blob).downloadToBuffer();
  const copy = join(stack.stateFolder, "customization.log");
  writeFileSync(copy, bytes);
  return copy;
}

function faultsOf(receipt: Receipt, before: Traces, after: Traces): string[] {
  const faults: string[] = [];
  if (receipt.outcome.kind !== "built") faults.push(`The build did not succeed: ${receipt.outcome.kind}.`);
  if (receipt.cleanUp.kind !== "clean") faults.push("The receipt lists leftovers.");
  const expected: Traces = { ...before, imageVersions: before.imageVersions + 1 };
  for (const [what, count] of Object.entries(expected)) {
    const found = after[what as keyof Traces];
    if (found !== count) faults.push(`The local Azure holds ${found} ${what}, not ${count}.`);
  }
  return faults;
}
