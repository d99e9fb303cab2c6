import { describe, expect, it } from "vitest";
import { appSettingsOf, deployInfra, TENANT } from "../support/bicep/infraFiles.ts";
import { leastParameters } from "../support/bicep/parameters.ts";
import { serviceDoors } from "../support/doors.ts";

const entraClientId = "0f7a1c3e-2f4d-4f59-9b7e-6b1f0c8d2a01";
const HOOKS = ["releases", "tickets"];
const parameters = {
  ...leastParameters,
  easyAuth: true,
  hooks: Object.fromEntries(HOOKS.map((name) => [name, { secretNames: ["KEY"] }])),
};

interface Lock {
  globalValidation: { excludedPaths: string[] };
  identityProviders: object;
}

function lockOf(more: Record<string, unknown>): { lock: Lock | undefined; taken: string | undefined } {
  const deployed = deployInfra({ ...parameters, entraClientId, ...more });
  const locks = deployed.resources.filter(({ type }) => type === "Microsoft.Web/sites/config");
  expect(locks.map(({ name }) => name)).toEqual(locks.length > 0 ? ["authsettingsV2"] : []);
  return {
    lock: locks[0]?.body.properties as Lock | undefined,
    taken: appSettingsOf(deployed).find(({ name }) => name === "GOLDSMITH_ENTRA_AUDIENCES")?.value,
  };
}

describe("App Service's own authentication", () => {
  it.each([
    [{}, [entraClientId, `api://${entraClientId}`]],
    [{ entraAudiences: ["api://goldsmith.example.com"] }, ["api://goldsmith.example.com"]],
  ])(
    "takes, with %j, tokens of this tenant's for what the service takes them for, and answers others 401",
    (more, audiences) => {
      const { lock, taken } = lockOf(more);
      expect(lock).toMatchObject({
        platform: { enabled: true },
        globalValidation: { requireAuthentication: true, unauthenticatedClientAction: "Return401" },
      });
      expect(lock?.identityProviders).toEqual({
        azureActiveDirectory: {
          enabled: true,
          registration: {
            clientId: entraClientId,
            openIdIssuer: `https://login.microsoftonline.com/${TENANT}/v2.0`,
          },
          validation: { allowedAudiences: audiences },
        },
      });
      expect(taken?.split(",")).toEqual(audiences);
    },
  );

  it("is not there where it is not asked for", () => {
    expect(lockOf({ easyAuth: false }).lock).toBeUndefined();
  });

  it("leaves out the doors that take who has no token, and those that answer a handshake, and no other", async () => {
    const open = (await serviceDoors())
      .filter(({ role, isWebhook }) => role === "anyone" || isWebhook)
      .flatMap(({ route }) => (route.includes("{") ? HOOKS.map((name) => route.replace("{name}", name)) : [route]));
    expect(lockOf({}).lock?.globalValidation.excludedPaths.toSorted()).toEqual(
      open.map((route) => `/api/${route}`).toSorted(),
    );
  });
});
