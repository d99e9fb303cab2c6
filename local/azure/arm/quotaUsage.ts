import type { Azure } from "../azure.ts";
import { resourcesOfType } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { sameId } from "./resourceId.ts";
import type { ArmRequest } from "./resourceType.ts";

/** How providers tell of a quota: `value` names it, `currentValue` of `limit` are used. */
export function usage(value: string, localizedValue: string, currentValue: number, limit: number): Json {
  return { limit, unit: "Count", currentValue, name: { value, localizedValue } };
}

/** What there is of a type in the region that a request names. */
export function inRegion(azure: Azure, type: string, { target }: ArmRequest): StoredResource[] {
  const region = target.names[0] ?? "";
  return resourcesOfType(azure, type, "").filter(({ body }) => sameId(String(body.location), region));
}
