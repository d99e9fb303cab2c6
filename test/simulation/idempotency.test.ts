import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { landscapeSettings } from "../../local/landscape.ts";
import { openSimulation, receiptOf, type Simulation } from "../support/simulation/simulation.ts";

const REQUESTS = 500;
const KEYS = 100;

let simulation: Simulation;
beforeAll(async () => {
  // Of zones that no recipe names: builds end as they are planned, and what is seen is what becomes of the requests.
  const { default: zone } = JSON.parse(landscapeSettings.GOLDSMITH_TRUST_ZONES) as Record<string, unknown>;
  const env = { GOLDSMITH_TRUST_ZONES: JSON.stringify({ elsewhere: zone }) };
  simulation = await openSimulation(1, { env });
}, 120_000);
afterAll(() => simulation.close());

async function ask(key: string, reason = key) {
  const { status, headers, body } = await simulation.host.send({
    method: "POST",
    path: "/api/images/aks-jumpbox/builds",
    headers: { "content-type": "application/json", "idempotency-key": key },
    body: JSON.stringify({ reason }),
  });
  return { status, location: headers.get("location"), body: JSON.parse(body.toString()) as { id: string } };
}

describe("500 requests with 100 keys that come at once", () => {
  it("start one build a key, and each of them ends in a receipt", async () => {
    const keyOf = (index: number) => `RITM${index % KEYS}`;
    const all = await Promise.all(Array.from({ length: REQUESTS }, (_, index) => ask(keyOf(index))));
    expect(new Set(all.map(({ status }) => status))).toEqual(new Set([202]));
    const builds = new Map(all.map(({ body: { id } }, index) => [id, keyOf(index)]));
    expect(builds.size).toBe(KEYS);

    const { host, world } = simulation;
    await host.clock.sleep(600_000);
    const begun = [...host.hub.instances.values()].filter(({ name }) => name === "buildImage");
    expect(begun.map(({ instanceId }) => instanceId).toSorted()).toEqual([...builds.keys()].toSorted());
    for (const [id, key] of builds) expect(receiptOf(world, "aks-jumpbox", id)?.requested.reason).toBe(key);
  });

  it("have used their keys for it: the same request gets the same answer, and another one 409", async () => {
    const [first, again] = [await ask("RITM7"), await ask("RITM7")];
    expect(again).toEqual(first);
    expect(await ask("RITM7", "something else")).toMatchObject({
      status: 409,
      body: { type: "urn:goldsmith:problem:idempotency-key-reused" },
    });
  });
});
