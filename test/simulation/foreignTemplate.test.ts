import { beforeAll, describe, expect, it } from "vitest";
import { brokenPromises } from "../support/faults/brokenPromises.ts";
import { changedAnswers, withoutCreator } from "../support/faults/changedAnswers.ts";
import { onStage } from "../support/faults/stage.ts";
import { MOMENTS, PATHS } from "../support/faults/strikes.ts";
import { ids, templateModel } from "../support/cloudTemplates.ts";
import { UNSWEPT, warmUp } from "../support/simulation/simulation.ts";

beforeAll(warmUp, 120_000);

const API_VERSION = "2025-10-01";
/** Somebody else's template that works, as the API takes it. */
const { location, identity, ...properties } = templateModel();
const tagsOf = (buildId: string) => ({ "goldsmith-build": buildId, "goldsmith-installation": "simulation" });

describe("a template of an attempt's name", () => {
  it.each([
    ["has our tags, and another creator", tagsOf],
    ["is tagged as another build's", () => tagsOf("aks-jumpbox-20300101-000000-aaaa")],
    ["has no tags", () => ({})],
  ])("is neither cancelled nor deleted where it %s", async (_, tags) => {
    let template = "";
    const evidence = await onStage({}, (stage) =>
      stage.when(MOMENTS["creating the template"], {
        async before() {
          template = ids.template(`${stage.first()}-a1`);
          await stage.asOperator("PUT", template, API_VERSION, {
            location,
            identity,
            properties,
            tags: tags(stage.first()),
          });
        },
      }),
    );
    const [build] = evidence.builds;
    expect(build?.receipt).toMatchObject({
      outcome: { kind: "failed", failure: { code: "template-name-taken", owner: "operator" } },
      cleanUp: { kind: "clean" },
    });
    expect(build?.receipt?.timeline).toContainEqual(
      expect.objectContaining({ event: "left alone", detail: expect.stringContaining(`${build?.id}-a1`) }),
    );
    const touched = evidence.requests.filter(
      ({ method, path }) => method !== "GET" && path.includes("/imageTemplates/"),
    );
    expect(touched.map(({ method, status }) => `${method} ${status}`)).toEqual(["PUT 409"]);
    expect(evidence.after.resources.map(({ id }) => String(id).toLowerCase())).toContain(template.toLowerCase());
    expect(evidence.held.every(({ to }) => to !== undefined)).toBe(true);
  });

  it("is neither run nor deleted where Azure does not tell who made it, whatever its tags", async () => {
    const evidence = await onStage({ wrapWorld: (world) => changedAnswers(world, withoutCreator) }, (stage) =>
      stage.when(MOMENTS["creating the template"], {
        async before() {
          const body = { location, identity, properties, tags: tagsOf(stage.first()) };
          await stage.asOperator("PUT", ids.template(`${stage.first()}-a1`), API_VERSION, body);
        },
      }),
    );
    expect(evidence.builds[0]?.receipt).toMatchObject({
      outcome: { kind: "failed", failure: { code: "template-name-taken" } },
      cleanUp: { kind: "clean" },
    });
    const touched = evidence.requests.filter(
      ({ method, path }) => method !== "GET" && path.includes("/imageTemplates/"),
    );
    expect(touched.map(({ method, status }) => `${method} ${status}`)).toEqual(["PUT 409"]);
  });

  it("is listed without a command where it cannot be looked at any more, whatever its tags", async () => {
    const evidence = await onStage({ env: UNSWEPT }, async (stage) => {
      stage.when(MOMENTS["creating the template"], {
        async before() {
          const body = { location, identity, properties, tags: tagsOf(stage.first()) };
          await stage.asOperator("PUT", ids.template(`${stage.first()}-a1`), API_VERSION, body);
        },
      });
      const denied = { status: 403, code: "AuthorizationFailed", message: "It may not be read." };
      stage.fault({ method: "GET", path: PATHS.template, after: 1, ...denied });
      await stage.ended(await stage.ask());
    });
    expect(evidence.builds[0]?.receipt).toMatchObject({
      outcome: { kind: "failed", failure: { code: "template-name-taken" } },
      cleanUp: { kind: "leftovers" },
    });
    expect(brokenPromises(evidence)).toEqual([]);
  });

  it("is listed with the command where this build made it, though it cannot be looked at any more", async () => {
    const evidence = await onStage({ env: UNSWEPT }, async (stage) => {
      const denied = { status: 403, code: "AuthorizationFailed", message: "It may not be read." };
      stage.when(MOMENTS.running, { after: () => stage.fault({ method: "GET", path: PATHS.template, ...denied }) });
      await stage.ended(await stage.ask());
      stage.world.cloud.clearFaults();
    });
    expect(evidence.builds[0]?.receipt?.cleanUp).toMatchObject({
      leftovers: expect.arrayContaining([
        expect.objectContaining({ command: expect.stringMatching(/^az resource delete .*-a1$/) }),
      ]),
    });
  });

  it("is known as our own after a lost answer, though a policy has added a tag", async () => {
    const evidence = await onStage({}, (stage) => {
      stage.fault({ kind: "loseReply", method: "PUT", path: "/imageTemplates/[^/]+$", count: 1 });
      stage.when(MOMENTS["creating the template"], {
        async after() {
          const tags = { ...tagsOf(stage.first()), "cost-centre": "42" };
          await stage.sleep(1);
          await stage.asOperator("PATCH", ids.template(`${stage.first()}-a1`), API_VERSION, { tags });
        },
      });
    });
    expect(brokenPromises(evidence)).toEqual([]);
    expect(evidence.builds[0]?.receipt?.outcome.kind).toBe("built");
    expect(evidence.answers.filter(({ method, path }) => method === "PUT" && path.endsWith("-a1"))).toHaveLength(2);
  });
});
