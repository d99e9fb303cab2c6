/** Words of mends: commands of `az` and Bicep as somebody would write them. */
import { parseResourceId, resourceGroupOf, sameId } from "../resourceId.ts";
import type { StandingAssignment } from "./access.ts";

/** A word of a command, quoted where a shell would not take it for one. */
export function word(text: string): string {
  return /^[\w./:=,@-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

type Words = string | number | readonly string[];
/** By their names without the two hyphens. */
export type Options = { readonly [option: string]: Words };

/** A command of `az`: what is put into it are words or options, and stays so, whatever stands in it. */
export function az(texts: TemplateStringsArray, ...values: readonly (Words | Options)[]): string {
  const words = values.map((value) => wordsOf(value).map(word).join(" "));
  return `az ${texts.map((text, index) => text + (words[index] ?? "")).join("")}`;
}

function wordsOf(value: Words | Options): string[] {
  if (typeof value !== "object") return [String(value)];
  if (isWords(value)) return [...value];
  return Object.entries(value).flatMap(([option, one]) => [`--${option}`, ...wordsOf(one)]);
}

function isWords(value: readonly string[] | Options): value is readonly string[] {
  return Array.isArray(value);
}

/** The options that say where a resource is: `--subscription … --resource-group …`. */
export function whereOf(id: string): string[] {
  const { subscriptionId = "", resourceGroup = "" } = parseResourceId(id) ?? {};
  return ["--subscription", subscriptionId, "--resource-group", resourceGroup];
}

/** What takes a role assignment from whoever holds it: where that is by a group, others keep theirs. */
export function takeAway({ id, principalId, group }: StandingAssignment): { mend: string; command: string } {
  return group
    ? {
        mend: `Take the identity out of the group ${group}, or the role from the group`,
        command: `az ad group member remove --group ${word(group)} --member-id ${word(principalId)}`,
      }
    : { mend: "Remove that role assignment", command: `az role assignment delete --ids ${word(id)}` };
}

/** The last name of an id. */
export function nameOf(id: string): string {
  return id.split("/").at(-1) ?? "";
}

export function updateSubnet(id: string, ...options: readonly string[]): string {
  return az`network vnet subnet update --ids ${id} ${options}`;
}

/** A part of Bicep that is to be worked out there: a function's call, a resource's symbol. */
export class BicepExpression {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }
}

export const bicepCall = (name: string, ...values: readonly BicepValue[]) =>
  new BicepExpression(`${name}(${values.map((value) => bicepValue(value)).join(", ")})`);

export type BicepValue =
  BicepExpression | string | number | boolean | readonly BicepValue[] | { readonly [name: string]: BicepValue };

/** A value as Bicep has it, over several lines. */
export function bicepValue(value: BicepValue, indent = ""): string {
  const deeper = `${indent}  `;
  if (typeof value === "string")
    return `'${value.replaceAll("\\", "\\\\").replaceAll("'", "\\'").replaceAll("${", "\\${").replaceAll("\n", "\\n")}'`;
  if (typeof value !== "object") return String(value);
  if (value instanceof BicepExpression) return value.text;
  if (isList(value)) {
    if (value.length === 0) return "[]";
    return `[\n${value.map((one) => `${deeper}${bicepValue(one, deeper)}\n`).join("")}${indent}]`;
  }
  const lines = Object.entries(value).map(([name, one]) => `${deeper}${keyOf(name)}: ${bicepValue(one, deeper)}\n`);
  return lines.length === 0 ? "{}" : `{\n${lines.join("")}${indent}}`;
}

function isList(value: BicepValue): value is readonly BicepValue[] {
  return Array.isArray(value);
}

const keyOf = (name: string) => (/^[A-Za-z_]\w*$/.test(name) ? name : bicepValue(name));

/** A symbolic name: `allow-a-to-b` is `allowAToB`, and `10-out` is `_10Out`. */
export function symbolOf(name: string): string {
  const symbol = name.replaceAll(/[^A-Za-z0-9]+(.?)/g, (_, next: string) => next.toUpperCase());
  return /^[A-Za-z]/.test(symbol) ? symbol : `_${symbol}`;
}

/** A whole resource. */
export function bicepResource(symbol: string, type: string, body: { readonly [name: string]: BicepValue }): string {
  return `resource ${symbol} '${type}' = ${bicepValue(body)}`;
}

/** Of resources that are only named, by how their types begin. */
const API_VERSIONS: readonly (readonly [type: string, version: string])[] = [
  ["Microsoft.Compute/galleries", "2024-03-03"],
  ["Microsoft.Compute/images", "2024-07-01"],
  ["Microsoft.ManagedIdentity/", "2023-01-31"],
  ["Microsoft.Network/", "2024-05-01"],
];

/** A resource that is there, so that others can name it. @returns undefined for what is in no resource group. */
export function bicepExisting(symbol: string, id: string): string | undefined {
  const { type = "", names = [] } = parseResourceId(id) ?? {};
  const [, version] = API_VERSIONS.find(([beginning]) => type.toLowerCase().startsWith(beginning.toLowerCase())) ?? [];
  return version
    ? `resource ${symbol} '${type}@${version}' existing = ${bicepValue({ name: names.join("/") })}`
    : undefined;
}

/** The parts of a file, of which the first line says where it is to be deployed. */
export function bicepFile(scope: string, ...parts: readonly (string | undefined)[]): string {
  const isSubscription = /^\/subscriptions\/[^/]+$/i.test(scope);
  const target = isSubscription ? ["targetScope = 'subscription'"] : [];
  return [`// deploy to ${scope}`, ...target, ...parts.flatMap((part) => part ?? [])].join("\n");
}

/** A whole resource, with the resource group of its parent. */
export function bicepChild(
  parentId: string,
  symbol: string,
  type: string,
  body: { readonly [name: string]: BicepValue },
) {
  return bicepFile(resourceGroupOf(parentId), bicepResource(symbol, type, body));
}

/** Properties to be set where a resource is declared already: declaring it a second time would drop all others. */
export function bicepProperties(of: string, properties: { readonly [name: string]: BicepValue }): string {
  const lines = Object.entries(properties).map(([name, value]) => `${keyOf(name)}: ${bicepValue(value)}`);
  return [`// properties of ${of}`, ...lines].join("\n");
}

/** Writing something under a name that there is would replace it. */
export function freeName(taken: readonly string[], name: string): string {
  let free = name;
  for (let count = 2; taken.some((one) => sameId(one, free)); count++) free = `${name}-${count}`;
  return free;
}
