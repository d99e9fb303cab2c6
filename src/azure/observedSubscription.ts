import * as z from "zod";
import { type Observed, mapObserved } from "../domain/preflight/observed.ts";
import type { PolicyAssignment, Provider, Usage } from "../domain/preflight/subscription.ts";
import type { ArmReader } from "./armReader.ts";
import { list, text, texts } from "./fields.ts";
import { understood } from "./understood.ts";

/** Region names as templates have them: `West Europe` is westeurope. */
export const regionName = (shown: string) => shown.replaceAll(/[\s()]/g, "").toLowerCase();

const provider = z
  .object({
    namespace: z.string(),
    registrationState: text,
    resourceTypes: list(
      z.object({
        resourceType: z.string(),
        locations: texts,
        zoneMappings: list(z.object({ location: z.string(), zones: texts })),
      }),
    ),
  })
  .transform(({ namespace, registrationState, resourceTypes }): Provider => ({
    namespace,
    state: registrationState ?? "NotRegistered",
    locations: Object.fromEntries(
      resourceTypes.map(({ resourceType, locations }) => [resourceType.toLowerCase(), locations.map(regionName)]),
    ),
    zonedRegions: resourceTypes
      .flatMap(({ zoneMappings }) => zoneMappings)
      .filter(({ zones }) => zones.length > 0)
      .map(({ location }) => regionName(location)),
  }));

const usage = z
  .object({ name: z.object({ value: z.string() }), currentValue: z.number(), limit: z.number() })
  .transform(({ name, currentValue, limit }): Usage => ({ name: name.value, used: currentValue, limit }));

const policyAssignment = z
  .object({
    id: z.string(),
    name: text,
    properties: z.object({
      displayName: text,
      scope: text,
      policyDefinitionId: z.string(),
      enforcementMode: text,
      notScopes: texts,
      parameters: z.record(z.string(), z.object({ value: z.unknown().optional() })).nullish(),
    }),
  })
  .transform(({ id, name, properties }): PolicyAssignment => ({
    id,
    displayName: properties.displayName ?? name ?? id,
    scope: properties.scope ?? "",
    definition: properties.policyDefinitionId.split("/").at(-1) ?? "",
    notScopes: properties.notScopes,
    isEnforced: !/^donotenforce$/i.test(properties.enforcementMode ?? ""),
    parameters: Object.fromEntries(Object.entries(properties.parameters ?? {}).map(([key, { value }]) => [key, value])),
  }));

/** All of them in one read, registered or not. */
export async function observeProviders(
  reader: ArmReader,
  subscriptionId: string,
): Promise<Observed<readonly Provider[]>> {
  return understood(await reader.list(`/subscriptions/${subscriptionId}/providers`, "2022-09-01"), z.array(provider));
}

export async function observeComputeUsages(
  reader: ArmReader,
  subscriptionId: string,
  location: string,
): Promise<Observed<readonly Usage[]>> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Compute/locations/${location}/usages`;
  return understood(await reader.list(path, "2024-07-01"), z.array(usage));
}

export async function observeContainerUsages(
  reader: ArmReader,
  subscriptionId: string,
  location: string,
): Promise<Observed<readonly Usage[]>> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.ContainerInstance/locations/${location}/usages`;
  return understood(await reader.list(path, "2023-05-01"), z.array(usage));
}

/** Those of the subscription and above it; of one that is not understood only what names it, and no definition. */
export async function observePolicyAssignments(
  reader: Pick<ArmReader, "list">,
  subscriptionId: string,
): Promise<Observed<readonly PolicyAssignment[]>> {
  const path = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization/policyAssignments`;
  const answer = await reader.list(path, "2022-06-01", { $filter: "atScope()" });
  return mapObserved(answer, (all) => all.map((one) => policyAssignment.safeParse(one).data ?? named(one)));
}

function named(assignment: unknown): PolicyAssignment {
  const shown = z.object({ id: z.string().catch(""), name: z.string().catch("") }).safeParse(assignment).data;
  const id = shown?.id ?? "";
  const displayName = shown?.name || id || "one without a name";
  return { id, displayName, scope: "", definition: "", notScopes: [], isEnforced: true, parameters: {} };
}
