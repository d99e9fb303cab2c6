import { beforeAll, describe, expect, it } from "vitest";
import { brokenPromises } from "../support/faults/brokenPromises.ts";
import { HOUR, onStage, type Stage } from "../support/faults/stage.ts";
import { MOMENTS } from "../support/faults/strikes.ts";
import { warmUp } from "../support/simulation/simulation.ts";
import { ARCHIVE_ORIGIN } from "../support/simulation/world.ts";

beforeAll(warmUp, 120_000);

/** Somebody does this to every lease's entry in the ledger. */
async function toEntries({ world: { archive } }: Stage, method: "DELETE" | "PUT", body = ""): Promise<void> {
  const entries = archive.names("archive").filter((name) => name.startsWith("leases/"));
  expect(entries.length).toBeGreaterThan(0);
  for (const name of entries) {
    const url = new URL(`${ARCHIVE_ORIGIN}/account/archive/${name}`);
    const headers = { "x-ms-blob-type": "BlockBlob" };
    expect(archive.answer({ method, url, headers, body: Buffer.from(body) }).status).toBeLessThan(300);
  }
}

describe("grants whose entry in the ledger is lost while they are held", () => {
  it.each([
    ["deleted", "DELETE", undefined],
    ["spoilt", "PUT", "{"],
  ] as const)("are revoked by the build all the same, where it was %s", async (_, method, body) => {
    const evidence = await onStage({}, (stage) =>
      stage.when(MOMENTS.running, { after: () => toEntries(stage, method, body) }),
    );
    expect(brokenPromises(evidence)).toEqual([]);
    expect(evidence.builds[0]?.receipt?.cleanUp).toEqual({ kind: "clean" });
    expect(evidence.after.roleAssignments).toEqual(evidence.before.roleAssignments);
  });

  it("are revoked by the sweeper, where an operator has ended the build as well", async () => {
    const evidence = await onStage({}, async (stage) => {
      stage.when(MOMENTS.running, {
        after: async () => {
          await toEntries(stage, "DELETE");
          await stage.post(`/runtime/webhooks/durabletask/instances/${stage.first()}/terminate?reason=ended`);
        },
      });
      await stage.ended(await stage.ask());
      await stage.sleep(6 * HOUR);
    });
    expect(evidence.after.roleAssignments).toEqual(evidence.before.roleAssignments);
  });
});
