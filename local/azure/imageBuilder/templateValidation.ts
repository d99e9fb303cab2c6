import type * as z from "zod";
import { badRequest } from "../arm/errors.ts";
import { knownFields } from "../arm/knownFields.ts";
import type { Azure } from "../azure.ts";
import type { Settings } from "../settings.ts";
import type { Json } from "../store/state.ts";
import { STRICT_SINCE, templateSince } from "./apiVersions.ts";
import { checkTemplateRules } from "./templateRules.ts";
import { type TemplateBody, templateSchema } from "./templateSchema.ts";
import { validationFailed } from "./templateErrors.ts";

/** @throws AzureError 400 for the first thing that this version of the API does not take. */
export function parseTemplate({ settings }: Azure, body: Json, apiVersion: string): TemplateBody {
  const template = accepted(settings, templateSchema(apiVersion).whole.safeParse(heeded(body, apiVersion)), body);
  checkTemplateRules(template);
  return template;
}

export function parseUpdate({ settings }: Azure, body: Json, apiVersion: string) {
  return accepted(settings, templateSchema(apiVersion).update.safeParse(heeded(body, apiVersion)), body);
}

/** Before it was strict, image builder did not heed what a version did not know. */
const heeded = (body: Json, apiVersion: string) =>
  apiVersion < STRICT_SINCE ? knownFields(body, templateSince, apiVersion) : body;

function accepted<T>({ unknownFieldCode }: Settings, parsed: z.ZodSafeParseResult<T>, body: Json): T {
  if (parsed.success) return parsed.data;
  const { issues } = parsed.error;
  // The service reads the whole body before it looks at any value, so a field that it does not know comes first.
  const unknown = issues.find((issue) => issue.code === "unrecognized_keys");
  if (unknown) {
    const field = unknown.keys[0] ?? "";
    throw badRequest(
      unknownFieldCode,
      `Unmarshalling entity encountered error: json: unknown field "${field}" at '${pathOf(unknown.path)}'. ` +
        "Property names are case-sensitive.",
    );
  }
  const [issue] = issues;
  const path = issue?.path ?? [];
  const field = String(path.at(-1) ?? "");
  const missing = valueAt(body, path) === undefined;
  throw validationFailed(
    pathOf(path.slice(0, -1)),
    missing ? `Missing field '${field}'` : `Field '${field}' has a bad value`,
  );
}

/** `ImageTemplate.properties.distribute[0]` */
function pathOf(path: PropertyKey[]): string {
  return path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : `${text}.${String(part)}`),
    "ImageTemplate",
  );
}

function valueAt(body: unknown, path: PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, part) => (value as Record<PropertyKey, unknown> | null | undefined)?.[part],
    body,
  );
}
