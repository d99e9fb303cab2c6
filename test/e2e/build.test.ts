import { createHash, randomUUID } from "node:crypto";
import { afterEach, describe, expect, it } from "vitest";
import { builderIdentity, landscape, landscapeSettings } from "../../local/landscape.ts";
import type { BuildEvents } from "../../src/domain/buildEvents.ts";
import type { BuildList } from "../../src/domain/buildList.ts";
import { NOTHING, TestStack } from "../support/stack.ts";

let stack: TestStack;
afterEach(() => stack.stop());

const subscription = `/subscriptions/${landscape.subscriptionId}`;
const virtualNetwork = `${subscription}/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/vnet-builds`;

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
    expect(await stack.traces()).toEqual({ ...NOTHING, versions: 1 });

    const log = await stack.archivedText(`builds/aks-jumpbox/${id}/customization.log`);
    expect(log).toContain("terraform version");
    const [file] = receipt.log.kind === "archived" ? receipt.log.files : [];
    expect(file?.sha256).toBe(createHash("sha256").update(log).digest("hex"));
    expect(JSON.parse(await stack.archivedText(`builds/aks-jumpbox/${id}/receipt.json`))).toEqual(receipt);

    expect(await (await stack.request(`/api/builds/${id}/log`)).text()).toBe(log);
    const part = await stack.request(`/api/builds/${id}/log`, { headers: { Range: "bytes=-100" } });
    expect([part.status, await part.text()]).toEqual([206, Buffer.from(log).subarray(-100).toString()]);
    const { events } = (await (await stack.request(`/api/builds/${id}/events`)).json()) as BuildEvents;
    expect(events.flatMap((event) => (event.kind === "log" ? event.text : [])).join("")).toBe(log);
    const { builds } = (await (await stack.request("/api/builds?state=built")).json()) as BuildList;
    expect(builds).toMatchObject([{ id, image: "aks-jumpbox", state: "built", endedAt: receipt.endedAt }]);
  });

  it("asks for exactly one run, and asks Azure at most 60 things in all", async () => {
    stack = await TestStack.start();
    await stack.control("POST", "faults", { scenario: "grant-propagates-in", seconds: 0 });
    await stack.receiptOf(await stack.startBuild());
    const requests = await stack.requests();
    expect(requests.filter(({ method, path }) => method === "POST" && /\/run(\?|$)/.test(path))).toHaveLength(1);
    expect(requests.filter(({ path }) => path.startsWith("/subscriptions/")).length).toBeLessThanOrEqual(60);
  });

  it("shows, while it runs, what it does and which grants are held", async () => {
    stack = await TestStack.start();
    const id = await stack.startBuild();
    const running = await stack.until(id, ({ phase }) => phase?.startsWith("running: ") ?? false);
    expect(running.grants?.map(({ role }) => role)).toEqual(["image creation", "network join"]);
    expect((await stack.traces()).grants).toBeGreaterThanOrEqual(2);
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
    expect(await stack.traces()).toEqual({ ...NOTHING, versions: 0 });
  });

  it("makes the template again, under another name, while the grants are not effective yet", async () => {
    stack = await TestStack.start();
    await stack.control("POST", "faults", { scenario: "grant-propagates-in", seconds: 300 });
    const receipt = await stack.receiptOf(await stack.startBuild());

    expect(receipt).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
    expect(receipt.timeline.map(({ event }) => event)).toContain("template refused");
    expect(await stack.traces()).toEqual({ ...NOTHING, versions: 1 });
  });

  it("gives up, cleanly, where the destination role never becomes effective", async () => {
    stack = await TestStack.start();
    const role = landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE;
    await stack.control("POST", "faults", { scenario: "grant-never-propagates", role });
    const receipt = await stack.receiptOf(await stack.startBuild());

    expect(receipt.outcome).toMatchObject({ kind: "failed", failure: { owner: "identity" } });
    expect(receipt.cleanUp).toEqual({ kind: "clean" });
    expect(receipt.timeline.filter(({ event }) => event === "template refused").length).toBeGreaterThan(1);
    expect(await stack.traces()).toEqual({ ...NOTHING, versions: 0 });
  });

  it("fails in distributing, and cleans up, where the builder can read the destination and never write it", async () => {
    const standing = `${subscription}/resourceGroups/rg-images/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
    const accepted = [{ id: standing, until: "2100-01-01T00:00:00Z" }];
    stack = await TestStack.start({ env: { GOLDSMITH_ACCEPTED_GRANTS: JSON.stringify(accepted) } });
    const role = landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE;
    await stack.control("POST", "faults", { scenario: "grant-never-propagates", role });
    const reader = `${subscription}/providers/Microsoft.Authorization/roleDefinitions/acdd72a7-3385-48ef-bd42-f606fba81ae7`;
    await stack.asOperator("PUT", `${standing}?api-version=2022-04-01`, {
      properties: {
        roleDefinitionId: reader,
        principalId: builderIdentity.principalId,
        principalType: "ServicePrincipal",
      },
    });
    const receipt = await stack.receiptOf(await stack.startBuild());

    expect(receipt.outcome).toMatchObject({
      kind: "failed",
      failure: { message: expect.stringContaining("Failed in distributing"), owner: "identity" },
    });
    expect(receipt.log.kind).toBe("archived");
    expect(receipt.cleanUp).toEqual({ kind: "clean" });
    expect(await stack.traces()).toEqual({ ...NOTHING, versions: 0 });
  });

  it("is refused, with nothing created and the mend, where the subnet does not do", async () => {
    stack = await TestStack.start();
    const subnet = `${virtualNetwork}/subnets/snet-builds?api-version=2025-05-01`;
    const present = (await stack.asOperator("GET", subnet)) as { properties: object };
    await stack.asOperator("PUT", subnet, {
      properties: { ...present.properties, privateLinkServiceNetworkPolicies: "Enabled" },
    });
    const before = (await stack.requests()).length;
    const receipt = await stack.receiptOf(await stack.startBuild());

    expect(receipt).toMatchObject({
      outcome: {
        kind: "refused",
        findings: expect.arrayContaining([
          expect.objectContaining({ code: "private-link-service-policies-enabled", severity: "blocks" }),
        ]),
      },
      cleanUp: { kind: "clean" },
      grants: [],
    });
    const since = (await stack.requests()).slice(before);
    expect(since.filter(({ method }) => method !== "GET")).toEqual([]);
  });
});
