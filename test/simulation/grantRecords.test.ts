import { beforeAll, describe, expect, it } from "vitest";
import { noted } from "../../src/domain/lostReceipt.ts";
import { brokenPromises } from "../support/faults/brokenPromises.ts";
import { onStage } from "../support/faults/stage.ts";
import { withoutArchive } from "../support/faults/sweeping.ts";
import { warmUp } from "../support/simulation/simulation.ts";

beforeAll(warmUp, 60_000);

describe("what a receipt says of a grant", () => {
  it("that was never given is not that it was removed, where the build before it had it removed", async () => {
    let isSecond = false;
    let isJoining = false;
    const evidence = await onStage(
      {
        wrapFunctions: (functions) => ({
          ...functions,
          callEntity(batch) {
            isJoining = isSecond && batch.requests.some(({ op }) => op === "join");
            return functions.callEntity(batch);
          },
        }),
        wrapWorld: withoutArchive((method, path) => isJoining && method === "GET" && path.includes("/leases/")),
      },
      async (stage) => {
        await stage.ended(await stage.ask());
        isSecond = true;
        await stage.ended(await stage.ask());
      },
    );
    expect(brokenPromises(evidence)).toEqual([]);
    const [first, second] = evidence.builds.map(({ receipt }) => receipt);
    expect(first?.grants).toMatchObject([{ removedAt: expect.any(String) }, { removedAt: expect.any(String) }]);
    expect(second).toMatchObject({ outcome: { kind: "failed" }, cleanUp: { kind: "clean" } });
    expect(second?.grants).toHaveLength(1);
    expect(second?.grants[0]).not.toHaveProperty("removedAt");
  });

  it("that others held on to stays so, though a second sweep finds it removed by the last of them", () => {
    const record = { role: "image creation", scope: "/x", name: "n", askedAt: "2026-01-15T02:00:00.000Z" } as const;
    const released = { ...record, releasedAt: "2026-01-15T03:00:00.000Z", heldByOthers: 1 };
    const removed = {
      ...record,
      releasedAt: "2026-01-15T04:00:00.000Z",
      removedAt: "2026-01-15T04:00:00.000Z",
      effectiveBy: "2026-01-15T04:10:00.000Z",
    };
    expect(noted({ grants: [released] }, { grants: [removed] }).grants).toEqual([released]);
    expect(noted({ grants: [record] }, { grants: [removed] }).grants).toEqual([removed]);
  });
});
