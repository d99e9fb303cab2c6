import { beforeAll, expect, it } from "vitest";
import { openSimulation, warmUp } from "../support/simulation/simulation.ts";
import { isTooLong } from "../support/faults/promises/histories.ts";

beforeAll(warmUp, 120_000);

/** Their names alone are longer than a history may be. */
const WAITING = 1000;
const IMAGE = "image-".padEnd(200, "x");

it("keeps a sweep's history short though a thousand builds wait, and sees them all", async () => {
  const { host, close } = await openSimulation(1);
  try {
    const turn = (n: number) => ({
      buildId: `${IMAGE}-20300101-000000-${String(n).padStart(4, "0")}`,
      image: "waiting",
    });
    for (let n = 0; n < WAITING; n++) {
      const body = JSON.stringify({ ...turn(n), place: "somewhere" });
      const headers = { "content-type": "application/json" };
      const path = "/runtime/webhooks/durabletask/entities/turns/all?op=ask";
      expect((await host.send({ method: "POST", path, headers, body })).status).toBe(202);
    }
    const { body } = await host.send({ method: "POST", path: "/api/sweep", headers: {}, body: "" });
    const { id } = JSON.parse(body.toString()) as { id: string };
    await host.instance(id);
    const told = await host.send({ method: "GET", path: `/api/sweeps/${id}`, headers: {}, body: "" });
    const { report } = JSON.parse(told.body.toString()) as { report: { marks: object } };
    expect(Object.keys(report.marks)).toHaveLength(WAITING);
    const tooLong = [...host.histories].filter(([instance, size]) => !instance.startsWith("@") && isTooLong(size));
    expect(tooLong).toEqual([]);
  } finally {
    await close();
  }
});
