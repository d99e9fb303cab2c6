import { beforeAll, describe, expect, it } from "vitest";
import { landscape } from "../../local/landscape.ts";
import { WAITING_FOR_APPROVAL } from "../../src/domain/buildView.ts";
import { brokenPromises } from "../support/faults/brokenPromises.ts";
import { HOUR, MINUTE, onStage, type Stage } from "../support/faults/stage.ts";
import { askedFor, decide, viewOf } from "../support/simulation/deciding.ts";
import { PUBLISHED } from "../support/simulation/recipes.ts";
import { warmUp } from "../support/simulation/simulation.ts";

beforeAll(warmUp, 120_000);

interface Seen {
  roleAssignments: { id: string; properties: { roleDefinitionId: string } }[];
  resources: { id: string; type: string; properties: { publishingProfile: { excludeFromLatest: boolean } } }[];
}

const seenIn = ({ world }: Pick<Stage, "world">) => world.cloud.state() as unknown as Seen;

const versionsOfMajor = (stage: Stage) =>
  structuredClone(seenIn(stage).resources.filter(({ id }) => id.includes("/versions/8.")));

/** Image versions of the recipe's major, and whether each is kept out of what latest means. */
const versionsIn = (stage: Stage) =>
  versionsOfMajor(stage).map(({ properties }) => properties.publishingProfile.excludeFromLatest);

describe("a build whose recipe has its versions approved before they are published", () => {
  it("has made the version and holds nothing while it waits, and the version is the latest once it is approved", async () => {
    const evidence = await onStage({}, async (stage) => {
      const { id, planHash } = await askedFor(stage, PUBLISHED);
      await stage.sleep(3 * HOUR);
      expect(versionsIn(stage)).toEqual([true]);
      const { resources } = seenIn(stage);
      expect(resources.filter(({ type }) => /imageTemplates$/i.test(type))).toEqual([]);
      expect(seenIn(stage).roleAssignments).toHaveLength(landscape.roleAssignments.length);
      expect(await viewOf(stage, id)).toMatchObject({
        state: "waiting",
        phase: WAITING_FOR_APPROVAL,
        grants: [],
        approval: { imageVersions: [expect.stringMatching(/\/versions\/8\.0\.\d+$/)] },
      });
      expect(await decide(stage, id, "approve", planHash)).toEqual([202, ""]);
      await stage.ended(id);
      expect(versionsIn(stage)).toEqual([false]);
    });
    const receipt = evidence.builds[0]?.receipt;
    expect(receipt).toMatchObject({
      outcome: { kind: "built" },
      cleanUp: { kind: "clean" },
      approval: { decision: "approved", reason: "looked at" },
      publication: [{ kind: "published", id: expect.stringContaining("/versions/8.") }],
    });
    expect(brokenPromises(evidence)).toEqual([]);
  });

  it("changes nothing else of the version", async () => {
    await onStage({}, async (stage) => {
      const { id, planHash } = await askedFor(stage, PUBLISHED);
      const [before] = versionsOfMajor(stage);
      await decide(stage, id, "approve", planHash);
      await stage.ended(id);
      const published = structuredClone(before);
      if (published) published.properties.publishingProfile.excludeFromLatest = false;
      expect(versionsOfMajor(stage)).toEqual([published]);
    });
  });

  it("stays out of latest, and the receipt has it, where the build is terminated while it waits", async () => {
    const evidence = await onStage({}, async (stage) => {
      const { id } = await askedFor(stage, PUBLISHED);
      await stage.post(`/runtime/webhooks/durabletask/instances/${id}/terminate?reason=test`);
      await stage.ended(id);
      expect(versionsIn(stage)).toEqual([true]);
    });
    expect(evidence.builds[0]?.receipt).toMatchObject({
      outcome: { kind: "failed", imageVersions: [expect.stringContaining("/versions/8.")] },
    });
    expect(brokenPromises(evidence)).toEqual([]);
  });

  it.each([
    ["rejected", "approval-rejected", "reject"],
    ["not decided on in time", "approval-expired", undefined],
  ] as const)("keeps out of latest what is %s, and tells how to delete it", async (_, code, verb) => {
    const evidence = await onStage({}, async (stage) => {
      const { id, planHash } = await askedFor(stage, PUBLISHED);
      if (verb) expect(await decide(stage, id, verb, planHash, "not this one")).toEqual([202, ""]);
      await stage.ended(id);
      expect(versionsIn(stage)).toEqual([true]);
    });
    const version = expect.stringContaining("/versions/8.");
    expect(evidence.builds[0]?.receipt).toMatchObject({
      outcome: { kind: "refused", findings: [{ code }], imageVersions: [version] },
      cleanUp: { kind: "clean" },
      publication: [
        { kind: "withheld", id: version, command: expect.stringMatching(/^az resource delete --ids .*8\./) },
      ],
    });
    expect(brokenPromises(evidence)).toEqual([]);
  });

  it("can be cancelled while it waits", async () => {
    const evidence = await onStage({}, async (stage) => {
      const { id, planHash } = await askedFor(stage, PUBLISHED);
      expect(await stage.cancel()).toBe(202);
      await stage.ended(id);
      expect(versionsIn(stage)).toEqual([true]);
      expect(await decide(stage, id, "approve", planHash)).toEqual([409, "build-ended"]);
    });
    expect(evidence.builds[0]?.receipt).toMatchObject({
      outcome: { kind: "cancelled" },
      publication: [{ kind: "withheld" }],
    });
    expect(brokenPromises(evidence)).toEqual([]);
  });

  it.each([{}, { delivers: "twice" as const }])(
    "publishes after kills while it waits and while it publishes (%j)",
    async (setting) => {
      const evidence = await onStage(setting, async (stage) => {
        const { id, planHash } = await askedFor(stage, PUBLISHED);
        stage.host.crash(10 * MINUTE);
        await stage.sleep(20 * MINUTE);
        expect(await decide(stage, id, "approve", planHash)).toEqual([202, ""]);
        await stage.sleep(10);
        stage.host.crash(MINUTE);
        await stage.ended(id);
        expect(versionsIn(stage)).toEqual([false]);
      });
      expect(evidence.builds[0]?.receipt).toMatchObject({
        outcome: { kind: "built" },
        publication: [{ kind: "published" }],
      });
      expect(brokenPromises(evidence)).toEqual([]);
    },
  );

  it("is refused before anything is made where the service may not publish", async () => {
    const evidence = await onStage({}, async (stage) => {
      const { name } = landscape.roleDefinitions.find(({ roleName }) => roleName === "Goldsmith publisher") ?? {};
      const given = seenIn(stage).roleAssignments.find(({ properties }) =>
        properties.roleDefinitionId.endsWith(`${name}`),
      );
      await stage.asOperator("DELETE", given?.id ?? "", "2022-04-01");
      // Until that is known everywhere.
      await stage.sleep(HOUR);
      await stage.ask(PUBLISHED);
    });
    expect(evidence.builds[0]?.receipt).toMatchObject({
      outcome: { kind: "refused", findings: [{ code: "service-cannot-publish" }] },
      grants: [],
    });
  });
});
