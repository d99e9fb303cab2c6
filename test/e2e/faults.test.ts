import { afterEach, describe, expect, it } from "vitest";
import { NOTHING, TestStack } from "../support/stack.ts";

let stack: TestStack;
afterEach(() => stack.stop());

const template = "/imageTemplates/[^/]+$";
const notFound = {
  method: "GET",
  kind: "respond",
  status: 404,
  code: "ResourceNotFound",
  message: "The Resource was not found.",
};

// Over real sockets what is most different there; every fault at every moment is in test/faults.
describe("a build in which Azure once", () => {
  it.each<[string, object]>([
    ["loses its answer to the template", { method: "PUT", path: template, kind: "loseReply", count: 1 }],
    [
      "says 503 to the run, which it has taken",
      { method: "POST", path: "/run$", kind: "loseReply", count: 1, status: 503 },
    ],
    ["says that a template is not there while its run goes on", { ...notFound, path: template, after: 5, count: 2 }],
    ["refuses the log", { method: "GET", path: "customization.log", kind: "respond", status: 403, count: 2 }],
    [
      "throttles",
      { method: "GET", kind: "respond", status: 429, headers: { "Retry-After": "30" }, after: 3, count: 4 },
    ],
  ])("%s: it is built, once, and nothing is left behind", async (_, fault) => {
    stack = await TestStack.start();
    await stack.control("POST", "faults", fault);
    const receipt = await stack.receiptOf(await stack.startBuild());

    expect(receipt.outcome).toMatchObject({
      kind: "built",
      imageVersions: [expect.stringContaining("/versions/1.0.0")],
    });
    expect(receipt.cleanUp).toEqual({ kind: "clean" });
    expect(receipt.log.kind).toBe("archived");
    expect(await stack.traces()).toEqual({ ...NOTHING, versions: 1 });
    const runs = (await stack.requests()).filter(({ method, path }) => method === "POST" && /\/run(\?|$)/.test(path));
    expect(runs).toHaveLength(1);
  });

  it("refuses the run for good: no log is missed, and nothing is left behind", async () => {
    stack = await TestStack.start();
    const fault = {
      method: "POST",
      path: "/run$",
      kind: "respond",
      status: 400,
      code: "ValidationFailed",
      message: "No.",
    };
    await stack.control("POST", "faults", fault);
    const receipt = await stack.receiptOf(await stack.startBuild());

    expect(receipt).toMatchObject({ outcome: { kind: "failed" }, log: { kind: "none" }, cleanUp: { kind: "clean" } });
    expect(await stack.traces()).toEqual({ ...NOTHING, versions: 0 });
  });

  it("refuses to delete a role assignment again and again: the receipt lists it, and an alarm is raised", async () => {
    stack = await TestStack.start();
    const fault = {
      method: "DELETE",
      path: "rg-images.*roleAssignments",
      kind: "respond",
      status: 403,
      code: "AuthorizationFailed",
    };
    await stack.control("POST", "faults", fault);
    const id = await stack.startBuild();
    const receipt = await stack.receiptOf(id);

    expect(receipt.outcome.kind).toBe("built");
    const alarm = JSON.parse(await stack.archivedText(`alarms/${id}.json`)) as unknown;
    expect(alarm).toMatchObject({ buildId: id, ...receipt.cleanUp });
    expect(stack.log.join("\n")).toContain(`GOLDSMITH ALARM leftovers: ${id}`);
    expect(receipt.cleanUp).toMatchObject({
      leftovers: [{ command: expect.stringMatching(/^az role assignment delete --ids .*rg-images/) }],
    });
    expect(await stack.traces()).toEqual({ ...NOTHING, grants: 1, versions: 1 });
  });
});
