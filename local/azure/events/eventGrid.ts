import * as z from "zod";
import type { Clock } from "../../clock/clock.ts";
import type { Random } from "../store/random.ts";
import type { ArmEvent } from "./armEvent.ts";

/** How a webhook wants its events. */
const SCHEMAS = ["EventGridSchema", "CloudEventSchemaV1_0"] as const;
export type Schema = (typeof SCHEMAS)[number];

/** The body of a delivery, and its type: Event Grid's own schema comes in a list, CloudEvents one by one. */
export function delivery(schema: Schema, event: ArmEvent): { body: string; contentType: string } {
  const { id, time, type, topic, subject, data } = event;
  if (schema === "CloudEventSchemaV1_0") {
    const body = JSON.stringify({ specversion: "1.0", type, source: topic, id, time, subject, data });
    return { body, contentType: "application/cloudevents+json; charset=utf-8" };
  }
  const one = { topic, subject, eventType: type, id, data, dataVersion: "2", metadataVersion: "1", eventTime: time };
  return { body: JSON.stringify([one]), contentType: "application/json; charset=utf-8" };
}

/** What Event Grid posts to find out whether an endpoint wants events at all. */
function validationEvent(id: string, topic: string, time: string, validationCode: string): string {
  const data = { validationCode };
  const eventType = "Microsoft.EventGrid.SubscriptionValidationEvent";
  return JSON.stringify([
    { id, topic, subject: "", data, eventType, eventTime: time, metadataVersion: "1", dataVersion: "2" },
  ]);
}

/** Nothing outside this machine is told anything. */
const LOOPBACK = /^(localhost|127(\.\d+){3}|\[::1\])$/;
const endpoint = z.url({ protocol: /^https?$/ }).refine((url) => LOOPBACK.test(new URL(url).hostname), {
  error: "must be of this machine",
});
const asked = z.strictObject({
  endpoint,
  schema: z.enum(SCHEMAS).default("EventGridSchema"),
  /** How many of the events come twice. */
  duplicates: z.number().min(0).max(1).default(0),
  /** Seconds that an event may be late by, each another time: so they come in disorder. */
  disorder: z.number().min(0).default(0),
  /** How many of the events never come. */
  lost: z.number().min(0).max(1).default(0),
});

export type EventSubscription = z.infer<typeof asked> & { id: string };

/** Seconds after each delivery that failed, as Event Grid waits. */
const RETRIES = [10, 30, 60, 300, 600, 1800, 3600, 10_800, 21_600, 43_200];
/** Who answers so will not answer otherwise later. */
const NO_RETRY = [400, 413];
const ORIGIN = "eventgrid.azure.net";
/** Real ones: whoever takes longer has not answered. */
const PATIENCE_MILLISECONDS = 30_000;

/** The part of Event Grid that brings ARM's events to webhooks. Kept in memory only. */
export interface EventGrid {
  wanted(): boolean;
  publish(event: ArmEvent): void;
  /** Resolves when the endpoint has said that it wants them. @throws Error where it has not. */
  subscribe(input: unknown): Promise<EventSubscription>;
  list(): EventSubscription[];
  clear(): void;
}

/** @param call reaches a webhook; undefined where nobody answers. */
export function createEventGrid(clock: Clock, random: Random, topic: string, call: CallWebhook = overHttp): EventGrid {
  let subscriptions: EventSubscription[] = [];

  function send(
    subscription: EventSubscription,
    event: ArmEvent,
    copy: number,
    attempt: number,
    seconds: number,
  ): void {
    clock.setTimeout(() => void attemptDelivery(subscription, event, copy, attempt), seconds * 1000);
  }

  async function attemptDelivery(subscription: EventSubscription, event: ArmEvent, copy: number, attempt: number) {
    if (!subscriptions.includes(subscription)) return;
    const { body, contentType } = delivery(subscription.schema, event);
    const headers = {
      "content-type": contentType,
      "aeg-event-type": "Notification",
      "aeg-subscription-name": subscription.id.toUpperCase(),
      "aeg-delivery-count": String(attempt),
      "aeg-data-version": "2",
      "aeg-metadata-version": "1",
    };
    const answer = await call(subscription.endpoint, { method: "POST", headers, body });
    const status = answer?.status ?? 0;
    await answer?.body?.cancel().catch(() => undefined);
    const retry = RETRIES[attempt];
    if ((status >= 200 && status < 300) || NO_RETRY.includes(status) || retry === undefined) return;
    send(subscription, event, copy, attempt + 1, retry);
  }

  return {
    wanted: () => subscriptions.length > 0,
    publish(event) {
      for (const subscription of subscriptions) {
        const { id, duplicates, disorder, lost } = subscription;
        if (random.fraction("lost", id, event.id) < lost) continue;
        const copies = random.fraction("duplicate", id, event.id) < duplicates ? 2 : 1;
        for (let copy = 0; copy < copies; copy++) {
          send(subscription, event, copy, 0, random.fraction("disorder", id, event.id, copy) * disorder);
        }
      }
    },
    async subscribe(input) {
      const parsed = asked.safeParse(input);
      if (!parsed.success) throw new Error(z.prettifyError(parsed.error));
      const subscription = { id: random.guid("event subscription", subscriptions.length, clock.now()), ...parsed.data };
      const code = random.guid("validation code", subscription.id);
      const body = validationEvent(subscription.id, topic, new Date(clock.now()).toISOString(), code);
      const wanted = subscription.schema === "EventGridSchema" ? echoesCode : allowsOrigin;
      if (!(await wanted(call, subscription, code, body))) {
        throw new Error(`${subscription.endpoint} did not answer the validation handshake of ${subscription.schema}.`);
      }
      subscriptions.push(subscription);
      return subscription;
    },
    list: () => subscriptions,
    clear: () => void (subscriptions = []),
  };
}

/** How webhooks are reached. Resolves with nothing where nobody answers. */
export type CallWebhook = (url: string, request: Webhook) => Promise<Response | undefined>;
type Webhook = { method: "POST" | "OPTIONS"; headers: Record<string, string>; body?: string };

/** Follows nobody elsewhere: the endpoint is of this machine, and where it points to may not be. */
function overHttp(url: string, request: Webhook): Promise<Response | undefined> {
  const signal = AbortSignal.timeout(PATIENCE_MILLISECONDS);
  return fetch(url, { ...request, redirect: "manual", signal }).catch(() => undefined);
}

async function echoesCode(call: CallWebhook, { endpoint: url, id }: EventSubscription, code: string, body: string) {
  const headers = {
    "content-type": "application/json; charset=utf-8",
    "aeg-event-type": "SubscriptionValidation",
    "aeg-subscription-name": id.toUpperCase(),
  };
  const answer = await call(url, { method: "POST", headers, body });
  const said = (await answer?.json().catch(() => undefined)) as { validationResponse?: unknown } | undefined;
  return answer?.status === 200 && said?.validationResponse === code;
}

async function allowsOrigin(call: CallWebhook, { endpoint: url }: EventSubscription): Promise<boolean> {
  const headers = { "webhook-request-origin": ORIGIN, "webhook-request-rate": "120" };
  const answer = await call(url, { method: "OPTIONS", headers });
  const allowed = answer?.headers.get("webhook-allowed-origin") ?? "";
  return answer?.ok === true && ["*", ORIGIN].includes(allowed);
}
