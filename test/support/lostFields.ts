import { unknownWords } from "./unknownWords.ts";

type Node = Record<string, unknown>;

interface CallOptions {
  onResponse: (response: { bodyAsText?: string | null }) => void;
}

/**
 * Calls an SDK, and holds the body that came over the wire against the model that it became.
 *
 * @returns paths of the fields that the model has lost, or changed, or whose words no model knows.
 */
export async function lostFields(call: (options: CallOptions) => Promise<unknown>): Promise<string[]> {
  let body: unknown;
  const model = await call({ onResponse: ({ bodyAsText }) => void (body = JSON.parse(bodyAsText ?? "null")) });
  // A page of a list is an array to the SDKs.
  const whole = Array.isArray(model) ? (body as Node).value : body;
  return [...lost(whole, model, ""), ...unknownWords(body)];
}

/** Fields that models call by another name. */
const RENAMED: Record<string, string> = {
  supportsHttpsTrafficOnly: "enableHttpsTrafficOnly",
  networkAcls: "networkRuleSet",
  "properties.type": "roleType",
};

/** Models show `properties` as their own, and dates as such. */
function lost(sent: unknown, seen: unknown, path: string): string[] {
  if (Array.isArray(sent)) {
    const items = Array.isArray(seen) ? seen : [];
    return sent.flatMap((item, at) => lost(item, items[at], `${path}[${at}]`));
  }
  if (typeof sent === "object" && sent !== null) {
    const model = (seen ?? {}) as Node;
    return Object.entries(sent).flatMap(([name, value]) => {
      const flattened = name === "properties" && model.properties === undefined;
      const parent = path.slice(path.lastIndexOf(".") + 1);
      const called = RENAMED[`${parent}.${name}`] ?? RENAMED[name] ?? name;
      return lost(value, flattened ? model : model[called], `${path}.${name}`);
    });
  }
  if (sent === null && seen === undefined) return [];
  if (seen instanceof Date) return seen.getTime() === Date.parse(String(sent)) ? [] : [path];
  return sent === seen ? [] : [path];
}

/** The first page of a list. */
export async function firstPage<T>(pages: { byPage(): AsyncIterableIterator<T[]> }): Promise<T[]> {
  const { value } = (await pages.byPage().next()) as { value: T[] };
  return value;
}
