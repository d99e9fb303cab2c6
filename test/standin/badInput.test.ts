import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { operatorIdentity, serviceIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { noise } from "../support/cloudNoise.ts";
import { grants, ids, imageSource, readyTemplate, runToEnd, templateBody } from "../support/cloudTemplates.ts";
import { plainClient } from "../support/plainClient.ts";

describe("bad input", () => {
  let cloud: TestCloud;
  let client: ReturnType<typeof plainClient>;
  beforeAll(async () => {
    cloud = await startCloud({ throttling: false });
    client = plainClient(cloud);
  });
  afterAll(async () => {
    client.close();
    await cloud.close();
  });

  const path = `${ids.template("t")}?api-version=2025-10-01`;
  const json = { "content-type": "application/json" };
  const put = (body: string, headers: Record<string, string> = json) => cloud.send("PUT", path, { body, headers });

  it.each([
    ["half an object", '{"location":'],
    ["an array", "[1]"],
    ["a word", "null"],
    ["nothing", " "],
    ["no JSON", "location=westeurope"],
    ["a thousand levels", '{"a":'.repeat(1000) + "1" + "}".repeat(1000)],
    ["ten thousand brackets", "[".repeat(10_000) + "]".repeat(10_000)],
  ])("is refused: %s", async (_, body) => {
    expect(await put(body)).toMatchObject({ status: 400, body: { error: { code: "InvalidRequestContent" } } });
  });

  it("of another type of content is refused", async () => {
    expect(await put("<a/>", { "content-type": "text/xml" })).toMatchObject({ status: 415 });
  });

  it("over 4 MB is refused, and the connection goes on", async () => {
    expect(await put(JSON.stringify({ padding: "x".repeat(4 * 1024 * 1024) }))).toMatchObject({
      status: 413,
      body: { error: { code: "RequestContentTooLarge" } },
    });
  });

  it("cannot reach into objects by their prototypes", async () => {
    const hostile = JSON.stringify(templateBody()).replace("{", '{"__proto__":{"polluted":true},"constructor":{},');
    expect((await put(hostile)).status).toBe(400);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  const { subscription } = ids;
  describe.each(["__proto__", "constructor"])("finds nothing by the name of %s", (name) => {
    it.each([
      ["resources", `${ids.imageGroup}/providers/Microsoft.Compute/images/${name}`, "2024-07-01"],
      ["roles", `${subscription}/providers/Microsoft.Authorization/roleDefinitions/${name}`, "2022-04-01"],
      ["operations of groups", `${subscription}/operationresults/${name}`, "2021-04-01"],
      ...["VirtualMachineImages", "Compute", "Network"].map((namespace) => [
        `operations of ${namespace}`,
        `${subscription}/providers/Microsoft.${namespace}/locations/westeurope/operations/${name}`,
        namespace === "Network" ? "2025-05-01" : namespace === "Compute" ? "2024-07-01" : "2025-10-01",
      ]),
    ])("among %s", async (_, path, version) => {
      expect((await cloud.send("GET", `${path}?api-version=${version}`)).status).toBe(404);
    });

    it("among blobs", async () => {
      await readyTemplate(cloud, "t");
      await runToEnd(cloud, "t");
      const account = cloud
        .state()
        .resources.find(({ type, id }) => type === "Microsoft.Storage/storageAccounts" && /\/IT_/i.test(String(id)));
      const token = await cloud.tokenOf(serviceIdentity, "https://storage.azure.com");
      const answer = await cloud.send("GET", `/${String(account?.name)}/packerlogs/${name}`, { token });
      expect(answer.headers.get("x-ms-error-code")).toBe("BlobNotFound");
      cloud.reset();
    });

    it("among the roles that can be assigned", async () => {
      const properties = { roleDefinitionId: ids.role(name), principalId: serviceIdentity.principalId };
      const path = `${ids.assignment(ids.imageGroup, grants.imageCreation)}?api-version=2022-04-01`;
      const answer = await cloud.send("PUT", path, { body: { properties } });
      expect(answer).toMatchObject({ status: 400, body: { error: { code: "RoleDefinitionDoesNotExist" } } });
    });

    it("among regions", async () => {
      const publishingProfile = { targetRegions: [{ name }] };
      const answer = await cloud.send("PUT", `${ids.definition}/versions/1.0.0?api-version=2024-03-03`, {
        body: { location: "westeurope", properties: { ...imageSource, publishingProfile } },
      });
      expect(answer).toMatchObject({ status: 400, body: { error: { code: "InvalidParameter" } } });
    });
  });

  it("does not take the process down when a client hangs up in the middle of a body", async () => {
    await new Promise<void>((resolve) => {
      const socket = connect(Number(new URL(cloud.identityUrl).port), "127.0.0.1", () => {
        socket.write("POST /msi/token HTTP/1.1\r\nHost: x\r\nContent-Length: 100\r\n\r\nhalf", () => socket.destroy());
      });
      socket.on("close", () => resolve());
    });
    expect((await cloud.send("GET", `${ids.imageGroup}?api-version=2021-04-01`)).status).toBe(200);
  });

  const groups = `${ids.subscription}/resourceGroups`;
  it.each([
    ["climbs", `${groups}/../..`, 400, "InvalidResourceType"],
    ["climbs in disguise", `${groups}/%2e%2e/rg-images`, 400, "InvalidResourceType"],
    ["hides a slash", `${groups}/rg-images%2f..`, 400, "InvalidRequestUri"],
    ["has a NUL", `${groups}/rg%00`, 404, "ResourceGroupNotFound"],
    ["is not UTF-8", `${groups}/%ff`, 400, "InvalidRequestUri"],
    ["has half an escape", `${groups}/%4`, 400, "InvalidRequestUri"],
    ["has a backslash", `${groups}\\rg-images`, 400, "InvalidResourceType"],
    ["is of 100,000 characters", `${groups}/${"x".repeat(100_000)}`, 404, "ResourceGroupNotFound"],
  ])("in a path that %s is refused", async (_, hostile, status, code) => {
    const token = await cloud.tokenOf(operatorIdentity);
    const answer = await client.send({ method: "GET", path: `${hostile}?api-version=2021-04-01`, token });
    expect({ status: answer.status, code: JSON.parse(answer.text).error.code }).toEqual({ status, code });
  });

  const spaces = "+".repeat(60_000);
  it.each([
    ["a filter of resources", `${subscription}/resources?api-version=2021-04-01&$filter=a${spaces}x`, 400],
    [
      "a filter of role assignments",
      `${subscription}/providers/Microsoft.Authorization/roleAssignments?api-version=2022-04-01&$filter=a${spaces}x`,
      400,
    ],
    ["a path", `${"/providers/a".repeat(9000)}?api-version=2021-04-01`, 404],
  ])("that is as long as can be does not keep the process busy: %s", async (_, path, status) => {
    const token = await cloud.tokenOf(operatorIdentity);
    const before = performance.now();
    expect((await client.send({ method: "GET", path, token })).status).toBe(status);
    expect(performance.now() - before).toBeLessThan(1500);
  });

  it("in a path with the whole URL of another host, or with slashes too many, is no bad input", async () => {
    const token = await cloud.tokenOf(operatorIdentity);
    for (const before of ["https://azure.example", "///"]) {
      const path = `${before}${ids.imageGroup}?api-version=2021-04-01`;
      expect((await client.send({ method: "GET", path, token })).status).toBe(200);
    }
  });

  it("of 10,000 random requests never gets a 5xx", async () => {
    const tokens = [await cloud.tokenOf(operatorIdentity), "x.y.z", null];
    const statuses = new Map<number, number>();
    const send = async (at: number) => {
      const { method, path, body } = noise(at);
      const token = tokens[at % 10 < 8 ? 0 : (at % 10) - 7] ?? null;
      const { status } = await client.send({ method, path, token, body });
      statuses.set(status, (statuses.get(status) ?? 0) + 1);
    };
    for (let at = 0; at < 10_000; at += 50) {
      // Some of them delete what others would have found.
      if (at % 500 === 0) cloud.reset();
      await Promise.all(Array.from({ length: 50 }, (_, index) => send(at + index)));
    }
    expect([...statuses.keys()].filter((status) => status >= 500)).toEqual([]);
    for (const status of [200, 204, 400, 401, 404, 405]) expect(statuses.get(status)).toBeGreaterThan(10);
    expect((await cloud.send("GET", "/_control/state")).status).toBe(200);
  }, 60_000);
});
