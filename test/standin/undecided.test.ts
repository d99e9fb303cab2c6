import { describe, expect, it, onTestFinished } from "vitest";
import { createCloud } from "../../local/azure/cloud.ts";
import { createInProcessCloud } from "../../local/azure/inProcessCloud.ts";
import { signingKey } from "../../local/azure/entra/signingKey.ts";
import type { SettingsChange } from "../../local/azure/settings.ts";
import { skippingClock } from "../../local/clock/skippingClock.ts";
import {
  builderIdentity,
  landscape,
  landscapeSettings,
  operatorIdentity,
  serviceIdentity,
} from "../../local/landscape.ts";
import { grants, ids, templateBody } from "../support/cloudTemplates.ts";

const key = signingKey();
const START = Date.parse("2026-11-01T00:00:00Z");

/** A cloud that goes another of the ways that are likely, and raw requests to it. */
function cloudWith(settings: SettingsChange = {}, start = START) {
  const clock = skippingClock(start);
  onTestFinished(() => clock.close());
  const cloud = createInProcessCloud({ clock, landscape, key, ...settings });
  return async (method: string, path: string, body?: object, as = operatorIdentity) => {
    const { token } = await cloud.token(as, "https://management.azure.com", 3600);
    const answer = await cloud.answer({
      method,
      url: new URL(path, cloud.url),
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: Buffer.from(body ? JSON.stringify(body) : ""),
    });
    const { error, ...whole } = JSON.parse(String(answer?.body || "{}")) as {
      error?: { code: string; message: string };
      properties?: Record<string, unknown>;
    };
    return { status: answer?.status, ...error, ...whole };
  };
}

const unknownType = `${ids.subscription}/providers/Microsoft.Compute/nothing?api-version=2024-07-01`;
const template = `${ids.template("t")}?api-version=2025-10-01`;
const absent = `${ids.subscription}/resourceGroups/rg-secret/providers/Microsoft.Compute/galleries/g?api-version=2024-03-03`;

describe("what is not known of Azure is a setting", () => {
  it("status and code of any error", async () => {
    expect(await cloudWith()("GET", unknownType)).toMatchObject({ status: 400, code: "InvalidResourceType" });
    const other = { InvalidResourceType: { status: 404, code: "ResourceTypeNotFound" } };
    expect(await cloudWith({ errors: other })("GET", unknownType)).toMatchObject({
      status: 404,
      code: "ResourceTypeNotFound",
    });
  });

  it("the code for a field that a template does not have", async () => {
    const body = templateBody({ vmboot: {} });
    expect(await cloudWith()("PUT", template, body)).toMatchObject({ status: 400, code: "ValidationFailed" });
    expect(await cloudWith({ unknownFieldCode: "InvalidRequestBody" })("PUT", template, body)).toMatchObject({
      status: 400,
      code: "InvalidRequestBody",
    });
  });

  it("whether who may not read a thing learns that there is none", async () => {
    const nobody = { ...serviceIdentity, ...builderIdentity };
    expect(await cloudWith()("GET", absent, undefined, nobody)).toMatchObject({ status: 403 });
    const ask = cloudWith({ rightsBeforeExistence: false });
    expect(await ask("GET", absent, undefined, nobody)).toMatchObject({ status: 404, code: "ResourceGroupNotFound" });
    expect(await ask("GET", `${ids.network}?api-version=2025-05-01`, undefined, nobody)).toMatchObject({ status: 403 });
  });

  it("whether a conflict of role assignments names the one that exists", async () => {
    const body = {
      properties: {
        roleDefinitionId: ids.role(landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE),
        principalId: builderIdentity.principalId,
        principalType: "ServicePrincipal",
      },
    };
    const twice = async (ask: ReturnType<typeof cloudWith>) => {
      await ask("PUT", `${ids.assignment(ids.imageGroup, grants.imageCreation)}?api-version=2022-04-01`, body);
      return ask("PUT", `${ids.assignment(ids.imageGroup, grants.networkJoin)}?api-version=2022-04-01`, body);
    };
    expect((await twice(cloudWith())).message).toBe("The role assignment already exists.");
    expect((await twice(cloudWith({ existingRoleAssignmentNamed: true }))).message).toBe(
      `The role assignment already exists. The ID of the existing role assignment is ${grants.imageCreation.replaceAll("-", "")}.`,
    );
  });

  it("how a subnet writes the ids of what has addresses in it", async () => {
    const nic = `${ids.subscription}/resourceGroups/rg-network/providers/Microsoft.Network/networkInterfaces/nic`;
    const ipConfigurations = [{ name: "one", properties: { subnet: { id: ids.subnet } } }];
    const shown = async (settings: SettingsChange) => {
      const ask = cloudWith(settings);
      const made = { location: "westeurope", properties: { ipConfigurations } };
      await ask("PUT", `${nic}?api-version=2025-05-01`, made);
      return (await ask("GET", `${ids.subnet}?api-version=2025-05-01`)).properties?.ipConfigurations;
    };
    const id = `${nic}/ipConfigurations/one`;
    expect(await shown({})).toEqual([{ id }]);
    expect(await shown({ ipConfigurationIds: "upper-case" })).toEqual([{ id: id.toUpperCase() }]);
  });

  it("what the identity endpoint says to a missing or wrong header", async () => {
    for (const identityHeaderStatus of [401, 403] as const) {
      const clock = skippingClock(START);
      const cloud = await createCloud({ clock, landscape, identityHeaderStatus });
      const query = "api-version=2019-08-01&resource=https%3A%2F%2Fmanagement.azure.com";
      for (const headers of [{}, { "x-identity-header": "wrong" }] as Record<string, string>[]) {
        expect((await fetch(`${cloud.identityUrl}?${query}`, { headers })).status).toBe(identityHeaderStatus);
      }
      await cloud.close();
      clock.close();
    }
  });

  it("how a subnet shows its prefix", async () => {
    const subnet = `${ids.subnet}?api-version=2025-05-01`;
    const { properties: usual = {} } = await cloudWith()("GET", subnet);
    const { properties: other = {} } = await cloudWith({ subnetPrefix: "addressPrefixes" })("GET", subnet);
    expect(usual.addressPrefix).toMatch(/^10\./);
    expect(other).toMatchObject({ addressPrefixes: [usual.addressPrefix] });
    expect(other).not.toHaveProperty("addressPrefix");
  });
});

describe("subnets of new networks are private unless they say otherwise", () => {
  const network = `${ids.subscription}/resourceGroups/rg-network/providers/Microsoft.Network/virtualNetworks/new`;
  const made = async (version: string, start = START, settings: SettingsChange = {}) => {
    const ask = cloudWith(settings, start);
    const subnets = [
      { name: "a", properties: { addressPrefix: "10.9.0.0/24" } },
      { name: "b", properties: { addressPrefix: "10.9.1.0/24", defaultOutboundAccess: true } },
    ];
    const properties = { addressSpace: { addressPrefixes: ["10.9.0.0/16"] }, subnets };
    await ask("PUT", `${network}?api-version=${version}`, { location: "westeurope", properties });
    const shown = await Promise.all(
      ["a", "b"].map((name) => ask("GET", `${network}/subnets/${name}?api-version=2026-01-01`)),
    );
    return shown.map((one) => one.properties?.defaultOutboundAccess);
  };

  it("by versions of the API from then on", async () => {
    expect(await made("2026-01-01")).toEqual([false, true]);
    expect(await made("2025-05-01")).toEqual([undefined, true]);
    expect(
      await made("2025-05-01", START, { privateSubnets: { networksFrom: "2026-03-31", versionsFrom: "2023-05-01" } }),
    ).toEqual([false, true]);
  });

  it("and not before that day, nor where the setting is off", async () => {
    expect(await made("2026-01-01", Date.parse("2026-03-01T00:00:00Z"))).toEqual([undefined, true]);
    expect(await made("2026-01-01", START, { privateSubnets: null })).toEqual([undefined, true]);
  });
});
