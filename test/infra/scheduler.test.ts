import { describe, expect, it } from "vitest";
import type { Deployment } from "../support/bicep/deployment.ts";
import { appSettingsOf, deployInfra } from "../support/bicep/infraFiles.ts";
import { ofType, propertiesOf } from "../support/bicep/ofType.ts";
import { fullParameters, leastParameters } from "../support/bicep/parameters.ts";

const OF_ENGINE = "AzureFunctionsJobHost__extensions__durableTask__";
const CONTRIBUTOR = "0ad04412-c4d5-4796-b79c-f76d14c8d402";
const settingsOf = (deployed: Deployment) => new Map(appSettingsOf(deployed).map(({ name, value }) => [name, value]));
const scheduled = { ...leastParameters, durableEngine: "scheduler" };

describe("Durable Task Scheduler", () => {
  it.each([
    ["is made", scheduled],
    ["is there", fullParameters],
  ])(
    "that %s is what the host keeps the state of builds in, in the one task hub that the service may use",
    (_, parameters) => {
      const deployed = deployInfra(parameters);
      const settings = settingsOf(deployed);
      expect(settings.get(`${OF_ENGINE}storageProvider__type`)).toBe("azureManaged");
      const connection = settings.get(settings.get(`${OF_ENGINE}storageProvider__connectionStringName`) ?? "") ?? "";
      const [hub, ...others] = ofType(deployed, "Microsoft.DurableTask/schedulers/taskHubs");
      expect(others).toEqual([]);
      const scheduler = hub?.id.split("/").at(-3);
      expect(connection).toBe(
        `Endpoint=https://${scheduler}.durabletask.io;Authentication=ManagedIdentity;ClientID=${settings.get("AZURE_CLIENT_ID")}`,
      );
      expect(settings.get(`${OF_ENGINE}hubName`)).toBe(hub?.name);
      const given = ofType(deployed, "Microsoft.Authorization/roleAssignments").filter((one) =>
        String(propertiesOf(one).roleDefinitionId).endsWith(CONTRIBUTOR),
      );
      expect(given.map((one) => [one.scope, propertiesOf(one).principalId])).toEqual([
        [hub?.id, deployed.outputs.servicePrincipalId],
      ]);
    },
  );

  it.each([
    ["any address, unless told otherwise", {}, ["0.0.0.0/0"]],
    ["those it is told, and no other", { schedulerAddresses: ["203.0.113.7"] }, ["203.0.113.7"]],
  ])("that is made is reached from %s", (_, more, addresses) => {
    const made = ofType(deployInfra({ ...scheduled, ...more }), "Microsoft.DurableTask/schedulers").map(propertiesOf);
    expect(made.map(({ ipAllowlist }) => ipAllowlist)).toEqual([addresses]);
  });

  it("is not there by default, and host.json holds", () => {
    const deployed = deployInfra(leastParameters);
    expect(ofType(deployed, "Microsoft.DurableTask/schedulers/taskHubs")).toEqual([]);
    expect([...settingsOf(deployed).keys()].filter((name) => /DURABLE_TASK|JobHost/.test(name))).toEqual([]);
  });
});
