import { UnsecuredJWT } from "jose";
import { describe, expect, it } from "vitest";
import type { ArmReader } from "../../../src/azure/armReader.ts";
import { lookAtGround } from "../../../src/azure/ownGround.ts";
import { StepDelayed } from "../../../src/domain/failure.ts";
import type { Observed } from "../../../src/domain/preflight/observed.ts";

const settings = {
  clientId: "a1f3c2d4-11aa-4b5c-8d6e-0f1a2b3c4d01",
  subscriptionId: "4f6d8a52-9b1e-4d3a-8c47-6e0b7f21a3c5",
  templateResourceGroup: "rg-templates",
  servicePrincipals: ["b2e4d3c5-22bb-4c6d-9e7f-1a2b3c4d5e02"],
};
const OWN = { appid: settings.clientId.toUpperCase(), oid: settings.servicePrincipals[0] };

type Seen = Partial<Observed<unknown>> | Error;
const FOUND: Seen = { kind: "found", value: { location: "westeurope" } };
const enabled = (state: string): Seen => ({ kind: "found", value: { state } });
const absent = (code: string): Seen => ({ kind: "absent", code });
const denied: Seen = { kind: "unreadable", code: "AuthorizationFailed", message: "" };

async function look({
  claims = OWN,
  noToken,
  group = FOUND,
  subscription = enabled("Enabled"),
}: { claims?: Record<string, unknown>; noToken?: Error; group?: Seen; subscription?: Seen } = {}) {
  const asked: string[] = [];
  const get = async (path: string) => {
    asked.push(path);
    const seen = path.includes("/resourceGroups/") ? group : subscription;
    if (seen instanceof Error) throw seen;
    return { resource: path, ...seen } as Observed<unknown>;
  };
  const reader = { get } as Pick<ArmReader, "get"> as ArmReader;
  const token = async () => {
    if (noToken) throw noToken;
    return new UnsecuredJWT({ ...claims }).encode();
  };
  return { seen: await lookAtGround({ reader, token, settings }), asked };
}

describe("a look at whether the settings name what is there", () => {
  it("costs one read of Azure where all is right", async () => {
    const { seen, asked } = await look();
    expect(seen).toEqual({ kind: "right" });
    expect(asked).toEqual([`/subscriptions/${settings.subscriptionId}/resourceGroups/rg-templates`]);
  });

  const msal = "ManagedIdentityCredential: Authentication failed. Message ";
  it.each<[string, Parameters<typeof look>[0], setting: string]>([
    [
      "an identity that the app does not have",
      { noToken: new Error(`${msal}No User Assigned or Delegated Managed Identity found for specified ClientId`) },
      "AZURE_CLIENT_ID",
    ],
    [
      "the client id of another",
      { claims: { ...OWN, appid: "0b9f5a4e-6f0b-4d5f-9d3c-5a1f0c7e9b42" } },
      "AZURE_CLIENT_ID",
    ],
    ["a group that is not there", { group: absent("ResourceGroupNotFound") }, "GOLDSMITH_TEMPLATE_RESOURCE_GROUP"],
    ["a subscription that is not there", { group: absent("SubscriptionNotFound") }, "AZURE_SUBSCRIPTION_ID"],
    ["a subscription that is disabled", { group: denied, subscription: enabled("Disabled") }, "AZURE_SUBSCRIPTION_ID"],
    [
      "a subscription of another tenant",
      { group: new StepDelayed("InvalidAuthenticationTokenTenant: The access token is from the wrong issuer.", 0) },
      "AZURE_SUBSCRIPTION_ID",
    ],
  ])("tells %s by the setting's name", async (_, ground, setting) => {
    const { seen } = await look(ground);
    expect(seen).toMatchObject({ kind: "wrong", faults: [{ setting, state: "wrong" }] });
  });

  it("tells client id and principal where they are of two identities, since either may be the wrong one", async () => {
    const { seen } = await look({ claims: { ...OWN, oid: "0b9f5a4e-6f0b-4d5f-9d3c-5a1f0c7e9b42" } });
    const mend = expect.stringContaining("name two identities");
    expect(seen).toMatchObject({
      kind: "wrong",
      faults: [
        { setting: "AZURE_CLIENT_ID", mend },
        { setting: "GOLDSMITH_SERVICE_PRINCIPAL_ID", mend },
      ],
    });
  });

  it.each<[string, Seen]>([
    ["denies to show it", denied],
    ["does not show it to whom it denies the group", absent("SubscriptionNotFound")],
  ])("finds a subscription hidden, in which the identity has no role, where Azure %s", async (_, subscription) => {
    const { seen } = await look({ group: denied, subscription });
    expect(seen).toMatchObject({
      kind: "hidden",
      faults: [{ setting: "AZURE_SUBSCRIPTION_ID", mend: expect.stringContaining("another's") }],
    });
  });

  it("finds an address of Azure Resource Manager that leads nowhere", async () => {
    const group = { ...denied, code: "ENOTFOUND", isPassing: true } as Seen;
    expect((await look({ group })).seen).toMatchObject({
      kind: "hidden",
      faults: [{ setting: "GOLDSMITH_ARM_ENDPOINT", mend: expect.stringContaining("mistyped") }],
    });
  });

  it("leaves a right that is missing to the preflight, which knows what to grant", async () => {
    expect((await look({ group: denied })).seen).toEqual({ kind: "right" });
  });

  it.each<[string, Parameters<typeof look>[0]]>([
    ["no token is given just now", { noToken: new Error(`${msal}Network unreachable`) }],
    ["the group cannot be read just now", { group: { ...denied, isPassing: true } as Seen }],
    [
      "the subscription cannot be read just now",
      { group: denied, subscription: { ...denied, isPassing: true } as Seen },
    ],
  ])("says nothing where %s", async (_, ground) => {
    expect((await look(ground)).seen).toMatchObject({ kind: "unknown" });
  });

  it("fails where Azure asks to wait", async () => {
    await expect(look({ group: new StepDelayed("TooManyRequests", 20) })).rejects.toThrow("TooManyRequests");
  });
});
