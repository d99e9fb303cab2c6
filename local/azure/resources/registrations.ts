import type { Azure } from "../azure.ts";
import { findResource, storeResource } from "../store/resources.ts";
import { schedule, type TransitionTable } from "../store/transitions.ts";

type RegistrationState = "NotRegistered" | "Registering" | "Registered" | "Unregistering";

/** Registered in every subscription, always. */
const OF_ARM = ["microsoft.resources", "microsoft.authorization", "microsoft.marketplaceordering"];
/** What image builder asks for is registered in the landscape. */
const REGISTERED = [
  "microsoft.virtualmachineimages",
  "microsoft.compute",
  "microsoft.network",
  "microsoft.storage",
  "microsoft.managedidentity",
  "microsoft.keyvault",
  "microsoft.containerinstance",
];

export const PROVIDER_TYPE = "Microsoft.Resources/subscriptions/providers";

export const providerId = ({ landscape }: Azure, namespace: string) =>
  `/subscriptions/${landscape.subscriptionId}/providers/${namespace}`;

export function registrationOf(azure: Azure, namespace: string): RegistrationState {
  const changed = findResource(azure, providerId(azure, namespace))?.body.registrationState;
  const initial = [...OF_ARM, ...REGISTERED].includes(namespace.toLowerCase()) ? "Registered" : "NotRegistered";
  return (changed as RegistrationState | undefined) ?? initial;
}

export const isOfArm = (namespace: string) => OF_ARM.includes(namespace.toLowerCase());

/** At once, and by nobody's asking. */
export function setRegistration(azure: Azure, namespace: string, registrationState: RegistrationState): void {
  storeResource(azure, {
    id: providerId(azure, namespace),
    name: namespace,
    type: PROVIDER_TYPE,
    body: { registrationState },
  });
}

/** Ends after a while; asked for again, it changes nothing. */
export function changeRegistration(azure: Azure, namespace: string, end: "Registered" | "NotRegistered"): void {
  if (registrationOf(azure, namespace) === end) return;
  const id = providerId(azure, namespace);
  setRegistration(azure, namespace, end === "Registered" ? "Registering" : "Unregistering");
  const delay = azure.random.milliseconds(azure.settings.registrationSeconds, "registration", namespace, end);
  schedule(azure, delay, { kind: "registration-changed", id, operation: end });
}

export const registrationTransitions: TransitionTable = {
  "registration-changed"(azure, { id, operation }) {
    const provider = findResource(azure, id);
    const expected = operation === "Registered" ? "Registering" : "Unregistering";
    if (provider?.body.registrationState === expected) provider.body.registrationState = operation;
  },
};
