import { beforeAll, describe, expect, it } from "vitest";
import { onStage } from "../support/faults/stage.ts";
import { UNSEEN_SECRET } from "../support/simulation/recipes.ts";
import { warmUp } from "../support/simulation/simulation.ts";

beforeAll(warmUp, 120_000);

describe("a template that would hold a secret which was not seen in the recipe", () => {
  it("is neither sent nor kept: the build fails, names the place, and leaves the value nowhere", async () => {
    const evidence = await onStage({}, (stage) => stage.ask("unseen-secret"));
    const outcome = evidence.builds[0]?.receipt?.outcome;
    expect(outcome).toMatchObject({
      kind: "failed",
      failure: { code: "template-holds-secret", message: expect.stringContaining("tags.password"), owner: "requester" },
    });
    const changes = evidence.requests.filter(({ method, path }) => method !== "GET" && path.startsWith("/subscri"));
    expect(changes).toEqual([]);
    const names = evidence.archive.names("archive");
    const kept = names.map((name) => evidence.archive.text("archive", name));
    expect(names.length).toBeGreaterThan(0);
    expect(JSON.stringify([evidence.instances, kept])).not.toContain(UNSEEN_SECRET);
  });
});
