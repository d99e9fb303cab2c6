import functions, { type InvocationContext } from "@azure/functions";
import type { DurableClient } from "durable-functions";
import { describe, expect, it } from "vitest";
import { type Asked, Refused } from "../../../src/http/door.ts";
import { receiveEvents } from "../../../src/functions/receiveEvents.http.ts";
import { parseJsonBody } from "../../../src/domain/jsonBody.ts";
import { Recipe } from "../../../src/domain/recipes/schema.ts";
import {
  cloudEvent,
  DEFINITION,
  gridEvent,
  TEMPLATE_GROUP,
  templateEvent,
  TOPIC,
  validationEvent,
} from "../../support/armEvents.ts";
import { scheduledRecipe } from "../../support/scheduledRecipe.ts";

const { schedule: _, ...plain } = scheduledRecipe("app", { cron: "0 2 * * *" });
const app = Recipe.parse({
  ...plain,
  source: { type: "SharedImageVersion", imageVersionId: `${DEFINITION}/versions/latest` },
  follow: true,
});
/** Another image that is written to the same definition. */
const other = Recipe.parse({ ...plain, name: "other" });

/** The door, with all that it starts, wakes and logs. @param waiting the instances that wait. @param running builds of images. */
function opened(waiting: string[] = [], running: { buildId: string; image: string }[] = []) {
  const client = {
    readEntityState: async () => ({ entityExists: true, entityState: { running, waiting: [] } }),
    getStatus: async (id: string) => ({ customStatus: { waitInstance: `${id}-wait-1` } }),
  } as unknown as DurableClient;
  const started: string[] = [];
  const woken: string[] = [];
  const logged: string[] = [];
  const { handle } = receiveEvents({
    catalogue: () =>
      Promise.resolve({
        recipes: new Map([app, other].map((one) => [one.name, one])),
        broken: new Map(),
        notes: new Map(),
      }),
    subscriptionId: TOPIC.slice("/subscriptions/".length),
    templateGroupId: TEMPLATE_GROUP,
    wake: async (_client, instanceId) => {
      if (!waiting.includes(instanceId)) return false;
      woken.push(instanceId);
      return true;
    },
    startFollowing: async (_client, { source, version }) => void started.push(`${source} ${version}`),
  });
  return {
    started,
    woken,
    logged,
    async post(body: unknown, contentType = "application/json") {
      const bytes = Buffer.from(typeof body === "string" ? body : JSON.stringify(body));
      const asked = {
        client,
        request: new functions.HttpRequest({ method: "POST", url: "https://x.example/api/events" }),
        context: { warn: (text: string) => void logged.push(text) } as unknown as InvocationContext,
        body: async (schema, limits) => {
          const parsed = parseJsonBody(schema, bytes, { contentType, contentEncoding: null }, limits);
          if (parsed.kind === "refused") throw new Refused(parsed.problem);
          return parsed.value;
        },
        ready: () => Promise.resolve(),
      } as Pick<Asked, "client" | "request" | "context" | "body" | "ready"> as Asked;
      try {
        const { status, body: text } = await handle(asked);
        return { status, ...(JSON.parse(text as string) as object) };
      } catch (error) {
        if (error instanceof Refused) return { ...error.problem };
        throw error;
      }
    },
  };
}

const VERSION = `${DEFINITION.toLowerCase()} 1.0.0`;

describe("the door for events", () => {
  it.each([
    ["a CloudEvent", cloudEvent(), "application/cloudevents+json; charset=utf-8"],
    ["a batch of CloudEvents", [cloudEvent()], "application/cloudevents-batch+json; charset=utf-8"],
    ["Event Grid's list", [gridEvent()], "application/json; charset=utf-8"],
  ])("takes %s", async (_name, body, contentType) => {
    const { post, started } = opened();
    expect(await post(body, contentType)).toEqual({ status: 200, taken: 1, ignored: 0, invalid: 0 });
    expect(started).toEqual([VERSION]);
  });

  it("begins with one version once, however often a request tells of it", async () => {
    const { post, started } = opened();
    expect(await post([gridEvent(), gridEvent({ id: "2" }), cloudEvent()])).toMatchObject({ taken: 3 });
    expect(started).toEqual([VERSION]);
  });

  it("takes the valid ones of a batch, and tells the log of the others", async () => {
    const { post, started, logged } = opened();
    const batch = [cloudEvent({ id: undefined }), cloudEvent(), cloudEvent({ subject: "hunter2" }), {}];
    expect(await post(batch)).toEqual({ status: 200, taken: 1, ignored: 0, invalid: 3 });
    expect(started).toEqual([VERSION]);
    expect(logged.join()).toMatch(/"message":"3 of 4 [^]*event 0: id[^]*event 2: subject[^]*event 3: specversion/);
    expect(logged.join()).not.toContain("hunter2");
  });

  it("leaves alone what nobody follows", async () => {
    const { post, started } = opened();
    const other = gridEvent({ subject: `${DEFINITION}-other/versions/1.0.0` });
    expect(await post([other])).toEqual({ status: 200, taken: 0, ignored: 1, invalid: 0 });
    expect(started).toEqual([]);
  });

  it("answers the validation of an expected topic with its code", async () => {
    const answer = await opened().post([validationEvent(TOPIC, { validationUrl: "https://169.254.169.254/x" })]);
    expect(answer).toEqual({ status: 200, validationResponse: "512d38b6-c7b8-40c8-89fe-f46f9e9622b6" });
  });

  it("takes a validation among events for none of them", async () => {
    expect(await opened().post([validationEvent(), gridEvent()])).toMatchObject({ taken: 1, ignored: 1 });
  });

  it("takes 1000 events, and a megabyte", async () => {
    const { post, started } = opened();
    const many = Array.from({ length: 1000 }, (__, at) => gridEvent({ subject: `${DEFINITION}/versions/1.0.${at}` }));
    expect(await post(many)).toMatchObject({ status: 200, taken: 1000 });
    expect(started).toHaveLength(1000);
    expect(await post([...many, gridEvent()])).toMatchObject({ status: 400 });
    const long = gridEvent({ data: { ...gridEvent().data, filler: "x".repeat(900_000) } });
    expect(await post([long])).toMatchObject({ status: 200, taken: 1 });
    expect(await post([long, long])).toMatchObject({ status: 413 });
  });

  it.each([
    ["nothing but events that are none", [cloudEvent({ specversion: "0.3" }), 1], 400, "body-invalid"],
    ["no event", [], 400, "body-invalid"],
    ["a text", '"x"', 400, "body-invalid"],
    ["an event without id", cloudEvent({ id: undefined }), 400, "body-invalid"],
    ["a name twice", '{"specversion":"1.0","specversion":"1.0"}', 400, "body-malformed"],
    ["JSON 10,000 deep", "[".repeat(10_000) + "]".repeat(10_000), 400, "body-malformed"],
    ["a validation of a foreign topic", [validationEvent("/subscriptions/none")], 400, "topic-unexpected"],
  ])("refuses %s, and starts nothing", async (_name, body, status, kind) => {
    const { post, started } = opened();
    expect(await post(body)).toMatchObject({ status, type: `urn:goldsmith:problem:${kind}` });
    expect(started).toEqual([]);
  });

  it("refuses what is not announced as JSON", async () => {
    expect(await opened().post([gridEvent()], "text/plain")).toMatchObject({ status: 415 });
  });

  it("lets each build look that may have written an image version, and no build of another definition", async () => {
    const builds = ["app", "other", "elsewhere"].map((image) => ({ image, buildId: `${image}-20270101-000000-k3fq` }));
    const waits = builds.map(({ buildId }) => `${buildId}-wait-1`);
    const { post, woken } = opened(waits, builds);
    const subject = `${TOPIC}/resourceGroups/g/providers/Microsoft.Compute/galleries/g/images/i/versions/1.0.0`;
    expect(await post(cloudEvent({ subject }))).toMatchObject({ status: 200, taken: 1 });
    expect(woken).toEqual(waits.slice(0, 2));
  });

  describe("told of an image template", () => {
    const id = "app-20270101-000000-k3fq";

    it.each([
      ["write", `${id}-template-1`],
      ["run/action", `${id}-wait-1`],
      ["delete", `${id}-remove-1-172800`],
      ["delete", `${id}-remove-1-3600`],
    ] as const)("%s lets %s look", async (act, waiting) => {
      const { post, woken, started } = opened([waiting]);
      expect(await post(templateEvent(`${id}-a1`, act))).toMatchObject({ status: 200, taken: 1, ignored: 0 });
      expect(woken).toEqual([waiting]);
      expect(started).toEqual([]);
    });

    it("wakes nobody twice for one request, however often it tells of it", async () => {
      const { post, woken } = opened([`${id}-wait-1`]);
      const told = templateEvent(`${id}-a1`, "run/action");
      expect(await post([told, told, told])).toMatchObject({ taken: 3 });
      expect(woken).toHaveLength(1);
    });

    it("lets who waits for the run look where the template is made already, so that it knows that events come", async () => {
      const { post, woken } = opened([`${id}-wait-1`]);
      await post(templateEvent(`${id}-a1`, "write"));
      expect(woken).toEqual([`${id}-wait-1`]);
    });

    it.each([
      ["of a build that nothing waits for", templateEvent("other-20270101-000000-k3fq-a1", "run/action")],
      ["that is no build's", templateEvent("golden", "run/action")],
      [
        "in another resource group",
        templateEvent(`${id}-a1`, "run/action", {
          subject: `${TOPIC}/resourceGroups/rg-other/providers/Microsoft.VirtualMachineImages/imageTemplates/${id}-a1`,
        }),
      ],
    ])("ignores one %s", async (_name, event) => {
      const { post, woken } = opened([`${id}-wait-1`]);
      expect(await post(event)).toMatchObject({ status: 200, taken: 0, ignored: 1 });
      expect(woken).toEqual([]);
    });
  });
});
