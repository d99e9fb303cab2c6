import type { Azure } from "../azure.ts";
import { findIdentity } from "../managedIdentity/principals.ts";
import { identityIdOf, type Template } from "./templateState.ts";

/** A template shows who its identity is only once it is created. */
export function showIdentity(azure: Azure, template: Template): void {
  const id = identityIdOf(template);
  const { principalId, clientId } = (findIdentity(azure, id)?.body.properties ?? {}) as Record<string, string>;
  template.body.identity.userAssignedIdentities[id] = { principalId, clientId };
}
