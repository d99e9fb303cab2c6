import { describe, expect, it } from "vitest";
import { advise } from "../../src/domain/advice.ts";
import { StepFailed } from "../../src/domain/failure.ts";
import type { ImportedImageState } from "../../src/domain/importedImage.ts";
import type { Receipt } from "../../src/domain/receipt.ts";
import { type FakeSteps, fakeService, functionsOf } from "../support/fakeService.ts";
import { type Ran, runOrchestration } from "../support/orchestration.ts";
import { request } from "../support/plan.ts";
import { vhdPlan } from "../support/vhdPlan.ts";

const plan = vhdPlan();
const id = plan.importedImage?.id ?? "";

/** What a build that begins with a VHD does over steps in which all goes well, but for what is changed. */
async function build(changes: Partial<FakeSteps> = {}, planned = plan): Promise<{ ran: Ran; receipt: Receipt }> {
  const fake = fakeService({ planBuild: async () => planned, ...changes });
  const ran = await runOrchestration(functionsOf(fake), { instanceId: request.buildId, input: request });
  return { ran, receipt: ran.output as Receipt };
}

/** In their order, each once. */
const steps = ({ calls }: Ran, ...wanted: string[]) => [
  ...new Set(calls.map(({ name }) => name).filter((name) => wanted.includes(name))),
];

/** States that Azure tells one after the other, the last for ever. */
const telling = (...states: ImportedImageState[]) => {
  let looks = 0;
  return async () => states[Math.min(looks++, states.length - 1)] as ImportedImageState;
};
const present = (state: string): ImportedImageState => ({ kind: "present", state });

const refuses = (code: string) => async (): Promise<never> => {
  throw new StepFailed(advise(code, "no"));
};

describe("the import of a VHD", () => {
  it("comes before all grants, and its undoing after template and grants", async () => {
    const { ran, receipt } = await build({ readImage: telling(present("Creating"), present("Succeeded")) });
    expect(steps(ran, "createImage", "lease.join", "createTemplate", "deleteTemplate", "deleteImage")).toEqual([
      "createImage",
      "lease.join",
      "createTemplate",
      "deleteTemplate",
      "deleteImage",
    ]);
    const last = ran.calls.findLastIndex(({ name }) => name === "lease.leave");
    expect(ran.calls.findIndex(({ name }) => name === "deleteImage")).toBeGreaterThan(last);
    expect(receipt).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
  });

  it.each<[string, Partial<FakeSteps>, string]>([
    ["is refused", { createImage: refuses("InvalidParameter") }, "InvalidParameter"],
    ["ends as failed", { readImage: telling(present("Creating"), present("Failed")) }, "import-failed"],
    ["is deleted by somebody", { readImage: telling({ kind: "absent" }) }, "import-failed"],
    ["is somebody else's after all", { readImage: telling({ kind: "foreign", id }) }, "image-name-taken"],
    ["never ends", { readImage: telling(present("Creating")) }, "import-failed"],
  ])("fails the build before anything is granted where it %s, and is undone", async (_, changes, code) => {
    const { ran, receipt } = await build(changes);
    expect(receipt).toMatchObject({ outcome: { kind: "failed", failure: { code } }, grants: [] });
    expect(steps(ran, "lease.join", "createTemplate", "deleteImage")).toEqual(["deleteImage"]);
  });

  it("is not undone where the recipe keeps the image and there is one, and the receipt tells so", async () => {
    const { ran, receipt } = await build({}, vhdPlan({ keepImage: true }));
    expect(steps(ran, "deleteImage")).toEqual([]);
    expect(receipt.keptImage).toEqual({ id, command: `az resource delete --ids ${id}` });
    expect(receipt.cleanUp).toEqual({ kind: "clean" });
  });

  it("is undone in spite of that where the build made no image", async () => {
    const { ran, receipt } = await build({ startRun: refuses("Conflict") }, vhdPlan({ keepImage: true }));
    expect(steps(ran, "deleteImage")).toEqual(["deleteImage"]);
    expect(receipt).not.toHaveProperty("keptImage");
  });

  it("is believed to be gone only when Azure says so repeatedly", async () => {
    let asked = 0;
    const { ran, receipt } = await build({ deleteImage: async () => (++asked === 2 ? "accepted" : "absent") });
    expect(ran.calls.filter(({ name }) => name === "deleteImage").length).toBeGreaterThan(3);
    expect(receipt.cleanUp).toEqual({ kind: "clean" });
  });

  it.each([
    ["with the command where it was seen to be this build's", async () => "accepted" as const, true],
    ["without one where nobody could look at it", refuses("AuthorizationFailed"), false],
  ])("is told of %s, if it stays", async (_, deleteImage, isProven) => {
    const { receipt } = await build({ deleteImage });
    const [leftover] = receipt.cleanUp.kind === "leftovers" ? receipt.cleanUp.leftovers : [];
    expect(leftover?.id).toBe(id);
    expect(leftover?.command).toBe(isProven ? `az resource delete --ids ${id}` : undefined);
  });
});
