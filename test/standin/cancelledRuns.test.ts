import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { finish, ids, rawTemplate, readyTemplate, TEMPLATE_GROUP, waitForRun } from "../support/cloudTemplates.ts";

describe("a run that is cancelled", () => {
  let cloud: TestCloud;
  beforeAll(async () => (cloud = await startCloud()));
  beforeEach(() => cloud.reset());
  afterAll(() => cloud.close());

  const cancel = () => cloud.send("POST", `${ids.template("t")}/cancel?api-version=2025-10-01`);
  const templates = () => cloud.service.imageBuilder.virtualMachineImageTemplates;

  it("answers 204 at once, is Canceling for a while, then Canceled", async () => {
    await readyTemplate(cloud, "t");
    const run = templates().run(TEMPLATE_GROUP, "t");
    await run.submitted();
    await cloud.pass(500);
    const answer = await cancel();
    expect(answer.status).toBe(204);
    expect(answer.headers.has("azure-asyncoperation") || answer.headers.has("location")).toBe(false);
    const canceling = (await rawTemplate(cloud, "t")).properties.lastRunStatus;
    expect(canceling).toMatchObject({
      runState: "Canceling",
      message: "Canceling image build",
      endTime: "0001-01-01T00:00:00Z",
    });
    expect(canceling).not.toHaveProperty("runSubState");
    expect(await cancel()).toMatchObject({ status: 409, body: { error: { code: "OperationNotAllowed" } } });
    await expect(templates().delete(TEMPLATE_GROUP, "t").submitted()).rejects.toMatchObject({
      code: "OperationNotAllowed",
    });
    expect(await waitForRun(cloud, "t")).toMatchObject({ runState: "Canceled" });
    await expect(finish(cloud, run)).rejects.toThrow("Operation was canceled");
    expect(cloud.state().resources.map(({ type }) => type)).not.toContain("Microsoft.Compute/virtualMachines");
  });

  it("has nothing to cancel where nothing runs", async () => {
    await readyTemplate(cloud, "t");
    expect(await cancel()).toMatchObject({ status: 409, body: { error: { code: "OperationNotAllowed" } } });
  });

  it("may stay Canceling for ever, where a scenario says so", async () => {
    cloud.addFault({ scenario: "cancel-hangs" });
    await readyTemplate(cloud, "t");
    await templates().run(TEMPLATE_GROUP, "t").submitted();
    await cancel();
    await cloud.pass(24 * 3600);
    expect((await rawTemplate(cloud, "t")).properties.lastRunStatus.runState).toBe("Canceling");
  });
});
