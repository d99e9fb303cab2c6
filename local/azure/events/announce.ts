import type { ArmAnswer, ArmRequest, ResourceType } from "../arm/resourceType.ts";
import type { Azure } from "../azure.ts";
import { type Announcement, armEvent } from "./armEvent.ts";

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
