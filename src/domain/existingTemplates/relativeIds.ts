import { OWN_SUBSCRIPTION } from "../armTemplates/deployment.ts";
import { isJsonObject, type Json, type JsonPath } from "../json.ts";
import type { Remark } from "./fit.ts";

const PREFIX = `/subscriptions/${OWN_SUBSCRIPTION}/resourceGroups/`;

/** Of many an example: where it does not stand for what nobody told, it is what somebody did not fill in. */
export function subscriptionsOfNobody(value: Json, path: JsonPath): Remark[] {
  if (Array.isArray(value)) return value.flatMap((item, index) => subscriptionsOfNobody(item, [...path, index]));
  if (isJsonObject(value))
    return Object.entries(value).flatMap(([name, item]) => subscriptionsOfNobody(item, [...path, name]));
  if (typeof value !== "string" || !value.includes(`/subscriptions/${OWN_SUBSCRIPTION}`)) return [];
  return [
    { path, message: `still has the subscription ${OWN_SUBSCRIPTION}, which is nobody's: put the right one there` },
  ];
}

/**
 * Ids in a subscription that nobody told begin at `/resourceGroups/`: the service's own is meant. In any other text
 * that subscription would have to be told.
 */
export function withRelativeIds(value: Json, path: JsonPath, faults: Remark[]): Json {
  const text = (one: string, at: JsonPath): string => {
    const relative = one.startsWith(PREFIX) ? one.slice(PREFIX.length - "/resourceGroups/".length) : one;
    if (relative.includes(OWN_SUBSCRIPTION))
      faults.push({ path: at, message: "needs to know the subscription that it is deployed to", need: "subscription" });
    return relative;
  };
  if (typeof value === "string") return text(value, path);
  if (Array.isArray(value)) return value.map((item, index) => withRelativeIds(item, [...path, index], faults));
  if (!isJsonObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      text(name, [...path, name]),
      withRelativeIds(item, [...path, name], faults),
    ]),
  );
}
