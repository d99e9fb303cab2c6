import { beforeAll, describe, expect, it } from "vitest";
import { brokenPromises } from "../support/faults/brokenPromises.ts";
import { onStage, type Stage } from "../support/faults/stage.ts";
import { answer } from "../support/faults/strikes.ts";
import { terminate } from "../support/faults/sweeping.ts";
import { LONG_SCRIPT } from "../support/simulation/recipes.ts";
import { warmUp } from "../support/simulation/simulation.ts";

beforeAll(warmUp, 120_000);

const PATH = "/stgoldsmithscripts/scripts/";
const LOOKING = { method: "GET", path: new RegExp(PATH) };
const PUTTING = { method: "PUT", path: new RegExp(PATH) };
const GRANTING = { method: "PUT", path: /\/roleAssignments\/[^/]+$/ };
const GRANTING_TO_READ = { ...GRANTING, nth: 2 };
const CREATING = { method: "PUT", path: /\/imageTemplates\/[^/]+$/ };

const ask = (stage: Stage) => stage.ask(LONG_SCRIPT.image);

/** Status of what the service's identity is answered that looks for the script, once all is over. */
async function lookFor({ world }: Stage): Promise<number | undefined> {
  const url = new URL(`${PATH}${LONG_SCRIPT.blob}`, world.cloud.url);
  const headers = {
    authorization: `Bearer ${world.tokens["https://storage.azure.com"]}`,
    "x-ms-version": "2025-11-05",
  };
  return (await world.cloud.answer({ method: "HEAD", url, headers, body: Buffer.alloc(0) }))?.status;
}

describe("a script that the service puts where image builder fetches it", () => {
  it.each([
    ["the host is killed before it is put there", PUTTING, "before"],
    ["the host is killed after it was put there", PUTTING, "after"],
    ["the host is killed as it is looked for", LOOKING, "after"],
    ["the host is killed as its reading is granted", GRANTING_TO_READ, "after"],
    ["the host is killed as the template is made", CREATING, "after"],
  ] as const)("is built with where %s, is kept, and is read by nobody afterwards", async (_, moment, when) => {
    let found: number | undefined;
    const evidence = await onStage({}, async (stage) => {
      stage.when(moment, { [when]: () => stage.kill() });
      await stage.ended(await ask(stage));
      found = await lookFor(stage);
    });
    expect(brokenPromises(evidence)).toEqual([]);
    const [build] = evidence.builds;
    expect(build?.receipt).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
    expect(build?.receipt?.grants.map(({ role }) => role)).toContain("script reading");
    expect(evidence.held.every(({ to }) => to !== undefined)).toBe(true);
    expect(found).toBe(200);
  });

  it.each([
    ["the answer to it is lost", { kind: "loseReply", method: "PUT", path: PATH, count: 1 }],
    ["Azure answers it with an error of its own", { method: "PUT", path: PATH, status: 503, count: 2 }],
    ["it cannot be looked for at first", { method: "GET", path: PATH, status: 500, count: 2 }],
  ] as const)("is built with where %s", async (_, fault) => {
    const evidence = await onStage({}, async (stage) => {
      stage.fault(fault);
      await ask(stage);
    });
    expect(brokenPromises(evidence)).toEqual([]);
    expect(evidence.builds[0]?.receipt).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
  });

  it("fails the build before anything is granted where Azure takes it from nobody", async () => {
    const evidence = await onStage({}, async (stage) => {
      answer("PUT", PATH, 403, { code: "AuthorizationPermissionMismatch" })(stage);
      await ask(stage);
    });
    expect(brokenPromises(evidence)).toEqual([]);
    expect(evidence.builds[0]?.receipt).toMatchObject({
      outcome: { kind: "failed", failure: { code: "AuthorizationPermissionMismatch", owner: "operator" } },
      cleanUp: { kind: "clean" },
      grants: [],
    });
  });

  it("is waited for where the right to read it takes a while to be effective", async () => {
    const evidence = await onStage({}, async (stage) => {
      stage.fault({ scenario: "grant-propagates-in", seconds: 600 });
      await ask(stage);
    });
    expect(brokenPromises(evidence)).toEqual([]);
    expect(evidence.builds[0]?.receipt).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
  });

  it("is still there, and the right to read it gone, where the sweeper has ended a dead build", async () => {
    let found: number | undefined;
    const evidence = await onStage({}, async (stage) => {
      stage.when(CREATING, { after: () => terminate(stage, stage.first()) });
      await stage.post(`/api/images/${LONG_SCRIPT.image}/builds`);
      stage.expect(stage.first());
      await stage.ended(stage.first());
      found = await lookFor(stage);
    });
    expect(brokenPromises(evidence)).toEqual([]);
    expect(evidence.builds[0]?.receipt).toMatchObject({
      outcome: { kind: "failed", failure: { code: "build-lost" } },
      cleanUp: { kind: "clean" },
    });
    expect(evidence.held.every(({ to }) => to !== undefined)).toBe(true);
    expect(found).toBe(200);
  });
});
