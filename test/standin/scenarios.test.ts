import { readFileSync } from "node:fs";
import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { pathPattern } from "../../local/azure/control/pathPattern.ts";
import type { Effect } from "../../local/azure/scenarios/scenario.ts";
import { scenarioList, scenarios } from "../../local/azure/scenarios/scenarios.ts";
import { operatorIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { logText, logUrl } from "../support/cloudLog.ts";
import {
  createTemplate,
  finish,
  galleryTarget,
  ids,
  rawTemplate,
  readyTemplate,
  runToEnd,
  TEMPLATE_GROUP,
} from "../support/cloudTemplates.ts";

/** Each scenario with an effect of that kind, and the effect. */
function having<On extends Effect["on"]>(on: On): [string, Extract<Effect, { on: On }>][] {
  return Object.entries(scenarios).flatMap(([name, { effects }]) =>
    effects
      .filter((effect) => effect.on === on)
      .map((effect) => [name, effect as Extract<Effect, { on: On }>] as const),
  ) as [string, Extract<Effect, { on: On }>][];
}

const managedImage = {
  type: "ManagedImage" as const,
  runOutputName: "image",
  imageId: `${ids.imageGroup}/providers/Microsoft.Compute/images/golden`,
  location: "westeurope",
};

/** The parts of a text that are the same for every template. */
const constantParts = (text: string) => text.split(/\{[\w-]+\}/).filter((part) => part.length > 3);

describe("scenarios", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud({ tokenSeconds: 90 * 24 * 3600 })));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const templates = () => cloud.service.imageBuilder.virtualMachineImageTemplates;
  const versions = () => cloud.state().resources.filter(({ type }) => String(type).endsWith("/images/versions"));

  it("are listed by the control endpoint, and each stands in the docs", async () => {
    const { body } = await cloud.send("GET", "/_control/scenarios", { token: null });
    expect(body).toEqual(scenarioList);
    const rows = readFileSync("docs/local-azure.md", "utf8")
      .split("\n")
      .filter((line) => line.startsWith("| `"))
      .map((line) => line.split(" | ").map((cell) => cell.replace(/^\| | \|$/g, "").trim()));
    for (const { scenario, does, source } of scenarioList) {
      expect(rows.find(([name]) => name === `\`${scenario}\``)?.slice(1)).toEqual([does, source]);
    }
  });

  it("cover every text of Azure's that is known but one, which is in each log anyway", () => {
    const known = scenarioList.flatMap(({ source }) =>
      [...source.matchAll(/#(\d+)/g)].map(([, number]) => Number(number)),
    );
    const missing = Array.from({ length: 44 }, (_, at) => at + 1).filter((number) => !known.includes(number));
    expect(missing).toEqual([44]);
  });

  it("are refused where there is none of the name, with those that there are, or where they do not take something", () => {
    expect(() => cloud.addFault({ scenario: "earthquake" })).toThrow(
      /no scenario 'earthquake'.*missing-destination-role/,
    );
    expect(() => cloud.addFault({ scenario: "toString" })).toThrow("no scenario 'toString'");
    expect(() => cloud.addFault({ scenario: "cancel-hangs", bytes: 3 })).toThrow("does not take 'bytes'");
  });

  it("happen to the template that they name only, and so often as is asked", async () => {
    cloud.addFault({ scenario: "script-unavailable", template: "t", count: 1 });
    await readyTemplate(cloud, "u");
    await expect(createTemplate(cloud, "t")).rejects.toThrow();
    await finish(cloud, templates().delete(TEMPLATE_GROUP, "t"));
    await createTemplate(cloud, "t");
  });

  it.each(having("creation"))("fails a template's creation: %s", async (scenario, { code, message }) => {
    cloud.addFault({ scenario });
    await expect(readyTemplate(cloud, "t")).rejects.toThrow("InternalOperationError");
    const { provisioningState, provisioningError } = (await rawTemplate(cloud, "t")).properties;
    expect({ provisioningState, code: provisioningError.provisioningErrorCode }).toEqual({
      provisioningState: "Failed",
      code,
    });
    for (const part of constantParts(message)) expect(provisioningError.message).toContain(part);
    expect(provisioningError.message).not.toMatch(/\{[\w-]+\}/);
  });

  it.each(having("deletion"))("fails a template's deletion: %s", async (scenario, { code }) => {
    await readyTemplate(cloud, "t");
    cloud.addFault({ scenario, count: 1 });
    await expect(finish(cloud, templates().delete(TEMPLATE_GROUP, "t"))).rejects.toThrow(code);
    expect((await rawTemplate(cloud, "t")).properties.provisioningState).toBe("Failed");
    await finish(cloud, templates().delete(TEMPLATE_GROUP, "t"));
  });

  it.each(having("run"))("fails a run: %s", async (scenario, { message, phase, target }) => {
    cloud.addFault({ scenario });
    await readyTemplate(cloud, "t", { distribute: [target === "ManagedImage" ? managedImage : galleryTarget()] });
    const status = await runToEnd(cloud, "t");
    expect(status?.runState).toBe("Failed");
    for (const part of constantParts(message)) expect(status?.message).toContain(part);
    expect(status?.message).not.toMatch(/\{[\w-]+\}/);
    if (phase === "Distributing") expect(status?.message).toMatch(/^Failed in distributing 1 images out of total 1/);
    expect(versions()).toEqual([]);
  });

  it.each([
    ["trusted-launch-managed-image", 1],
    ["hyper-v-generation-mismatch", 0],
  ])("fails those targets only that it can concern: %s", async (scenario, struck) => {
    cloud.addFault({ scenario });
    await readyTemplate(cloud, "t", { distribute: [galleryTarget(), managedImage] });
    expect(await runToEnd(cloud, "t")).toMatchObject({
      runState: "PartiallySucceeded",
      message: expect.stringContaining(`out of total 2: {[Error 0] [Distribute ${struck}]`),
    });
    expect(versions()).toHaveLength(struck);
  });

  it.each(having("packer"))("fails packer: %s", async (scenario, { problem, log = [] }) => {
    cloud.addFault({ scenario });
    await readyTemplate(cloud, "t");
    const status = await runToEnd(cloud, "t");
    expect(status).toMatchObject({ runState: "Failed", message: expect.stringContaining(problem ?? "deadline") });
    const text = await logText(cloud);
    for (const line of log) for (const part of constantParts(line)) expect(text).toContain(part);
    expect(text).toContain(`Build 'azure-arm' errored: ${problem ?? "Build was cancelled."}`);
  });

  it.each(having("log"))("goes into the log, and nothing comes of it: %s", async (scenario, { lines }) => {
    cloud.addFault({ scenario });
    await readyTemplate(cloud, "t");
    expect((await runToEnd(cloud, "t"))?.runState).toBe("Succeeded");
    const text = await logText(cloud);
    for (const line of lines) expect(text).toContain(line);
  });

  it("answers a request so often as is asked, too", async () => {
    await readyTemplate(cloud, "t");
    cloud.addFault({ scenario: "delete-refused", count: 1 });
    const remove = () => cloud.send("DELETE", `${ids.template("t")}?api-version=2025-10-01`);
    expect([(await remove()).status, (await remove()).status]).toEqual([409, 202]);
  });

  const samples = [
    ids.template("t"),
    `${ids.template("t")}/run`,
    `${ids.template("t")}/cancel`,
    `${ids.subscription}/providers/Microsoft.VirtualMachineImages/locations/westeurope/operations/x`,
    "/account/packerlogs/x",
  ];
  describe("of requests", () => {
    let restore: () => void;
    beforeAll(async () => {
      cloud.reset();
      await readyTemplate(cloud, "t");
      restore = cloud.snapshot();
    });

    it.each(having("request").filter(([, { fault }]) => fault.status && fault.path !== "^/msi/token$"))(
      "answers a request: %s",
      async (scenario, { fault }) => {
        restore();
        cloud.addFault({ scenario });
        const path = samples.find((sample) => pathPattern(fault.path ?? "").test(sample)) ?? "";
        const headers = path.includes("/packerlogs/") ? { "x-ms-version": "2025-11-05" } : {};
        const send = () => cloud.send(fault.method ?? "GET", `${path}?api-version=2025-10-01`, { headers });
        const answers: Awaited<ReturnType<typeof send>>[] = [];
        while (answers.length < 150 && answers.at(-1)?.status !== fault.status) answers.push(await send());
        expect(answers.at(-1)?.status).toBe(fault.status);
        if (fault.html) expect(answers.at(-1)?.text).toBe(fault.html);
        else if (path.includes("/packerlogs/")) {
          expect(answers.at(-1)?.headers.get("x-ms-error-code")).toBe(fault.code);
          expect(answers.at(-1)?.text).toContain(`<Error><Code>${fault.code}</Code><Message>${fault.message}`);
        } else expect(answers.at(-1)?.body.error).toMatchObject({ code: fault.code, message: fault.message });
      },
    );
  });

  it("can let the identity endpoint fail", async () => {
    cloud.addFault({ scenario: "tokens-unavailable" });
    expect(await cloud.tokenOf(operatorIdentity)).toBeUndefined();
  });

  it("can start a run and say that it took too long, or nothing", async () => {
    await readyTemplate(cloud, "t");
    for (const scenario of ["run-gateway-timeout", "run-reply-lost"]) {
      cloud.addFault({ scenario });
      const run = cloud.send("POST", `${ids.template("t")}/run?api-version=2025-10-01`);
      if (scenario === "run-gateway-timeout") expect((await run).status).toBe(504);
      else await expect(run).rejects.toThrow();
      expect(cloud.state().runningBuilds).toHaveLength(1);
      await cloud.pass(3600);
    }
  });

  it("can let a request hang until its client gives up", async () => {
    cloud.addFault({ scenario: "request-hangs" });
    const token = await cloud.tokenOf(operatorIdentity);
    const hanging = fetch(`${cloud.url}${ids.imageGroup}?api-version=2021-04-01`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(300),
    });
    await expect(hanging).rejects.toThrow();
    expect((await cloud.send("GET", `${ids.imageGroup}?api-version=2021-04-01`)).status).toBe(200);
    expect(cloud.requests().requests).toContainEqual(expect.objectContaining({ fault: "hang", status: 0 }));
  });

  it("count each for itself, where two could happen", async () => {
    const customize = ["one", "two"].map((name) => ({ type: "Shell", name, inline: ["true"] }));
    for (const customizer of ["one", "two"])
      cloud.addFault({ scenario: "customizer-fails", customizer, line: customizer, count: 1 });
    await readyTemplate(cloud, "t", { customize });
    const outcomes = [await runToEnd(cloud, "t"), await runToEnd(cloud, "t"), await runToEnd(cloud, "t")];
    expect(outcomes.map((status) => status?.runState)).toEqual(["Failed", "Failed", "Succeeded"]);
  });

  it("fails the last customizer where none is named", async () => {
    cloud.addFault({ scenario: "customizer-fails" });
    await readyTemplate(cloud, "t");
    expect((await runToEnd(cloud, "t"))?.message).toContain("Packer build command has failed: exit status 1");
  });

  it("hides what was made a moment ago", async () => {
    cloud.addFault({ scenario: "not-readable-yet" });
    const path = `${ids.subscription}/resourceGroups/rg-new?api-version=2021-04-01`;
    expect((await cloud.send("PUT", path, { body: { location: "westeurope" } })).status).toBe(201);
    const id = `${ids.imageGroup}/providers/Microsoft.Compute/galleries/fresh`;
    const gallery = { location: "westeurope", properties: {} };
    expect((await cloud.send("PUT", `${id}?api-version=2024-03-03`, { body: gallery })).status).toBe(201);
    const names = async (list: string) => {
      const { body } = await cloud.send("GET", list);
      return (body as { value: { name: string }[] }).value.map(({ name }) => name);
    };
    const seen = async () => ({
      status: (await cloud.send("GET", path)).status,
      groups: (await names(`${ids.subscription}/resourcegroups?api-version=2021-04-01`)).includes("rg-new"),
      all: (await names(`${ids.imageGroup}/resources?api-version=2021-04-01`)).includes("fresh"),
      galleries: (
        await names(`${ids.imageGroup}/providers/Microsoft.Compute/galleries?api-version=2024-03-03`)
      ).includes("fresh"),
    });
    expect(await seen()).toEqual({ status: 404, groups: false, all: false, galleries: false });
    await cloud.pass(15);
    expect(await seen()).toEqual({ status: 200, groups: true, all: true, galleries: true });
  });

  it("shows the status of the run before, for a while", async () => {
    await readyTemplate(cloud, "t");
    await runToEnd(cloud, "t");
    cloud.addFault({ scenario: "slow-template-status" });
    await templates().run(TEMPLATE_GROUP, "t").submitted();
    expect((await rawTemplate(cloud, "t")).properties.lastRunStatus.runState).toBe("Succeeded");
    await cloud.pass(30);
    expect((await rawTemplate(cloud, "t")).properties.lastRunStatus.runState).toBe("Running");
  });

  it("replicates for longer than the build may take, region by region", async () => {
    cloud.addFault({ scenario: "replication-outlives-timeout" });
    const targetRegions = ["westeurope", "northeurope"].map((name) => ({ name, replicaCount: 1 }));
    await readyTemplate(cloud, "t", { distribute: [galleryTarget({ targetRegions })] });
    expect((await runToEnd(cloud, "t"))?.message).toContain(
      "Error publishing MDI to Azure Compute Gallery: context deadline",
    );
    const status = async () => {
      const path = `${String(versions()[0]?.id)}?api-version=2024-03-03&$expand=ReplicationStatus`;
      return (await cloud.send("GET", path)).body.properties;
    };
    const states = async () =>
      (await status()).replicationStatus.summary.map(({ region, state }: Record<string, string>) => [region, state]);
    expect(await states()).toEqual([
      ["West Europe", "Replicating"],
      ["North Europe", "Replicating"],
    ]);
    await cloud.pass(15 * 3600);
    expect(await states()).toEqual([
      ["West Europe", "Completed"],
      ["North Europe", "Replicating"],
    ]);
    expect(await status()).toMatchObject({
      provisioningState: "Creating",
      replicationStatus: { aggregatedState: "InProgress" },
    });
    await cloud.pass(3 * 3600);
    expect(await status()).toMatchObject({
      provisioningState: "Succeeded",
      replicationStatus: { aggregatedState: "Completed" },
    });
  });

  it("makes a log so long as is asked, without keeping it", async () => {
    const bytes = 50_000_000;
    cloud.addFault({ scenario: "huge-log", bytes });
    await readyTemplate(cloud, "t");
    await runToEnd(cloud, "t");
    const { url, token } = await logUrl(cloud);
    const memory = process.memoryUsage().rss;
    const answer = await fetch(cloud.url + url, {
      headers: { authorization: `Bearer ${token}`, "x-ms-version": "2025-11-05" },
    });
    let length = 0;
    let end = "";
    for await (const chunk of answer.body ?? []) {
      length += chunk.length;
      end = Buffer.from(chunk).toString().slice(-200);
    }
    expect(length).toBe(Number(answer.headers.get("content-length")));
    expect(length).toBeGreaterThan(bytes);
    expect(end).toContain("Builds finished");
    expect(process.memoryUsage().rss - memory).toBeLessThan(bytes * 4);
    const range = { "x-ms-range": `bytes=${bytes - 300}-${bytes - 1}`, "x-ms-version": "2025-11-05" };
    const part = await cloud.send("GET", url, { token, headers: range });
    expect(part).toMatchObject({ status: 206, text: expect.stringMatching(/package-\d+ *\nPACKER OUT/) });
    expect(part.text).toHaveLength(300);
  });
});
