import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { landscapeSettings, serviceIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { grantBuilder, grants, ids, readyTemplate, TEMPLATE_GROUP } from "../support/cloudTemplates.ts";

describe("the control endpoint", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const control = (method: string, path: string, body?: unknown) =>
    cloud.send(method, `/_control/${path}`, { token: null, body });
  const read = () => cloud.send("GET", `${ids.imageGroup}?api-version=2021-04-01`);

  const strikes = async () => {
    cloud.reset();
    cloud.addFault({ path: "rg-images$", probability: 0.5, status: 500 });
    const statuses: number[] = [];
    for (let at = 0; at < 20; at++) statuses.push((await read()).status);
    return statuses;
  };

  describe("state", () => {
    it("holds what there is, and since when each role assignment is effective", async () => {
      await readyTemplate(cloud, "t");
      await cloud.service.imageBuilder.virtualMachineImageTemplates.run(TEMPLATE_GROUP, "t").submitted();
      const { status, body } = await control("GET", "state");
      expect(status).toBe(200);
      expect(body.now).toBe(new Date(cloud.clock.now()).toISOString());
      expect(body.resourceGroups.map(({ name }: { name: string }) => name)).toContain("rg-images");
      expect(body.resources.find(({ name }: { name: string }) => name === "t")).toMatchObject({
        properties: { provisioningState: "Succeeded" },
      });
      const granted = body.roleAssignments.find(({ name }: { name: string }) => name === grants.imageCreation);
      expect(granted).toMatchObject({
        standing: false,
        effective: expect.stringMatching(/Z$/),
        properties: { scope: ids.imageGroup },
      });
      expect(body.roleAssignments.filter(({ standing }: { standing: boolean }) => standing)).not.toHaveLength(0);
      expect(body.runningBuilds).toMatchObject([
        { template: expect.stringMatching(/\/t$/), runState: "Running", runSubState: "Queued" },
      ]);
    });
  });

  describe("requests", () => {
    it("are listed with who asked what when, and counted; its own are not", async () => {
      await control("GET", "state");
      await cloud.send("GET", `${ids.network}?api-version=2025-05-01`, { as: serviceIdentity });
      const { requests, counts } = (await control("GET", "requests")).body;
      expect(requests).toMatchObject([
        { kind: "identity", method: "GET", status: 200, principal: serviceIdentity.clientId },
        {
          kind: "arm",
          method: "GET",
          status: 200,
          principal: serviceIdentity.principalId,
          path: `${ids.network}?api-version=2025-05-01`,
          time: expect.any(String),
        },
      ]);
      expect(counts).toEqual({
        total: 2,
        byMethod: { GET: 2 },
        byStatus: { "200": 2 },
        byKind: { identity: 1, arm: 1 },
      });
    });

    it("show of an operation's URL only what tells something", async () => {
      await readyTemplate(cloud, "t");
      const [operation] = cloud.requests().requests.filter(({ path }) => path.includes("/operations/"));
      expect(operation?.path.length).toBeLessThan(250);
    });
  });

  it("reset goes back to the landscape, without requests and faults", async () => {
    await grantBuilder(cloud);
    cloud.addFault({ status: 500 });
    expect((await control("POST", "reset")).status).toBe(200);
    expect(cloud.state().roleAssignments.every(({ standing }) => standing)).toBe(true);
    expect(cloud.requests().counts.total).toBe(0);
    expect((await read()).status).toBe(200);
  });

  it("a snapshot is gone back to as often as is asked, whatever happened since", async () => {
    await grantBuilder(cloud, "imageCreation");
    const restore = cloud.snapshot();
    const before = cloud.state().roleAssignments;
    for (const change of ["remove", "add"]) {
      if (change === "add") await grantBuilder(cloud, "networkJoin");
      else await cloud.service.authorization.roleAssignments.delete(ids.imageGroup, grants.imageCreation);
      cloud.addFault({ status: 500 });
      restore();
      expect(cloud.state().roleAssignments).toEqual(before);
      expect(cloud.faults()).toEqual([]);
    }
  });

  describe("faults", () => {
    it("answer instead of Azure, so often as is asked", async () => {
      const fault = {
        path: "rg-images$",
        method: "get",
        count: 2,
        status: 503,
        code: "ServerTimeout",
        message: "late",
        headers: { "Retry-After": "7" },
      };
      expect(await control("POST", "faults", fault)).toMatchObject({
        status: 201,
        body: [{ kind: "respond", status: 503 }],
      });
      const answer = await read();
      expect(answer).toMatchObject({ status: 503, body: { error: { code: "ServerTimeout", message: "late" } } });
      expect(answer.headers.get("retry-after")).toBe("7");
      expect(answer.headers.has("x-ms-request-id")).toBe(true);
      expect([(await read()).status, (await read()).status]).toEqual([503, 200]);
      expect(cloud.requests().requests.filter(({ fault }) => fault === "respond")).toHaveLength(2);
    });

    it("begin after so many requests", async () => {
      cloud.addFault({ path: "*/rg-images", after: 1, count: 1, status: 500 });
      expect([(await read()).status, (await read()).status, (await read()).status]).toEqual([200, 500, 200]);
    });

    it("strike by chance, the same each time", async () => {
      const first = await strikes();
      expect(new Set(first)).toEqual(new Set([200, 500]));
      expect(await strikes()).toEqual(first);
    });

    it("cut the connection, before or after the request is served", async () => {
      const put = (name: string) =>
        cloud.send("PUT", `${ids.assignment(ids.imageGroup, name)}?api-version=2022-04-01`, {
          body: {
            properties: {
              roleDefinitionId: ids.role(landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE),
              principalId: serviceIdentity.principalId,
            },
          },
        });
      const made = () => cloud.state().roleAssignments.filter(({ standing }) => !standing).length;
      cloud.addFault({ kind: "reset", method: "PUT", count: 1 });
      await expect(put(grants.imageCreation)).rejects.toThrow();
      expect(made()).toBe(0);
      cloud.addFault({ kind: "loseReply", method: "PUT", count: 1 });
      await expect(put(grants.imageCreation)).rejects.toThrow();
      expect(made()).toBe(1);
      expect((await put(grants.imageCreation)).status).toBe(200);
      const told = cloud.requests().requests.filter(({ method }) => method === "PUT");
      expect(told.map(({ fault, notExecuted }) => [fault, notExecuted])).toEqual([
        ["reset", true],
        ["loseReply", undefined],
        [undefined, undefined],
      ]);
    });

    it("delay, in the cloud's time", async () => {
      cloud.addFault({ kind: "delay", path: "rg-images$", delaySeconds: 30 });
      const before = cloud.clock.now();
      expect((await read()).status).toBe(200);
      expect(cloud.clock.now() - before).toBe(30_000);
    });

    it("strike the identity endpoint too", async () => {
      cloud.addFault({ path: "/msi/token", status: 500, count: 1 });
      const answer = await fetch(cloud.identityUrl);
      expect({ status: answer.status, body: await answer.json() }).toEqual({
        status: 500,
        body: { statusCode: 500, message: expect.any(String) },
      });
      expect(await cloud.tokenOf(serviceIdentity)).toEqual(expect.any(String));
    });

    it("are listed and cleared", async () => {
      await control("POST", "faults", [{ status: 500, path: "x" }, { scenario: "cancel-hangs" }]);
      expect((await control("GET", "faults")).body).toEqual([
        { kind: "respond", status: 500, path: "x" },
        { scenario: "cancel-hangs" },
      ]);
      await control("DELETE", "faults");
      expect((await control("GET", "faults")).body).toEqual([]);
    });

    it.each([
      ["no JSON", "{"],
      ["an unknown field", { status: 500, colour: "red" }],
      ["no status", { path: "x" }],
      ["a delay without a time", { kind: "delay" }],
      ["an unknown kind", { kind: "explode" }],
      ["an unknown scenario", { scenario: "earthquake" }],
      ["half a regular expression", { status: 500, path: "(" }],
      ["a header of two lines", { status: 500, headers: { a: "b\r\nc: d" } }],
      ["a word", '"x"'],
    ])("are refused, with the reason: %s", async (_, fault) => {
      const answer = await control("POST", "faults", fault);
      expect(answer).toMatchObject({ status: 400, body: { error: expect.any(String) } });
      expect(cloud.faults()).toEqual([]);
    });
  });

  it("says what it has where it is asked for something else", async () => {
    expect(await control("GET", "nothing")).toMatchObject({
      status: 404,
      body: { error: expect.stringContaining("GET state") },
    });
  });
});
