/**
 * Writes the histories that `savedHistories.test.ts` replays: `node test/replay/recordHistories.ts`. Where an orchestrator
 * does something else than before, builds in flight break: that takes `--breaks "<reason>"`, which is kept in `breaks.json`.
 */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { approvalFakes, approvedDecision, publishingFakes } from "../support/fakeApproval.ts";
import { occurrence, occurrenceFunctionsOf } from "../support/fakeOccurrence.ts";
import { following, followingFunctionsOf } from "../support/fakeFollowing.ts";
import { everyAct, sweepFunctionsOf } from "../support/fakeSweep.ts";
import { fakeService, functionsOf } from "../support/fakeService.ts";
import { runOrchestration, type SavedHistory } from "../support/orchestration.ts";
import { request } from "../support/plan.ts";
import { vhdPlan } from "../support/vhdPlan.ts";
import { deliverNotices } from "../../src/orchestrators/deliverNotices.ts";
import { type Break, BREAKS, brokenBy, HISTORIES, readBreaks, type Steps, stepsOf } from "./steps.ts";

const { values } = parseArgs({ options: { breaks: { type: "string" } } });

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
let again = true;
const delivered = await runOrchestration(
  {
    orchestrators: [deliverNotices],
    entities: [],
    activities: {
      deliverNext: async () => {
        if (!again) return { kind: "nothing" };
        again = false;
        return { kind: "again", seconds: 60, leastSeconds: 0 };
      },
    },
  },
  { instanceId: "notices-one-0", input: { buildId: request.buildId, target: 0 } },
);
type Recorded = Pick<SavedHistory, "instanceId" | "input" | "history">;
const recorded = new Map<string, Recorded>();
for (const { instanceId, name, input, history } of [
  built,
  cancelled,
  imported,
  approved,
  published,
  decided,
  followed,
  delivered,
].flatMap((ran) => [...ran.instances.values()])) {
  if (instanceId.startsWith("@") || recorded.has(name)) continue;
  recorded.set(name, { instanceId, input: JSON.parse(input ?? "null"), history });
}
{
  const saved = published.instances.get(request.buildId);
  if (!saved) throw new Error("The build that publishes has not run.");
  const { instanceId, input, history } = saved;
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

const breaks = readBreaks();
const steps = stepsOf(recorded);
const last = breaks.at(-1) ?? breaks[0];
const broken = brokenBy(last.steps, steps);
if (broken.length > 0 && !values.breaks) {
  console.error(`Builds in flight would break: ${broken.join(", ")}. Give the reason: --breaks "…"`);
  process.exit(1);
}
const kept: Break[] =
  broken.length > 0 ? [...breaks, broke(values.breaks ?? "", steps)] : [...breaks.slice(0, -1), { ...last, steps }];
writeFileSync(BREAKS, `${JSON.stringify(kept, undefined, 2)}\n`);
for (const [name, saved] of recorded) {
  writeFileSync(join(HISTORIES, `${name}.json`), `${JSON.stringify(saved, undefined, 1)}\n`);
}

function broke(reason: string, steps: Steps): Break {
  const file = join(import.meta.dirname, "..", "..", "package.json");
  return { version: (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version, reason, steps };
}
