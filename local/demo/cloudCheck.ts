import { request } from "node:https";
import { builderIdentity } from "../landscape.ts";

/** What the local Azure holds, as its control endpoint tells. */
interface CloudState {
  resourceGroups: { name: string }[];
  resources: { id: string; type: string }[];
  roleAssignments: { properties: { principalId: string } }[];
}

/** Counts of what a build of ours may leave in Azure. */
export interface Traces {
  roleAssignments: number;
  imageTemplates: number;
  stagingGroups: number;
  imageVersions: number;
}

/** Asks the local Azure itself, not the service, what is there. */
export async function readTraces(azureUrl: string, ca: string): Promise<Traces> {
  const state = JSON.parse(await get(`${azureUrl}/_control/state`, ca)) as CloudState;
  const ofType = (type: string) =>
    state.resources.filter((resource) => resource.type.toLowerCase() === type.toLowerCase()).length;
  return {
    roleAssignments: state.roleAssignments.filter(
      ({ properties }) => properties.principalId === builderIdentity.principalId,
    ).length,
    imageTemplates: ofType("Microsoft.VirtualMachineImages/imageTemplates"),
    stagingGroups: state.resourceGroups.filter(({ name }) => /staging$|^IT_/.test(name)).length,
    imageVersions: ofType("Microsoft.Compute/galleries/images/versions"),
  };
}

function get(url: string, ca: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { ca }, (answer) => {
      const chunks: Buffer[] = [];
      answer.on("data", (chunk: Buffer) => chunks.push(chunk));
      answer.on("end", () => resolve(Buffer.concat(chunks).toString("utf8")));
    });
    sent.on("error", reject);
    sent.end();
  });
}
