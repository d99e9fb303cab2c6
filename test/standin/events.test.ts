import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { serviceIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { galleryTarget, grantBuilder, grants, ids, readyTemplate, runToEnd } from "../support/cloudTemplates.ts";

interface Delivery {
  method: string;
  url: string;
  headers: IncomingMessage["headers"];
  body: ReturnType<typeof JSON.parse>;
  at: number;
}

/** Which of the deliveries are events, by what they are about. */
const operations = (deliveries: Delivery[]) =>
  deliveries.filter(({ headers }) => headers["aeg-event-type"] === "Notification").map(({ body }) => [body].flat()[0]);

describe("events", () => {
  let cloud: TestCloud;
  const deliveries: Delivery[] = [];
  /** What the webhook answers next; 200 once there is none left. */
  const statuses: number[] = [];
  let shakesHands = true;
  const webhook = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      const text = Buffer.concat(chunks).toString();
      const body = text ? JSON.parse(text) : undefined;
      const { method = "", url = "", headers } = request;
      deliveries.push({ method, url, headers, body, at: cloud.clock.now() });
      const validationCode = body?.[0]?.data?.validationCode;
      const allowed = shakesHands ? { "webhook-allowed-origin": "eventgrid.azure.net" } : {};
      if (request.method === "OPTIONS") return response.writeHead(200, allowed).end();
      if (!validationCode) return response.writeHead(statuses.shift() ?? 200, { location: "/elsewhere" }).end();
      return response.end(JSON.stringify({ validationResponse: shakesHands ? validationCode : "no" }));
    });
  });
  let endpoint: string;

  beforeAll(async () => {
    cloud = await startCloud();
    await new Promise<void>((resolve) => webhook.listen(0, "127.0.0.1", resolve));
    endpoint = `http://127.0.0.1:${(webhook.address() as AddressInfo).port}/hook`;
  });
  beforeEach(() => {
    cloud.reset();
    deliveries.length = 0;
    statuses.length = 0;
    shakesHands = true;
  });
  afterAll(async () => {
    webhook.closeAllConnections();
    webhook.close();
    await cloud.close();
  });

  const subscribe = (options: object = {}) =>
    cloud.send("POST", "/_control/eventSubscriptions", { token: null, body: { endpoint, ...options } });

  it("come in Event Grid's schema after its handshake, with who did what to which resource", async () => {
    expect(await subscribe()).toMatchObject({ status: 201, body: { endpoint, schema: "EventGridSchema" } });
    expect(deliveries).toMatchObject([
      {
        method: "POST",
        headers: { "aeg-event-type": "SubscriptionValidation" },
        body: [
          {
            eventType: "Microsoft.EventGrid.SubscriptionValidationEvent",
            data: { validationCode: expect.any(String) },
          },
        ],
      },
    ]);
    await grantBuilder(cloud, "imageCreation");
    await cloud.pass(5);
    expect(deliveries[1]?.headers["content-type"]).toContain("application/json");
    expect(operations(deliveries)).toEqual([
      {
        id: expect.any(String),
        topic: ids.subscription,
        subject: ids.assignment(ids.imageGroup, grants.imageCreation),
        eventType: "Microsoft.Resources.ResourceWriteSuccess",
        eventTime: expect.stringMatching(/Z$/),
        dataVersion: "2",
        metadataVersion: "1",
        data: expect.objectContaining({
          authorization: expect.objectContaining({ action: "Microsoft.Authorization/roleAssignments/write" }),
          claims: expect.objectContaining({ appid: serviceIdentity.clientId }),
          correlationId: expect.any(String),
          httpRequest: expect.objectContaining({ method: "PUT" }),
          resourceProvider: "Microsoft.Authorization",
          resourceUri: ids.assignment(ids.imageGroup, grants.imageCreation),
          operationName: "Microsoft.Authorization/roleAssignments/write",
          status: "Succeeded",
          subscriptionId: ids.subscription.split("/").at(-1),
          tenantId: expect.any(String),
        }),
      },
    ]);
  });

  it("come as CloudEvents after their handshake", async () => {
    expect((await subscribe({ schema: "CloudEventSchemaV1_0" })).status).toBe(201);
    expect(deliveries).toMatchObject([
      { method: "OPTIONS", headers: { "webhook-request-origin": "eventgrid.azure.net" } },
    ]);
    await grantBuilder(cloud, "imageCreation");
    await cloud.service.authorization.roleAssignments.delete(ids.imageGroup, grants.imageCreation);
    await cloud.pass(5);
    expect(deliveries[1]?.headers["content-type"]).toContain("application/cloudevents+json");
    expect(operations(deliveries)).toMatchObject([
      { specversion: "1.0", source: ids.subscription, type: "Microsoft.Resources.ResourceWriteSuccess" },
      { specversion: "1.0", type: "Microsoft.Resources.ResourceDeleteSuccess", time: expect.any(String) },
    ]);
  });

  it("tell of a long operation when it ends, also where nobody asks, and of the version that image builder wrote", async () => {
    await subscribe();
    await readyTemplate(cloud, "t", { distribute: [galleryTarget({ versioning: { scheme: "Latest" } })] });
    const before = cloud.clock.now();
    await cloud.service.imageBuilder.virtualMachineImageTemplates.run("rg-goldsmith-templates", "t").submitted();
    await cloud.pass(3600);
    const seen = operations(deliveries).map(
      ({ data, eventType }) => `${eventType.split(".").at(-1)} ${data.operationName}`,
    );
    expect(seen.slice(-2)).toEqual([
      "ResourceWriteSuccess Microsoft.Compute/galleries/images/versions/write",
      "ResourceActionSuccess Microsoft.VirtualMachineImages/imageTemplates/run/action",
    ]);
    expect(seen).toContain("ResourceWriteSuccess Microsoft.VirtualMachineImages/imageTemplates/write");
    expect(operations(deliveries).at(-2).subject).toBe(`${ids.definition}/versions/0.0.1`);
    expect((deliveries.at(-1)?.at ?? 0) - before).toBeGreaterThan(15 * 60_000);
    expect((deliveries.at(-1)?.at ?? 0) - before).toBeLessThan(30 * 60_000);
  });

  it("tell of a managed image that image builder wrote", async () => {
    const imageId = `${ids.imageGroup}/providers/Microsoft.Compute/images/golden`;
    const image = { type: "ManagedImage", runOutputName: "image", imageId, location: "westeurope" };
    await readyTemplate(cloud, "t", { distribute: [image] });
    await subscribe();
    await runToEnd(cloud, "t");
    await cloud.pass(1);
    expect(operations(deliveries).map(({ subject, data }) => [subject, data.operationName, data.status])).toEqual([
      [imageId, "Microsoft.Compute/images/write", "Succeeded"],
    ]);
  });

  it("tell of what failed", async () => {
    await subscribe();
    await cloud.send("PUT", `${ids.template("t")}?api-version=2025-10-01`, { body: {} });
    cloud.addFault({ scenario: "customizer-fails" });
    await readyTemplate(cloud, "u");
    await runToEnd(cloud, "u");
    await cloud.pass(120);
    const types = operations(deliveries).map(({ eventType }) => eventType);
    expect(types[0]).toBe("Microsoft.Resources.ResourceWriteFailure");
    expect(types.at(-1)).toBe("Microsoft.Resources.ResourceActionFailure");
  });

  it("come again where the webhook fails, later each time, but not where it calls them bad", async () => {
    await subscribe();
    statuses.push(500, 503);
    const before = cloud.clock.now();
    await grantBuilder(cloud, "imageCreation");
    await cloud.pass(120);
    const [first, second, third] = deliveries.slice(1);
    expect(deliveries).toHaveLength(4);
    expect([first, second, third].map((one) => one?.headers["aeg-delivery-count"])).toEqual(["0", "1", "2"]);
    expect(new Set(operations(deliveries).map(({ id }) => id)).size).toBe(1);
    expect((third?.at ?? 0) - before).toBeGreaterThanOrEqual(40_000);
    statuses.push(400);
    await grantBuilder(cloud, "networkJoin");
    await cloud.pass(3600);
    expect(deliveries).toHaveLength(5);
  });

  it("do not go where the webhook sends them on to, which may be another machine", async () => {
    await subscribe();
    statuses.push(307, 302);
    await grantBuilder(cloud, "imageCreation");
    await cloud.pass(60);
    expect(operations(deliveries)).toHaveLength(3);
    expect(new Set(deliveries.map(({ url }) => url))).toEqual(new Set(["/hook"]));
  });

  it("come twice and in disorder where that is asked", async () => {
    await subscribe({ duplicates: 1, disorder: 300 });
    // So many that they hardly ever come in order by chance.
    const names = "abcdefgh".split("");
    for (const name of names) {
      const path = `${ids.subscription}/resourceGroups/rg-${name}?api-version=2021-04-01`;
      await cloud.send("PUT", path, { body: { location: "westeurope" } });
    }
    await cloud.pass(300);
    const subjects = operations(deliveries).map(({ subject }) => String(subject).slice(-1));
    const inOrder = [...subjects].sort((one, other) => one.localeCompare(other));
    expect(inOrder).toEqual(names.flatMap((name) => [name, name]));
    expect(subjects).not.toEqual(inOrder);
  });

  it("get lost where that is asked", async () => {
    await subscribe({ lost: 1 });
    await grantBuilder(cloud, "imageCreation");
    await cloud.pass(3600);
    expect(operations(deliveries)).toEqual([]);
  });

  it.each([
    ["of another machine", { endpoint: "https://example.com/hook" }],
    ["of no schema", { schema: "InputSchema" }],
    ["where nobody answers", { endpoint: "http://127.0.0.1:1/hook" }],
  ])("are not sent to an endpoint %s", async (_, options) => {
    expect(await subscribe(options)).toMatchObject({ status: 400, body: { error: expect.any(String) } });
    expect((await cloud.send("GET", "/_control/eventSubscriptions", { token: null })).body).toEqual([]);
  });

  it.each(["EventGridSchema", "CloudEventSchemaV1_0"])(
    "are not sent to who does not shake hands: %s",
    async (schema) => {
      shakesHands = false;
      expect((await subscribe({ schema })).status).toBe(400);
      await grantBuilder(cloud, "imageCreation");
      await cloud.pass(60);
      expect(operations(deliveries)).toEqual([]);
    },
  );
});
