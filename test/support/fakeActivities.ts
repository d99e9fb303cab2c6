import type { BuildActivities } from "../../src/activities/index.ts";
import type { Receipt } from "../../src/domain/receipt.ts";
import type { TemplateState } from "../../src/domain/templateState.ts";
import { samplePlan } from "./plan.ts";

const RUN_LOOKS = 8;

/**
 * Activities of a build in which all goes well, over a few variables instead of a cloud: for tests of the order in
 * which the orchestrator takes its steps. What the steps do to Azure is tested against the local one.
 */
export function fakeActivities(changes: Partial<BuildActivities> = {}): BuildActivities & { receipts: Receipt[] } {
  const receipts: Receipt[] = [];
  let template: "absent" | "creating" | "ready" | "deleting" = "absent";
  let looks = 0;
  let ran = false;

  const readTemplate = async (): Promise<TemplateState> => {
    if (template === "absent") return { kind: "absent" };
    if (template === "creating") {
      template = "ready";
      return { kind: "present", provisioning: { state: "Creating" } };
    }
    const provisioning = { state: "Succeeded" };
    if (!ran) return { kind: "present", provisioning };
    looks += 1;
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
      validateSubnet: async () => [],
      assignRole: async () => {},
      revokeRole: async () => "deleted" as const,
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
      cancelRun: async () => "accepted" as const,
      readImageVersions: async () => [
        "/subscriptions/s/resourceGroups/g/providers/Microsoft.Compute/galleries/x/1.0.0",
      ],
      stagingGroupExists: async () => false,
      archiveLogs: async () => ({
        kind: "archived" as const,
        files: [{ name: "customization.log", url: "https://archive/log", bytes: 3, sha256: "abc" }],
      }),
      writeReceipt: async (receipt: Receipt) => void receipts.push(receipt),
    } satisfies BuildActivities,
    changes,
    { receipts },
  );
}
