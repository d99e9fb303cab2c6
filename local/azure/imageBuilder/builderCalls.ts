import { armErrors, AzureError } from "../arm/errors.ts";
import { checkedBody, store } from "../arm/genericResources.ts";
import { requireParent } from "../arm/parents.ts";
import { parseId } from "../arm/resourceId.ts";
import type { ResourceType } from "../arm/resourceType.ts";
import { requireAllowed } from "../authorization/policy/requireAllowed.ts";
import type { Azure } from "../azure.ts";
import type { Principal } from "../entra/token.ts";
import type { Announcement } from "../events/armEvent.ts";
import { findIdentity } from "../managedIdentity/userAssignedIdentities.ts";
import { findResource } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { builderMayDo } from "./goesWrong.ts";
import { type Build, identityIdOf, type Template } from "./templateState.ts";

/** Another provider has refused image builder something. */
export class CallFailed extends Error {}

/**
 * Does what image builder asks of another provider.
 *
 * @param call as image builder's client calls it: `ImagesClient#Delete`. @param of the client's package.
 * @throws CallFailed with what Azure says to image builder, inside of what image builder says.
 */
export function calling<T>(call: string, act: () => T, of = "compute"): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof AzureError)) throw error;
    const { status, code, message } = error;
    throw new CallFailed(
      `${of}.${call}: Failure sending request: StatusCode=${status} -- Original Error: Code="${code}" Message="${message}"`,
    );
  }
}

/** What Azure says against something that image builder does; nothing where it is done. */
export function refusal(act: () => void): string | undefined {
  try {
    act();
    return undefined;
  } catch (error) {
    if (error instanceof AzureError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

/** Who image builder is to other providers: the template's identity. */
function builderOf(azure: Azure, template: Template): Principal {
  const identity = findIdentity(azure, identityIdOf(template));
  const { principalId = "", clientId = "" } = (identity?.body.properties ?? {}) as Record<string, string>;
  return { objectId: principalId, appId: clientId };
}

/** What is told of something that image builder has written. */
export function announcement({ azure, template, run }: Build, type: string, id: string): Announcement {
  const { objectId: principalId, appId } = builderOf(azure, template);
  return {
    kind: "Write",
    operationName: `${type}/write`,
    resourceUri: id,
    principalId,
    appId,
    correlationId: run.operation,
  };
}

/** @throws AzureError 403 where the template's identity may not. */
export function requireBuilderRight(azure: Azure, template: Template, action: string, scope: string): void {
  if (builderMayDo(azure, template, action, scope)) return;
  throw armErrors.AuthorizationFailed(builderOf(azure, template), action, scope, false);
}

/** Writes as a PUT of the template's identity would. @throws AzureError where such a PUT would be refused. */
export function put(azure: Azure, type: ResourceType, id: string, body: Json): StoredResource {
  requireParent(azure, parseId(id));
  requireAllowed(azure, type, id, body);
  return store(azure, type, findResource(azure, id)?.id ?? id, checkedBody(type, body));
}
