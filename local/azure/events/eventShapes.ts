import type { ArmEvent } from "./armEvent.ts";

/** How a webhook wants its events. */
export const SCHEMAS = ["EventGridSchema", "CloudEventSchemaV1_0"] as const;
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
export function validationEvent(id: string, topic: string, time: string, validationCode: string): string {
  const data = { validationCode };
  const eventType = "Microsoft.EventGrid.SubscriptionValidationEvent";
  return JSON.stringify([
    { id, topic, subject: "", data, eventType, eventTime: time, metadataVersion: "1", dataVersion: "2" },
  ]);
}
