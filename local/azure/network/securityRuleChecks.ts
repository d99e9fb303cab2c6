import { isIP } from "node:net";
import type { StoredResource } from "../store/state.ts";
import { normalPrefix, rangeOf } from "./addresses.ts";
import { networkErrors } from "./errors.ts";
import { isServiceTag } from "./serviceTags.ts";

interface RuleProperties {
  priority?: number;
  direction?: string;
  [name: string]: unknown;
}

/** @throws AzureError for a rule that Azure does not take, or two that it does not take together. */
export function requireRules(rules: StoredResource[]): void {
  for (const rule of rules) {
    for (const side of ["source", "destination"]) {
      requirePorts(rule, side);
      requireAddresses(rule, side);
    }
  }
  requireOrder(rules);
}

/** No two rules of one direction have the same priority. */
function requireOrder(rules: StoredResource[]): void {
  const seen = new Map<string, string>();
  for (const { name, body } of rules) {
    const { priority, direction } = body.properties as RuleProperties;
    if (!Number.isInteger(priority) || Number(priority) < 100 || Number(priority) > 4096)
      throw networkErrors.SecurityRuleInvalidPriority(priority);
    const place = `${String(direction).toLowerCase()} ${priority}`;
    const other = seen.get(place);
    if (other !== undefined) throw networkErrors.SecurityRuleConflict(name, other);
    seen.set(place, name);
  }
}

/** One or several: what a rule names in the singular, or else in the plural. */
function namedBy({ id, body }: StoredResource, singular: string, plural: string): { one: string; several: string[] } {
  const properties = body.properties as RuleProperties;
  const one = (properties[singular] as string | undefined) ?? "";
  const several = (properties[plural] as string[] | undefined) ?? [];
  if (one !== "" && several.length > 0) throw networkErrors.SecurityRuleInvalidParameters(singular, plural, id);
  return { one, several };
}

function requirePorts(rule: StoredResource, side: string): void {
  const { one, several } = namedBy(rule, `${side}PortRange`, `${side}PortRanges`);
  if (several.includes("*"))
    throw networkErrors.SecurityRuleParameterContainsInvalidPortRanges(`${side}PortRanges`, rule.id);
  const bad = several.length > 0 ? several.find((range) => !isPortRange(range)) : one;
  if (bad !== undefined && bad !== "*" && !isPortRange(bad)) throw networkErrors.SecurityRuleInvalidPortRange(bad);
}

function isPortRange(text: string): boolean {
  const [, first, last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(text) ?? [];
  return first !== undefined && Number(first) <= Number(last) && Number(last) <= 65_535;
}

function requireAddresses(rule: StoredResource, side: string): void {
  const { one, several } = namedBy(rule, `${side}AddressPrefix`, `${side}AddressPrefixes`);
  const groups = (rule.body.properties as RuleProperties)[`${side}ApplicationSecurityGroups`] as unknown[] | undefined;
  if (one === "" && several.length === 0 && groups && groups.length > 0) return;
  const tag = several.find((prefix) => prefix === "*" || isServiceTag(prefix));
  if (tag !== undefined)
    throw networkErrors.SecurityRuleParameterContainsUnsupportedValue(`${side}AddressPrefix`, rule.id, tag);
  const bad = several.length > 0 ? several.find((prefix) => !isAddress(prefix)) : one;
  if (bad === undefined || bad === "*" || isServiceTag(bad) || isAddress(bad)) return;
  throw networkErrors.SecurityRuleInvalidAddressPrefix(bad, rule.id);
}

/** An address, or a range of them by its first. */
function isAddress(text: string): boolean {
  if (isIP(text) > 0) return true;
  const range = rangeOf(text);
  return range !== undefined && (range.version === 6 ? rangeStarts(text) : normalPrefix(text) === text);
}

/** IPv6 is written in many ways, so that what it stands for is compared. */
const rangeStarts = (prefix: string) => rangeOf(prefix)?.first === rangeOf(`${prefix.split("/")[0]}/128`)?.first;
