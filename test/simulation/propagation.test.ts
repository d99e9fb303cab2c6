import { describe, expect, it } from "vitest";
import { openSimulation, receiptOf, startBuild } from "../support/simulation/simulation.ts";

const WINDOW_MINUTES = 60;

/** The receipt of a build whose grants are effective after so many minutes, or never. */
async function receiptAfter(minutes?: number) {
  const env = { GOLDSMITH_PROPAGATION_MINUTES: String(WINDOW_MINUTES) };
  const { host, world, close } = await openSimulation(1, { env });
  try {
    const scenario = minutes ? "grant-propagates-in" : "grant-never-propagates";
    world.cloud.addFault({ scenario, ...(minutes && { seconds: minutes * 60 }) });
    const buildId = await startBuild(host, 1);
    await host.instance(buildId);
    return receiptOf(world, "aks-jumpbox", buildId);
  } finally {
    await close();
  }
}

describe("a propagation window of an hour", () => {
  it.each([35, 55])("is kept: a grant that is effective after %i minutes does", async (minutes) => {
    const receipt = await receiptAfter(minutes);
    expect(receipt).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
  });

  it("ends, and the build says that it was access that it lacked", async () => {
    const receipt = await receiptAfter();
    expect(receipt).toMatchObject({
      outcome: { kind: "failed", failure: { code: "access-not-effective", owner: "identity" } },
      cleanUp: { kind: "clean" },
    });
    const { startedAt = "", endedAt = "" } = receipt ?? {};
    expect((Date.parse(endedAt) - Date.parse(startedAt)) / 60_000).toBeGreaterThan(WINDOW_MINUTES);
  });
});
