/** Holds what the service answers against docs/openapi.json: what that does not tell of, fails. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import type { OpenApi, Response as Described } from "../../src/http/openApi.ts";

export const DOCUMENT = join(import.meta.dirname, "..", "..", "docs", "openapi.json");
export const description = JSON.parse(readFileSync(DOCUMENT, "utf8")) as OpenApi;

const ajv = new Ajv2020({ strict: true, strictTypes: false, allErrors: false });
addFormats.default(ajv);
ajv.addSchema({ ...description, $id: "openapi" }, "openapi", false, false);
for (const keyword of Object.keys(description)) ajv.addKeyword(keyword);

export interface AnswerSeen {
  status: number;
  header: (name: string) => string | undefined;
  body: string;
}

/** What callers act upon: an answer has those of them that are told, and no other. */
const HEADERS = ["Location", "Retry-After", "ETag", "Content-Range", "Accept-Ranges"];

const routes = Object.entries(description.paths).map(([path, operations]) => ({
  path,
  operations,
  pattern: new RegExp(`^${path.replaceAll(".", "\\.").replace(/\{[^}]*\}/g, "[^/]+")}/?$`, "i"),
}));

/** @param path with its query. @throws where the answer is not as described. */
export function heldToOpenApi(method: string, path: string, answer: AnswerSeen): void {
  const { pathname } = new URL(path, "http://goldsmith.test");
  if (!pathname.startsWith("/api/")) return;
  const fail = (why: string) => {
    throw new Error(`${method} ${path}: ${answer.status} ${answer.body.slice(0, 500)}\nis not as described: ${why}`);
  };
  const route = routes.find(({ pattern }) => pattern.test(pathname));
  const operation = route?.operations[method.toLowerCase()];
  // What a browser asks before a page writes is no operation of the API.
  if (route && method === "OPTIONS" && answer.status === 204 && answer.body === "") return;
  if (!route || !operation) {
    const kind = route ? "MethodNotAllowedProblem" : "NotFoundProblem";
    if (method !== "HEAD") heldToSchema(`/components/schemas/${kind}`, JSON.parse(answer.body), fail);
    return;
  }
  const response = operation.responses[answer.status];
  if (!response) return fail(`${operation.operationId} has no such status`);
  heldHeaders(response, answer, fail);
  const [type = ""] = (answer.header("content-type") ?? "").split(";");
  if (!response.content) return answer.body === "" ? undefined : fail("it has no body");
  if (!response.content[type]) return fail(`it is not of the type ${type}`);
  if (!type.endsWith("json")) return;
  const place = ["", "paths", route.path, method.toLowerCase(), "responses", String(answer.status), "content", type];
  heldToSchema(`${place.map(pointed).join("/")}/schema`, JSON.parse(answer.body), fail);
}

/** What is wrong with a value that is told by a component's name; undefined where nothing is. */
export function faultOf(component: string, value: unknown): string | undefined {
  const validate = ajv.getSchema(`openapi#/components/schemas/${component}`);
  if (!validate) throw new Error(`There is no component ${component}.`);
  // As it is sent.
  return validate(JSON.parse(JSON.stringify(value))) ? undefined : ajv.errorsText(validate.errors);
}

function heldHeaders({ headers = {} }: Described, answer: AnswerSeen, fail: (why: string) => void): void {
  for (const name of HEADERS) {
    const value = answer.header(name);
    if (value === undefined && headers[name]?.required) fail(`it lacks ${name}`);
    if (value !== undefined && !headers[name]) fail(`it has ${name}`);
  }
}

function heldToSchema(pointer: string, value: unknown, fail: (why: string) => void): void {
  const validate = ajv.getSchema(`openapi#${encodeURI(pointer)}`);
  if (!validate) return fail(`there is no schema at ${pointer}`);
  if (!validate(value)) fail(ajv.errorsText(validate.errors));
}

/** RFC 6901. */
const pointed = (segment: string) => segment.replaceAll("~", "~0").replaceAll("/", "~1");
