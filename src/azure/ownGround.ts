import { type JWTPayload, decodeJwt } from "jose";
import type { SettingFault } from "../domain/notReady.ts";
import type { Observed } from "../domain/preflight/observed.ts";
import { sameId } from "../domain/resourceId.ts";
import type { GroundLook } from "../readiness.ts";
import { ARM_ENDPOINT, hiddenBy, unreachedBy, wrongBy } from "../settingHelp.ts";
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
 * read of ARM where they do. Where only the group may not be read, the preflight tells what to grant.
 */
export async function lookAtGround({ reader, token, settings }: GroundParts): Promise<GroundLook> {
  const claims = await token().then(decodeJwt, (error: unknown) => error as Error);
  if (claims instanceof Error) {
    return isUnknownIdentity(claims) ? wrong("AZURE_CLIENT_ID") : { kind: "unknown", why: claims.message };
  }
  const asOther = otherIdentity(claims, settings);
  if (asOther.length > 0) return wrong(...asOther);

  const { subscriptionId, templateResourceGroup } = settings;
  const path = `/subscriptions/${subscriptionId}`;
  try {
    const group = await reader.get(`${path}/resourceGroups/${templateResourceGroup}`, GROUPS);
    if (group.kind === "found") return { kind: "right" };
    if (group.kind === "absent" && group.code === "ResourceGroupNotFound") {
      return wrong("GOLDSMITH_TEMPLATE_RESOURCE_GROUP");
    }
    if (group.kind === "absent" && group.code === "SubscriptionNotFound") return wrong("AZURE_SUBSCRIPTION_ID");
    if ("code" in group && group.code === "ENOTFOUND") return hidden(unreachedBy(ARM_ENDPOINT));
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

/**
 * The group may not be read. Nor may a subscription in which the identity has no role at all, of which Azure says either:
 * whoever has the observer role may.
 */
function ofSubscription(subscription: Observed<unknown>): GroundLook {
  if (isPassing(subscription)) return { kind: "unknown", why: whyOf(subscription) };
  if (subscription.kind !== "found") return hidden(hiddenBy("AZURE_SUBSCRIPTION_ID"));
  const { state } = subscription.value as { state?: unknown };
  return state === "Deleted" || state === "Disabled" ? wrong("AZURE_SUBSCRIPTION_ID") : { kind: "right" };
}

function isPassing(seen: Observed<unknown>): boolean {
  return seen.kind === "unreadable" && (seen.isPassing === true || seen.code === "unexpected-answer");
}

function whyOf(seen: Observed<unknown>): string {
  return "code" in seen ? (seen.code ?? seen.kind) : seen.kind;
}

/** Whom the token is of, as far as it says so. @returns the settings of which one says otherwise. */
function otherIdentity(claims: JWTPayload, { clientId, servicePrincipals }: GroundParts["settings"]): string[] {
  const { appid = claims["azp"], oid } = claims;
  if (typeof appid === "string" && !sameId(appid, clientId)) return ["AZURE_CLIENT_ID"];
  const [own = ""] = servicePrincipals;
  // The app has other identities as well, and either setting may name one of those.
  return typeof oid === "string" && !sameId(oid, own) ? ["AZURE_CLIENT_ID", "GOLDSMITH_SERVICE_PRINCIPAL_ID"] : [];
}

/** The identity endpoint answers 400 where no such identity is assigned to the app; all else may pass. */
function isUnknownIdentity(error: Error): boolean {
  return /\b(?:No User Assigned or Delegated Managed Identity found|Identity not found)\b/i.test(error.message);
}

function hidden(fault: SettingFault): GroundLook {
  return { kind: "hidden", faults: [fault] };
}

function wrong(...settings: string[]): GroundLook {
  const together = settings.length > 1 ? `${settings.join(" and ")} name two identities: one of them is wrong. ` : "";
  return { kind: "wrong", faults: settings.map((setting) => wrongBy(setting, together)) };
}
