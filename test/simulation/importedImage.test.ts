import { beforeAll, describe, expect, it } from "vitest";
import { landscapeDisk } from "../../local/landscape.ts";
import { ids } from "../support/cloudTemplates.ts";
import { brokenPromises } from "../support/faults/brokenPromises.ts";
import type { Evidence } from "../support/faults/evidence.ts";
import { HOURLY_SWEEPS, onStage, type Stage } from "../support/faults/stage.ts";
import { terminate } from "../support/faults/sweeping.ts";
import { warmUp } from "../support/simulation/simulation.ts";

beforeAll(warmUp, 120_000);

const VERSION = "2024-07-01";
const PATH = /\/Microsoft\.Compute\/images\/[^/]+$/;
const MAKING = { method: "PUT", path: PATH };
const LOOKING = { method: "GET", path: PATH, nth: 2 };
const DELETING = { method: "DELETE", path: PATH };
const RUNNING = { method: "GET", path: /\/imageTemplates\/[^/]+$/, nth: 4 };

const ask = (stage: Stage) => stage.ask("imported-vhd");
const imageOf = (buildId: string) => `${ids.templateGroup}/providers/Microsoft.Compute/images/${buildId}-source`;
const bodyOf = (tags: object) => ({
  location: "westeurope",
  tags,
  properties: {
    hyperVGeneration: "V2",
    storageProfile: { osDisk: { osType: "Linux", osState: "Generalized", blobUri: landscapeDisk.url } },
  },
});
const imagesIn = ({ after }: Evidence) =>
  after.resources.map(({ id }) => String(id)).filter((id) => id.startsWith(imageOf("").replace("-source", "")));

describe("the managed image that a VHD is imported to", () => {
  it("is made before anything is granted, and goes after template and access", async () => {
    const evidence = await onStage({}, ask);
    expect(brokenPromises(evidence)).toEqual([]);
    expect(evidence.builds[0]?.receipt).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
    const written = evidence.requests
      .filter(({ method }) => method === "PUT" || method === "DELETE")
      .map(({ method, path }) => `${method} ${/\/(images|imageTemplates|roleAssignments)\/[^/?]+\?/.exec(path)?.[1]}`);
    const grants = ["roleAssignments", "roleAssignments", "roleAssignments"];
    expect(written).toEqual([
      "PUT images",
      ...grants.map((one) => `PUT ${one}`),
      "PUT imageTemplates",
      "DELETE roleAssignments",
      "DELETE roleAssignments",
      "DELETE imageTemplates",
      "DELETE roleAssignments",
      "DELETE images",
    ]);
    expect(imagesIn(evidence)).toEqual([]);
  });

  it.each([
    ["before it is asked for", MAKING, "before"],
    ["after it was asked for", MAKING, "after"],
    ["while Azure makes it", LOOKING, "after"],
    ["while the run goes on", RUNNING, "after"],
    ["before its deletion", DELETING, "before"],
    ["after its deletion was asked for", DELETING, "after"],
  ] as const)("is made once and goes where the host is killed %s", async (_, moment, when) => {
    const evidence = await onStage({}, async (stage) => {
      stage.when(moment, { [when]: () => stage.kill() });
      await ask(stage);
    });
    expect(brokenPromises(evidence)).toEqual([]);
    expect(evidence.builds[0]?.receipt).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
    expect(imagesIn(evidence)).toEqual([]);
  });

  it.each([
    ["is being made", MAKING],
    ["is in use", RUNNING],
  ])("is removed by the sweeper where its build is dead while it %s", async (_, moment) => {
    const evidence = await onStage({}, async (stage) => {
      stage.when(moment, { after: () => terminate(stage, stage.first()) });
      await stage.post("/api/images/imported-vhd/builds");
      stage.expect(stage.first());
    });
    expect(brokenPromises(evidence)).toEqual([]);
    expect(evidence.builds[0]?.receipt).toMatchObject({
      outcome: { kind: "failed", failure: { code: "build-lost" } },
      cleanUp: { kind: "clean" },
    });
    expect(imagesIn(evidence)).toEqual([]);
  });

  it.each([
    ["another's tags", () => ({ owner: "somebody" })],
    ["another build's", () => ({ "goldsmith-build": "x", "goldsmith-installation": "simulation" })],
  ])("is left alone where one with %s has its name, and fails the build", async (_, tags) => {
    const evidence = await onStage({}, async (stage) => {
      stage.when(
        { method: "GET", path: PATH },
        { before: () => stage.asOperator("PUT", imageOf(stage.first()), VERSION, bodyOf(tags())) },
      );
      await ask(stage);
    });
    expect(brokenPromises(evidence)).toEqual([]);
    const [build] = evidence.builds;
    expect(build?.receipt).toMatchObject({
      outcome: { kind: "failed", failure: { code: "image-name-taken", owner: "operator" } },
      cleanUp: { kind: "clean" },
      grants: [],
    });
    expect(imagesIn(evidence)).toEqual([imageOf(build?.id ?? "")]);
  });

  it("is told with the command that deletes it where Azure refuses that for good", async () => {
    const evidence = await onStage(HOURLY_SWEEPS, async (stage) => {
      stage.fault({ method: "DELETE", path: PATH.source, status: 403, code: "AuthorizationFailed", message: "no" });
      await ask(stage);
    });
    expect(brokenPromises(evidence)).toEqual([]);
    const [build] = evidence.builds;
    const id = imageOf(build?.id ?? "");
    expect(build?.receipt).toMatchObject({
      outcome: { kind: "built" },
      cleanUp: { kind: "leftovers", leftovers: [{ id, why: expect.stringContaining("AuthorizationFailed") }] },
    });
  });
});
