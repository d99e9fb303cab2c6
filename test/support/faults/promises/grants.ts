import { join } from "node:path";
import { builderIdentity, landscape, landscapeSettings } from "../../../../local/landscape.ts";
import { readRecipes } from "../../../../src/recipes.ts";
import type { Evidence } from "../evidence.ts";
import type { Held } from "../watchedWorld.ts";

/** What a build may take beyond image builder's own timeout, as `docs/api.md` and the plan have it. */
const AROUND_THE_TIMEOUT_SECONDS = 330 * 60;
const SWEEP_SECONDS = 600;
/** What a sweep itself takes, and a fault's delays. */
const SLACK_SECONDS = 180;

const root = join(import.meta.dirname, "..", "..", "..", "..");
const recipes = [
  ...readRecipes(join(root, "images")).values(),
  ...readRecipes(join(root, "test", "support", "simulation", "app", "images")).values(),
];

const subscription = `/subscriptions/${landscape.subscriptionId}`;
const IMAGE_CREATION = landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE;
export const NETWORK_JOIN = landscapeSettings.GOLDSMITH_NETWORK_JOIN_ROLE;
/** By role, the scope that all recipes ask for. */
const ALLOWED: Record<string, string> = {
  [IMAGE_CREATION]: `${subscription}/resourceGroups/rg-images`,
  [NETWORK_JOIN]: `${subscription}/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-builds`,
};

/** G: no grant outlives its deadline plus one sweep, after an outage revoking comes first, none is wider than asked. */
export function brokenGrants(evidence: Evidence): string[] {
  const { held, builds } = evidence;
  const timeouts = builds.map(({ image }) => recipes.find(({ name }) => name === image)?.timeoutMinutes ?? 0);
  const longest = Math.max(...timeouts) * 60 + AROUND_THE_TIMEOUT_SECONDS;
  return held.flatMap((grant) => {
    const { id, from, to = evidence.now } = grant;
    const broken: string[] = [];
    if (!isAsAsked(grant)) broken.push(`G: ${id} is wider than the recipe asks for`);
    const due = latestEnd(evidence, from + longest * 1000);
    if (to > due && !isExcused(evidence, grant)) {
      broken.push(`G: ${id} was held for ${Math.round((to - from) / 60_000)} minutes`);
    }
    if (grant.to === undefined && !isExcused(evidence, grant)) broken.push(`G: ${id} is left`);
    const isEarly =
      to - from < (longest - SLACK_SECONDS) * 1000 &&
      (grant.templates ?? []).some((one) => isOfWholeBuild(evidence, one));
    if (isNetworkJoin(grant) && isEarly) broken.push("G: network join went before the template that needs it");
    return broken;
  });
}

function isAsAsked({ id, principalId, roleDefinitionId }: Held): boolean {
  const scope = ALLOWED[roleDefinitionId.split("/").at(-1) ?? ""] ?? "none";
  return (
    principalId === builderIdentity.principalId &&
    id.toLowerCase().startsWith(`${scope}/providers/microsoft.authorization/`.toLowerCase())
  );
}

export const isNetworkJoin = ({ roleDefinitionId }: Held) => roleDefinitionId.endsWith(NETWORK_JOIN);

/** A host that is down sweeps as soon as it is up again. */
function latestEnd({ outages }: Evidence, due: number): number {
  const last = outages.filter(({ from, to }) => from <= due + SWEEP_SECONDS * 1000 && to > due).map(({ to }) => to);
  return Math.max(due, ...last) + (SWEEP_SECONDS + SLACK_SECONDS) * 1000;
}

/** Azure has refused each deletion, it is still asked, and the operators know. */
function isExcused({ answers, alarms, now }: Evidence, { id, from, to = now }: Held): boolean {
  const asked = answers.filter(
    ({ method, path, at }) => method === "DELETE" && path.toLowerCase() === id.toLowerCase() && at >= from && at <= to,
  );
  const refused = asked.filter(({ status }) => status >= 400);
  const last = asked.at(-1)?.at ?? 0;
  const goesOn = to - last <= 2 * SWEEP_SECONDS * 1000 + 3_600_000;
  return refused.length >= asked.length - 1 && refused.length > 2 && goesOn && alarms.length > 0;
}

/** Whether the build cleaned up itself: what the sweeper finds of a dead one it removes in any order. */
function isOfWholeBuild({ builds }: Evidence, template: string): boolean {
  const build = builds.find(({ id }) => template.includes(`/${id}-a`));
  const { outcome } = build?.receipt ?? {};
  return outcome !== undefined && !(outcome.kind === "failed" && outcome.failure.code === "build-lost");
}
