import { engineActivities } from "../../src/activities/engine.ts";
import type { BuildActivities } from "../../src/activities/index.ts";
import type { Receipt } from "../../src/domain/receipt.ts";
import type { TemplateState } from "../../src/domain/templateState.ts";
import type { AnyEntity } from "../../src/durable/entities.ts";
import { keepTrying } from "../../src/durable/keepTrying.ts";
import { type Joined, LEASE, type LeaseEntity, type Left } from "../../src/entities/lease.ts";
import { turnsEntity } from "../../src/entities/turns.ts";
import { buildImage } from "../../src/orchestrators/buildImage.ts";
import { endRun } from "../../src/orchestrators/endRun.ts";
import { removeImage } from "../../src/orchestrators/removeImage.ts";
import { removeTemplate } from "../../src/orchestrators/removeTemplate.ts";
import { waitForRun } from "../../src/orchestrators/waitForRun.ts";
import { makeImage } from "../../src/orchestrators/makeImage.ts";
import { makeTemplate } from "../../src/orchestrators/makeTemplate.ts";
import { publishVersion } from "../../src/orchestrators/publishVersion.ts";
import { waitForApproval } from "../../src/orchestrators/waitForApproval.ts";
import { waitForTurn } from "../../src/orchestrators/waitForTurn.ts";
import type { Functions } from "./orchestration.ts";
import { samplePlan } from "./plan.ts";

const RUN_LOOKS = 8;

/** Activities, and the operations of a lease. The engine itself is the real one. */
export type FakeSteps = { [Name in Exclude<keyof BuildActivities, keyof typeof engineActivities>]: Activity<Name> } & {
  join: (input: Parameters<LeaseEntity["operations"]["join"]>[1]) => Promise<Joined>;
  leave: (input: Parameters<LeaseEntity["operations"]["leave"]>[1]) => Promise<Left>;
};

type Activity<Name extends keyof BuildActivities> = (
  input: Parameters<BuildActivities[Name]>[0],
) => ReturnType<BuildActivities[Name]>;

/** All that the engine needs to run a build over fake steps. */
export function functionsOf({ receipts: _, join, leave, ...activities }: ReturnType<typeof fakeService>): Functions {
  const lease: AnyEntity = {
    name: LEASE,
    initially: async () => ({}),
    operations: {
      join: (_: unknown, input: Parameters<typeof join>[0]) => join(input),
      leave: (_: unknown, input: Parameters<typeof leave>[0]) => leave(input),
    },
  };
  return {
    orchestrators: [
      buildImage,
      waitForApproval,
      publishVersion,
      waitForTurn,
      makeImage,
      makeTemplate,
      waitForRun,
      endRun,
      removeTemplate,
      removeImage,
      keepTrying,
    ],
    entities: [lease, turnsEntity({ image: 1, identity: 20, region: 20, subscription: 20 }, 24)],
    activities: { ...activities, ...engineActivities },
  };
}

/**
 * Activities of a build in which all goes well, over a few variables instead of a cloud: for tests of the order in
 * which the orchestrator takes its steps. What the steps do to Azure is tested against the local one.
 */
export function fakeService(changes: Partial<FakeSteps> = {}): FakeSteps & { receipts: Receipt[] } {
  const receipts: Receipt[] = [];
  let template: "absent" | "creating" | "ready" | "deleting" = "absent";
  let looks = 0;
  let ran = false;
  let cancelled = false;

  const readTemplate = async (): Promise<TemplateState> => {
    if (template === "absent") return { kind: "absent" };
    if (template === "creating") {
      template = "ready";
      return { kind: "present", provisioning: { state: "Creating" } };
    }
    const provisioning = { state: "Succeeded" };
    if (!ran) return { kind: "present", provisioning };
    looks += 1;
    if (cancelled) return { kind: "present", provisioning, run: { state: "Canceled", message: "Canceled by user" } };
    const startedAt = "2026-01-15T02:01:00.000Z";
    return looks < RUN_LOOKS
      ? { kind: "present", provisioning, run: { state: "Running", phase: "Building", startedAt, message: "" } }
      : {
          kind: "present",
          provisioning,
          run: { state: "Succeeded", startedAt, endedAt: "2026-01-15T02:27:00.000Z", message: "" },
        };
  };

  return Object.assign(
    {
      planBuild: async () => samplePlan(),
      askApproval: async ({ templateHash, source, expiresAt }) => {
        const planHash = "a".repeat(64);
        return { planHash, templateHash, source: { id: source }, expiresAt };
      },
      readDecision: async () => null,
      expireApproval: async () => null,
      readCancelRequest: async () => ({ reason: "asked for twice" }),
      checkGround: async () => [],
      join: async () => ({
        kind: "granted" as const,
        at: "2026-01-15T02:00:10.000Z",
        until: "2026-01-15T12:00:00.000Z",
      }),
      leave: async () => ({ kind: "revoked" as const, readBackAt: "2026-01-15T03:00:00.000Z" }),
      keepScripts: async () => ({ added: 1, found: 0 }),
      createImage: async () => {},
      readImage: async () => ({ kind: "present" as const, state: "Succeeded" }),
      deleteImage: async () => "absent" as const,
      createTemplate: async () => {
        template = "creating";
        looks = 0;
        ran = false;
      },
      readTemplate,
      deleteTemplate: async () => {
        const before = template;
        template = before === "deleting" ? "absent" : before === "absent" ? "absent" : "deleting";
        return before === "absent" ? ("absent" as const) : ("accepted" as const);
      },
      startRun: async () => {
        ran = true;
        return { kind: "accepted" as const };
      },
      cancelRun: async () => {
        cancelled = true;
        return "accepted" as const;
      },
      readImageVersions: async () => [
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/x/1.0.0",
      ],
      includeInLatest: async () => {},
      findImageVersions: async () => [],
      readVersionState: async () => ({ kind: "present" as const, state: "Succeeded", isExcluded: false }),
      stagingGroupExists: async () => false,
      readStagingGroup: async () => "image builder's" as const,
      archiveLogs: async () => ({
        kind: "archived" as const,
        files: [{ name: "customization.log", url: "https://archive/log", bytes: 3, sha256: "abc" }],
      }),
      noteOrphan: async () => {},
      giveNotice: async () => undefined,
      writeReceipt: async (receipt: Receipt) => void receipts.push(receipt),
      raiseAlarm: async () => {},
      purgeRawLogs: async () => 0,
    } satisfies FakeSteps,
    changes,
    { receipts },
  );
}
