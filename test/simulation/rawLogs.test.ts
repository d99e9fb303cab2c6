import { expect, it } from "vitest";
import { openSimulation, receiptOf, startBuild } from "../support/simulation/simulation.ts";
import { ARCHIVE_ORIGIN } from "../support/simulation/world.ts";

const WEEK = 7 * 24 * 3_600_000;

it("keeps logs as they are for a week where that is asked for, and redacted ones and all else for good", async () => {
  const env = { GOLDSMITH_RAW_LOG_CONTAINER: "rawlogs", GOLDSMITH_SWEEP_SCHEDULE: "0 0 */6 * * *" };
  const { world, host, close } = await openSimulation(1, { env });
  try {
    const url = new URL(`${ARCHIVE_ORIGIN}/account/rawlogs`);
    world.archive.answer({ method: "PUT", url, headers: {}, body: Buffer.alloc(0) });
    world.cloud.addFault({ scenario: "customizer-fails", customizer: "helm", line: "export DB_PASSWORD=hunter2" });
    const id = await startBuild(host, 1);
    await host.instance(id);

    const name = `builds/aks-jumpbox/${id}/customization.log`;
    const log = receiptOf(world, "aks-jumpbox", id)?.log;
    expect(log).toMatchObject({ kind: "archived", files: [{ rawUrl: `${ARCHIVE_ORIGIN}/account/rawlogs/${name}` }] });
    expect(world.archive.text("rawlogs", name)).toContain("DB_PASSWORD=hunter2");
    expect(world.archive.text("archive", name)).toContain("DB_PASSWORD=[redacted]");
    expect(JSON.stringify([...host.hub.instances.values()])).not.toContain("hunter2");

    const other = `builds/aks-jumpbox/${id}/somebody-elses.json`;
    const there = new URL(`${ARCHIVE_ORIGIN}/account/rawlogs/${other}`);
    const headers = { "x-ms-blob-type": "BlockBlob" };
    world.archive.answer({ method: "PUT", url: there, headers, body: Buffer.from("{}") });

    await host.clock.sleep(WEEK - 12 * 3_600_000);
    expect(world.archive.names("rawlogs")).toEqual([name, other]);
    await host.clock.sleep(24 * 3_600_000);
    expect(world.archive.names("rawlogs")).toEqual([other]);
    expect(world.archive.text("archive", name)).toBeDefined();
  } finally {
    await close();
  }
});
