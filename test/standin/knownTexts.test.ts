import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { scenarios } from "../../local/azure/scenarios/scenarios.ts";
import { builderIdentity, landscapeSettings } from "../../local/landscape.ts";
import { startCloud, type TestCloud } from "../support/cloud.ts";
import { logText } from "../support/cloudLog.ts";
import { grants, ids, imageSource, rawTemplate, readyTemplate, runToEnd } from "../support/cloudTemplates.ts";

/** Rows of which a scenario is a state of the cloud, which then says by itself what is known. */
const TOLD_BY_STATE: [row: number, scenario: string][] = [
  [1, "private-link-policy"],
  [3, "identity-unusable"],
  [10, "staging-group-shared"],
  [11, "staging-group-not-empty"],
  [11, "staging-group-elsewhere"],
  [13, "policy-denies-template"],
  [19, "source-missing"],
  [19, "source-gone"],
  [24, "provider-not-registered"],
  [25, "container-instances-not-registered"],
];

/**
 * What people have been told by image builder and Azure, by the number of the row that the `source` of a scenario
 * names: codes, and quoted parts of texts. That a scenario's text reaches a client is `scenarios.test.ts`'s to show.
 */
const KNOWN: [row: number, scenario: string, ...told: string[]][] = [
  [2, "template-exists", "Conflict", "Update/Upgrade of image templates is currently not supported"],
  [7, "proxy-disk-denied", "'Microsoft.Compute/disks/write'", "proxyVmDiskWin_"],
  [8, "interface-not-found", "network.InterfacesClient#UpdateTags", "404"],
  [9, "creation-generic-failure", "ResourceDeploymentFailure", "InternalOperationError"],
  [9, "creation-generic-failure", "Internal error occurred. This is a generic error."],
  [12, "staging-storage-denied", "NoCustomizerScript", "RequestDisallowedByPolicy"],
  [13, "policy-denies-build", "RequestDisallowedByPolicy"],
  [14, "hyper-v-generation-mismatch", "different Hyper-V Generation"],
  [15, "script-unavailable", "Resource {script} is unavailable. Please check the file exists"],
  [16, "script-not-public", "PublicAccessNotPermitted"],
  [17, "script-download-fails", "Error downloading '{script}' to"],
  [18, "bad-source-id", "ValidationFailed", "Field 'imageId' has a bad value"],
  [20, "unknown-field", "Unmarshalling entity encountered error", 'unknown field "'],
  [21, "missing-field", "Missing field "],
  [22, "run-output-dropped", "Distribute target with Runoutput name ", " not found"],
  [23, "purchase-plan-missing", "PurchasePlanNotProvided"],
  [26, "container-instances-quota", "Azure Container Instances quota exceeded"],
  [27, "container-instances-burst", "Too many Azure Container Instances deployed within a period of time"],
  [28, "cores-quota", "QuotaExceeded", "Cores"],
  [32, "token-too-short", "client_jwt will expire within 5 minutes"],
  [33, "restart-times-out", "Timeout waiting for machine to restart", "(1190)"],
  [34, "update-out-of-memory", "(1115)", "unexpected EOF"],
  [35, "sysprep-undeployable", "IMAGE_STATE_UNDEPLOYABLE"],
  [36, "connection-cut", "Cancelling builder after context cancellation", "Communicator ended with: 2300218"],
  [38, "deletion-stuck", "NicInUseWithPrivateEndpoint"],
  [39, "delete-refused", "OperationNotAllowed", "imageTemplates/delete"],
  [40, "cancel-refused", "imageTemplates/cancel/action is not allowed"],
  [41, "run-gateway-timeout", "The gateway did not receive a response from 'Microsoft.VirtualMachineImages'"],
  [41, "delete-gateway-timeout", "The gateway did not receive a response from 'Microsoft.VirtualMachineImages'"],
  [
    42,
    "trusted-launch-managed-image",
    "Creation of managed images are not supported for virtual machine with TrustedLaunch",
  ],
  [43, "clean-up-noise", "PublicIPAddressCannotBeDeleted", "InUseNetworkSecurityGroupCannotBeDeleted"],
];

/** Every text that a scenario has. */
function wordsOf(value: unknown): string {
  if (typeof value === "object" && value !== null) return Object.values(value).map(wordsOf).join("\n");
  return typeof value === "string" ? value : "";
}

describe("the texts that are known of Azure", () => {
  it.each(KNOWN)("are those of a scenario: row %i, %s", (row, name, ...told) => {
    const scenario = scenarios[name];
    expect(scenario?.source.split(", ")).toContain(`errors #${row}`);
    for (const part of told) expect(wordsOf(scenario?.effects)).toContain(part);
  });

  it.each(TOLD_BY_STATE)("are those that a state of the cloud leads to: row %i, %s", (row, name) => {
    expect(scenarios[name]?.source.split(", ")).toContain(`errors #${row}`);
  });

  describe("are told by the cloud itself", () => {
    let cloud: TestCloud;
    beforeAll(async () => (cloud = await startCloud()));
    beforeEach(() => cloud.reset());
    afterAll(() => cloud.close());

    const creationOf = async (scenario: string, changes?: object) => {
      cloud.addFault({ scenario });
      await readyTemplate(cloud, "t", changes).catch(() => {});
      return (await rawTemplate(cloud, "t")).properties.provisioningError.message as string;
    };
    const runOf = async (scenario: string, changes?: object) => {
      cloud.addFault({ scenario });
      await readyTemplate(cloud, "t", changes);
      return (await runToEnd(cloud, "t"))?.message;
    };
    const grant = async (more: object = {}) => {
      const { body } = await cloud.send(
        "PUT",
        `${ids.assignment(ids.imageGroup, grants.imageCreation)}?api-version=2022-04-01`,
        {
          body: {
            properties: {
              roleDefinitionId: ids.role(landscapeSettings.GOLDSMITH_IMAGE_CREATION_ROLE),
              principalId: builderIdentity.principalId,
              ...more,
            },
          },
        },
      );
      return body.error as { code: string; message: string };
    };

    it("row 4, of a definition or a source that cannot be read", async () => {
      expect(await creationOf("gallery-not-readable")).toContain(
        `Not authorized to access the resource: ${ids.definition}`,
      );
      cloud.reset();
      const { id } = imageSource.storageProfile.source;
      const properties = { storageProfile: { osDisk: { osType: "Linux", osState: "Generalized" } } };
      await cloud.send("PUT", `${id}?api-version=2024-07-01`, { body: { location: "westeurope", properties } });
      await cloud.pass(60);
      const source = { type: "ManagedImage", imageId: id };
      expect(await creationOf("source-not-readable", { source })).toContain(
        `Not authorized to access the resource: ${id}`,
      );
    });

    it("row 5, with action, scope and object id", async () => {
      cloud.addFault({ scenario: "grant-refused" });
      const { code, message } = await grant();
      expect(code).toBe("AuthorizationFailed");
      expect(message).toMatch(
        /^The client '[\da-f-]{36}' with object id '[\da-f-]{36}' does not have authorization or an ABAC condition not fulfilled to perform action 'Microsoft.Authorization\/roleAssignments\/write' over scope '.*' or the scope is invalid\./,
      );
    });

    it("row 6", async () => {
      cloud.addFault({ scenario: "principal-not-found" });
      expect(await grant()).toMatchObject({
        code: "PrincipalNotFound",
        message: expect.stringMatching(/^Principal \w{32} does not exist in the directory /) as string,
      });
    });

    it("row 29", async () => {
      expect(await runOf("customizer-fails")).toContain("Packer build command has failed: exit status 1");
    });

    it("row 30", async () => {
      const deadline = "Timeout waiting for microservice to complete: 'context deadline exceeded'";
      expect(await runOf("build-times-out")).toContain(deadline);
    });

    it("row 31", async () => {
      const message = await runOf("replication-outlives-timeout");
      expect(message).toContain("Error publishing MDI to Azure Compute Gallery");
      expect(message).toContain("context deadline exceeded");
    });

    it("row 37, in the log of a Windows machine", async () => {
      cloud.addFault({ scenario: "inbound-blocked" });
      const windows = { publisher: "MicrosoftWindowsServer", offer: "WindowsServer" };
      const source = { type: "PlatformImage", ...windows, sku: "2022-datacenter-azure-edition", version: "latest" };
      const customize = [{ type: "PowerShell", name: "x", inline: ["Get-Date"] }];
      await readyTemplate(cloud, "t", { source, customize });
      await runToEnd(cloud, "t");
      expect(await logText(cloud)).toContain("Timeout waiting for WinRM");
    });
  });

  it("are all there but one, which stands in every log", () => {
    const rows = new Set([...KNOWN.map(([row]) => row), ...TOLD_BY_STATE.map(([row]) => row), 4, 5, 6, 29, 30, 31, 37]);
    expect([...rows].toSorted((one, other) => one - other)).toEqual(Array.from({ length: 43 }, (_, at) => at + 1));
  });
});
