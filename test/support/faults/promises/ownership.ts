import type { ControlState } from "../../../../local/azure/control/controlState.ts";
import { serviceIdentity } from "../../../../local/landscape.ts";
import type { Evidence } from "../evidence.ts";
import { type Own, ownOfAll, recipeOf } from "../ours.ts";
import { versionsOf } from "./truth.ts";

/** O: what was there before and is not ours is there afterwards, and nobody but us was written to. */
export function brokenOwnership({ before, after, removed, answers, builds }: Evidence): string[] {
  const own = ownOfAll(builds.map(({ id }) => id));
  const left = new Set(idsOf(after));
  const gone = idsOf(before).filter((id) => !left.has(id));
  const ofOthers = answers.filter(
    ({ creator, status }) =>
      creator !== undefined && creator !== serviceIdentity.clientId && status > 0 && status < 300,
  );
  const published = builds
    .filter(({ id }) => recipeOf(id).approval?.before === "publish")
    .flatMap(({ id }) => versionsOf(id, after));
  const written = answers
    .filter(({ method }) => method !== "GET" && method !== "HEAD")
    .map(({ method, path }) => ({ method, path: path.toLowerCase() }))
    .filter((request) => !mayBeOurs(request, own) && !isPublished(request, published))
    .map(({ path }) => path);
  return [
    ...gone.filter((id) => !removed.some((one) => isWithin(id, one))).map((id) => `O: ${id} is gone`),
    ...ofOthers.map(({ method, path }) => `O: ${path} is of somebody else's making, and was sent a ${method}`),
    ...[...new Set(written)].map((path) => `O: ${path} is not ours, and was written to`),
  ];
}

/** Templates, imported images and role assignments of the builds are made and deleted; a template is run and its run cancelled. */
function mayBeOurs(
  { method, path }: { method: string; path: string },
  { templates, images, scripts, grants }: Own,
): boolean {
  if (method === "POST") return templates.some((id) => path === `${id}/run` || path === `${id}/cancel`);
  // The blob of a script; whoever needs it again has it, so that it is never deleted.
  if (scripts.includes(path)) return method === "PUT";
  const made = [...templates, ...images, ...grants.map(({ id }) => id)];
  return (method === "PUT" || method === "DELETE") && made.includes(path);
}

/** What a build has made becomes the latest by a change of it; it is never made by the service, nor deleted. */
function isPublished({ method, path }: { method: string; path: string }, published: readonly string[]): boolean {
  return method === "PATCH" && published.includes(path);
}

/** Whether an id in lower case is that of another, or of something in it. */
function isWithin(id: string, other: string): boolean {
  return `${id}/`.startsWith(`${other.toLowerCase()}/`);
}

function idsOf(state: ControlState): string[] {
  const { resourceGroups, resources, roleAssignments } = state as unknown as Record<
    keyof ControlState,
    { id: string }[]
  >;
  return [...resourceGroups, ...resources, ...roleAssignments].map(({ id }) => id.toLowerCase());
}
