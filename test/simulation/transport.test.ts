import { createPipelineRequest } from "@azure/core-rest-pipeline";
import { beforeAll, describe, expect, it } from "vitest";
import { installClock } from "../../local/clock/installClock.ts";
import { skippingClock } from "../../local/clock/skippingClock.ts";
import { openSimulation, receiptOf, startBuild, warmUp } from "../support/simulation/simulation.ts";
import { httpClientOf } from "../support/simulation/transport.ts";

const HOUR = 3_600_000;

const request = (more: object) => createPipelineRequest({ url: "https://localhost/", ...more });

describe("a request that is never answered", () => {
  const client = httpClientOf(() => new Promise<never>(() => {}));

  it("is given up by its signal, before it is sent or after", async () => {
    const controller = new AbortController();
    const waiting = client.sendRequest(request({ abortSignal: controller.signal }));
    controller.abort();
    await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
    const late = client.sendRequest(request({ abortSignal: controller.signal }));
    await expect(late).rejects.toMatchObject({ name: "AbortError" });
  });

  it("is given up after its own time, by the simulation's clock", async () => {
    const clock = skippingClock(0);
    const uninstall = installClock(clock);
    try {
      await expect(client.sendRequest(request({ timeout: HOUR }))).rejects.toMatchObject({ name: "AbortError" });
      expect(clock.now()).toBe(HOUR);
    } finally {
      uninstall();
      clock.close();
    }
  });
});

describe("a build", () => {
  beforeAll(warmUp, 60_000);

  it.each([
    ["GET", "virtualNetworks"],
    ["PUT", "roleAssignments"],
    ["POST", "/run$"],
    ["DELETE", "roleAssignments"],
  ])("goes on where the answer to %s of %s never comes, carried out or not", async (method, path) => {
    for (const executed of [false, true]) {
      const { host, world, close } = await openSimulation(1);
      world.cloud.addFault({ kind: "hang", method, path, executed, count: 1 });
      const id = await startBuild(host, 1);
      await host.instance(id);
      const receipt = receiptOf(world, "aks-jumpbox", id);
      const hung = world.cloud.requests().requests.filter(({ fault }) => fault === "hang");
      await close();
      expect(hung).toHaveLength(1);
      expect(receipt).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
      // Neither for ever, nor until the host ends the function half an hour later.
      expect(Date.parse(receipt?.endedAt ?? "") - Date.parse(receipt?.startedAt ?? "")).toBeLessThan(1.5 * HOUR);
    }
  });
});
