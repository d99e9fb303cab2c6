import type { Azure } from "../azure.ts";
import type { Range } from "../settings.ts";

/** Whether a GET still asks a copy that has not heard of what was made a moment ago. */
export function isUnseen(azure: Azure, range: Range, id: string, madeAt: number): boolean {
  if (range.max === 0) return false;
  return azure.now < madeAt + azure.random.milliseconds(range, "unseen", id.toLowerCase(), madeAt);
}
