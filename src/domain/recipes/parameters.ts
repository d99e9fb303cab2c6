import * as z from "zod";
import { BuildRequestBody, line, type ParameterValue } from "../buildRequest.ts";
import { issueText } from "./issueText.ts";
import { type LinearPattern, linearPattern } from "./linearPattern.ts";
import { plainSecretsIn } from "./plainSecrets.ts";
import { scriptTypeOf } from "./scriptType.ts";

/** Longest text of a value, in characters. */
const LONGEST = 500;
const MOST_PARAMETERS = 20;

const description = line(LONGEST).describe("What it is for.");
const fallback = "Its value where a request has none; without one each request needs one.";
const choice = "The values that it takes; any unless told.";

const text = z
  .strictObject({
    type: z.literal("string"),
    description,
    default: line(LONGEST).exactOptional().describe(fallback),
    allowed: z.array(line(LONGEST)).min(1).max(100).exactOptional().describe(choice),
    pattern: z
      .string()
      .min(1)
      .max(200)
      .superRefine((pattern, context) => {
        const read = linearPattern(pattern);
        if (read.kind === "refused") context.addIssue({ code: "custom", message: read.message });
      })
      .exactOptional()
      .describe("A regular expression of RE2 that the whole value fits.")
      .meta({ examples: ["\\d+\\.\\d+\\.\\d+"] }),
  })
  .describe("A line of text.");

const integer = z
  .strictObject({
    type: z.literal("integer"),
    description,
    default: z.int().exactOptional().describe(fallback),
    allowed: z.array(z.int()).min(1).max(100).exactOptional().describe(choice),
  })
  .describe("A whole number.");

const boolean = z
  .strictObject({
    type: z.literal("boolean"),
    description,
    default: z.boolean().exactOptional().describe(fallback),
  })
  .describe("`true` or `false`.");

const name = z
  .string()
  .regex(/^[a-z][A-Za-z0-9_]{0,39}$/, { error: "takes 1 to 40 letters, digits and _, a small letter first" })
  // A request that does not give it would seem to: as what the object has from its prototype.
  .refine((text) => !(text in {}), { error: "is one that every object of JavaScript has by itself; take another" });

export const parameters = z
  .record(name, z.discriminatedUnion("type", [text, integer, boolean]))
  .refine((all) => Object.keys(all).length <= MOST_PARAMETERS, { error: `takes at most ${MOST_PARAMETERS} parameters` })
  .superRefine((all, context) => {
    for (const [of, parameter] of Object.entries(all)) {
      for (const [at, value] of (parameter.type === "string" ? (parameter.allowed ?? []) : []).entries()) {
        if (!looksSecret(of, value)) continue;
        context.addIssue({ code: "custom", path: [of, "allowed", at], message: PLAIN_SECRET });
      }
      if (parameter.default === undefined) continue;
      const told = valueOf(of, parameter).safeParse(parameter.default, { error: issueText }).error?.issues ?? [];
      for (const { message } of told) context.addIssue({ code: "custom", path: [of, "default"], message });
    }
  });

export type Parameters = z.infer<typeof parameters>;
type Parameter = Parameters[string];

/** With a pattern that is none, which is told already, everything fits. */
function fits(value: string, pattern: LinearPattern | undefined): boolean {
  // What is too long is told so, and takes the longer the longer it is.
  return pattern?.kind !== "pattern" || value.length > LONGEST || pattern.fits(value);
}

const missing = "is missing: it has no default";
const error = (takes: string) => ({
  error: ({ input }: { input?: unknown }) => (input === undefined ? missing : takes),
});

/** What a parameter takes. Its messages never have the value, which may be a secret. */
function valueOf(name: string, parameter: Parameter): z.ZodType<ParameterValue> {
  if (parameter.type === "boolean") return z.boolean(error("takes true or false"));
  if (parameter.type === "integer") return z.int(error("takes a whole number")).refine(...among(parameter.allowed));
  const { allowed, pattern } = parameter;
  const whole = pattern === undefined ? undefined : linearPattern(pattern);
  return z
    .string(error("takes text"))
    .pipe(line(LONGEST))
    .refine(...among(allowed))
    .refine((value) => fits(value, whole), { error: `takes what fits ${pattern}` })
    .refine((value) => !looksSecret(name, value), { error: PLAIN_SECRET });
}

/** With its name: a password looks like one by that only. */
function looksSecret(name: string, value: string): boolean {
  return plainSecretsIn([value, `${name}=${value}`]).length > 0;
}

const PLAIN_SECRET =
  "looks like a secret, which template, history and receipt would show; read it on the build VM from Key Vault";

function among<Value>(allowed: readonly Value[] | undefined): [(value: Value) => boolean, { error: string }] {
  return [(value) => !allowed || allowed.includes(value), { error: `takes one of ${allowed?.join(", ")}` }];
}

/** What a request may set of a recipe's parameters, and has to. */
function asked(parameters: Parameters) {
  const fields = Object.entries(parameters).map(([name, parameter]): [string, z.ZodType<ParameterValue>] => {
    const value = valueOf(name, parameter);
    return [name, parameter.default === undefined ? value : value.exactOptional()];
  });
  return z.strictObject(Object.fromEntries(fields));
}

/** The body of a request for a build of a recipe with these parameters. */
export function requestBodyFor(parameters: Parameters) {
  return BuildRequestBody.extend({ parameters: asked(parameters).prefault({}) });
}

/**
 * The values of a build, all of them, in the recipe's order.
 *
 * @returns faults where what was asked for is not what the recipe takes.
 */
export function valuesOf(
  parameters: Parameters,
  given: Readonly<Record<string, ParameterValue>> = {},
): { kind: "values"; values: Record<string, ParameterValue> } | { kind: "refused"; faults: string[] } {
  const parsed = asked(parameters).safeParse(given);
  if (!parsed.success) {
    return { kind: "refused", faults: parsed.error.issues.map(({ path, message }) => `${path.join(".")} ${message}`) };
  }
  const values = Object.entries(parameters).flatMap(([name, { default: otherwise }]) => {
    const value = parsed.data[name] ?? otherwise;
    return value === undefined ? [] : [[name, value] as const];
  });
  return { kind: "values", values: Object.fromEntries(values) };
}

interface Parametrised {
  parameters: Parameters;
  customize: readonly { type: string }[];
  schedule?: unknown;
  follow?: unknown;
}

/** What parameters ask of a recipe's other fields. */
export function checkParameters(
  { parameters, customize, schedule, follow }: Parametrised,
  context: z.RefinementCtx<Parametrised>,
): void {
  const fault = (path: string, message: string) => context.addIssue({ code: "custom", path: [path], message });
  const all = Object.entries(parameters);
  if (all.length === 0) return;
  if (scriptTypeOf(customize) === undefined) {
    fault("parameters", "are read by nothing: customize has neither a Shell step nor a PowerShell step");
  }
  const open = all.filter(([, { default: otherwise }]) => otherwise === undefined).map(([name]) => name);
  for (const [field, byItself] of Object.entries({ schedule, follow })) {
    if (byItself === undefined || open.length === 0) continue;
    fault(field, `needs a default of each parameter: there is none of ${open.join(", ")}`);
  }
}
