import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Door } from "../../src/http/door.ts";
import { serviceDoors } from "../support/doors.ts";
import { NOTHING, TestStack } from "../support/stack.ts";

const OTHER = "0b9f5a4e-6f0b-4d5f-9d3c-5a1f0c7e9b42";
const SECRET = "hunter2";

let stack: TestStack;
let doors: readonly Door[];
beforeAll(async () => {
  [stack, doors] = [await TestStack.start(), await serviceDoors()];
});
afterAll(() => stack.stop());

interface Told {
  type: string;
  settings?: { setting: string; state: string; mend: string }[];
  checks?: { name: string; state: string; seen?: string }[];
}

const ID = "aks-jumpbox-20260115-020304-a7a7";
const pathOf = ({ route }: Door) =>
  `/api/${route.replace("{image}", "aks-jumpbox").replace("{id}", ID).replace("{name}", "forms")}`;

async function ask(path: string, method = "GET", body?: object) {
  const json = { headers: { "Content-Type": "application/json" }, body: JSON.stringify(body) };
  const answer = await stack.request(path, { method, ...(body && json) });
  return { status: answer.status, again: answer.headers.get("retry-after"), told: (await answer.json()) as Told };
}

const requestsOfAzure = async () => (await stack.requests()).filter(({ path }) => !path.includes("_control")).length;

describe("the service with settings that cannot be used", () => {
  it("starts, says which and how to mend them, does no work, and goes on with its builds once they are mended", async () => {
    const id = await stack.startBuild();
    await stack.until(id, ({ phase }) => phase?.startsWith("running") ?? false);
    const before = stack.log.length;
    await stack.crashAndRestart(undefined, { AZURE_SUBSCRIPTION_ID: SECRET, GOLDSMITH_TRUST_ZONES: `{"${SECRET}"` });
    const asked = await requestsOfAzure();

    const expected = ["AZURE_SUBSCRIPTION_ID", "GOLDSMITH_TRUST_ZONES"];
    for (const door of doors.filter(({ isHealth }) => !isHealth)) {
      const { status, again, told } = await ask(pathOf(door), door.method);
      expect([door.name, status, again, told.type]).toEqual([
        door.name,
        503,
        "60",
        "urn:goldsmith:problem:not-configured",
      ]);
      expect(told.settings?.map(({ setting }) => setting)).toEqual(expected);
    }
    expect(await ask("/api/health/live")).toMatchObject({ status: 200 });
    expect(await ask("/api/health/ready")).toMatchObject({ status: 503, told: { settings: [{}, {}] } });
    const { status, told } = await ask("/api/health");
    expect([status, told.type]).toEqual([503, "urn:goldsmith:problem:unhealthy"]);
    expect(told.settings?.map(({ mend }) => mend)).toEqual([
      expect.stringMatching(/^Takes the id of an enabled subscription/),
      expect.stringMatching(/^Takes JSON: zones by name/),
    ]);
    expect(told.checks).toContainEqual({ name: "settings", state: "fails" });
    expect(told.checks).toContainEqual({ name: "azure", state: "unknown" });
    expect(JSON.stringify(told)).not.toContain(SECRET);

    // Half an hour in which the build's own steps come up and are not carried out.
    await new Promise((resolve) => setTimeout(resolve, 7_500));
    expect(await requestsOfAzure()).toBe(asked);
    const lines = stack.log.slice(before).join("\n");
    for (const setting of expected)
      expect(lines).toMatch(new RegExp(`"event":"setting not usable".*"setting":"${setting}","state":"wrong"`));
    expect(lines).not.toContain(SECRET);

    await stack.crashAndRestart();
    const receipt = await stack.receiptOf(id);
    expect(receipt).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
    expect(await stack.traces()).toMatchObject({ ...NOTHING, versions: 1 });
  });

  it("lets a build end clean where what is wrong has nothing to do with that, and begins no other", async () => {
    const id = await stack.startBuild();
    await stack.until(id, ({ phase }) => phase?.startsWith("running") ?? false);
    // The run has been asked for: what begins something is not repeated meanwhile.
    await new Promise((resolve) => setTimeout(resolve, 2_500));
    await stack.crashAndRestart(undefined, {
      GOLDSMITH_ALLOWED_ORIGINS: "portal.example.com/",
      OTEL_EXPORTER_OTLP_ENDPOINT: "collector",
    });
    expect(await ask("/api/images/aks-jumpbox/builds", "POST", {})).toMatchObject({ status: 503 });
    await expect.poll(() => stack.traces(), { timeout: 30_000, interval: 1_000 }).toMatchObject(NOTHING);
    await stack.crashAndRestart();
    const receipt = await stack.receiptOf(id);
    expect(receipt).toMatchObject({ outcome: { kind: "built" }, cleanUp: { kind: "clean" } });
  });

  const DENIED = {
    method: "GET",
    path: `/subscriptions/${OTHER}`,
    status: 403,
    code: "AuthorizationFailed",
    count: 1000,
  };
  interface Wrong {
    setting: string;
    value?: string;
    /** What is named, where it is not the setting alone. */
    named?: string[];
    fault?: object;
    /** In what is to be done about it. */
    mend?: string;
  }
  it.each<[string, Wrong]>([
    ["a subscription that is not there", { setting: "AZURE_SUBSCRIPTION_ID" }],
    [
      "a subscription in which the identity has no role",
      { setting: "AZURE_SUBSCRIPTION_ID", fault: DENIED, mend: "shows the service's identity nothing" },
    ],
    ["an identity that the app does not have", { setting: "AZURE_CLIENT_ID" }],
    [
      "the principal of another identity",
      { setting: "GOLDSMITH_SERVICE_PRINCIPAL_ID", named: ["AZURE_CLIENT_ID", "GOLDSMITH_SERVICE_PRINCIPAL_ID"] },
    ],
    ["a group that is not there", { setting: "GOLDSMITH_TEMPLATE_RESOURCE_GROUP", value: "rg-nowhere" }],
  ])("finds out by Azure that they name %s, tells the log as well, and begins nothing", async (_, wrong) => {
    const { setting, value = OTHER, named = [setting], fault, mend = "" } = wrong;
    if (fault) await stack.control("POST", "faults", fault);
    const before = stack.log.length;
    await stack.crashAndRestart(undefined, { [setting]: value });
    const settings = named.map((one) => ({ setting: one, state: "wrong" }));
    for (const [method, path] of [
      ["POST", "/api/images/aks-jumpbox/builds"],
      ["POST", "/api/sweep"],
    ] as const) {
      const { status, told } = await ask(path, method, {});
      expect([status, told]).toMatchObject([503, { type: "urn:goldsmith:problem:not-configured", settings }]);
      expect(JSON.stringify(told)).not.toContain(value);
    }
    expect(await ask("/api/health/ready")).toMatchObject({ status: 503, told: { settings } });
    const { status, told } = await ask("/api/health");
    expect([status, told.settings]).toMatchObject([503, settings]);
    const lines = stack.log.slice(before).filter((line) => line.includes('"event":"setting not usable"'));
    expect(lines.map((line) => /"setting":"(\w+)"/.exec(line)?.[1])).toEqual(named);
    for (const one of told.settings ?? []) {
      expect(one.mend).toContain(mend);
      expect(lines.join("\n")).toContain(JSON.stringify(one.mend).slice(1, -1));
    }
    await stack.control("DELETE", "faults");
  });

  it("finds out by the archive that its container is not there, and begins nothing", async () => {
    const before = stack.log.length;
    await stack.crashAndRestart(undefined, { GOLDSMITH_ARCHIVE_CONTAINER: "nowhere" });
    const settings = [{ setting: "GOLDSMITH_ARCHIVE_CONTAINER", state: "wrong" }];
    for (const [method, path] of [
      ["POST", "/api/images/aks-jumpbox/builds"],
      ["GET", "/api/builds"],
    ] as const) {
      const { status, told } = await ask(path, method, method === "POST" ? {} : undefined);
      expect([status, told]).toMatchObject([503, { type: "urn:goldsmith:problem:not-configured", settings }]);
    }
    const { status, told } = await ask("/api/health");
    expect([status, told.settings]).toMatchObject([503, settings]);
    const lines = stack.log.slice(before).filter((line) => line.includes('"event":"setting not usable"'));
    expect(lines.join("\n")).toContain(JSON.stringify(told.settings?.[0]?.mend).slice(1, -1));
  });
});
