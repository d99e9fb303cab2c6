/**
 * Writes the histories that `savedHistories.test.ts` replays: `node test/replay/recordHistories.ts`. Record anew only
 * together with a change that is meant to break builds in flight, and say so in the commit.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { approvalFakes, approvedDecision, publishingFakes } from "../support/fakeApproval.ts";
import { occurrence, occurrenceFunctionsOf } from "../support/fakeOccurrence.ts";
import { following, followingFunctionsOf } from "../support/fakeFollowing.ts";
import { everyAct, sweepFunctionsOf } from "../support/fakeSweep.ts";
import { fakeService, functionsOf } from "../support/fakeService.ts";
import { runOrchestration } from "../support/orchestration.ts";
import { request } from "../support/plan.ts";
import { vhdPlan } from "../support/vhdPlan.ts";

const build = { instanceId: request.buildId, input: request };
const fake = fakeService();
const { archiveLogs } = fake;
let failures = 2;
const built = await runOrchestration(
  functionsOf({
    ...fake,
    archiveLogs: async (run) => {
      if (failures-- > 0) throw new Error("The log is out of reach.");
      return archiveLogs(run);
    },
  }),
  build,
);
const cancelled = await runOrchestration(functionsOf(fakeService()), build, {
  afterSeconds: 300,
  name: "cancel",
  data: null,
});
const imported = await runOrchestration(functionsOf(fakeService({ planBuild: async () => vhdPlan() })), build);
let unread = 1;
const approved = await runOrchestration(
  functionsOf(fakeService({ ...approvalFakes, readDecision: async () => (unread-- > 0 ? null : approvedDecision) })),
  build,
);
const published = await runOrchestration(
  functionsOf(fakeService({ ...publishingFakes, readDecision: async () => approvedDecision })),
  build,
);
const decided = await runOrchestration(occurrenceFunctionsOf(), {
  instanceId: "schedule-one-20260115T030000Z",
  input: occurrence,
});
const followed = await runOrchestration(followingFunctionsOf(), { instanceId: "follow-one", input: following });
const recorded = new Map<string, unknown>();
for (const { instanceId, name, input, history } of [
  built,
  cancelled,
  imported,
  approved,
  published,
  decided,
  followed,
].flatMap((ran) => [...ran.instances.values()])) {
  if (instanceId.startsWith("@") || recorded.has(name)) continue;
  recorded.set(name, { instanceId, input: JSON.parse(input ?? "null"), history });
}
{
  const { instanceId, input, history } = published.instances.get(request.buildId) ?? {};
  recorded.set("buildImage-published", { instanceId, input: JSON.parse(input ?? "null"), history });
}

// A sweep begins anew after each step of its story, so it has several histories.
let looks = 0;
const swept = await runOrchestration(
  sweepFunctionsOf({
    planSweep: async () => {
      looks += 1;
      if (looks < 3) throw new Error("Azure is out of reach.");
      return { acts: everyAct.length };
    },
    nextActs: async ({ from }: { from: number }) => ({
      now: "2026-01-15T02:00:00.000Z",
      acts: everyAct.slice(from, looks < 3 ? 1 : undefined),
    }),
  }),
  { instanceId: "sweep-20260115-020000-test", input: { dryRun: false } },
);
for (const [index, { name, ...saved }] of swept.executions.entries()) recorded.set(`${name}-${index + 1}`, saved);

for (const [name, saved] of recorded) {
  writeFileSync(join(import.meta.dirname, "histories", `${name}.json`), `${JSON.stringify(saved, undefined, 1)}\n`);
}
