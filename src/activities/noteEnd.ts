import type { Archive } from "../azure/archive.ts";
import { changeScheduleState } from "../azure/scheduleStates.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import type { Receipt } from "../domain/receipt.ts";
import { withEnd } from "../domain/schedule/breaker.ts";
import { SourceVersion } from "../domain/schedule/state.ts";
import { alarmLine } from "./alarm.ts";

/** Takes note of a build's end for its image's schedule, and tells the operators where that pauses. */
export async function noteEnd(archive: Archive, receipt: Receipt, error: (text: string) => void): Promise<void> {
  const { image, buildId, outcome } = receipt;
  const seen = (await archive.readJson(archiveNames.source(image, buildId)))?.value;
  const source = SourceVersion.safeParse(seen).data;
  const { before, after } = await changeScheduleState(archive, image, (state) => withEnd(state, { receipt, source }));
  const alarm = archiveNames.scheduleAlarm(image);
  const isNotedAgain = before.noted.includes(buildId);
  // Delivered a second time, it may not have come so far the first time.
  if (after.paused && after.failures.at(-1)?.buildId === buildId && (!before.paused || isNotedAgain)) {
    const { since, why } = after.paused;
    const mend = `Mend that, then ask for a build of ${image}: when it succeeds, the schedule goes on.`;
    error(alarmLine("schedule", `${image} is not built any more since ${since}. ${why} ${mend}`));
    await archive.writeJson(alarm, { kind: "schedule-paused", image, since, why, mend, failures: after.failures });
  }
  if (outcome.kind === "built" && (before.paused || isNotedAgain)) await archive.delete(alarm);
}
