import type { LoggedRequest } from "../../../local/azure/control/requestLog.ts";
import { operatorIdentity } from "../../../local/landscape.ts";
import type { Receipt } from "../../../src/domain/receipt.ts";
import type { Recipe } from "../../../src/domain/recipes/schema.ts";
import { grantScopesOf } from "../faults/ours.ts";
import { assignmentIdOf, type GrantsSeen, type Teller, untrueGrants } from "../faults/promises/grantRecords.ts";

interface Logged {
  method: string;
  /** Lower case, without its query. */
  path: string;
  status: number;
  at: number;
  /** Whether the cloud carried it out, whatever came of its answer. */
  isExecuted: boolean;
}

/**
 * T: what receipts say of grants, held against what was asked of the cloud and how it answered.
 *
 * @param minutes from what happens to when the service notes it.
 */
export function untrueByLog(
  builds: readonly { receipt: Receipt; recipe: Recipe }[],
  requests: readonly LoggedRequest[],
  minutes: number,
): string[] {
  const logged = requests
    .filter(({ principal }) => principal !== operatorIdentity.principalId)
    .map(({ method, path, status, time, notExecuted }): Logged => ({
      method,
      path: (path.split("?")[0] ?? "").replace(/^\/+/, "/").toLowerCase(),
      status,
      at: Date.parse(time),
      isExecuted: !notExecuted,
    }));
  const held = heldIn(logged);
  const tellers = builds.map(({ receipt, recipe }): Teller => {
    const scopes = grantScopesOf(recipe).map((scope) => `${scope}/providers/microsoft.authorization/`.toLowerCase());
    const made = logged.filter(
      ({ method, path, status }) =>
        method === "PUT" && status === 201 && path.includes(`/imagetemplates/${receipt.buildId}-a`),
    );
    return {
      id: receipt.buildId,
      receipt,
      from: Date.parse(receipt.startedAt),
      to: Date.parse(receipt.endedAt),
      // By where they are: their names follow from an installation that not every world tells.
      own: [...new Set([...held.map(({ id }) => id), ...receipt.grants.map(assignmentIdOf)])].filter((id) =>
        scopes.some((scope) => id.startsWith(scope)),
      ),
      templatesAt: made.map(({ at }) => at),
    };
  });
  return untrueGrants(tellers, {
    held,
    reads: logged.filter(({ method }) => method === "GET"),
    cloudAhead: 0,
    happenedFrom: (noted) => noted - minutes * 60_000,
  });
}

/** What the service has made and not yet deleted, in worlds in which nobody else deletes it. */
function heldIn(logged: readonly Logged[]): GrantsSeen["held"] {
  const held: { id: string; from: number; to?: number }[] = [];
  for (const { method, path, status, at, isExecuted } of logged) {
    // An answer that was lost on its way has no status.
    if (!isExecuted || status >= 300 || !/\/roleassignments\/[^/]+$/.test(path)) continue;
    const open = held.find(({ id, to }) => id === path && to === undefined);
    if (method === "PUT" && !open) held.push({ id: path, from: at });
    if (method === "DELETE" && open) open.to = at;
  }
  return held;
}
