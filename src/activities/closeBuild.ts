import type { Archive } from "../azure/archive.ts";
import type { Ledger } from "../azure/ledger.ts";
import { noteGrants, readOrphan } from "../azure/orphans.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { imageOfBuild } from "../domain/buildId.ts";
import type { BuildRequest } from "../domain/buildRequest.ts";
import type { Grant } from "../domain/grant.ts";
import type { Holder, Left } from "../domain/lease.ts";
import { asInLedger, lostReceipt } from "../domain/lostReceipt.ts";
import { type Leftover, type Receipt, receiptIn } from "../domain/receipt.ts";
import type { Engine } from "../durable/activities.ts";
import { isUnderWay, readInstance } from "../durable/instances.ts";
import { alarmActivities } from "./alarm.ts";
import type { NoteEnd } from "./endNoter.ts";
import { listEnded, receiptActivities, type TellEnd } from "./receipt.ts";

/** Steps by which the sweeper gives a dead build its receipt. */
export function closingActivities(archive: Archive, ledger: Ledger, noteEnd: NoteEnd, tellEnd: TellEnd) {
  const receipts = receiptActivities(archive, noteEnd, tellEnd);
  const alarms = alarmActivities(archive);

  return {
    /** Keeps what became of the grants that were taken from builds. */
    async noteGrants(ended: { grant: Grant; ends: Holder[]; left: Left }): Promise<void> {
      await noteGrants(archive, ledger, ended);
    },

    /**
     * Gives a dead build its receipt: its own where its instance still has it, else what the archive knows of it.
     *
     * @returns "lives" where the build is under way after all.
     */
    async closeBuild(
      { buildId, leftovers }: { buildId: string; leftovers: Leftover[] },
      engine: Engine,
    ): Promise<"closed" | "closed with its own receipt" | "had a receipt" | "lives"> {
      const instance = await readInstance(engine.client, buildId);
      if (instance && isUnderWay(instance)) return "lives";
      const own = instance?.runtimeStatus === "Completed" ? receiptIn(instance.output) : undefined;
      if (own) {
        const { notKept: _, ...receipt } = own;
        await alarms.raiseAlarm(receipt, engine);
        await receipts.writeReceipt(receipt, engine);
        return "closed with its own receipt";
      }
      const image = imageOfBuild(buildId) ?? "";
      const name = archiveNames.receipt(image, buildId);
      const isFirst = await archive.replaceJson(name, await lost(buildId, image, leftovers), undefined);
      // Once the build is closed nobody comes back to it: the alarm comes before.
      const kept = (await archive.readJson(name))?.value as Receipt | undefined;
      if (kept) {
        if (isFirst) tellEnd(kept);
        await listEnded(archive, kept);
        await alarms.raiseAlarm(kept, engine);
        await noteEnd(kept, engine);
      }
      await archive.delete(archiveNames.open(buildId));
      return isFirst ? "closed" : "had a receipt";
    },
  };

  async function lost(buildId: string, image: string, leftovers: Leftover[]): Promise<Receipt> {
    const request = (await archive.readJson(archiveNames.open(buildId)))?.value as BuildRequest | undefined;
    const found = await readOrphan(archive, image, buildId);
    const at = new Date();
    const grants = await Promise.all(
      (found.grants ?? []).map(async (grant) =>
        asInLedger(grant, buildId, await ledger.readLease(grant.name), at.toISOString()),
      ),
    );
    const plan = await ledger.readPlan(image, buildId);
    const fences = await archive.names(archiveNames.runFences(image, buildId));
    const { source, templateHash, parameters } = plan ?? {};
    const build = { buildId, image, request, source, templateHash, parameters, hadRun: fences.length > 0 };
    return lostReceipt({ ...build, found: { ...found, grants } }, leftovers, at);
  }
}
