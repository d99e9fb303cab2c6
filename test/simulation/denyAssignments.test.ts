import { beforeAll, expect, it } from "vitest";
import { ids } from "../support/cloudTemplates.ts";
import { brokenPromises } from "../support/faults/brokenPromises.ts";
import { onStage } from "../support/faults/stage.ts";
import { warmUp } from "../support/simulation/simulation.ts";

beforeAll(warmUp, 60_000);

it.each([
  ["the templates' group, of which access is given back", ids.templateGroup],
  ["the images' group, on which nothing can be given", ids.imageGroup],
])("a deny assignment on %s, fails a build with advice that names it, and leaves nothing", async (_, scope) => {
  const evidence = await onStage({}, async (stage) => {
    stage.fault({ scenario: "deny-assignment", scope });
    await stage.ended(await stage.ask());
  });
  expect(evidence.builds[0]?.receipt).toMatchObject({
    outcome: {
      kind: "failed",
      failure: {
        code: "DenyAssignmentAuthorizationFailed",
        message: expect.stringContaining(scope),
        why: expect.stringContaining("deny assignment"),
        owner: "identity",
      },
    },
    cleanUp: { kind: "clean" },
  });
  expect(brokenPromises(evidence)).toEqual([]);
});
