import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { landscape } from "../../local/landscape.ts";
import { startAzurite } from "../../local/stack/azurite.ts";
import type { Child } from "../../local/stack/childProcess.ts";
import type { Receipt } from "../../src/domain/receipt.ts";
import { openSocketWorld, longestHistoryIn, type SocketWorld } from "../support/simulation/sockets/socketWorld.ts";
import { freePort } from "../support/stack.ts";

const MB = 2 ** 20;
/** `npm run test:faults` has a log of 1 GB. */
const isWhole = process.env.FAULTS === "all";
const LOG_BYTES = isWhole ? 1024 * MB : 128 * MB;
/** What streaming may take, whatever the log's length: blocks under way, and what is not collected yet. */
const STREAMING_BYTES = 100 * MB;
/** The service may take half an hour of local time for a log: one or three minutes of real time. */
const SPEED = isWhole ? 10 : 30;
const quick = (seconds: number) => ({ min: seconds, max: seconds });

let folder: string;
let azurite: Child;
let world: SocketWorld;

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), "goldsmith-"));
  const storagePort = await freePort(3);
  azurite = await startAzurite({ stateFolder: folder, blobPort: storagePort, containers: [] });
  const run = {
    queuedSeconds: quick(2),
    buildingSeconds: quick(5),
    allCommandsSeconds: 10,
    distributingSeconds: quick(5),
  };
  const cloud = { landscape, run, templateCreationSeconds: quick(2), templateDeletionSeconds: quick(2) };
  world = await openSocketWorld({
    stateFolder: join(folder, "state"),
    name: "archive",
    storagePort,
    speed: SPEED,
    cloud,
    env: { "AzureWebJobs.sweepTimer.Disabled": "true" },
  });
});

afterEach(async () => {
  await world.close();
  await azurite.stop();
  rmSync(folder, { recursive: true, force: true });
});

it(`archives a log of ${LOG_BYTES / MB} MB in the memory of a few blocks, and keeps but a reference to it`, async () => {
  const { cloud, host, clock, archive } = world;
  cloud.addFault({ scenario: "huge-log", bytes: LOG_BYTES });
  const before = host.peakMemory();
  const asJson = { headers: { "Content-Type": "application/json" }, body: "{}" };
  const answer = await host.send({ method: "POST", path: "/api/images/aks-jumpbox/builds", ...asJson });
  const { id } = JSON.parse(answer.body.toString()) as { id: string };
  const of = `builds/aks-jumpbox/${id}`;
  while (!(await archive.exists(`${of}/receipt.json`))) await clock.sleep(5000);

  const grown = host.peakMemory() - before;
  const { outcome, log } = JSON.parse(await archive.text(`${of}/receipt.json`)) as Receipt;
  expect(outcome.kind).toBe("built");
  if (log.kind !== "archived") throw new Error(`The log is ${log.kind}.`);
  const [file] = log.files;
  expect(file?.bytes).toBeGreaterThan(LOG_BYTES);
  expect(await archive.lengthOf(`${of}/customization.log`)).toBe(file?.bytes);
  expect(grown).toBeLessThan(STREAMING_BYTES);
  expect(longestHistoryIn(await world.hub()).bytes).toBeLessThan(200 * 1024);
}, 600_000);
