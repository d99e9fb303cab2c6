import { listed, type ResourceType } from "../arm/resourceType.ts";
import { apiVersions } from "./apiVersions.ts";

const PROVIDER = "Microsoft.VirtualMachineImages";

/** Action, resource and verb of each operation that a role can allow. */
const OPERATIONS: [action: string, resource: string, operation: string][] = [
  ["register/action", "Virtual Machine Images", "Register"],
  ["unregister/action", "Virtual Machine Images", "Unregister"],
  ["imageTemplates/read", "Image Template", "Get/List Image Template"],
  ["imageTemplates/write", "Image Template", "Create or update Image Template"],
  ["imageTemplates/delete", "Image Template", "Delete Image Template"],
  ["imageTemplates/run/action", "Image Template", "Run Image Template"],
  ["imageTemplates/cancel/action", "Image Template", "Cancel Image Template run"],
  ["imageTemplates/runOutputs/read", "Image Template Run Output", "Get/List Image Template Run Output"],
  ["imageTemplates/triggers/read", "Image Template Trigger", "Get/List Image Template Trigger"],
  ["imageTemplates/triggers/write", "Image Template Trigger", "Create or update Image Template Trigger"],
  ["imageTemplates/triggers/delete", "Image Template Trigger", "Delete Image Template Trigger"],
  ["locations/operations/read", "Operations", "Get asynchronous operation status"],
  ["operations/read", "Operations", "List operations"],
];

/** What image builder can do, for everybody to read. */
export const providerOperations: ResourceType = {
  type: `${PROVIDER}/operations`,
  apiVersions,
  readOnly: true,
  authorizesItself: true,
  list: () =>
    listed(
      OPERATIONS.map(([action, resource, operation]) => ({
        name: `${PROVIDER}/${action}`,
        display: { provider: "Microsoft Virtual Machine Images", resource, operation, description: operation },
        origin: "user,system",
        isDataAction: false,
      })),
    ),
};
