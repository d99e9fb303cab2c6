import { beforeAll, describe, expect, it } from "vitest";
import { ids } from "../support/cloudTemplates.ts";
import { HOUR, onStage, type Stage } from "../support/faults/stage.ts";
import { terminate, withoutArchive } from "../support/faults/sweeping.ts";
import type { Evidence } from "../support/faults/evidence.ts";
import { warmUp } from "../support/simulation/simulation.ts";

beforeAll(warmUp, 120_000);

const ask = async (stage: Stage) => {
  const id = await stage.ask("kept-vhd");
  await stage.ended(id);
  // Many graces of the sweeper, and sweeps.
  await stage.sleep(4 * HOUR);
};
const imagesIn = ({ after }: Evidence) =>
  after.resources
    .map(({ id }) => String(id))
    .filter((id) => id.startsWith(`${ids.templateGroup}/providers/Microsoft.Compute/images/`));

describe("a managed image that its recipe keeps", () => {
  it("is never the sweeper's, and the receipt has what deletes it", async () => {
    const evidence = await onStage({}, ask);
    const [build] = evidence.builds;
    const id = `${ids.templateGroup}/providers/Microsoft.Compute/images/${build?.id}-source`;
    expect(build?.receipt).toMatchObject({
      outcome: { kind: "built" },
      cleanUp: { kind: "clean" },
      keptImage: { id, command: `az resource delete --ids ${id}` },
    });
    expect(imagesIn(evidence)).toEqual([id]);
  });

  it("is not the sweeper's either while the archive does not take the receipt that names it", async () => {
    let isOut = true;
    const wrapWorld = withoutArchive((method, path) => isOut && method === "PUT" && path.includes("/receipt.json"));
    const evidence = await onStage({ wrapWorld }, async (stage) => {
      const id = await stage.ask("kept-vhd");
      await stage.sleep(4 * HOUR);
      isOut = false;
      await stage.ended(id);
      await stage.sleep(2 * HOUR);
    });
    const [build] = evidence.builds;
    expect(build?.receipt?.keptImage?.id).toContain(`${build?.id}-source`);
    expect(imagesIn(evidence)).toEqual([build?.receipt?.keptImage?.id]);
  });

  it("goes where its build died before it had made an image", async () => {
    const evidence = await onStage({}, async (stage) => {
      const moment = { method: "PUT", path: /\/imageTemplates\/[^/]+$/ };
      stage.when(moment, { after: () => terminate(stage, stage.first()) });
      await stage.post("/api/images/kept-vhd/builds");
      stage.expect(stage.first());
    });
    expect(evidence.builds[0]?.receipt).toMatchObject({ outcome: { kind: "failed", failure: { code: "build-lost" } } });
    expect(imagesIn(evidence)).toEqual([]);
  });
});
