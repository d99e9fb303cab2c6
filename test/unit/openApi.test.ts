import { Validator } from "@seriousme/openapi-schema-validator";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { format } from "prettier";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { buildView } from "../../src/domain/buildView.ts";
import { type DoorParts, doorsOf } from "../../src/doors.ts";
import { door } from "../../src/http/door.ts";
import { openApi } from "../../src/http/openApi.ts";
import { description, DOCUMENT, faultOf, heldToOpenApi } from "../support/openApi.ts";

const doors = doorsOf({} as DoorParts);

const answer = (status: number, body: unknown, headers: Record<string, string> = {}) => ({
  status,
  header: (name: string) => ({ "content-type": "application/json", ...headers })[name],
  body: JSON.stringify(body),
});
const self = "https://goldsmith.test/api/builds/x";
const accepted = { id: "x", image: "y", state: "accepted", links: { self } };

describe("docs/openapi.json", () => {
  it("is what the doors tell: `npm run docs` writes it anew", async () => {
    expect(readFileSync(DOCUMENT, "utf8")).toBe(
      await format(JSON.stringify(openApi(doors)), { parser: "json", printWidth: 120 }),
    );
  });

  it("is valid OpenAPI 3.1, and every reference in it leads somewhere", async () => {
    const validator = new Validator();
    expect(await validator.validate(structuredClone(description))).toEqual({ valid: true });
    expect(validator.version).toBe("3.1");
    const references = [...JSON.stringify(description).matchAll(/"\$ref":"([^"]+)"/g)].map(([, to = ""]) => to);
    const named = Object.keys(description.components.schemas).map((name) => `#/components/schemas/${name}`);
    expect(references.filter((to) => !named.includes(to))).toEqual([]);
  });

  it("would not be valid with an answer that lacks its description", async () => {
    const spoilt = structuredClone(description);
    Object.assign(spoilt.paths["/api/images"]?.["get"]?.responses ?? {}, { 200: {} });
    expect(await new Validator().validate(spoilt)).toMatchObject({ valid: false });
  });

  it("tells the form of every answer that grants something", () => {
    const answers = doors.flatMap(({ name, answers }) =>
      Object.entries(answers).map(([status, told]) => ({ name, status, ...told })),
    );
    expect(answers.filter(({ status, body, text }) => status !== "304" && !body && !text)).toEqual([]);
  });

  it("has no refusal that docs/api.md does not explain", () => {
    const explained = readFileSync(join(DOCUMENT, "..", "api.md"), "utf8");
    const kinds = [...JSON.stringify(description).matchAll(/urn:goldsmith:problem:([a-z-]+)/g)].map(([, kind]) => kind);
    expect(kinds.length).toBeGreaterThan(20);
    expect([...new Set(kinds)].filter((kind) => !explained.includes(`\`${kind}\``))).toEqual([]);
  });

  it("has an operation for every door, with all parameters of its route and query", () => {
    for (const { name, method, route, query, headers = [] } of doors) {
      const operation = description.paths[`/api/${route}`]?.[method.toLowerCase()];
      const names = [
        ...[...route.matchAll(/\{(.*?)\}/g)].map(([, one]) => one),
        ...Object.keys(query?.shape ?? {}),
        ...headers,
      ];
      expect(operation).toMatchObject({ operationId: name });
      expect(operation?.parameters.map((parameter) => parameter.name)).toEqual(names);
    }
  });
});

describe("an answer", () => {
  const held = (...seen: Parameters<typeof answer>) => heldToOpenApi("POST", "/api/images/y/builds", answer(...seen));
  const headers = { Location: self, "Retry-After": "10" };

  it("is held to what is told of it", () => {
    expect(() => held(202, accepted, headers)).not.toThrow();
  });

  it.each<[string, Parameters<typeof answer>]>([
    ["has a field too many", [202, { ...accepted, more: 1 }, headers]],
    ["lacks a field", [202, { ...accepted, links: {} }, headers]],
    ["lacks a header", [202, accepted, { Location: self }]],
    ["has a header that is not told", [202, accepted, { ...headers, ETag: '"x"' }]],
    ["is of another type", [202, accepted, { ...headers, "content-type": "text/html" }]],
    ["has a status that is not told", [201, accepted, headers]],
    [
      "is a problem of a kind that the door does not have",
      [
        404,
        { type: "urn:goldsmith:problem:sweep-unknown", title: "Not found", status: 404, detail: "d" },
        { "content-type": "application/problem+json" },
      ],
    ],
  ])("is found out where it %s", (_, seen) => {
    expect(() => held(...seen)).toThrow(/is not as described/);
  });

  it("of a build that has not begun its first step is as told", () => {
    const view = buildView("x", "y", undefined, {}, new Date());
    expect(view).toMatchObject({ state: "accepted", phase: "accepted" });
    expect(faultOf("Build", { ...view, links: { self, events: `${self}/events` } })).toBeUndefined();
  });

  it("has no body where a door tells of none", () => {
    const silent = door({
      name: "silent",
      method: "GET",
      route: "silent",
      summary: "s",
      role: "Reader",
      answers: { 200: { description: "d" } },
      query: z.strictObject({ wait: z.string().optional() }),
      handle: () => Promise.resolve({}),
    });
    const operation = openApi([silent]).paths["/api/silent"]?.["get"];
    expect(operation?.responses["200"]).toEqual({ description: "d" });
    expect(operation?.parameters).toMatchObject([{ name: "wait", in: "query", required: false }]);
  });
});
