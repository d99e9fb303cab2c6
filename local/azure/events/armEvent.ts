import type { ArmAnswer, ArmRequest, ResourceType } from "../arm/resourceType.ts";
import { type Azure, newGuid } from "../azure.ts";

/** Something that ARM has done, or has failed to do, to a resource. */
export interface ArmEvent {
  id: string;
  /** ISO 8601 */
  time: string;
  /** `Microsoft.Resources.ResourceWriteSuccess` */
  type: string;
  /** The subscription. */
  topic: string;
  /** Id of the resource. */
  subject: string;
  data: Record<string, unknown>;
}

/** What is to be told once a request is carried out, or the operation that it began has ended: plain data. */
export interface Announcement {
  kind: "Write" | "Delete" | "Action";
  /** `Microsoft.Compute/galleries/images/versions/write` */
  operationName: string;
  resourceUri: string;
  principalId: string;
  appId: string;
  correlationId: string;
  httpRequest?: { clientRequestId: string; clientIpAddress: string; method: string; url: string };
}

const OUTCOMES = { Succeeded: "Success", Failed: "Failure", Canceled: "Cancel" };

export function armEvent(
  azure: Azure,
  { kind, principalId, appId, ...announced }: Announcement,
  status: keyof typeof OUTCOMES,
  at = azure.now,
): ArmEvent {
  const { subscriptionId, tenantId } = azure.landscape;
  const { operationName, resourceUri } = announced;
  return {
    id: newGuid(azure, "event", resourceUri),
    time: new Date(at).toISOString(),
    type: `Microsoft.Resources.Resource${kind}${OUTCOMES[status]}`,
    topic: `/subscriptions/${subscriptionId}`,
    subject: resourceUri,
    data: {
      authorization: {
        scope: resourceUri,
        action: operationName,
        evidence: { principalId, principalType: "ServicePrincipal" },
      },
      claims: {
        aud: "https://management.azure.com",
        iss: `https://sts.windows.net/${tenantId}/`,
        appid: appId,
        "http://schemas.microsoft.com/identity/claims/objectidentifier": principalId,
        "http://schemas.microsoft.com/identity/claims/tenantid": tenantId,
      },
      ...announced,
      resourceProvider: operationName.split("/")[0],
      status,
      subscriptionId,
      tenantId,
    },
  };
}

const KINDS = { PUT: "Write", PATCH: "Write", DELETE: "Delete", POST: "Action" } as const;
const VERBS = { Write: "write", Delete: "delete", Action: "action" };

/** Tells of a request that changes something: now, or when the operation that it began has ended. */
export function announce(
  azure: Azure,
  { type }: ResourceType,
  request: ArmRequest,
  action: string | undefined,
  url: string,
  { status, headers }: ArmAnswer,
): void {
  const kind = KINDS[request.method as keyof typeof KINDS];
  if (!kind || !azure.events.wanted()) return;
  const { principal, target, correlationId } = request;
  const announcement: Announcement = {
    kind,
    operationName: `${type}/${action ? `${action}/` : ""}${VERBS[kind]}`,
    resourceUri: target.id,
    principalId: principal.objectId,
    appId: principal.appId,
    correlationId,
    httpRequest: {
      clientRequestId: request.headers["x-ms-client-request-id"] ?? "",
      clientIpAddress: "127.0.0.1",
      method: request.method,
      url,
    },
  };
  const operation = azure.state.operations[headers?.["x-ms-request-id"] ?? ""];
  if (operation?.status === "InProgress") operation.announcement = announcement;
  else azure.events.publish(armEvent(azure, announcement, status < 400 ? "Succeeded" : "Failed"));
}

/** Tells of the operations that have ended since this was last asked for. */
export function announceEnded(azure: Azure): void {
  if (!azure.events.wanted()) return;
  for (const operation of Object.values(azure.state.operations)) {
    const { announcement, status, endTime } = operation;
    if (!announcement || status === "InProgress") continue;
    delete operation.announcement;
    azure.events.publish(armEvent(azure, announcement, status, endTime));
  }
}
