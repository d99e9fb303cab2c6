import type { Azure } from "../azure.ts";
import type { ArmAnswer, ArmRequest } from "./resourceType.ts";

/** Fields that came later than their type, by path, with the first version of each. A path leads through lists. */
export type Since = Readonly<Record<string, string>>;

/** The same by what each version added: paths, with blanks between. */
export const addedIn = (versions: Record<string, string>): Since =>
  Object.fromEntries(
    Object.entries(versions).flatMap(([version, paths]) => paths.split(" ").map((path) => [path, version])),
  );

/** An answer without what the version that was asked for does not know yet. */
export function inItsVersion(azure: Azure, { target, apiVersion }: ArmRequest, answer: ArmAnswer): ArmAnswer {
  if (answer.body === undefined) return answer;
  const namespace = `${target.namespace.toLowerCase()}/`;
  return { ...answer, body: knownFields(answer.body, {}, apiVersion, tableOf) };

  /** Lists of all types are another provider's, whose versions say nothing of what they hold. */
  function tableOf({ type }: { type?: unknown }): Since | undefined {
    if (typeof type !== "string" || !type.toLowerCase().startsWith(namespace)) return undefined;
    return azure.resourceTypes.find(type)?.since;
  }
}

/** @param tableOf what is to be heeded from some object on, instead of `since`. */
export function knownFields<T>(
  value: T,
  since: Since,
  apiVersion: string,
  tableOf: (object: { type?: unknown }) => Since | undefined = () => undefined,
  path = "",
): T {
  if (Array.isArray(value)) {
    return value.map((item: unknown) => knownFields(item, since, apiVersion, tableOf, path)) as T;
  }
  if (typeof value !== "object" || value === null) return value;
  const own = tableOf(value);
  const [table, start] = own ? [own, ""] : [since, path];
  const kept = Object.entries(value).filter(([name]) => (table[start + name] ?? "") <= apiVersion);
  return Object.fromEntries(
    kept.map(([name, field]) => [name, knownFields(field, table, apiVersion, tableOf, `${start}${name}.`)]),
  ) as T;
}
