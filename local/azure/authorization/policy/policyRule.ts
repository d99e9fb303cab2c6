import { regionName } from "../../arm/regions.ts";
import { lookUp } from "../../store/lookUp.ts";
import type { Json } from "../../store/state.ts";

/** The `if` of a policy rule, as definitions write it. */
export type PolicyCondition =
  | { allOf: PolicyCondition[] }
  | { anyOf: PolicyCondition[] }
  | { not: PolicyCondition }
  | ({ field: string } & Partial<Record<Operator, unknown>>);

/** What a policy is held against: a resource as a request would leave it. */
export type Subject = Json & { id: string; name: string; type: string };
export type Parameters = Readonly<Record<string, unknown>>;

/** Where a resource keeps what a policy calls by an alias; `[*]` leads through a list. */
const ALIASES: Readonly<Record<string, string>> = {
  "microsoft.storage/storageaccounts/allowsharedkeyaccess": "properties.allowSharedKeyAccess",
  "microsoft.storage/storageaccounts/networkacls.defaultaction": "properties.networkAcls.defaultAction",
  "microsoft.compute/virtualmachines/sku.name": "properties.hardwareProfile.vmSize",
  "microsoft.network/networkinterfaces/ipconfigurations[*].publicipaddress.id":
    "properties.ipConfigurations[*].properties.publicIPAddress.id",
};

type Operator = keyof typeof OPERATORS;
type Holds = (value: string | undefined, wanted: unknown) => boolean;

const same: Holds = (value, wanted) => (value ?? "").toLowerCase() === String(wanted).toLowerCase();
const among: Holds = (value, wanted) => Array.isArray(wanted) && wanted.some((one) => same(value, one));
const like: Holds = (value, wanted) => {
  const parts = String(wanted)
    .split("*")
    .map((part) => part.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return value !== undefined && new RegExp(`^${parts.join(".*")}$`, "is").test(value);
};
const OPERATORS = {
  equals: same,
  notEquals: (value, wanted) => !same(value, wanted),
  in: among,
  notIn: (value, wanted) => !among(value, wanted),
  like,
  notLike: (value, wanted) => !like(value, wanted),
  exists: (value, wanted) => (value !== undefined) === /^true$/i.test(String(wanted)),
} satisfies Record<string, Holds>;

/** Whether a resource is one that the rule means. A condition on a list holds where it holds of each item. */
export function isMeant(condition: PolicyCondition, subject: Subject, parameters: Parameters): boolean {
  if ("allOf" in condition) return condition.allOf.every((one) => isMeant(one, subject, parameters));
  if ("anyOf" in condition) return condition.anyOf.some((one) => isMeant(one, subject, parameters));
  if ("not" in condition) return !isMeant(condition.not, subject, parameters);
  const { field, ...comparison } = condition;
  const values = valuesOf(String(resolved(field, parameters)), subject);
  return Object.entries(comparison).every(([operator, given]) => {
    const wanted = resolved(given, parameters);
    const regions = field === "location" ? [wanted].flat().map((one) => regionName(String(one))) : undefined;
    const compared = regions ? (Array.isArray(wanted) ? regions : regions[0]) : wanted;
    return values.every((value) => OPERATORS[operator as Operator](value, compared));
  });
}

/** What an expression stands for: a parameter, or the tag that a parameter names. */
export function resolved(text: unknown, parameters: Parameters): unknown {
  if (typeof text !== "string") return text;
  const [, name] = /^\[parameters\('(\w+)'\)\]$/.exec(text) ?? [];
  if (name !== undefined) return lookUp(parameters, name);
  const [, tag] = /^\[concat\('tags\[', parameters\('(\w+)'\), '\]'\)\]$/.exec(text) ?? [];
  return tag === undefined ? text : `tags[${String(lookUp(parameters, tag))}]`;
}

function valuesOf(field: string, subject: Subject): (string | undefined)[] {
  const [, tag] = /^tags\[(.*)\]$/i.exec(field) ?? [];
  if (tag !== undefined) {
    const tags = Object.entries((subject.tags ?? {}) as Record<string, string>);
    return [tags.find(([name]) => same(name, tag))?.[1]];
  }
  const path = lookUp(ALIASES, field.toLowerCase()) ?? field;
  const found = at(subject, path.split(".")) as (string | boolean | null | undefined)[];
  return found.map((value) => value?.toString());
}

function at(value: unknown, [step, ...rest]: string[]): unknown[] {
  if (step === undefined) return [value];
  const [name = "", list] = step.split("[*]");
  const inner = (value as Json | null | undefined)?.[name];
  if (list === undefined) return at(inner, rest);
  return Array.isArray(inner) ? inner.flatMap((item) => at(item, rest)) : [];
}
