import { beforeAll, describe, expect, it } from "vitest";
import { onStage } from "../support/faults/stage.ts";
import { warmUp } from "../support/simulation/simulation.ts";

beforeAll(warmUp, 120_000);

const MARKETPLACE = { publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server" };
const RUN = { method: "POST", path: /\/imageTemplates\/[^/]+\/run$/ };

describe("the receipt of a build on the latest version", () => {
  it("tells which version its run took, be there a newer one since the preflight", async () => {
    const published = "24.04.202611300";
    const evidence = await onStage({}, async (stage) => {
      stage.when(RUN, {
        before: () => void stage.world.cloud.publishPlatformImage({ ...MARKETPLACE, version: published }),
      });
      await stage.ask("public-quickstart");
    });
    expect(evidence.builds[0]?.receipt).toMatchObject({
      outcome: { kind: "built" },
      source: { id: "Canonical:ubuntu-24_04-lts:server:latest", version: published },
    });
  });

  it("names of a VHD the blob, and no version", async () => {
    const evidence = await onStage({}, (stage) => stage.ask("imported-vhd"));
    expect(evidence.builds[0]?.receipt?.source).toEqual({
      id: "https://stgoldsmithvhds.blob.core.windows.net/vhds/ubuntu-base.vhd",
    });
  });
});
