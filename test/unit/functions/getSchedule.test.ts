import { expect, it } from "vitest";
import { archiveNames } from "../../../src/domain/archiveNames.ts";
import { stampOf } from "../../../src/domain/schedule/occurrences.ts";
import type { ScheduleView } from "../../../src/domain/schedule/view.ts";
import { getSchedule } from "../../../src/functions/getSchedule.http.ts";
import type { Asked } from "../../../src/http/door.ts";
import { scheduledRecipe } from "../../support/scheduledRecipe.ts";
import { memoryArchive } from "../../support/simulation/memoryArchive.ts";

const dayOf = (index: number) => new Date(Date.UTC(2027, 0, 1 + index, 2));

it("tells every decision once, the newest first, page by page, with those of retries", async () => {
  const archive = await memoryArchive();
  const kept: string[] = [];
  for (let index = 0; index < 40; index++) {
    for (const retry of index % 2 === 0 ? [0, 1, 2] : [0]) {
      const due = dayOf(index).toISOString();
      kept.unshift(`${due} ${retry}`);
      const decision = { kind: "started", why: "due", detail: "x", due, decidedAt: due, ...(retry ? { retry } : {}) };
      await archive.writeJson(archiveNames.decision("one", stampOf(dayOf(index)), retry), decision);
    }
  }
  const recipe = scheduledRecipe("one", { cron: "0 2 * * *" });
  const catalogue = { recipes: new Map([["one", recipe]]), broken: new Map(), notes: new Map() };
  const door = getSchedule(() => Promise.resolve(catalogue), archive);
  const told: string[] = [];
  for (let before: string | undefined; ;) {
    const asked = { param: () => "one", query: before ? { before } : {}, context: { warn: () => {} } };
    const { body } = await door.handle(asked as unknown as Asked<never>);
    const { decisions } = JSON.parse(body as string) as ScheduleView;
    if (decisions.length === 0) break;
    told.push(...decisions.map(({ due, retry }) => `${due} ${retry ?? 0}`));
    before = decisions.at(-1)?.due;
  }
  expect(told).toEqual(kept);
});
