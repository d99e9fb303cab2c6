/**
 * Writes the histories that `savedHistories.test.ts` replays: `node test/replay/recordHistories.ts`. Record anew only
 * together with a change that is meant to break builds in flight, and say so in the commit.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { fakeService, functionsOf } from "../support/fakeService.ts";
import { runOrchestration } from "../support/orchestration.ts";
import { request } from "../support/plan.ts";

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
  data: { reason: "not needed any more" },
});
const recorded = new Map<string, unknown>();
for (const { instanceId, name, input, history } of [...built.instances.values(), ...cancelled.instances.values()]) {
  if (instanceId.startsWith("@") || recorded.has(name)) continue;
  recorded.set(name, { instanceId, input: JSON.parse(input ?? "null"), history });
}
for (const [name, saved] of recorded) {
  writeFileSync(join(import.meta.dirname, "histories", `${name}.json`), `${JSON.stringify(saved, undefined, 1)}\n`);
}
