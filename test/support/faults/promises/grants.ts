import type { Build, Evidence } from "../evidence.ts";
import { ownOf, ownOfAll, type OwnGrant, recipeOf } from "../ours.ts";
import type { Held } from "../watchedWorld.ts";

/** What a build may take beyond image builder's own timeout, as `docs/api.md` and the plan have it. */
const AROUND_THE_TIMEOUT_SECONDS = 330 * 60;
const SWEEP_SECONDS = 600;
/** What a sweep itself takes, and a fault's delays. */
const SLACK_SECONDS = 180;

/** G: no grant outlives its deadline plus one sweep, after an outage revoking comes first, none is wider than asked. */
export function brokenGrants(evidence: Evidence): string[] {
  const { held, builds } = evidence;
  const own = ownOfAll(builds.map(({ id }) => id)).grants;
  return held.flatMap((grant) => {
    const { id, from, to = evidence.now } = grant;
    const asked = own.find((one) => one.id === id.toLowerCase());
    if (!isAsAsked(grant, asked)) return [`G: ${id} is wider than the recipe asks for`];
    const broken: string[] = [];
    const holders = builds.filter((build) => ownOf(build.id).grants.some((one) => one.id === asked?.id));
    const timeouts = holders.map((build) => recipeOf(build.id).buildTimeoutInMinutes);
    const longest = Math.max(...timeouts) * 60 + AROUND_THE_TIMEOUT_SECONDS;
    const due = latestEnd(evidence, from + longest * 1000);
    const isExcused = isRefused(evidence, grant, holders);
    if (to > due && !isExcused) broken.push(`G: ${id} was held for ${Math.round((to - from) / 60_000)} minutes`);
    if (grant.to === undefined && !isExcused) broken.push(`G: ${id} is left`);
    /** Whether any of these is a holder's whose time was not over. */
    const isEarly = (ids: string[] = []) =>
      holders.some((build) => {
        const { templates, stagingGroups } = ownOf(build.id);
        const isNeeded = ids.some((one) => [...templates, ...stagingGroups].includes(one.toLowerCase()));
        return isNeeded && to - firstHeld(evidence, build) < (longest - SLACK_SECONDS) * 1000;
      });
    if (isEarly(grant.running)) broken.push(`G: ${asked?.role} went before the end of the run that needs it`);
    if (asked?.role === "network join") {
      if (isEarly(grant.templates)) broken.push("G: network join went before the template that needs it");
      if (isEarly(grant.stagingGroups)) broken.push("G: network join went before the staging group that needs it");
    }
    return broken;
  });
}

function isAsAsked({ principalId, roleDefinitionId }: Held, asked: OwnGrant | undefined): boolean {
  return principalId === asked?.principalId && roleDefinitionId.toLowerCase() === asked.roleDefinitionId;
}

/** A host that is down sweeps as soon as it is up again. */
function latestEnd({ outages }: Evidence, due: number): number {
  const last = outages.filter(({ from, to }) => from <= due + SWEEP_SECONDS * 1000 && to > due).map(({ to }) => to);
  return Math.max(due, ...last) + (SWEEP_SECONDS + SLACK_SECONDS) * 1000;
}

/** Azure has refused each deletion, it is still asked, and the operators know of it from a build that held the grant. */
function isRefused({ answers, alarms, now }: Evidence, { id, from, to = now }: Held, holders: Build[]): boolean {
  const asked = answers.filter(
    ({ method, path, at }) => method === "DELETE" && path.toLowerCase() === id.toLowerCase() && at >= from && at <= to,
  );
  const refused = asked.filter(({ status }) => status >= 400);
  const last = asked.at(-1)?.at ?? 0;
  const goesOn = to - last <= 2 * SWEEP_SECONDS * 1000 + 3_600_000;
  const isKnown = holders.some((build) => alarms.includes(`alarms/${build.id}.json`));
  return refused.length >= asked.length - 1 && refused.length > 2 && goesOn && isKnown;
}

/** When the build had its first grant: its deadline counts from there, also for one that it gets later. */
function firstHeld({ held }: Evidence, { id, askedAt }: Build): number {
  const own = ownOf(id).grants.map((grant) => grant.id);
  const times = held.filter((one) => own.includes(one.id.toLowerCase())).map(({ from }) => from);
  return Math.max(askedAt, Math.min(...times));
}
