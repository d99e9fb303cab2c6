import * as z from "zod";
import type { TemplateAct } from "../buildId.ts";
import { parentOf, parseResourceId, resourceGroupOf } from "../resourceId.ts";

/** What an event says, as far as it concerns us. */
export type EventRead =
  /** ARM has written a gallery's image version: it may be new. */
  | { kind: "version"; source: string; version: string }
  /** ARM has ended something that was asked of an image template, well or badly. */
  | { kind: "template"; group: string; name: string; act: TemplateAct }
  /** Event Grid asks whether events are wanted here. */
  | { kind: "validation"; code: string }
  | { kind: "ignored"; why: string }
  | { kind: "invalid"; why: string };

const name = z.string().min(1).max(500);
const path = z.string().min(1).max(2000);

const cloudEvent = z
  .looseObject({ specversion: z.literal("1.0"), id: name, source: path, type: name, subject: path.optional() })
  .transform(({ source, type, subject, data }) => ({ topic: source, type, subject, data }));
const gridEvent = z
  .looseObject({ id: name, topic: path, subject: z.string().max(2000), eventType: name, eventTime: name })
  .transform(({ topic, eventType, subject, data }) => ({ topic, type: eventType, subject, data }));

const armData = z.looseObject({ operationName: name });
const validationData = z.looseObject({ validationCode: z.string().min(1).max(200) });

const WRITTEN = "Microsoft.Resources.ResourceWriteSuccess";
const VALIDATION = "Microsoft.EventGrid.SubscriptionValidationEvent";
const VERSION = "microsoft.compute/galleries/images/versions";
const ENDED = /^Microsoft\.Resources\.Resource(Write|Action|Delete)(Success|Failure|Cancel)$/;
const TEMPLATE = "microsoft.virtualmachineimages/imagetemplates";
const TEMPLATE_ACTS: ReadonlyMap<string, TemplateAct> = new Map([
  [`${TEMPLATE}/write`, "written"],
  [`${TEMPLATE}/run/action`, "run"],
  [`${TEMPLATE}/delete`, "deleted"],
]);

/**
 * Reads one event, in CloudEvents 1.0 or in Event Grid's own schema, and trusts nothing about it.
 *
 * @param subscriptions that events may be of, in lower case.
 */
export function readEvent(event: unknown, subscriptions: ReadonlySet<string>): EventRead {
  const isGrid = typeof event === "object" && event !== null && Object.hasOwn(event, "eventType");
  const parsed = (isGrid ? gridEvent : cloudEvent).safeParse(event);
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return { kind: "invalid", why: `${issue?.path.join(".") || "event"}: ${issue?.message}` };
  }
  const { topic, type, subject, data } = parsed.data;
  if (!subscriptions.has(subscriptionIn(topic))) return { kind: "invalid", why: UNEXPECTED_TOPIC };
  if (isGrid && type === VALIDATION) {
    const code = validationData.safeParse(data).data?.validationCode;
    return code === undefined ? { kind: "invalid", why: "data: has no validationCode" } : { kind: "validation", code };
  }
  if (!ENDED.test(type)) return { kind: "ignored", why: "not of something that was done" };
  const operation = armData.safeParse(data).data?.operationName.toLowerCase();
  if (operation === undefined) return { kind: "invalid", why: "data: has no operationName" };
  const id = parseResourceId(subject ?? "");
  const isOfTopic = id?.subscriptionId.toLowerCase() === subscriptionIn(topic);

  const act = TEMPLATE_ACTS.get(operation);
  if (act) {
    if (id?.type.toLowerCase() !== TEMPLATE)
      return { kind: "invalid", why: "subject: is not the id of an image template" };
    if (!isOfTopic) return { kind: "invalid", why: FOREIGN_SUBJECT };
    const [name = ""] = id.names;
    return { kind: "template", group: resourceGroupOf(subject ?? "").toLowerCase(), name: name.toLowerCase(), act };
  }

  if (type !== WRITTEN || operation !== `${VERSION}/write`)
    return { kind: "ignored", why: "not of an image version that was written, nor of an image template" };
  const version = id?.names.at(-1) ?? "";
  if (id?.type.toLowerCase() !== VERSION || !/^\d{1,10}(\.\d{1,10}){2}$/.test(version))
    return { kind: "invalid", why: "subject: is not the id of an image version" };
  if (!isOfTopic) return { kind: "invalid", why: FOREIGN_SUBJECT };
  if (!version.split(".").every(isCanonical))
    return { kind: "ignored", why: "not of a version that a gallery can have" };
  return { kind: "version", source: parentOf(subject ?? "").toLowerCase(), version };
}

/** One version has one name, or its builds would be started under each: no leading zeros, and 32 bits, as in Azure. */
function isCanonical(part: string): boolean {
  return String(Number(part)) === part && Number(part) < 2 ** 31;
}

const FOREIGN_SUBJECT = "subject: is not of the topic's subscription";
export const UNEXPECTED_TOPIC = "topic: is not of a subscription that events are expected from";

/** A topic is a subscription, a resource group, or a resource in one. */
function subscriptionIn(topic: string): string {
  return /^\/subscriptions\/([0-9a-f-]{36})(\/|$)/i.exec(topic)?.[1]?.toLowerCase() ?? "";
}
