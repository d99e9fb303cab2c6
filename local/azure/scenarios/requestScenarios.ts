import type { RequestFaultInput } from "../control/requestFault.ts";
import type { Scenario, ScenarioTable } from "./scenario.ts";

const TEMPLATE = "/imageTemplates/[^/]+$";
const RUN = "/imageTemplates/[^/]+/run$";
const CANCEL = "/imageTemplates/[^/]+/cancel$";
const OPERATION = "/locations/[^/]+/operations/[^/]+$";
const BLOB = "^/[a-z0-9]{3,24}/packerlogs";

/** ARM's front, or image builder's, answers a request so. */
const refuses = (source: string, does: string, fault: RequestFaultInput): Scenario => ({
  does,
  source,
  takes: ["count"],
  effects: [{ on: "request", fault }],
});

const GATEWAY_TIMEOUT: RequestFaultInput = {
  status: 504,
  code: "GatewayTimeout",
  message:
    "The gateway did not receive a response from 'Microsoft.VirtualMachineImages' within the specified time period.",
};
const unregistered = (namespace: string) =>
  `The subscription is not registered to use namespace '${namespace}'. See https://aka.ms/rps-not-found for how to register subscriptions.`;

/** What goes wrong between the client and a resource provider. */
export const requestScenarios: ScenarioTable = {
  "template-exists": refuses("errors #2", "PUT of a template finds one of that name", {
    method: "PUT",
    path: TEMPLATE,
    status: 409,
    code: "Conflict",
    message: "Update/Upgrade of image templates is currently not supported",
  }),
  "bad-source-id": refuses("errors #18", "PUT of a template is refused for its source's id", {
    method: "PUT",
    path: TEMPLATE,
    status: 400,
    code: "ValidationFailed",
    message: "Validation failed: 'ImageTemplate.properties.source': Field 'imageId' has a bad value.",
  }),
  "unknown-field": refuses("errors #20", "PUT of a template is refused for a field that it does not know", {
    method: "PUT",
    path: TEMPLATE,
    status: 400,
    code: "ValidationFailed",
    message: 'Unmarshalling entity encountered error: json: unknown field "vmboot".',
  }),
  "missing-field": refuses("errors #21", "PATCH of a template's targets lacks a field", {
    method: "PATCH",
    path: TEMPLATE,
    status: 400,
    code: "ValidationFailed",
    message: "Validation failed: 'ImageTemplate.properties.distribute[0]': Missing field 'galleryImageId'.",
  }),
  "run-output-dropped": refuses("errors #22", "PATCH of a template's targets lacks a run output", {
    method: "PATCH",
    path: TEMPLATE,
    status: 400,
    code: "ValidationFailed",
    message: "Distribute target with Runoutput name gallery not found in the update request.",
  }),
  "provider-not-registered": refuses("errors #24", "the subscription has not registered image builder", {
    path: "/providers/Microsoft.VirtualMachineImages/",
    status: 409,
    code: "MissingSubscriptionRegistration",
    message: unregistered("Microsoft.VirtualMachineImages"),
    details: [
      {
        code: "MissingSubscriptionRegistration",
        target: "Microsoft.VirtualMachineImages",
        message: unregistered("Microsoft.VirtualMachineImages"),
      },
    ],
  }),
  "region-not-available": refuses("1.5", "image builder is not offered in the region", {
    method: "PUT",
    path: TEMPLATE,
    status: 400,
    code: "LocationNotAvailableForResourceType",
    message:
      "The provided location is not available for resource type 'Microsoft.VirtualMachineImages/imageTemplates'.",
  }),
  "version-not-supported": refuses("1.5", "image builder does not know the version of the API in the region", {
    method: "PUT",
    path: TEMPLATE,
    status: 400,
    code: "NoRegisteredProviderFound",
    message:
      "No registered resource provider found for location 'westeurope' and API version '2025-10-01' for type " +
      "'imageTemplates'. The supported api-versions are '2022-07-01, 2024-02-01'.",
  }),
  "policy-denies-template": refuses("errors #13", "Azure Policy refuses the template", {
    method: "PUT",
    path: TEMPLATE,
    status: 403,
    code: "RequestDisallowedByPolicy",
    message: 'Resource was disallowed by policy. Policy identifiers: \'[{"policyAssignment":{"name":"tags"}}]\'.',
  }),
  "delete-refused": refuses("errors #39, 1.6", "DELETE of a template is refused as if it were running", {
    method: "DELETE",
    path: TEMPLATE,
    status: 409,
    code: "OperationNotAllowed",
    message:
      "Operation Microsoft.VirtualMachineImages/imageTemplates/delete is not allowed in provisioning state: " +
      "provisioned or run state: running.",
  }),
  "cancel-refused": refuses("errors #40, 1.6", "cancelling is refused, since it is cancelled already", {
    method: "POST",
    path: CANCEL,
    status: 409,
    code: "OperationNotAllowed",
    message:
      "Operation Microsoft.VirtualMachineImages/imageTemplates/cancel/action is not allowed in provisioning state: " +
      "provisioned or run state: canceling.",
  }),
  "run-gateway-timeout": refuses("errors #41", "the first run is started, and answered with 504", {
    ...GATEWAY_TIMEOUT,
    method: "POST",
    path: RUN,
    executed: true,
    count: 1,
  }),
  "delete-gateway-timeout": refuses(
    "errors #41, 1.6",
    "the first DELETE of a template is begun, and answered with 504",
    {
      ...GATEWAY_TIMEOUT,
      method: "DELETE",
      path: TEMPLATE,
      executed: true,
      count: 1,
    },
  ),
  "run-reply-lost": refuses("0.9", "the first run is started, and its answer gets lost", {
    kind: "loseReply",
    method: "POST",
    path: RUN,
    count: 1,
  }),
  "template-unreadable": refuses("6.11", "of the reads of a template, a third fail with 500", {
    method: "GET",
    path: TEMPLATE,
    status: 500,
    code: "InternalServerError",
    message: "Encountered internal server error.",
    probability: 0.33,
  }),
  "not-readable-yet": {
    does: "what is made cannot be read for 5 to 15 seconds after its PUT",
    source: "5",
    effects: [{ on: "settings", settings: { readAfterWriteSeconds: { min: 5, max: 15 } } }],
  },
  "operation-gone": refuses("6.11", "the URLs of operations answer 404", {
    method: "GET",
    path: OPERATION,
    status: 404,
    code: "OperationNotFound",
    message: "The operation could not be found.",
  }),
  "gateway-html": refuses("5", "of all requests to ARM, a tenth are answered by a gateway, in HTML", {
    path: "^/subscriptions/",
    status: 502,
    html: "<html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>",
    probability: 0.1,
  }),
  "throttled-without-retry-after": refuses("0.10", "of all requests to ARM, a tenth are refused with 429 and no time", {
    path: "^/subscriptions/",
    status: 429,
    code: "TooManyRequests",
    message: "The request was throttled.",
    probability: 0.1,
  }),
  "request-hangs": refuses("5", "the first request to ARM is never answered", {
    kind: "hang",
    path: "^/subscriptions/",
    count: 1,
  }),
  "tokens-unavailable": refuses("5", "the identity endpoint answers 500", {
    path: "^/msi/token$",
    status: 500,
  }),
  "log-forbidden": refuses("1.8", "reads of a build's log answer 403", {
    path: BLOB,
    status: 403,
    code: "AuthorizationPermissionMismatch",
    message: "This request is not authorized to perform this operation using this permission.",
  }),
  "log-missing": refuses("1.8", "there is no log of any build", {
    path: BLOB,
    status: 404,
    code: "BlobNotFound",
    message: "The specified blob does not exist.",
  }),
};
