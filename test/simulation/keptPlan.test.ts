import { beforeAll, describe, expect, it } from "vitest";
import { archiveNames } from "../../src/domain/archiveNames.ts";
import type { WholePlan } from "../../src/domain/plan.ts";
import { brokenPromises } from "../support/faults/brokenPromises.ts";
import { onStage } from "../support/faults/stage.ts";
import { MOMENTS } from "../support/faults/strikes.ts";
import { warmUp } from "../support/simulation/simulation.ts";
import { ARCHIVE_ORIGIN } from "../support/simulation/world.ts";

beforeAll(warmUp, 120_000);

const IMAGE = "aks-jumpbox";

describe("the plan of a build", () => {
  it("has the template in the archive only, so that no history grows with a recipe", async () => {
    const evidence = await onStage({}, (stage) => stage.ask());
    const kept = evidence.archive.text("archive", archiveNames.plan(IMAGE, evidence.builds[0]?.id ?? "")) ?? "";
    const { template } = JSON.parse(kept) as WholePlan;
    const histories = JSON.stringify(evidence.instances);
    const lines = (template.customize ?? []).flatMap((one) => ("inline" in one ? (one.inline ?? []) : []));
    expect(lines.length).toBeGreaterThan(0);
    for (const line of lines) expect(histories.includes(JSON.stringify(line).slice(1, -1)), line).toBe(false);
  });

  it("is not carried out where somebody has changed it in the archive meanwhile", async () => {
    const evidence = await onStage({}, (stage) => {
      stage.when(MOMENTS["granting network join"], {
        before() {
          const name = archiveNames.plan(IMAGE, stage.first());
          const changed = stage.world.archive.text("archive", name)?.replace("updates", "something else");
          stage.world.archive.answer({
            method: "PUT",
            url: new URL(`${ARCHIVE_ORIGIN}/account/archive/${name}`),
            headers: { "x-ms-blob-type": "BlockBlob" },
            body: Buffer.from(changed ?? ""),
          });
        },
      });
    });
    expect(evidence.builds[0]?.receipt?.outcome).toMatchObject({ kind: "failed", failure: { code: "plan-changed" } });
    expect(evidence.requests.filter(({ method, path }) => method === "PUT" && path.includes("imageTemplates"))).toEqual(
      [],
    );
    expect(brokenPromises(evidence)).toEqual([]);
  });
});
