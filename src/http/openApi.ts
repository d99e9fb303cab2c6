import * as z from "zod";
import { components } from "../domain/component.ts";
import { ROLES } from "../domain/caller.ts";
import type { AnswerHeader, Door, RequestHeader } from "./door.ts";
import { problemSchema, refusalsOf, WITHOUT_DOOR } from "./refusals.ts";

/** As much of JSON Schema as the description itself looks at. */
export interface Schema {
  $ref?: string;
  [keyword: string]: unknown;
}

export interface OpenApi {
  openapi: string;
  paths: Record<string, Record<string, Operation>>;
  components: { schemas: Record<string, Schema>; [kind: string]: unknown };
  [field: string]: unknown;
}

export interface Operation {
  operationId: string;
  parameters: { name: string; in: string; required: boolean; schema: Schema }[];
  requestBody?: { required: boolean; content: Record<string, { schema: Schema }> };
  responses: Record<string, Response>;
  [field: string]: unknown;
}

export interface Response {
  description: string;
  headers?: Record<string, { required: boolean; [field: string]: unknown }>;
  content?: Record<string, { schema: Schema }>;
}

const HEADERS: Record<AnswerHeader, { description: string; schema: Schema }> = {
  Location: { description: "Where it can be read.", schema: { type: "string", format: "uri" } },
  "Retry-After": {
    description: "Seconds after which it is worth asking again.",
    schema: { type: "integer", minimum: 0 },
  },
  ETag: { description: "Changes with what is told.", schema: { type: "string" } },
  "Accept-Ranges": { description: "Always `bytes`.", schema: { const: "bytes" } },
  "Content-Range": { description: "Which bytes these are, and of how many.", schema: { type: "string" } },
};

const REQUEST_HEADERS: Record<RequestHeader, string> = {
  "If-None-Match": "ETags of before: where one is still true, the answer is 304.",
  Range: "`bytes=0-99`, `bytes=100-` or `bytes=-100`; several ranges are answered as if there were none.",
  "If-Range": "An ETag of before: where it is not true any more, the range is not minded.",
  "Idempotency-Key":
    "1 to 255 printable characters of ASCII: the same key and the same request of the same caller mean the same build, for seven days.",
};

const PARAMETERS: Record<string, string> = {
  image: "The name of an image.",
  name: "The name that the settings give it.",
  id: "The id, as the answer to the request for it told.",
};

/** What the doors take and answer with, as OpenAPI 3.1: made of the schemas that the service itself goes by. */
export function openApi(doors: readonly Door[]): OpenApi {
  const schemas = schemasOf(doors);
  const paths: OpenApi["paths"] = {};
  for (const door of doors) {
    const path = (paths[`/api/${door.route}`] ??= {});
    path[door.method.toLowerCase()] = operationOf(door, schemas);
  }
  return {
    openapi: "3.1.1",
    info: {
      title: "Goldsmith",
      version: "1",
      summary: "Rebuilds golden VM images on Azure and cleans up after itself.",
      license: { name: "MIT", identifier: "MIT" },
    },
    jsonSchemaDialect: "https://json-schema.org/draft/2020-12/schema",
    servers: [{ url: "/" }],
    security: [{ bearer: [] }, { key: [] }],
    paths,
    components: {
      schemas: schemas.named,
      securitySchemes: {
        bearer: {
          type: "http",
          scheme: "bearer",
          bearerFormat: "JWT",
          description: `An access token of Entra ID for this service, with its app roles: ${ROLES.join(", ")}.`,
        },
        key: {
          type: "apiKey",
          in: "header",
          name: "X-Goldsmith-Key",
          description: "A key of this service's own, `gsk_…`; see docs/authentication.md.",
        },
      },
    },
  };
}

function operationOf(door: Door, schemas: Schemas): Operation {
  const { name, summary, role, route, query, takes, mediaTypes = ["application/json"], headers, answers } = door;
  const inPath = [...route.matchAll(/\{([^}]+)\}/g)].map(([, param = ""]) => ({
    name: param,
    in: "path",
    required: true,
    description: PARAMETERS[param] ?? "",
    schema: { type: "string" },
  }));
  const inQuery = Object.entries(query?.shape ?? {}).map(([param, schema]) => ({
    name: param,
    in: "query",
    required: !(schema as z.ZodType).safeParse(undefined).success,
    schema: schemas.of(schema as z.ZodType),
  }));
  const inHeaders = (headers ?? []).map((header) => ({
    name: header,
    in: "header",
    required: false,
    description: REQUEST_HEADERS[header],
    schema: { type: "string" },
  }));
  const refusals = refusalsOf(door).map(([status, kinds]) => [
    status,
    {
      description: `Refused: ${kinds.join(", ")}.`,
      ...(status === 503 ? { headers: headersOf({ "Retry-After": "always" }) } : {}),
      ...(status === 416 ? { headers: headersOf({ "Content-Range": "always" }) } : {}),
      content: { "application/problem+json": { schema: oneOf(kinds.map((kind) => refTo(problemName(kind)))) } },
    },
  ]);
  const granted = Object.entries(answers).map(([status, { description, body, text, headers: sent }]) => [
    status,
    {
      description,
      ...(sent ? { headers: headersOf(sent) } : {}),
      ...(body ? { content: { "application/json": { schema: schemas.of(body) } } } : {}),
      ...(text ? { content: { "text/plain": { schema: { type: "string" } } } } : {}),
    },
  ]);
  return {
    operationId: name,
    summary,
    ...(role === "anyone" ? { security: [] } : { description: `Takes the role ${role}.` }),
    parameters: [...inPath, ...inQuery, ...inHeaders],
    ...(takes ? { requestBody: { required: true, content: contentOf(mediaTypes, schemas.of(takes)) } } : {}),
    responses: Object.fromEntries([...granted, ...refusals]) as Operation["responses"],
  };
}

function contentOf(types: readonly string[], schema: Schema): Record<string, { schema: Schema }> {
  return Object.fromEntries(types.map((type) => [type, { schema }]));
}

function headersOf(headers: Partial<Record<AnswerHeader, "always" | "sometimes">>): NonNullable<Response["headers"]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, when]) => [
      name,
      { required: when === "always", ...HEADERS[name as AnswerHeader] },
    ]),
  );
}

interface Schemas {
  named: Record<string, Schema>;
  of: (schema: z.ZodType) => Schema;
}

/** All schemas in one go, so that what has a name is told once. */
function schemasOf(doors: readonly Door[]): Schemas {
  const all = z.registry<{ id: string }>();
  const named = new Map(components);
  for (const [status, kinds] of [
    ...doors.flatMap(refusalsOf),
    ...refusalsOf({ method: "GET", role: "anyone", refuses: WITHOUT_DOOR }),
  ]) {
    for (const kind of kinds) named.set(problemName(kind), problemSchema(status, kind));
  }
  for (const [id, schema] of named) all.add(schema, { id });
  const unnamed = doors.flatMap(({ query, takes, answers }) =>
    [takes, ...Object.values(query?.shape ?? {}), ...Object.values(answers).map(({ body }) => body)].filter(
      (schema) => schema !== undefined && !all.has(schema),
    ),
  ) as z.ZodType[];
  for (const [at, schema] of unnamed.entries()) if (!all.has(schema)) all.add(schema, { id: `${UNNAMED}${at}` });

  // What a schema takes, it has also made: of what it answers with, defaults are there as well.
  const { schemas } = z.toJSONSchema(all, {
    io: "input",
    target: "draft-2020-12",
    uri: uriOf,
    override: ({ jsonSchema }) => {
      // The format says it, in fewer words.
      if (jsonSchema.format === "date-time") delete jsonSchema.pattern;
      if (jsonSchema.properties) jsonSchema.additionalProperties ??= false;
    },
  }) as { schemas: Record<string, Schema> };
  const plain = Object.entries(schemas).map(
    ([id, { $schema: _, $id: __, ...schema }]) => [id, schema] as [string, Schema],
  );
  const byId = new Map(plain);
  return {
    named: Object.fromEntries(
      plain.filter(([id]) => !id.startsWith(UNNAMED)).toSorted(([one], [other]) => (one < other ? -1 : 1)),
    ),
    of(schema) {
      const id = all.get(schema)?.id ?? "";
      return id.startsWith(UNNAMED) ? (byId.get(id) ?? {}) : refTo(id);
    },
  };
}

const UNNAMED = "unnamed-";

const uriOf = (id: string) => `#/components/schemas/${id}`;
const refTo = (id: string): Schema => ({ $ref: uriOf(id) });
const oneOf = (schemas: Schema[]): Schema => (schemas.length === 1 ? (schemas[0] ?? {}) : { oneOf: schemas });

/** `body-invalid` as `BodyInvalidProblem`. */
function problemName(kind: string): string {
  const words = kind.split("-").map((word) => `${word.charAt(0).toUpperCase()}${word.slice(1)}`);
  return `${words.join("")}Problem`;
}
