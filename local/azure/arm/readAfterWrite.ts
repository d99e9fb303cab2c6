import type { Azure } from "../azure.ts";
import type { Range } from "../settings.ts";
import type { StoredResource } from "../store/state.ts";

/** Whether a GET still asks a copy that has not heard of what was made a moment ago. */
export function isUnseen(azure: Azure, range: Range, id: string, madeAt: number): boolean {
  if (range.max === 0) return false;
  return azure.now < madeAt + azure.random.milliseconds(range, "unseen", id.toLowerCase(), madeAt);
}

/** Whether a GET or a list tells of a resource already. */
export function isShown(azure: Azure, { id, createdAt }: Pick<StoredResource, "id" | "createdAt">): boolean {
  return createdAt === undefined || !isUnseen(azure, azure.settings.readAfterWriteSeconds, id, createdAt);
}
