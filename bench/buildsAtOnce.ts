/** Many builds at once, under the token buckets of Azure Resource Manager. */
import { join } from "node:path";
import { type Landscape, landscape } from "../local/landscape.ts";
import { askForBuild } from "../test/support/simulation/askForBuild.ts";
import { type Ground, openSimulation, receiptOf, warmUp } from "../test/support/simulation/simulation.ts";
import type { Receipt } from "../src/domain/receipt.ts";
import { type Figure, ofSeeds } from "./figure.ts";
import { heldMebibytes } from "./heldMemory.ts";
import { historiesOf } from "./histories.ts";
import { lostToThrottling } from "./lostToThrottling.ts";
import { remainsIn } from "./remains.ts";

const SEED = 1;
const MINUTE = 60_000;
const LONGEST_MINUTES = 24 * 60;
/** More than builds ask for, throttled requests among them: 68 each where there are a thousand. */
const REQUESTS_OF_BUILD = 200;
const definition = `/subscriptions/${landscape.subscriptionId}/resourceGroups/rg-images/providers/Microsoft.Compute/galleries/goldsmith/images`;

const network = `/subscriptions/${landscape.subscriptionId}/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-builds`;

/** With addresses for as many machines as there are builds. */
function wide(resource: Landscape["resources"][number]): Landscape["resources"][number] {
  const text = JSON.stringify(resource)
    .replaceAll("10.40.0.0/22", "10.40.0.0/16")
    .replaceAll("10.40.0.0/27", "10.40.64.0/18");
  return JSON.parse(text) as typeof resource;
}

const sample = landscape.resources.find(({ id }) => id === `${definition}/aks-jumpbox`);

/** As many image definitions as there are images, and room for all of them at once. */
function groundOf(names: readonly string[]): Ground {
  const most = String(names.length);
  return {
    app: join("..", "..", "..", "bench", "alikeApp"),
    landscape: {
      ...landscape,
      resources: [
        ...landscape.resources.map((resource) => (resource.id === network ? wide(resource) : resource)),
        ...names.map((name) => ({ id: `${definition}/${name}`, body: structuredClone(sample?.body ?? {}) })),
      ],
    },
    env: {
      ALIKE_IMAGES: names.join(","),
      GOLDSMITH_CONCURRENT_BUILDS: most,
      GOLDSMITH_CONCURRENT_BUILDS_OF_IDENTITY: most,
      GOLDSMITH_CONCURRENT_BUILDS_OF_SUBSCRIPTION: most,
    },
  };
}

/** @param id what the ids of the figures begin with. */
export async function buildAtOnce(builds: number, id: string): Promise<Figure[]> {
  const names = Array.from({ length: builds }, (_, index) => `image-${String(index).padStart(4, "0")}`);
  const ground = groundOf(names);
  const room = {
    coreQuota: 10 * builds,
    containerQuota: 10 * builds,
    requestLogLength: REQUESTS_OF_BUILD * builds,
  };
  await warmUp();
  const simulation = await openSimulation(SEED, { ground, cloud: room });
  const { host, world } = simulation;
  const before = heldMebibytes();
  const memory: number[] = [];
  const asked = await Promise.all(names.map(async (image) => ({ image, buildId: await askForBuild(host, image) })));
  const receipts = () => asked.flatMap(({ image, buildId }) => receiptOf(world, image, buildId) ?? []);
  let minutes = 0;
  for (; minutes < LONGEST_MINUTES && receipts().length < builds; minutes++) {
    await host.clock.sleep(MINUTE);
    memory.push(heldMebibytes());
    if (minutes % 5 === 0)
      console.error(`  minute ${minutes}: ${receipts().length} of ${builds} built, ${memory.at(-1)} MiB`);
  }
  const { counts, requests } = world.cloud.requests();
  if (requests.length < counts.total) throw new Error("The log has not kept all requests.");
  const armCalls = counts.byKind["arm"] ?? 0;
  const clean = receipts().filter(({ outcome, cleanUp }) => outcome.kind === "built" && cleanUp.kind === "clean");
  for (const [ending, count] of endingsOf(receipts())) console.error(`  ${count} × ${ending}`);
  const remains = remainsIn(
    world.cloud.state(),
    ground.landscape,
    asked.map(({ buildId }) => buildId),
  );
  const { events } = historiesOf(simulation);
  await simulation.close();
  const none = (name: string, what: string, found: readonly string[]) => ({
    id: `${id}-${name}`,
    what,
    figure: found.length,
    ...(found[0] === undefined ? {} : { note: `such as ${found[0]}` }),
    target: { atMost: 0 },
    counted: true as const,
  });
  return ofSeeds(SEED, [
    {
      id: `${id}-unclean`,
      what: "builds that end otherwise than built and clean",
      figure: builds - clean.length,
      note: `of ${builds} at once`,
      target: { atMost: 0 },
      counted: true,
    },
    none("left", "grants that are left of them", remains.grants),
    none("templates-left", "templates that are left", remains.templates),
    none("groups-left", "resource groups that are left, or gone", remains.groups),
    none("versionless", "builds without just one image version", remains.versionless),
    {
      id: `${id}-arm-calls`,
      what: "ARM calls for each, the sweeper's among them",
      figure: armCalls / builds,
      counted: true,
    },
    {
      id: `${id}-throttled`,
      what: "of these throttled, in a hundred",
      figure: (100 * (counts.byStatus["429"] ?? 0)) / armCalls,
      steady: true,
    },
    none("lost", "requests lost to throttling", lostToThrottling(requests)),
    {
      id: `${id}-minutes`,
      what: "minutes until the last has ended",
      figure: minutes,
      note: "of the simulated clock",
      counted: true,
    },
    {
      id: `${id}-events`,
      what: "longest history, in events",
      figure: events,
      target: { atMost: 300 },
      counted: true,
    },
    {
      id: `${id}-mebibytes`,
      what: "most memory that is held, in MiB",
      figure: Math.max(...memory),
      series: memory,
      note: `by service, host, Azure and storage, which are one process, ${before} before; ${curve(memory)}`,
      steady: true,
    },
    {
      id: `${id}-kibibytes-each`,
      what: "of it for each build, in KiB",
      figure: ((Math.max(...memory) - before) * 1024) / builds,
      note: "a thousand, the most there may be, take half of an instance's 2,048 MB at most",
      target: { atMost: 1024 },
      steady: true,
    },
  ]);
}

/** How builds have ended, and how many of them: what to look into where not all are built. */
function endingsOf(receipts: readonly Receipt[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { outcome, cleanUp } of receipts) {
    const why =
      outcome.kind === "failed"
        ? `: ${outcome.failure.code}`
        : outcome.kind === "refused"
          ? `: ${outcome.findings.map(({ code }) => code).join(", ")}`
          : "";
    const ending = `${outcome.kind}, ${cleanUp.kind}${why}`;
    counts.set(ending, (counts.get(ending) ?? 0) + 1);
  }
  return counts;
}

/** The memory over time, a bar for each part of it. */
function curve(figures: readonly number[]): string {
  const bars = "▁▂▃▄▅▆▇█";
  const parts = 32;
  const highest = Math.max(...figures);
  return Array.from({ length: Math.min(parts, figures.length) }, (_, part) => {
    const figure = figures[Math.floor((part * figures.length) / Math.min(parts, figures.length))] ?? 0;
    return bars[Math.min(bars.length - 1, Math.floor((figure / highest) * bars.length))];
  }).join("");
}
