import { expect, it } from "vitest";
import { deployInfra } from "../support/bicep/infraFiles.ts";
import { leastParameters } from "../support/bicep/parameters.ts";
import { serviceDoors } from "../support/doors.ts";

const CLIENT = "0f7a1c3e-2f4d-4f59-9b7e-6b1f0c8d2a01";

/** What App Service's own authentication is told, where there is one. */
function lockOf(parameters: Record<string, unknown>) {
  const { resources } = deployInfra({ ...leastParameters, ...parameters });
  const found = resources.find(({ type, name }) => type === "Microsoft.Web/sites/config" && name === "authsettingsV2");
  return found?.body.properties as { globalValidation: { excludedPaths: string[] } } | undefined;
}

it("easyAuth asks for a token at every door but those that open without one, and Event Grid's, which it asks first", async () => {
  const open = (await serviceDoors()).filter(({ role, isWebhook }) => role === "anyone" || isWebhook);
  const lock = lockOf({ easyAuth: true, entraClientId: CLIENT });
  expect(lock).toMatchObject({
    platform: { enabled: true },
    globalValidation: { requireAuthentication: true, unauthenticatedClientAction: "Return401" },
    identityProviders: { azureActiveDirectory: { enabled: true, registration: { clientId: CLIENT } } },
  });
  // Of a path that is of one thing each, App Service knows the beginning.
  const paths = open.map(({ route }) => `/api/${route.replace(/\{[^}]+\}$/, "*")}`);
  expect(lock?.globalValidation.excludedPaths.toSorted()).toEqual(paths.toSorted());
}, 60_000);

it("easyAuth without a registration is refused, instead of making no lock", () => {
  expect(() => lockOf({ easyAuth: true })).toThrow("easyAuth takes entraClientId");
  expect(lockOf({ entraClientId: CLIENT })).toBeUndefined();
});
