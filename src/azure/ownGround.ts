import { type JWTPayload, decodeJwt } from "jose";
import type { SettingFault } from "../domain/notReady.ts";
import type { Observed } from "../domain/preflight/observed.ts";
import { sameId } from "../domain/resourceId.ts";
import type { GroundLook } from "../readiness.ts";
import { mendOf } from "../settingHelp.ts";
import type { Settings } from "../settings.ts";
import type { ArmReader } from "./armReader.ts";

export interface GroundParts {
  reader: ArmReader;
  /** An access token for ARM, of the service's own identity. */
  token: () => Promise<string>;
  settings: Pick<Settings, "clientId" | "subscriptionId" | "templateResourceGroup" | "servicePrincipals">;
}

const GROUPS = "2022-09-01";
const SUBSCRIPTIONS = "2022-12-01";

/**
 * Whether the identity, the subscription and the template resource group of the settings are there and go together: one
 * read of ARM where they do. What only lacks a right is not told here, but by the preflight, which knows what to grant.
 */
export async function lookAtGround({ reader, token, settings }: GroundParts): Promise<GroundLook> {
  const claims = await token().then(decodeJwt, (error: unknown) => error as Error);
  if (claims instanceof Error) {
    return isUnknownIdentity(claims) ? wrong("AZURE_CLIENT_ID") : { kind: "unknown", why: claims.message };
  }
  const asOther = otherIdentity(claims, settings);
  if (asOther) return wrong(asOther);

  const { subscriptionId, templateResourceGroup } = settings;
  const path = `/subscriptions/${subscriptionId}`;
  try {
    const group = await reader.get(`${path}/resourceGroups/${templateResourceGroup}`, GROUPS);
    if (group.kind === "found") return { kind: "right" };
    if (group.kind === "absent" && group.code === "ResourceGroupNotFound") {
      return wrong("GOLDSMITH_TEMPLATE_RESOURCE_GROUP");
    }
    if (group.kind === "absent" && group.code === "SubscriptionNotFound") return wrong("AZURE_SUBSCRIPTION_ID");
    if (isPassing(group)) return { kind: "unknown", why: whyOf(group) };
    return ofSubscription(await reader.get(path, SUBSCRIPTIONS));
  } catch (error) {
    // As it says of a subscription of another tenant.
    if (error instanceof Error && error.message.startsWith("InvalidAuthenticationTokenTenant")) {
      return wrong("AZURE_SUBSCRIPTION_ID");
    }
    throw error;
  }
}

/** The group may not be read. That the subscription may not either says nothing: no role of the service's has that right. */
function ofSubscription(subscription: Observed<unknown>): GroundLook {
  if (subscription.kind !== "found") return { kind: "unknown", why: whyOf(subscription) };
  const { state } = subscription.value as { state?: unknown };
  return state === "Deleted" || state === "Disabled" ? wrong("AZURE_SUBSCRIPTION_ID") : { kind: "right" };
}

function isPassing(seen: Observed<unknown>): boolean {
  return seen.kind === "unreadable" && (seen.isPassing === true || seen.code === "unexpected-answer");
}

function whyOf(seen: Observed<unknown>): string {
  return "code" in seen ? (seen.code ?? seen.kind) : seen.kind;
}

/** Whom the token is of, as far as it says so. @returns the setting that says otherwise. */
function otherIdentity(claims: JWTPayload, { clientId, servicePrincipals }: GroundParts["settings"]) {
  const { appid = claims["azp"], oid } = claims;
  if (typeof appid === "string" && !sameId(appid, clientId)) return "AZURE_CLIENT_ID";
  const [own = ""] = servicePrincipals;
  if (typeof oid === "string" && !sameId(oid, own)) return "GOLDSMITH_SERVICE_PRINCIPAL_ID";
  return undefined;
}

/** The identity endpoint answers 400 where no such identity is assigned to the app; all else may pass. */
function isUnknownIdentity(error: Error): boolean {
  return /\b(?:No User Assigned or Delegated Managed Identity found|Identity not found)\b/i.test(error.message);
}

function wrong(setting: string): GroundLook {
  return { kind: "wrong", faults: [{ setting, state: "wrong", mend: mendOf(setting) } satisfies SettingFault] };
}
