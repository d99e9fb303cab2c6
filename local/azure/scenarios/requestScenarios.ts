import type { Landscape } from "../../landscape.ts";
import { armErrors, type AzureError, badRequest } from "../arm/errors.ts";
import { regions } from "../arm/regions.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import { assignNotAllowedTypes } from "../authorization/policy/policyAssignments.ts";
import type { RequestFaultInput } from "../control/requestFault.ts";
import { TEMPLATE_TYPE } from "../imageBuilder/templateState.ts";
import { setRegistration } from "../resources/registrations.ts";
import { blobErrors } from "../storage/blobErrors.ts";
import { behaves, scenario, type ScenarioTable } from "./scenario.ts";

const NAMESPACE = "Microsoft.VirtualMachineImages";
const TEMPLATE = "/imageTemplates/[^/]+$";
const RUN = "/imageTemplates/[^/]+/run$";
const CANCEL = "/imageTemplates/[^/]+/cancel$";
const OPERATION = "/locations/[^/]+/operations/[^/]+$";
const ARM = "^/subscriptions/";
const BLOB = "^/[a-z0-9]{3,24}/packerlogs";

const to = (method: string, path: string) => ({ method, path });

/** ARM's front, or image builder's, answers a request so. */
const refuses = (source: string, does: string, fault: RequestFaultInput) =>
  scenario(source, does, { on: "request", fault }, "count");

const answer = ({ status, code, message }: AzureError) => ({ status, code, message });
const invalid = (message: string) => answer(badRequest("ValidationFailed", message));
const notAllowed = (operation: string, state: string) => ({
  status: 409,
  code: "OperationNotAllowed",
  message: `Operation ${TEMPLATE_TYPE}/${operation} is not allowed in provisioning state: provisioned or run state: ${state}.`,
});
const GATEWAY_TIMEOUT: RequestFaultInput = {
  executed: true,
  count: 1,
  status: 504,
  code: "GatewayTimeout",
  message:
    "The gateway did not receive a response from 'Microsoft.VirtualMachineImages' within the specified time period.",
};

/** How ARM knows what is image builder's. */
const imageBuilder = (source: string, does: string, change: (type: ResourceType, landscape: Landscape) => object) =>
  scenario(source, does, {
    on: "types",
    change: (type, landscape) =>
      type.type.startsWith(`${NAMESPACE}/`) ? { ...type, ...change(type, landscape) } : type,
  });

/** What goes wrong between the client and a resource provider. */
export const requestScenarios: ScenarioTable = {
  "template-exists": refuses("errors #2", "PUT of a template finds one of that name", {
    ...to("PUT", TEMPLATE),
    ...answer(armErrors.Conflict("Update/Upgrade of image templates is currently not supported")),
  }),
  "bad-source-id": refuses("errors #18", "PUT of a template is refused for its source's id", {
    ...to("PUT", TEMPLATE),
    ...invalid("Validation failed: 'ImageTemplate.properties.source': Field 'imageId' has a bad value."),
  }),
  "unknown-field": refuses("errors #20", "PUT of a template is refused for a field that it does not know", {
    ...to("PUT", TEMPLATE),
    ...invalid('Unmarshalling entity encountered error: json: unknown field "vmboot".'),
  }),
  "missing-field": refuses("errors #21", "PATCH of a template's targets lacks a field", {
    ...to("PATCH", TEMPLATE),
    ...invalid("Validation failed: 'ImageTemplate.properties.distribute[0]': Missing field 'galleryImageId'."),
  }),
  "run-output-dropped": refuses("errors #22", "PATCH of a template's targets lacks a run output", {
    ...to("PATCH", TEMPLATE),
    ...invalid("Distribute target with Runoutput name gallery not found in the update request."),
  }),
  "provider-not-registered": scenario("errors #24", "the subscription has not registered image builder", {
    on: "cloud",
    change: (azure) => setRegistration(azure, NAMESPACE, "NotRegistered"),
  }),
  "region-not-available": imageBuilder(
    "1.5",
    "image builder is not offered in the regions of the landscape",
    (_type, { resourceGroups }) => ({
      locations: regions.filter((one) => !resourceGroups.some(({ location }) => location === one)),
    }),
  ),
  "version-not-supported": imageBuilder(
    "1.5",
    "image builder does not know the newest version of its API yet",
    ({ apiVersions }) => ({ apiVersions: apiVersions.slice(0, -1) }),
  ),
  "policy-denies-template": scenario("errors #13", "a policy that is assigned to the subscription refuses templates", {
    on: "cloud",
    change: (azure) => assignNotAllowedTypes(azure, "no-image-templates", [TEMPLATE_TYPE]),
  }),
  "delete-refused": refuses("errors #39, 1.6", "DELETE of a template is refused as if it were running", {
    ...to("DELETE", TEMPLATE),
    ...notAllowed("delete", "running"),
  }),
  "cancel-refused": refuses("errors #40, 1.6", "cancelling is refused, since it is cancelled already", {
    ...to("POST", CANCEL),
    ...notAllowed("cancel/action", "canceling"),
  }),
  "run-gateway-timeout": refuses("errors #41", "the first run is started, and answered with 504", {
    ...to("POST", RUN),
    ...GATEWAY_TIMEOUT,
  }),
  "delete-gateway-timeout": refuses(
    "errors #41, 1.6",
    "the first DELETE of a template is begun, and answered with 504",
    {
      ...to("DELETE", TEMPLATE),
      ...GATEWAY_TIMEOUT,
    },
  ),
  "run-reply-lost": refuses("0.9", "the first run is started, and its answer gets lost", {
    kind: "loseReply",
    ...to("POST", RUN),
    count: 1,
  }),
  "template-unreadable": refuses("6.11", "of the reads of a template, a third fail with 500", {
    ...to("GET", TEMPLATE),
    status: 500,
    code: "InternalServerError",
    message: "Encountered internal server error.",
    probability: 0.33,
  }),
  "not-readable-yet": behaves("5", "what is made cannot be read for 5 to 15 seconds after its PUT", {
    readAfterWriteSeconds: { min: 5, max: 15 },
  }),
  "operation-gone": refuses("6.11", "the URLs of operations answer 404", {
    ...to("GET", OPERATION),
    status: 404,
    code: "OperationNotFound",
    message: "The operation could not be found.",
  }),
  "gateway-html": refuses("5", "of all requests to ARM, a tenth are answered by a gateway, in HTML", {
    path: ARM,
    status: 502,
    html: "<html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>",
    probability: 0.1,
  }),
  "throttled-without-retry-after": refuses("0.10", "of all requests to ARM, a tenth are refused with 429 and no time", {
    path: ARM,
    status: 429,
    code: "TooManyRequests",
    message: "The request was throttled.",
    probability: 0.1,
  }),
  "request-hangs": refuses("5", "the first request to ARM is never answered", { kind: "hang", path: ARM, count: 1 }),
  "tokens-unavailable": refuses("5", "the identity endpoint answers 500", { path: "^/msi/token$", status: 500 }),
  "log-forbidden": refuses("1.8", "reads of a build's log answer 403", {
    path: BLOB,
    ...answer(blobErrors.AuthorizationPermissionMismatch()),
  }),
  "log-missing": refuses("1.8", "there is no log of any build", { path: BLOB, ...answer(blobErrors.BlobNotFound()) }),
};
