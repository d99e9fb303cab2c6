import { requireRight } from "../arm/authorize.ts";
import { armErrors } from "../arm/errors.ts";
import { displayName, regions, zonedRegions } from "../arm/regions.ts";
import { type ArmAnswer, type ArmRequest, listed, ok, type ResourceType } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import type { Json } from "../store/state.ts";
import { apiVersions } from "./apiVersions.ts";
import { changeRegistration, isOfArm, PROVIDER_TYPE, providerId, registrationOf } from "./registrations.ts";

const EXPANDS = ["metadata", "resourceTypes", "resourceTypes/aliases"];

/** Resource providers of the subscription: what they serve, and whether they are registered. */
export const providers: ResourceType = {
  type: PROVIDER_TYPE,
  apiVersions,
  expands: EXPANDS,
  readOnly: true,
  get: (azure, request) => ok(provider(azure, namespaceOf(azure, request))),
  list: (azure) => listed(namespaces(azure).map((namespace) => provider(azure, namespace))),
  actions: {
    register: (azure, request) => change(azure, request, "Registered"),
    unregister: (azure, request) => change(azure, request, "NotRegistered"),
  },
  opens: (_, { method }) => method === "POST",
};

/** To register one takes a right of the provider's own. */
function change(azure: Azure, request: ArmRequest, end: "Registered" | "NotRegistered"): ArmAnswer {
  const namespace = namespaceOf(azure, request);
  const action = end === "Registered" ? "register" : "unregister";
  const scope = `/subscriptions/${azure.landscape.subscriptionId}`;
  requireRight(azure, request.principal, `${namespace}/${action}/action`, scope);
  if (!isOfArm(namespace)) changeRegistration(azure, namespace, end);
  return ok(provider(azure, namespace));
}

function namespaceOf(azure: Azure, { target }: ArmRequest): string {
  const asked = target.names.at(-1) ?? "";
  const namespace = namespaces(azure).find((one) => one.toLowerCase() === asked.toLowerCase());
  if (namespace) return namespace;
  throw armErrors.InvalidResourceNamespace(asked);
}

const namespaces = ({ resourceTypes }: Azure) => resourceTypes.namespaces();

function provider(azure: Azure, namespace: string): Json {
  return {
    id: providerId(azure, namespace),
    namespace,
    registrationPolicy: isOfArm(namespace) ? "RegistrationFree" : "RegistrationRequired",
    resourceTypes: azure.resourceTypes.of(namespace).map(resourceType),
    registrationState: registrationOf(azure, namespace),
  };
}

function resourceType({ type, apiVersions, locations, tracked, zonal }: ResourceType): Json {
  return {
    resourceType: type.slice(type.indexOf("/") + 1),
    locations: (locations ?? (tracked ? regions : [])).map(displayName),
    apiVersions: apiVersions.toReversed(),
    ...(zonal
      ? { zoneMappings: zonedRegions.map((name) => ({ location: displayName(name), zones: ["1", "2", "3"] })) }
      : {}),
    capabilities: tracked ? "SupportsTags, SupportsLocation" : "None",
  };
}

/** The same without a subscription, and so without a registration. */
export const tenantProviders: ResourceType = {
  type: "Microsoft.Resources/providers",
  apiVersions,
  expands: EXPANDS,
  readOnly: true,
  authorizesItself: true,
  get: (azure, request) => ok(unregistered(azure, namespaceOf(azure, request))),
  list: (azure) => listed(namespaces(azure).map((namespace) => unregistered(azure, namespace))),
};

function unregistered(azure: Azure, namespace: string): Json {
  const { registrationState: _, ...shown } = provider(azure, namespace);
  return { ...shown, id: `/providers/${namespace}` };
}

export const providerResourceTypes: ResourceType = {
  type: `${PROVIDER_TYPE}/resourceTypes`,
  apiVersions,
  readOnly: true,
  authorizesItself: true,
  list(azure, request) {
    const namespace = namespaceOf(azure, request);
    return listed(azure.resourceTypes.of(namespace).map(resourceType));
  },
};
