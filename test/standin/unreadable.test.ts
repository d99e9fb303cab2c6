import {
  createDefaultHttpClient,
  createEmptyPipeline,
  createHttpHeaders,
  type HttpClient,
  RestError,
} from "@azure/core-rest-pipeline";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { armReader } from "../../src/azure/armReader.ts";
import { StepDelayed } from "../../src/domain/failure.ts";
import type { WholePlan } from "../../src/domain/plan.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { ids, imageSource } from "../support/cloudTemplates.ts";
import { landscapePlan, predict } from "../support/preflightGround.ts";
import { sampleSource } from "../support/plan.ts";

const source = sampleSource();
const plan = { publisher: "seller", product: "product", name: "plan" };
const bought = landscapePlan({
  source: { ...source, planInfo: { planPublisher: "seller", planProduct: "product", planName: "plan" } },
});

type Answer = { status: number; body: string };
type Spoilt = Record<string, () => Answer>;
const BASE = `${ids.definition}-base`;
const ofGallery = landscapePlan({
  source: { type: "SharedImageVersion", imageVersionId: `${BASE}/versions/latest` },
});
let cloud: TestCloud;
/** How Azure answers every read of the preflight, by its path and query. */
const good = new Map<string, Answer>();
const keyOf = (url: string) => url.slice(new URL(url).origin.length);
const error = (code: string) => JSON.stringify({ error: { code, message: "No." } });
const denied = (): Answer => ({ status: 403, body: error("AuthorizationFailed") });

/** Answers as Azure does, but for what is spoilt. */
const spoiling = (spoilt: Spoilt): HttpClient => ({
  async sendRequest(request) {
    const key = keyOf(request.url);
    const answer = spoilt[key]?.() ?? good.get(key);
    if (!answer) throw new Error(`The preflight has not read ${key} before.`);
    return { request, status: answer.status, headers: createHttpHeaders(), bodyAsText: answer.body };
  },
});
const codesOf = (findings: Awaited<ReturnType<typeof predict>>) => findings.map(({ code }) => code).toSorted();
// As in production, nothing below the reader asks again.
const found = async (spoilt: Spoilt, build = bought) =>
  codesOf(await predict(cloud, build, armReader(cloud.url, createEmptyPipeline(), spoiling(spoilt))));

/** Asks the local Azure itself, and notes what it answers. */
async function record(spoilt: Spoilt, build = bought): Promise<string[]> {
  const asked: string[] = [];
  const sent = createDefaultHttpClient();
  const http: HttpClient = {
    async sendRequest(request) {
      const key = keyOf(request.url);
      asked.push(key);
      if (spoilt[key]) return spoiling(spoilt).sendRequest(request);
      const answer = await sent.sendRequest(request);
      good.set(key, { status: answer.status, body: answer.bodyAsText ?? "" });
      return answer;
    },
  };
  await predict(cloud, build, armReader(cloud.url, cloud.service.resources.pipeline, http));
  return asked;
}

/** Read once for many definitions; where it does not come, each is read by itself. */
const CUSTOM_ROLES = /roleDefinitions\?/;
/** Reads of a preflight, and the answers that lead to them. */
let grounds: { build: WholePlan; reads: string[]; spoilt: Spoilt; usual: string[] }[] = [];
beforeAll(async () => {
  cloud = await startCloud();
  const { publisher, offer, sku } = source;
  cloud.publishPlatformImage({ publisher, offer, sku, version: "24.04.202612010", plan });
  const reads = await record({});
  const custom = Object.fromEntries(reads.filter((key) => CUSTOM_ROLES.test(key)).map((key) => [key, denied]));
  const one = { build: bought, reads, spoilt: {}, usual: await found({}) };
  const others = (await record(custom)).filter((key) => !reads.includes(key));
  await makeBase();
  const more = (await record({}, ofGallery)).filter((key) => !reads.includes(key));
  grounds = [
    one,
    { build: bought, reads: others, spoilt: custom, usual: await found(custom) },
    { build: ofGallery, reads: more, spoilt: {}, usual: await found({}, ofGallery) },
  ];
});
afterAll(() => cloud.close());

/** A definition with a version, as the source of another image. */
async function makeBase(): Promise<void> {
  const { body } = await cloud.send("GET", `${ids.definition}?api-version=2024-03-03`);
  const identifier = { ...body.properties.identifier, sku: "base" };
  for (const [id, properties] of [
    [BASE, { ...body.properties, identifier }],
    [`${BASE}/versions/1.0.0`, imageSource],
  ]) {
    const sent = { body: { location: "westeurope", properties } };
    expect((await cloud.send("PUT", `${id}?api-version=2024-03-03`, sent)).status).toBe(201);
    await cloud.pass(600);
  }
}

/** Spoils each read in turn. */
async function eachRead(
  spoil: () => Answer,
  check: (key: string, codes: Promise<string[]>, usual: string[]) => Promise<void>,
): Promise<void> {
  for (const { build, reads, spoilt, usual } of grounds) {
    for (const key of reads) await check(key, found({ ...spoilt, [key]: spoil }, build), usual);
  }
}

const lost = (): never => {
  throw new RestError("socket hang up", { code: "ECONNRESET" });
};
const timedOut = (): never => {
  throw Object.assign(new Error("The operation was aborted."), { name: "AbortError" });
};
const BAD: [what: string, answer: () => Answer][] = [
  ["403", denied],
  ["400 without a body", () => ({ status: 400, body: "" })],
  ["403 with an error that is none of ARM's", () => ({ status: 403, body: '{"error":"denied"}' })],
  ["500", () => ({ status: 500, body: error("InternalServerError") })],
  ["502 of a gateway, in HTML", () => ({ status: 502, body: "<html><body>Bad Gateway</body></html>" })],
  ["a connection that is lost", lost],
  ["no answer in time", timedOut],
  ["200 in HTML", () => ({ status: 200, body: "<html></html>" })],
  ["200 without a body", () => ({ status: 200, body: "" })],
  ["half a body", () => ({ status: 200, body: '{"value":[{"id":"/subscri' })],
  ["null", () => ({ status: 200, body: "null" })],
  ["an object of another kind", () => ({ status: 200, body: '{"value":{"properties":7}}' })],
  ["a list of another kind", () => ({ status: 200, body: '{"value":[7]}' })],
  ["a list that goes on elsewhere", () => ({ status: 200, body: '{"value":[],"nextLink":"https://elsewhere.test/"}' })],
  ["a list that goes on nowhere", () => ({ status: 200, body: '{"value":[],"nextLink":"https://["}' })],
];

/** By the end of its path: what is told of a read that cannot be understood, and what where Azure says 404. */
const READS: [path: RegExp, unreadable: string, absent?: string][] = [
  [/virtualNetworks\/[^/]+$/, "virtual-network-unreadable", "subnet-not-found"],
  [/virtualNetworks\/[^/]+\/usages$/, "subnet-usages-unreadable"],
  [/networkSecurityGroups\/[^/]+$/, "security-group-unreadable", "security-group-missing"],
  [/userAssignedIdentities\/[^/]+$/, "builder-unreadable", "builder-not-found"],
  [/federatedIdentityCredentials$/, "federated-credentials-unreadable"],
  [/roleAssignments\?.*d4c6f5a7/, "builder-assignments-unreadable"],
  [/roleAssignments\?.*b2e4d3c5/, "service-assignments-unreadable"],
  [/roleDefinitions\/[^/]+$/, "role-unreadable", "role-not-found"],
  [/permissions$/, "service-permissions-unreadable"],
  [/\/skus\/[^/]+\/versions(\/[^/]+)?$/, "source-unreadable", "source-not-found"],
  [/agreements\/current$/, "terms-unreadable"],
  [/-base(\/versions)?$/, "source-unreadable", "source-not-found"],
  [/\/images\/[^/]+$/, "definition-unreadable", "definition-not-found"],
  [/\/images\/[^/]+\/versions$/, "versions-unreadable"],
  [/^\/subscriptions\/[^/]+\/providers$/, "providers-unreadable"],
  [/Microsoft.Compute\/locations\/[^/]+\/usages$/, "compute-usages-unreadable"],
  [/Microsoft.ContainerInstance\/locations\/[^/]+\/usages$/, "container-usages-unreadable"],
  [/policyAssignments$/, "policies-unreadable"],
];
const rowOf = (key: string) =>
  READS.find(([path]) => path.test(key.split("?")[0] ?? "") || path.test(decodeURIComponent(key)));

describe("a read of the preflight", () => {
  it("is each in the table, and the ground is good", () => {
    const reads = grounds.flatMap((ground) => ground.reads);
    expect(reads.filter((key) => !rowOf(key) && !CUSTOM_ROLES.test(key))).toEqual([]);
    expect(READS.filter((row) => !reads.some((key) => rowOf(key) === row)).map(([, code]) => code)).toEqual([]);
    expect(grounds.map(({ usual }) => usual)).toEqual([
      ["plan-terms-not-accepted"],
      ["custom-roles-unreadable", "plan-terms-not-accepted"],
      [],
    ]);
  });

  it.each(BAD)("that is answered with %s is a finding of its own, and the rest is checked", async (what, spoil) => {
    await eachRead(spoil, async (key, codes, usual) => {
      const [, code = ""] = rowOf(key) ?? [];
      const isList = /"value":\[|^\[/.test(good.get(key)?.body ?? "");
      // What is no list is not read as one.
      if (what.startsWith("a list") && !isList) return void (await codes);
      // Policies are read as far as they can be.
      if (what === "a list of another kind" && code === "policies-unreadable") return void (await codes);
      if (code === "providers-unreadable" && isPassing(spoil)) {
        // Anybody may read those: Azure is down.
        return expect(codes, key).rejects.toThrow(StepDelayed);
      }
      if (code) expect(await codes, key).toContain(code);
      expect(missing(usual, await codes, code), key).toEqual([]);
    });
  });

  it("that goes on for ever is a finding that says so, and nothing is concluded from its beginning", async () => {
    for (const { build, reads, spoilt } of grounds) {
      for (const key of reads.filter(isListed)) {
        const [, code = "custom-roles-unreadable"] = rowOf(key) ?? [];
        const { value } = JSON.parse(good.get(key)?.body ?? "{}") as { value: unknown };
        const nextLink = new URL(key, cloud.url).href;
        const endless = () => ({ status: 200, body: JSON.stringify({ value, nextLink }) });
        const pages = { [key]: endless, [keyOf(nextLink)]: endless };
        const reader = armReader(cloud.url, createEmptyPipeline(), spoiling({ ...spoilt, ...pages }));
        const told = (await predict(cloud, build, reader)).filter((finding) => finding.code === code);
        expect(told[0]?.seen, key).toContain("has more than 40 pages, and was not read to its end");
      }
    }
  });

  it("that is answered with 404 is a finding of its own, too", async () => {
    await eachRead(
      () => ({ status: 404, body: error("ResourceNotFound") }),
      async (key, codes, usual) => {
        const [, unreadable = "", absent] = rowOf(key) ?? [];
        if (unreadable) expect(await codes, key).toContain(absent ?? unreadable);
        expect(missing(usual, await codes, unreadable), key).toEqual([]);
      },
    );
  });

  it.each([401, 429])("that is answered with %i has the preflight wait", async (status) => {
    const spoil = () => ({ status, body: error("TooManyRequests") });
    await eachRead(spoil, (key, codes) => expect(codes, key).rejects.toThrow(StepDelayed));
  });
});

/** Lists of the marketplace are bare arrays, which have no pages. */
const isListed = (key: string) => good.get(key)?.body.startsWith('{"value":[') ?? false;

function isPassing(spoil: () => Answer): boolean {
  try {
    return spoil().status >= 500;
  } catch {
    return true;
  }
}

/** Of what is usually found, what is not; terms are not asked for of a source that is not seen. */
function missing(before: string[], now: string[], code: string): string[] {
  const follow = ["source-unreadable", "terms-unreadable"].includes(code) ? ["plan-terms-not-accepted"] : [];
  return before.filter((one) => !now.includes(one) && !follow.includes(one));
}
