import { describe, expect, it } from "vitest";
import { deployInfra } from "../support/bicep/infraFiles.ts";
import { leastParameters } from "../support/bicep/parameters.ts";
import { serviceDoors } from "../support/doors.ts";

const entraClientId = "0f7a1c3e-2f4d-4f59-9b7e-6b1f0c8d2a01";
const HOOKS = ["releases", "tickets"];
const parameters = {
  ...leastParameters,
  easyAuth: true,
  hooks: Object.fromEntries(HOOKS.map((name) => [name, { secretNames: ["KEY"] }])),
};

function excludedPaths(): string[] {
  const { resources } = deployInfra({ ...parameters, entraClientId });
  const [lock] = resources.filter(({ name }) => name === "authsettingsV2");
  const said = lock?.body.properties as { globalValidation: { excludedPaths: string[] } } | undefined;
  return said?.globalValidation.excludedPaths ?? [];
}

describe("App Service's own authentication", () => {
  it("leaves out the doors that take who has no token, and those that answer a handshake, and no other", async () => {
    const open = (await serviceDoors())
      .filter(({ role, isWebhook }) => role === "anyone" || isWebhook)
      .flatMap(({ route }) => (route.includes("{") ? HOOKS.map((name) => route.replace("{name}", name)) : [route]));
    expect(excludedPaths().toSorted()).toEqual(open.map((route) => `/api/${route}`).toSorted());
  });
});
