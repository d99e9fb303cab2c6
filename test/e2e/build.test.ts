import { createHash } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { builderIdentity, landscape } from "../../local/landscape.ts";
import { TestStack } from "../support/stack.ts";

let stack: TestStack;
afterEach(() => stack.stop());

/** What of a build of ours is in the local Azure. */
async function traces() {
  const { resources, roleAssignments, resourceGroups, runningBuilds } = await stack.cloudState();
  const ids = (type: string) => resources.filter((resource) => resource.type === type).map(({ id }) => id);
  const known = landscape.resourceGroups.map(({ name }) => name);
  return {
    grants: roleAssignments.filter(({ properties }) => properties.principalId === builderIdentity.principalId).length,
    templates: ids("Microsoft.VirtualMachineImages/imageTemplates").length,
    otherGroups: resourceGroups.map(({ name }) => name).filter((name) => !known.includes(name)),
    runningBuilds: runningBuilds.length,
    versions: ids("Microsoft.Compute/galleries/images/versions").length,
  };
}

const NOTHING = { grants: 0, templates: 0, otherGroups: [], runningBuilds: 0 };

describe("a build", () => {
  it("makes one image version, keeps its log, and leaves nothing behind", async () => {
    stack = await TestStack.start();
    const id = await stack.startBuild({ reason: "first try" });
    const receipt = await stack.receiptOf(id);

    expect(receipt).toMatchObject({
      requested: { door: "http", reason: "first try" },
      outcome: { kind: "built", imageVersions: [expect.stringMatching(/\/images\/aks-jumpbox\/versions\/1\.0\.0$/)] },
      cleanUp: { kind: "clean" },
    });
    expect(await traces()).toEqual({ ...NOTHING, versions: 1 });

    const log = await stack.archivedText(`builds/aks-jumpbox/${id}/customization.log`);
    expect(log).toContain("terraform version");
    const [file] = receipt.log.kind === "archived" ? receipt.log.files : [];
    expect(file?.sha256).toBe(createHash("sha256").update(log).digest("hex"));
    expect(JSON.parse(await stack.archivedText(`builds/aks-jumpbox/${id}/receipt.json`))).toEqual(receipt);
  });

  it("asks for exactly one run, and for few things in all", async () => {
    stack = await TestStack.start();
    await stack.receiptOf(await stack.startBuild());
    const requests = await stack.requests();
    expect(requests.filter(({ method, path }) => method === "POST" && /\/run(\?|$)/.test(path))).toHaveLength(1);
    const arm = requests.filter(({ path }) => path.startsWith("/subscriptions/") && !path.includes("/blob/"));
    expect(arm.length).toBeLessThanOrEqual(60);
  });

  it("shows, while it runs, what it does and which grants are held", async () => {
    stack = await TestStack.start();
    const id = await stack.startBuild();
    const running = await stack.until(id, ({ phase }) => phase?.startsWith("running: ") ?? false);
    expect(running.grants?.map(({ role }) => role)).toEqual(["image creation", "network join"]);
    expect((await traces()).grants).toBeGreaterThanOrEqual(2);
    await stack.receiptOf(id);
  });

  it("fails with the failing step in its archived log, and leaves nothing behind", async () => {
    stack = await TestStack.start();
    await stack.control("POST", "faults", { scenario: "customizer-fails", customizer: "helm" });
    const id = await stack.startBuild();
    const receipt = await stack.receiptOf(id);

    expect(receipt.outcome).toMatchObject({ kind: "failed", failure: { owner: "requester" } });
    expect(receipt.cleanUp).toEqual({ kind: "clean" });
    expect(await stack.archivedText(`builds/aks-jumpbox/${id}/customization.log`)).toContain("helm");
    expect(await traces()).toEqual({ ...NOTHING, versions: 0 });
  });

  it("gives up, cleanly, where the destination role never becomes effective", async () => {
    stack = await TestStack.start();
    const { imageCreation } = { imageCreation: "0d6d1d3f-5b5e-5a52-9d0c-8f3a5b1e7c01" };
    await stack.control("POST", "faults", { scenario: "grant-never-propagates", role: imageCreation });
    const receipt = await stack.receiptOf(await stack.startBuild());

    expect(receipt.outcome).toMatchObject({ kind: "failed", failure: { owner: "identity" } });
    expect(receipt.cleanUp).toEqual({ kind: "clean" });
    expect(receipt.timeline.filter(({ event }) => event === "template refused").length).toBeGreaterThan(1);
    expect(await traces()).toEqual({ ...NOTHING, versions: 0 });
  });

  it("is refused, with nothing created, where the subnet does not do", async () => {
    stack = await TestStack.start({
      env: { GOLDSMITH_TEMPLATE_RESOURCE_GROUP: "rg-goldsmith-templates" },
    });
    await stack.control("POST", "faults", {
      method: "GET",
      path: ".*/virtualNetworks/vnet-builds\\?.*",
      kind: "respond",
      status: 404,
      code: "ResourceNotFound",
      message: "The Resource was not found.",
    });
    const receipt = await stack.receiptOf(await stack.startBuild());
    expect(receipt).toMatchObject({
      outcome: { kind: "refused", findings: [{ code: "subnet-not-found" }] },
      cleanUp: { kind: "clean" },
      grants: [],
    });
    const writes = (await stack.requests()).filter(
      ({ method, path }) => method !== "GET" && /subscriptions/.test(path),
    );
    expect(writes).toEqual([]);
  });
});

describe("a crash of the host", () => {
  it.each([
    ["while it grants", "granting"],
    ["while the template is made", "creating the template"],
    ["while the run goes on", "running"],
    ["while it cleans up", "cleaning up"],
  ])("%s does not keep the build from its clean end", async (_, phase) => {
    stack = await TestStack.start();
    const id = await stack.startBuild();
    await stack.until(id, (build) => build.phase?.startsWith(phase) ?? build.state !== "running");
    await stack.crashAndRestart();
    const receipt = await stack.receiptOf(id);

    expect(receipt.outcome.kind).toBe("built");
    expect(receipt.cleanUp).toEqual({ kind: "clean" });
    expect(await traces()).toEqual({ ...NOTHING, versions: 1 });
    const runs = (await stack.requests()).filter(({ method, path }) => method === "POST" && /\/run(\?|$)/.test(path));
    expect(runs).toHaveLength(1);
  });
});

describe("the nightly schedule", () => {
  it("starts the recipe that is due, once", async () => {
    // The sample is due at 02:00 in Berlin, which is 01:00 UTC in winter.
    stack = await TestStack.start({ at: "2027-01-15T00:58:00Z" });
    const id = "aks-jumpbox-20270115-010000-aaaa";
    for (;;) {
      const answer = await stack.request(`/api/builds/${id}`);
      if (answer.status === 200) break;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
    const receipt = await stack.receiptOf(id);
    expect(receipt).toMatchObject({ requested: { door: "schedule" }, outcome: { kind: "built" } });
    // Two more ticks of the timer.
    await new Promise((resolve) => setTimeout(resolve, 3000));
    expect((await traces()).versions).toBe(1);
  });
});
