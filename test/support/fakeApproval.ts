import type { Decision } from "../../src/domain/approval.ts";
import type { FakeSteps } from "./fakeService.ts";
import { samplePlan } from "./plan.ts";

/** What somebody says who has looked at the plan. */
export const approvedDecision: Decision = {
  decision: "approved",
  planHash: "a".repeat(64),
  reason: "looked at",
  by: { id: "tenant/person", name: "ada@example.com" },
  at: "2026-01-15T03:00:00.000Z",
};

/** Activities of a build that has to be approved within six hours, of which nobody has decided yet. */
export const approvalFakes: Partial<FakeSteps> = {
  planBuild: async () => ({ ...samplePlan(), approvalSeconds: 6 * 3600 }),
};

/** The same of one whose version is made, and has to be approved before it is published. */
export const publishingFakes: Partial<FakeSteps> = {
  planBuild: async () => ({ ...samplePlan(), publishSeconds: 6 * 3600 }),
};
