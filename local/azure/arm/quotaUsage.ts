import type { Azure } from "../azure.ts";
import { resourcesOfType } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { sameId } from "./resourceId.ts";

export interface Usage extends Json {
  limit: number;
  unit: "Count";
  currentValue: number;
  name: { value: string; localizedValue: string };
}

/** How providers tell of a quota: `value` names it, `currentValue` of `limit` are used. */
export function usage(value: string, localizedValue: string, currentValue: number, limit: number): Usage {
  return { limit, unit: "Count", currentValue, name: { value, localizedValue } };
}

/** What there is of a type in a region. */
export function inRegion(azure: Azure, type: string, region: string): StoredResource[] {
  return resourcesOfType(azure, type, "").filter(({ body }) => sameId(String(body.location), region));
}
