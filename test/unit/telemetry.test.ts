import { describe, expect, it } from "vitest";
import { armOperation } from "../../src/telemetry/armOperation.ts";
import { firstTimes } from "../../src/telemetry/firstTimes.ts";
import { lazily } from "../../src/telemetry/lazily.ts";
import { logLine } from "../../src/telemetry/logLine.ts";
import { phaseOfStep } from "../../src/telemetry/phases.ts";
import { clientIdIn } from "../../src/telemetry/settings.ts";
import { startTelemetry } from "../../src/telemetry/startTelemetry.ts";
import { subjectOf } from "../../src/telemetry/subject.ts";
import { NO_TELEMETRY, type EndedSpan } from "../../src/telemetry/telemetry.ts";

const BUILD = "aks-jumpbox-20261128-112041-tapd";
const ARM = "https://management.azure.com";

describe("a request to Azure Resource Manager", () => {
  it.each([
    [
      "PUT",
      "/subscriptions/s/resourceGroups/rg/providers/Microsoft.VirtualMachineImages/imageTemplates/t?api-version=1",
      "PUT Microsoft.VirtualMachineImages/imageTemplates",
    ],
    [
      "POST",
      "/subscriptions/s/resourceGroups/rg/providers/Microsoft.VirtualMachineImages/imageTemplates/t/run",
      "POST Microsoft.VirtualMachineImages/imageTemplates/run",
    ],
    [
      "DELETE",
      "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network/virtualNetworks/v/providers/Microsoft.Authorization/roleAssignments/a",
      "DELETE Microsoft.Authorization/roleAssignments",
    ],
    ["GET", "/subscriptions/s/resourceGroups/rg", "GET Microsoft.Resources/resourceGroups"],
    ["GET", "/subscriptions/s/resourcegroups", "GET Microsoft.Resources/resourcegroups"],
    ["GET", "/subscriptions/s", "GET Microsoft.Resources/subscriptions"],
    [
      "GET",
      "/subscriptions/s/providers/Microsoft.Compute/locations/westeurope/operations/0d6d1d3f",
      "GET Microsoft.Compute/locations/operations",
    ],
    ["GET", "/subscriptions/s/providers/Microsoft.Compute/%2e%2e/x", "GET other"],
  ])("%s %s is %s", (method, path, operation) => {
    expect(armOperation(method, `${ARM}${path}`).operation).toBe(operation);
  });

  it("has a template without names", () => {
    const path =
      "/subscriptions/4f6d8a52/resourceGroups/rg-x/providers/Microsoft.Network/virtualNetworks/v1/subnets/s1?sig=x";
    expect(armOperation("GET", `${ARM}${path}`).template).toBe(
      "/subscriptions/{name}/resourceGroups/{name}/providers/Microsoft.Network/virtualNetworks/{name}/subnets/{name}",
    );
  });
});

describe("a step", () => {
  it.each([
    [{ buildId: BUILD }, "0123abcd:4"],
    [{ attempt: { templateName: `${BUILD}-a1` } }, ""],
    [{ templateName: `${BUILD}-a2` }, ""],
    [{ stagingResourceGroup: `${BUILD}-a1-staging` }, ""],
    [{ request: { buildId: BUILD } }, ""],
    [{ buildIds: [BUILD] }, ""],
    [{ id: "/some/version" }, `${BUILD}-publish-1`],
    [undefined, BUILD],
  ])("with the input %j of the instance '%s' is the build's", (input, instanceId) => {
    expect(subjectOf({ input, instanceId })).toMatchObject({ buildId: BUILD });
  });

  it("of a sweep, or of nobody, is no build's", () => {
    expect(subjectOf({ input: { id: "x" }, instanceId: "sweep-20300101-001000-timer" })).toEqual({
      instanceId: "sweep-20300101-001000-timer",
    });
    const [dead, sweepId] = [[BUILD, BUILD.replace("tapd", "aaaa")], "sweep-20300101-001000-k3fq"];
    expect(subjectOf({ input: { dead, sweepId }, instanceId: "" })).toEqual({ instanceId: sweepId });
    expect(subjectOf({ input: { dead: [BUILD], sweepId }, instanceId: "" })).toEqual({ buildId: BUILD });
    expect(subjectOf({ input: { sweepId: "../x" }, instanceId: "" })).toEqual({});
    expect(subjectOf({ input: { buildId: "../x" }, instanceId: "" })).toEqual({});
    expect(subjectOf({ input: { buildIds: [BUILD, BUILD.replace("tapd", "aaaa")] }, instanceId: "" })).toEqual({});
  });

  it("is of a phase by who asks for it before it is by its own name, and of none where that says too little", () => {
    expect(phaseOfStep("readTemplate", "wait-1")).toBe("running");
    expect(phaseOfStep("readTemplate", "template-2")).toBe("creating the template");
    expect(phaseOfStep("readTemplate", "remove-1-172800")).toBe("cleaning up");
    expect(phaseOfStep("startRun", "")).toBe("running");
    expect(phaseOfStep("readTemplate", "")).toBeUndefined();
  });
});

describe("telemetry", () => {
  it("is none where the settings name nobody", () => {
    const nobody = { connectionString: undefined, clientId: undefined, otlpEndpoint: undefined };
    expect(startTelemetry(nobody, { installationId: "x", version: "1.2.3" })).toBe(NO_TELEMETRY);
  });

  it("signs in as the identity that the host is told of as well, and as nobody where it is told none", () => {
    expect(clientIdIn("Authorization=AAD;ClientId=a1f3c2d4")).toBe("a1f3c2d4");
    expect(clientIdIn("Authorization=AAD")).toBeUndefined();
    expect(clientIdIn("")).toBeUndefined();
  });

  it("keeps what is told until its libraries are loaded, and loads them once", async () => {
    const told: string[] = [];
    let loads = 0;
    const telemetry = lazily(
      async () => {
        loads++;
        return { ...NO_TELEMETRY, span: ({ name }: EndedSpan) => void told.push(name) };
      },
      () => {},
    );
    for (const name of ["one", "two"]) telemetry.span({ name } as EndedSpan);
    expect(told).toEqual([]);
    await telemetry.flush();
    telemetry.span({ name: "three" } as EndedSpan);
    expect([told, loads]).toEqual([["one", "two", "three"], 1]);
  });

  it("says once that its libraries cannot be loaded, and bothers nobody else", async () => {
    const errors: unknown[] = [];
    const telemetry = lazily(
      () => Promise.reject(new Error("no such module")),
      (error) => void errors.push(error),
    );
    telemetry.gauge("goldsmith.leftovers", 1);
    await telemetry.flush();
    telemetry.gauge("goldsmith.leftovers", 2);
    await telemetry.flush();
    expect(errors).toHaveLength(1);
  });

  it("knows what it has told of before", () => {
    const isNews = firstTimes();
    expect([isNews("one"), isNews("one"), isNews("two")]).toEqual([true, false, true]);
  });
});

describe("a line of the log", () => {
  it("is one line, with what looks like a secret taken out of its text", () => {
    const line = logLine("error", "first\nsecond AccountKey=Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmE=;", {
      code: "x",
    });
    expect(line).not.toContain("\n");
    expect(line).not.toContain("Zm9v");
    expect(JSON.parse(line)).toMatchObject({ event: "error", code: "x" });
  });
});
