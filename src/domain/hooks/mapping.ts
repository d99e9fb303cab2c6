import * as z from "zod";
import { ParameterValue } from "../buildRequest.ts";
import { isJsonObject, type Json, type JsonObject } from "../json.ts";

const MOST_MAPPED = 200;

/** RFC 6901: into the body that a system sends. */
const pointer = z
  .string()
  .regex(/^(\/([^~/]|~[01])*)+$/, { error: "takes a JSON pointer, as in /issue/key" })
  .max(300);

/** Where a value comes from: it is always the same, or the body has it. */
export const ValueRule = z.union([
  z.strictObject({ value: ParameterValue }),
  z.strictObject({
    from: pointer,
    /** What their words mean here; others are refused. */
    map: z
      .record(z.string(), ParameterValue)
      .refine((map) => Object.keys(map).length <= MOST_MAPPED, { error: `takes at most ${MOST_MAPPED} words` })
      .optional(),
    /** Of systems that send everything as text. */
    as: z.enum(["integer", "boolean"]).optional(),
    /** Whether it may be absent, null or empty; then nothing is asked for in its place. */
    optional: z.boolean().default(false),
  }),
]);
export type ValueRule = z.infer<typeof ValueRule>;

/** What of a build is asked for by which value. */
export const Mapping = z.strictObject({
  image: ValueRule,
  reason: ValueRule.optional(),
  ticket: z
    .strictObject({
      system: ValueRule,
      number: ValueRule,
      url: ValueRule.optional(),
      requestedBy: ValueRule.optional(),
    })
    .optional(),
  parameters: z.record(z.string(), ValueRule).optional(),
});
export type Mapping = z.infer<typeof Mapping>;

/** What does not fit, by where it would have stood in a request for a build. */
export interface Unmapped {
  pointer: string;
  detail: string;
}

export type Mapped =
  { kind: "mapped"; image: string; body: Record<string, unknown> } | { kind: "unmapped"; errors: Unmapped[] };

/** A request for a build, made of what a system sends. Values themselves are not repeated in what does not fit. */
export function mapped(mapping: Mapping, sent: Json): Mapped {
  const errors: Unmapped[] = [];

  function value(rule: ValueRule | undefined, place: string): ParameterValue | undefined {
    if (!rule) return undefined;
    const read = valueBy(rule, sent);
    if (read.kind === "value") return read.value;
    if (read.kind === "wrong") errors.push({ pointer: place, detail: read.detail });
    return undefined;
  }
  function all(
    rules: Record<string, ValueRule | undefined> | undefined,
    place: string,
  ): Record<string, ParameterValue> {
    const found = Object.entries(rules ?? {}).map(([name, rule]) => [name, value(rule, `${place}/${name}`)] as const);
    return Object.fromEntries(found.flatMap(([name, one]) => (one === undefined ? [] : [[name, one] as const])));
  }

  const { image, reason } = all({ image: mapping.image, reason: mapping.reason }, "");
  const ticket = all(mapping.ticket, "/ticket");
  const parameters = all(mapping.parameters, "/parameters");
  if (errors.length > 0) return { kind: "unmapped", errors };
  const body = {
    ...(reason === undefined ? {} : { reason }),
    ...(mapping.ticket ? { ticket } : {}),
    ...(Object.keys(parameters).length > 0 ? { parameters } : {}),
  };
  return { kind: "mapped", image: String(image), body };
}

type Read = { kind: "value"; value: ParameterValue } | { kind: "none" } | { kind: "wrong"; detail: string };

function valueBy(rule: ValueRule, sent: Json): Read {
  if ("value" in rule) return { kind: "value", value: rule.value };
  const found = at(sent, rule.from);
  if (found === undefined || found === null || found === "") {
    return rule.optional ? { kind: "none" } : { kind: "wrong", detail: `The body has nothing at ${rule.from}.` };
  }
  if (typeof found === "object") return { kind: "wrong", detail: `The body has no single value at ${rule.from}.` };
  if (rule.map) {
    const word = String(found);
    const meant = Object.hasOwn(rule.map, word) ? rule.map[word] : undefined;
    if (meant !== undefined) return { kind: "value", value: meant };
    return { kind: "wrong", detail: `What the body has at ${rule.from} is not among the words that are mapped.` };
  }
  const told = rule.as ? readAs(found, rule.as) : found;
  if (told !== undefined) return { kind: "value", value: told };
  return { kind: "wrong", detail: `What the body has at ${rule.from} is no ${rule.as}.` };
}

function readAs(found: ParameterValue, type: "integer" | "boolean"): ParameterValue | undefined {
  if (type === "boolean") return { true: true, false: false }[String(found)];
  const number = Number(found);
  return /^-?\d{1,15}$/.test(String(found)) ? number : undefined;
}

/** What is at a pointer; of objects only what they have themselves. */
function at(value: Json, path: string): Json | undefined {
  let found: Json | undefined = value;
  for (const step of path.slice(1).split("/")) {
    const name = step.replaceAll("~1", "/").replaceAll("~0", "~");
    if (Array.isArray(found)) found = /^(0|[1-9]\d{0,5})$/.test(name) ? found[Number(name)] : undefined;
    else found = isJsonObject(found) ? own(found, name) : undefined;
  }
  return found;
}

function own(object: JsonObject, name: string): Json | undefined {
  return Object.hasOwn(object, name) ? object[name] : undefined;
}
