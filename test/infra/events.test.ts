import { describe, expect, it } from "vitest";
import openApi from "../../docs/openapi.json" with { type: "json" };
import { deployInfra, TENANT } from "../support/bicep/infraFiles.ts";
import { ofType, propertiesOf } from "../support/bicep/ofType.ts";
import { closedParameters, fullParameters, leastParameters, sharedParameters } from "../support/bicep/parameters.ts";

const TYPE = "Microsoft.EventGrid/systemTopics/eventSubscriptions";
const subscriptions = (parameters: Record<string, unknown>) =>
  ofType(deployInfra(parameters), TYPE).map(({ id, body }) => ({
    group: id.split("/")[4],
    topic: id.split("/")[8],
    filter: (body.properties as { filter: { includedEventTypes: string[]; advancedFilters: { values: string[] }[] } })
      .filter,
  }));
const operationsOf = ({ filter }: ReturnType<typeof subscriptions>[number]) => filter.advancedFilters[0]?.values;

describe("events", () => {
  it("come of image versions that are written, and of whatever ends of templates", () => {
    const all = subscriptions(fullParameters);
    const ofTemplates = all.filter((one) => operationsOf(one)?.length === 3);
    expect(ofTemplates).toHaveLength(1);
    const [{ filter }] = ofTemplates as [(typeof all)[number]];
    const templates = "Microsoft.VirtualMachineImages/imageTemplates";
    expect(filter.advancedFilters[0]?.values).toEqual([
      `${templates}/write`,
      `${templates}/run/action`,
      `${templates}/delete`,
    ]);
    expect(filter.includedEventTypes).toHaveLength(9);
    expect(filter.includedEventTypes).toContain("Microsoft.Resources.ResourceActionFailure");
    const ofVersions = all.filter((one) => !ofTemplates.includes(one));
    expect(ofVersions.length).toBeGreaterThan(0);
    for (const one of ofVersions) {
      expect(operationsOf(one)).toEqual(["Microsoft.Compute/galleries/images/versions/write"]);
      expect(one.filter.includedEventTypes).toEqual(["Microsoft.Resources.ResourceWriteSuccess"]);
    }
  });

  it("come by the template group's own topic where it has one already, since Azure makes only one", () => {
    const group = "/subscriptions/4f6d8a52-9b1e-4d3a-8c47-6e0b7f21a3c5/resourceGroups/rg-topics";
    const templateEventTopicId = `${group}/providers/Microsoft.EventGrid/systemTopics/theirs`;
    expect(subscriptions({ ...fullParameters, templateEventTopicId })).toContainEqual(
      expect.objectContaining({ group: "rg-topics", topic: "theirs" }),
    );
  });

  it("come by one topic a group, also where templates and images are in the same one", () => {
    const all = subscriptions(sharedParameters);
    expect(new Map(all.map((one) => [one.group, operationsOf(one)?.length]))).toEqual(
      new Map([
        ["rg-company-images", 4],
        ["rg-sources", 1],
      ]),
    );
    expect(all).toHaveLength(2);
  });

  it("go, in the schema that it takes, to the service's door for them, with a token for its registration", () => {
    const [door] = Object.entries(openApi.paths).flatMap(([path, methods]) =>
      "post" in methods && methods.post.operationId === "receiveEvents" ? path : [],
    );
    const deployed = deployInfra(fullParameters);
    const all = ofType(deployed, TYPE).map(propertiesOf);
    expect(all).toHaveLength(4);
    for (const one of all) {
      expect(one).toMatchObject({
        eventDeliverySchema: "CloudEventSchemaV1_0",
        destination: {
          endpointType: "WebHook",
          properties: {
            endpointUrl: `${String(deployed.outputs.functionAppUrl)}${door}`,
            azureActiveDirectoryTenantId: TENANT,
            azureActiveDirectoryApplicationIdOrUri: fullParameters.entraClientId,
            minimumTlsVersionAllowed: "1.2",
          },
        },
        filter: { advancedFilters: [{ operatorType: "StringIn", key: "data.operationName" }] },
      });
    }
  });

  it.each([
    ["they are not wanted", leastParameters],
    ["there is no registration to ask a token for", { ...leastParameters, events: true }],
    ["Event Grid does not reach the app", { ...closedParameters, events: true }],
  ])("are none where %s", (_, parameters) => {
    expect(subscriptions(parameters)).toEqual([]);
  });
});
