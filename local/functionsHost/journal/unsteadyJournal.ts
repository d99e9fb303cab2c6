import type { Clock } from "../../clock/clock.ts";
import type { Journal } from "./journal.ts";

const TRIES_EVERY = 1000;

/**
 * A journal whose disk now and then takes nothing: it is tried again every second, and nothing that depends on what is
 * appended goes out until then, as on the real host while its storage does not answer.
 */
export function unsteadyJournal<Record>(
  journal: Journal<Record>,
  { isDown, clock }: { isDown: () => boolean; clock: Clock },
): Journal<Record> {
  async function whenBack(): Promise<void> {
    while (isDown()) await clock.sleep(TRIES_EVERY);
    return journal.durable();
  }
  return { ...journal, durable: () => (isDown() ? whenBack() : journal.durable()) };
}
