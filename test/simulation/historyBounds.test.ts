import { beforeAll, describe, expect, it } from "vitest";
import type { FaultInput } from "../../local/azure/control/faultSchema.ts";
import { onStage } from "../support/faults/stage.ts";
import { PATHS } from "../support/faults/strikes.ts";
import { warmUp } from "../support/simulation/simulation.ts";

beforeAll(warmUp, 120_000);

describe("the histories of a build with about each fourth answer of Azure's an error", () => {
  it.each<[string, FaultInput, number]>([
    ["its grants never become effective", { scenario: "gallery-not-readable" }, 2],
    [
      "Azure's errors are as long as pages",
      { method: "GET", path: PATHS.template, status: 500, count: 40, after: 5, message: "page ".repeat(5000) },
      1,
    ],
    ["its requests to run get lost", { kind: "reset", method: "POST", path: PATHS.run }, 4],
  ])("stay below 300 events and 200 KB where %s, however often it begins anew", async (_, fault, attempts) => {
    const evidence = await onStage({}, (stage) => {
      stage.fault(fault);
      stage.fault({ path: ".*", status: 500, probability: 0.25 });
    });
    const begun = evidence.answers.filter(({ method, path }) => method === "PUT" && path.includes("/imageTemplates/"));
    expect(new Set(begun.map(({ path }) => path)).size).toBeGreaterThanOrEqual(attempts);
    for (const { instanceId, history } of evidence.instances) {
      expect(history.length, instanceId).toBeLessThan(300);
      expect(JSON.stringify(history).length, instanceId).toBeLessThan(200 * 1024);
    }
  });
});
