import type { GrantRecord, Receipt } from "../../../src/domain/receipt.ts";
import { withActivities } from "./otherActivities.ts";
import type { Setting } from "./stage.ts";

/** The service with receipts that say something else of grants. */
const withGrantRecords = (change: (grants: GrantRecord[]) => GrantRecord[]): Setting =>
  withActivities({
    writeReceipt: (activity, functions) => {
      const receipt = JSON.parse(activity.input) as Receipt;
      const input = JSON.stringify({ ...receipt, grants: change(receipt.grants) });
      return functions.callActivity({ ...activity, input });
    },
  });

/** Of its removal, that it was at this time. */
const removedAt = (at: number) => ({
  releasedAt: new Date(at).toISOString(),
  removedAt: new Date(at).toISOString(),
  effectiveBy: new Date(at + 600_000).toISOString(),
});

/** Mutations that clean up as the service does, and tell it otherwise. */
export const untrueReceipts = {
  "a receipt claims that a grant was removed which is still there": withGrantRecords((grants) =>
    grants.map((grant) => (grant.removedAt ? grant : { ...grant, ...removedAt(Date.now()) })),
  ),

  "a receipt dates a removal before it": withGrantRecords((grants) =>
    grants.map((grant) => ({ ...grant, ...removedAt(Date.parse(grant.removedAt ?? "") - 600_000) })),
  ),

  "a receipt is silent about a grant": withGrantRecords((grants) => grants.slice(1)),

  "a receipt claims that others hold a grant": withGrantRecords((grants) =>
    grants.map(({ removedAt: _, effectiveBy: __, ...grant }) => ({ ...grant, heldByOthers: 1 })),
  ),
} satisfies Record<string, Setting>;
