import type { ControlState } from "../../../../local/azure/control/controlState.ts";
import { serviceIdentity } from "../../../../local/landscape.ts";
import type { Evidence } from "../evidence.ts";

/** O: what was there before and is not ours is there afterwards, and nobody but us was written to. */
export function brokenOwnership({ before, after, removed, requests, builds, held }: Evidence): string[] {
  const gone = idsOf(before).filter((id) => !idsOf(after).includes(id));
  const written = requests
    .filter(
      ({ method, principal }) => method !== "GET" && method !== "HEAD" && principal === serviceIdentity.principalId,
    )
    .map(({ path }) => (path.split("?")[0] ?? "").replace(/^\/+/, "/").toLowerCase());
  const isOurs = (path: string) =>
    builds.some(({ id }) => path.includes(`/imagetemplates/${id}-a`)) ||
    held.some(({ id }) => id.toLowerCase() === path) ||
    // Those that were refused, or were never there.
    /\/roleassignments\/[0-9a-f]{8}-[0-9a-f]{4}-5/.test(path);
  return [
    ...gone.filter((id) => !removed.some((one) => id.startsWith(one.toLowerCase()))).map((id) => `O: ${id} is gone`),
    ...[...new Set(written)]
      .filter((path) => !isOurs(path))
      .map((path) => `O: ${path} is not ours, and was written to`),
  ];
}

function idsOf(state: ControlState): string[] {
  const { resourceGroups, resources, roleAssignments } = state as unknown as Record<
    keyof ControlState,
    { id: string }[]
  >;
  return [...resourceGroups, ...resources, ...roleAssignments].map(({ id }) => id.toLowerCase());
}
