import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { serviceIdentity } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { logText } from "../support/cloudLog.ts";
import { createTemplate, ids, readyTemplate, runToEnd, TEMPLATE_GROUP, waitForRun } from "../support/cloudTemplates.ts";

const CANCELLING = "Cancelling builder after context cancellation";
const ERRORED = "Build 'azure-arm' errored: ";

const minutesOf = (status: { startTime?: Date; endTime?: Date } | undefined) =>
  (Number(status?.endTime) - Number(status?.startTime)) / 60_000;
const last = (text: string) => text.trimEnd().split("\n").at(-1);

describe("packer, when it ends before its time", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  it.each([1, 3, 5, 6, 7])(
    "has a log where the message of the run says, with a timeout of %i minutes",
    async (minutes) => {
      await readyTemplate(cloud, "t", { buildTimeoutInMinutes: minutes });
      const { message = "" } = (await runToEnd(cloud, "t")) ?? {};
      const problem = minutes < 6 ? "client_jwt will expire within 5 minutes" : "'context deadline exceeded'";
      expect(message).toContain(problem);
      const [, path] = /Image Build log location: https:\/\/[^/]+(\S+)\. /.exec(message) ?? [];
      const text = await logText(cloud);
      expect(text).toContain(ERRORED);
      const token = await cloud.tokenOf(serviceIdentity, "https://storage.azure.com");
      const answer = await cloud.send("GET", path ?? "", { token, headers: { "x-ms-version": "2025-11-05" } });
      expect(answer).toMatchObject({ status: 200, text });
    },
  );

  it("is stopped at the timeout, in the middle of a step", async () => {
    const inline = Array.from({ length: 40 }, (_, at) => `echo ${at}`);
    await readyTemplate(cloud, "t", { buildTimeoutInMinutes: 8, customize: [{ type: "Shell", name: "many", inline }] });
    const status = await runToEnd(cloud, "t");
    const text = await logText(cloud);
    expect(minutesOf(status)).toBe(8);
    expect(text).toContain("+ echo 0");
    expect(text).not.toContain("+ echo 39");
    expect(text).toContain(`${CANCELLING} context deadline exceeded`);
    expect(last(text)).toContain(ERRORED);
  });

  it("is stopped where it is cancelled while the machine is being made", async () => {
    await readyTemplate(cloud, "t");
    await cloud.service.imageBuilder.virtualMachineImageTemplates.run(TEMPLATE_GROUP, "t").submitted();
    await cloud.pass(200);
    await cloud.send("POST", `${ids.template("t")}/cancel?api-version=2025-10-01`);
    await waitForRun(cloud, "t");
    expect(await logText(cloud)).toContain(`${CANCELLING} context canceled`);
  });

  it("waits for an answer until the timeout, whatever that is, once", async () => {
    cloud.addFault({ scenario: "build-times-out", count: 1 });
    await readyTemplate(cloud, "t", { buildTimeoutInMinutes: 120 });
    const status = await runToEnd(cloud, "t");
    expect(minutesOf(status)).toBe(120);
    expect(status?.message).toContain("Timeout waiting for microservice to complete: 'context deadline exceeded'");
    const said = (await logText(cloud)).split("\n").filter((line) => line.includes("PACKER OUT"));
    expect(said.slice(-4).map((line) => line.replace(/.*azure-arm: /, ""))).toEqual([
      "two",
      "Do you want to continue? [Y/n]",
      `${CANCELLING} context deadline exceeded`,
      expect.stringContaining(ERRORED),
    ]);
    expect(await runToEnd(cloud, "t")).toMatchObject({ runState: "Succeeded" });
  });

  it("does not get in where inbound traffic is blocked", async () => {
    cloud.addFault({ scenario: "inbound-blocked" });
    await readyTemplate(cloud, "t");
    expect(await runToEnd(cloud, "t")).toMatchObject({ runState: "Failed" });
    const text = await logText(cloud);
    expect(text).toMatch(/Waiting for SSH to become available[^]*Timeout waiting for SSH\.[^]*errored/);
    expect(text).not.toContain("Connected to SSH");
    expect(text).not.toContain("StepProvision");
  });

  it("does not begin where its token is too short", async () => {
    cloud.addFault({ scenario: "token-too-short", template: "t" });
    await readyTemplate(cloud, "t");
    await createTemplate(cloud, "u");
    expect(await runToEnd(cloud, "t")).toMatchObject({ runState: "Failed" });
    expect(await logText(cloud)).not.toMatch(/Waiting for|Connected to|Step "/);
    expect(await runToEnd(cloud, "u")).toMatchObject({ runState: "Succeeded" });
  });
});
