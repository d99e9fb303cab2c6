import type { Archive } from "../azure/archive.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { isLostReceipt } from "../domain/lostReceipt.ts";
import { type Receipt, receiptIn } from "../domain/receipt.ts";
import type { Instance } from "../durable/instances.ts";

/** What a build has ended with; undefined where nobody has said so yet. @param instance undefined where it is purged. */
export async function endedReceipt(
  archive: Archive,
  { image, id, instance }: { image: string; id: string; instance: Instance | undefined },
): Promise<Receipt | undefined> {
  // The receipt outlives the instance, whose history is purged one day.
  const kept = (await archive.readJson(archiveNames.receipt(image, id)))?.value as Receipt | undefined;
  const own = instance?.runtimeStatus === "Completed" ? receiptIn(instance.output) : undefined;
  // What the sweeper could tell is less than what the build itself did.
  return kept && !(own && isLostReceipt(kept)) ? kept : own;
}
