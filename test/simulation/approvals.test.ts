import { beforeAll, describe, expect, it } from "vitest";
import { archiveNames } from "../../src/domain/archiveNames.ts";
import { WAITING_FOR_APPROVAL } from "../../src/domain/buildView.ts";
import { brokenPromises } from "../support/faults/brokenPromises.ts";
import { HOUR, MINUTE, onStage, type Stage } from "../support/faults/stage.ts";
import { askedFor as askedForImage, decide, planHashOf, viewOf } from "../support/simulation/deciding.ts";
import { APPROVED } from "../support/simulation/recipes.ts";
import { warmUp } from "../support/simulation/simulation.ts";
import { ARCHIVE_ORIGIN } from "../support/simulation/world.ts";

beforeAll(warmUp, 120_000);

const SOURCE = { publisher: "Canonical", offer: "ubuntu-24_04-lts", sku: "server" };
const NEWER = "24.04.203001020";
const RUN = { method: "POST", path: /\/imageTemplates\/[^/]+\/run$/ };

const askedFor = (stage: Stage) => askedForImage(stage, APPROVED);

/** What was asked of Azure that changes something. */
const changes = (stage: Stage) =>
  stage.world.cloud
    .requests()
    .requests.filter(({ method, path }) => method !== "GET" && path.startsWith("/subscriptions/"));

describe("a build whose recipe asks for approval", () => {
  it("waits with nothing granted or made until it is approved, and tells who, when and why", async () => {
    const evidence = await onStage({}, async (stage) => {
      const { id, planHash } = await askedFor(stage);
      await stage.sleep(3 * HOUR);
      expect(await viewOf(stage, id)).toMatchObject({
        state: "waiting",
        phase: WAITING_FOR_APPROVAL,
        grants: [],
        approval: { planHash, source: { version: expect.stringMatching(/^24\.04/) } },
      });
      expect(changes(stage)).toEqual([]);
      const plan = await stage.host.send({ method: "GET", path: `/api/builds/${id}/plan`, headers: {}, body: "" });
      expect(JSON.parse(plan.body.toString())).toMatchObject({ id, image: APPROVED, plan: { buildId: id } });
      expect(await decide(stage, id, "approve", planHash)).toEqual([202, ""]);
    });
    const receipt = evidence.builds[0]?.receipt;
    expect(receipt).toMatchObject({
      outcome: { kind: "built" },
      cleanUp: { kind: "clean" },
      approval: { decision: "approved", reason: "looked at", by: { id: "anybody" } },
    });
    const firstGrant = receipt?.grants.map(({ askedAt }) => askedAt).toSorted()[0] ?? "";
    expect(firstGrant >= (receipt?.approval?.at ?? "~")).toBe(true);
    expect(brokenPromises(evidence)).toEqual([]);
    expect(Math.max(...evidence.instances.map(({ history }) => history.length))).toBeLessThan(300);
  });

  it("is refused where it is rejected, and nothing was made for it", async () => {
    const evidence = await onStage({}, async (stage) => {
      const { id, planHash } = await askedFor(stage);
      expect(await decide(stage, id, "reject", planHash, "not this month")).toEqual([202, ""]);
      await stage.ended(id);
      await stage.sleep(MINUTE);
      expect(changes(stage)).toEqual([]);
      expect(await decide(stage, id, "approve", planHash)).toEqual([409, "build-ended"]);
    });
    expect(evidence.builds[0]?.receipt).toMatchObject({
      outcome: {
        kind: "refused",
        findings: [{ code: "approval-rejected", seen: expect.stringContaining("not this month") }],
      },
      approval: { decision: "rejected" },
      grants: [],
    });
  });

  it("is refused where nobody decides in time", async () => {
    const evidence = await onStage({}, (stage) => askedFor(stage));
    const receipt = evidence.builds[0]?.receipt;
    expect(receipt).toMatchObject({
      outcome: { kind: "refused", findings: [{ code: "approval-expired" }] },
      grants: [],
    });
    const waited = Date.parse(receipt?.endedAt ?? "") - Date.parse(receipt?.startedAt ?? "");
    expect(waited).toBeGreaterThanOrEqual(6 * HOUR * 1000 - 2000);
    expect(waited).toBeLessThan((6 * HOUR + 5 * MINUTE) * 1000);
  });

  it("can be cancelled while it waits", async () => {
    const evidence = await onStage({}, async (stage) => {
      await askedFor(stage);
      expect(await stage.cancel()).toBe(202);
    });
    expect(evidence.builds[0]?.receipt).toMatchObject({ outcome: { kind: "cancelled" }, grants: [] });
  });

  it("goes on after its host was killed while it waited", async () => {
    const evidence = await onStage({}, async (stage) => {
      const { id, planHash } = await askedFor(stage);
      stage.host.crash(10 * MINUTE);
      await stage.sleep(20 * MINUTE);
      expect(await decide(stage, id, "approve", planHash)).toEqual([202, ""]);
    });
    expect(evidence.builds[0]?.receipt).toMatchObject({
      outcome: { kind: "built" },
      approval: { decision: "approved" },
    });
  });

  it("is not approved by an event that somebody raises past the service, whatever is in it", async () => {
    const evidence = await onStage({}, async (stage) => {
      const { id, planHash } = await askedFor(stage);
      const forged = { decision: "approved", planHash, reason: "forged", by: { id: "x" }, at: "2030-01-01T00:00:00Z" };
      await stage.post(`/runtime/webhooks/durabletask/instances/${id}-approval/raiseEvent/wake`, forged);
      await stage.post(`/runtime/webhooks/durabletask/instances/${id}-approval/raiseEvent/wake`, { stop: true });
      await stage.sleep(HOUR);
      expect(await viewOf(stage, id)).toMatchObject({ state: "waiting" });
    });
    expect(evidence.builds[0]?.receipt).toMatchObject({ outcome: { kind: "refused" } });
  });
});

describe("a decision", () => {
  it.each([
    ["approve", "reject"],
    ["reject", "approve"],
  ] as const)("counts once: to %s again is as once, to %s comes too late", async (verb, other) => {
    await onStage({}, async (stage) => {
      const { id, planHash } = await askedFor(stage);
      const all = await Promise.all([verb, verb, other].map((one) => decide(stage, id, one, planHash)));
      expect(all).toEqual([
        [202, ""],
        [202, ""],
        [409, "approval-decided"],
      ]);
      await stage.ended(id);
      await stage.sleep(MINUTE);
      expect(await decide(stage, id, other, planHash)).toEqual([409, "build-ended"]);
    });
  });

  it.each(["approve", "reject"] as const)(
    "to %s is of what is to be approved now, while there is time",
    async (verb) => {
      await onStage({}, async (stage) => {
        const { id, planHash } = await askedFor(stage);
        expect(await decide(stage, id, verb, "f".repeat(64))).toEqual([409, "approval-outdated"]);
        expect(await decide(stage, id, verb, "x")).toEqual([400, "body-invalid"]);
        const other = await stage.ask("night-one");
        expect(await decide(stage, other, verb, "f".repeat(64))).toEqual([409, "approval-not-asked"]);
        const unknown = "approved-20300101-000000-aaaa";
        expect(await decide(stage, unknown, verb, "f".repeat(64))).toEqual([404, "build-unknown"]);
        // As the build itself puts an end to it, in the moment before it ends.
        const url = new URL(`${ARCHIVE_ORIGIN}/account/archive/${archiveNames.approval(APPROVED, id, planHash)}`);
        stage.world.archive.answer({ method: "PUT", url, headers: {}, body: Buffer.from('{"expired":true}') });
        expect(await decide(stage, id, verb, planHash)).toEqual([409, "approval-expired"]);
        await stage.cancel();
      });
    },
  );

  it("is of the version that was shown: the image is built on that, be there a newer one when the run begins", async () => {
    let shown: string | undefined;
    const evidence = await onStage({}, async (stage) => {
      stage.when(RUN, {
        before: () => void stage.world.cloud.publishPlatformImage({ ...SOURCE, version: NEWER }),
      });
      const { id, planHash } = await askedFor(stage);
      const view = await viewOf(stage, id);
      shown = "approval" in view ? view.approval?.source.version : undefined;
      await decide(stage, id, "approve", planHash);
    });
    expect(shown).toMatch(/^24\.04\./);
    expect(evidence.builds[0]?.receipt).toMatchObject({ outcome: { kind: "built" }, source: { version: shown } });
  });

  it("does not hold where the source means another version when the build's turn comes", async () => {
    const evidence = await onStage({}, async (stage) => {
      const first = await askedFor(stage);
      await decide(stage, first.id, "approve", first.planHash);
      const second = await askedFor(stage);
      await decide(stage, second.id, "approve", second.planHash);
      await stage.sleep(5 * MINUTE);
      stage.world.cloud.publishPlatformImage({ ...SOURCE, version: NEWER });
      await stage.ended(first.id);
      await stage.sleep(MINUTE);
      const planHash = await planHashOf(stage, second.id);
      expect(planHash).not.toBe(second.planHash);
      expect(await decide(stage, second.id, "approve", second.planHash)).toEqual([409, "approval-outdated"]);
      expect(await decide(stage, second.id, "approve", planHash, "the new one too")).toEqual([202, ""]);
    });
    const [first, second] = evidence.builds.map(({ receipt }) => receipt);
    expect(first).toMatchObject({ outcome: { kind: "built" } });
    expect(second).toMatchObject({
      outcome: { kind: "built" },
      source: { version: NEWER },
      approval: { reason: "the new one too" },
    });
    expect(second?.timeline.map(({ event }) => event)).toContain("approval void");
  });
});
