import { readdirSync, readFileSync } from "node:fs";
import path from "node:path";

interface Field {
  readOnly: boolean;
  required: boolean;
  type: string;
}
/** What an SDK declares: interfaces by name, with the fields that they inherit, and what other names stand for. */
interface Declarations {
  interfaces: Map<string, Map<string, Field>>;
  /** Of an alias or a `Known…` enum: the texts that it allows. */
  words: Map<string, string[]>;
  unions: Map<string, string[]>;
}

const known = new Map<string, Declarations>();

/**
 * Holds a model against its declaration in the SDK.
 *
 * @returns paths of fields that are missing, of another kind, or of a value that the enum does not have.
 */
export function misfits(sdk: string, type: string, value: unknown): string[] {
  return misfit(declarationsOf(sdk, type), type, value, type);
}

/** Names of the fields of a model that only Azure sets, as its SDK declares them. */
export function readOnlyFields(sdk: string, type: string): string[] {
  const fields = [...(declarationsOf(sdk, type).interfaces.get(type) ?? [])];
  return fields.filter(([, { readOnly }]) => readOnly).map(([name]) => name);
}

function declarationsOf(sdk: string, type: string): Declarations {
  const declared = known.get(sdk) ?? readDeclarations(sdk);
  known.set(sdk, declared);
  if (!declared.interfaces.has(type)) throw new Error(`${sdk} declares no ${type}`);
  return declared;
}

function misfit(declared: Declarations, type: string, value: unknown, where: string): string[] {
  if (value === null) return [];
  if (type.endsWith("[]")) {
    if (!Array.isArray(value)) return [where];
    return value.flatMap((item: unknown, at) => misfit(declared, type.slice(0, -2), item, `${where}[${at}]`));
  }
  if (["string", "number", "boolean"].includes(type)) return typeof value === type ? [] : [where];
  if (type === "Date") return value instanceof Date && !Number.isNaN(value.getTime()) ? [] : [where];
  const words = type.startsWith('"') ? wordsOf(type) : declared.words.get(type);
  if (words) return words.includes(value as string) ? [] : [`${where}: ${JSON.stringify(value)}`];
  const members = declared.unions.get(type);
  if (members) {
    const tries = members.map((member) => misfit(declared, member, value, where));
    return tries.find((found) => found.length === 0) ?? tries[0] ?? [];
  }
  const fields = declared.interfaces.get(type);
  if (fields && typeof value !== "object") return [where];
  return [...(fields ?? [])].flatMap(([name, field]) => {
    const part = (value as Record<string, unknown>)[name];
    if (part === undefined) return field.required ? [`${where}.${name}`] : [];
    return misfit(declared, field.type, part, `${where}.${name}`);
  });
}

const wordsOf = (text: string) => [...text.matchAll(/"([^"]*)"/g)].map(([, word = ""]) => word);

function readDeclarations(sdk: string): Declarations {
  const folder = `node_modules/@azure/${sdk}/dist/esm`;
  const text = readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((file) => /models.*\.d\.ts$/.test(file))
    .map((file) => readFileSync(path.join(folder, file), "utf8"))
    .join("\n");
  const own = new Map<string, [parents: string[], fields: [string, Field][]]>();
  for (const [, name = "", parents = "", body = ""] of text.matchAll(
    /export interface (\w+)(?: extends ([\w, ]+))? \{\n([^]*?)\n\}/g,
  )) {
    const fields = [...body.matchAll(/^ {4}(readonly )?(\w+)(\??): ([^{}\n]+);$/gm)].map(
      ([, readOnly, field = "", optional, type = ""]): [string, Field] => [
        field,
        { readOnly: readOnly !== undefined, required: optional === "", type },
      ],
    );
    own.set(name, [parents.split(/,\s*/).filter(Boolean), fields]);
  }
  const fieldsOf = (name: string): [string, Field][] => {
    const [parents, fields] = own.get(name) ?? [[], []];
    return [...parents.flatMap(fieldsOf), ...fields];
  };
  const words = new Map<string, string[]>();
  const unions = new Map<string, string[]>();
  for (const [, name = "", type = ""] of text.matchAll(/export (?:declare )?type (\w+) = ([^;]+);/g)) {
    if (type.startsWith('"')) words.set(name, wordsOf(type));
    else if (/^\w+(?: \| \w+)+$/.test(type)) unions.set(name, type.split(" | "));
  }
  for (const [, name = "", body = ""] of text.matchAll(/export declare enum Known(\w+) \{([^]*?)\n\}/g)) {
    words.set(name, wordsOf(body));
  }
  return { interfaces: new Map([...own.keys()].map((name) => [name, new Map(fieldsOf(name))])), words, unions };
}
