import { createHash } from "node:crypto";
import { Webhook } from "standardwebhooks";
import { cloudEvent, gridEvent, validationEvent } from "./armEvents.ts";

const SECRET = Buffer.alloc(32, 9).toString("base64");
const MAP = { image: { value: "aks-jumpbox" }, reason: { from: "/text" } };
const HOOK = { signature: { kind: "standard-webhooks" }, secretNames: ["NOW"], images: ["aks-*"], map: MAP };

/** Settings of a service that takes messages of a system which signs them. */
export const HOOK_SETTINGS = {
  GOLDSMITH_HOOKS: JSON.stringify({ now: HOOK }),
  GOLDSMITH_HOOK_SECRET_NOW: `whsec_${SECRET}`,
};

/** A message to the hook. */
interface Sent {
  id?: string;
  text?: string;
  secondsOff?: number;
  /** What is signed; else what is sent. */
  signed?: string;
  /** In place of the right ones. */
  signatures?: (right: string) => string;
}

/** As the system sends it, but for what is wrong with it. */
export function hookMessage({
  id = "evt-1",
  text = "hunter2",
  secondsOff = 0,
  signed,
  signatures = (right) => right,
}: Sent): RequestInit {
  const body = `{"text":"${text}","n":1.0}`;
  const at = new Date(Date.now() + secondsOff * 1000);
  const headers = {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1000)),
    "webhook-signature": signatures(new Webhook(SECRET).sign(id, at, signed ?? body)),
  };
  return { method: "POST", headers, body };
}

const foreign = (count: number) => createHash("sha256").update(String(count)).digest("base64");

/** Signed messages that are refused: their numbers among bad input, what is wrong, and the message. */
export const BAD_MESSAGES: [number: number, title: string, message: Sent][] = [
  [27, "whose body was written anew before it was signed", { signed: JSON.stringify({ text: "hunter2", n: 1 }) }],
  [28, "that is stale", { secondsOff: -400 }],
  [28, "of the future", { secondsOff: 400 }],
  [30, "with a dot in its id", { id: "evt.1" }],
  [31, "with a signature of an unknown version", { signatures: (right) => right.replace("v1,", "v9,") }],
  [31, "with an empty list of signatures", { signatures: () => "" }],
  [
    31,
    "with 10,000 signatures and the right one",
    { signatures: (right) => [...Array.from({ length: 600 }, (_, count) => `v1,${foreign(count)}`), right].join(" ") },
  ],
];

const without = (name: string) => ({ [name]: undefined });
const json = (value: unknown) => JSON.stringify(value);

/** Events that are refused: their numbers, what is wrong, and the body. */
export const BAD_EVENTS: [number: number, title: string, body: string][] = [
  [32, "without an id", json(cloudEvent(without("id")))],
  [32, "without a source", json(cloudEvent(without("source")))],
  [32, "without a specversion", json(cloudEvent(without("specversion")))],
  [32, "of another specversion", json(cloudEvent({ specversion: "0.3" }))],
  [34, "that validate a foreign topic", json([validationEvent("/subscriptions/none")])],
  [
    34,
    "that validate a foreign topic at a hostile address",
    json([validationEvent("/subscriptions/none", { validationUrl: "https://169.254.169.254/hunter2" })]),
  ],
];

/** One that counts, one that does not concern anybody, and two that are none. */
export const MIXED_EVENTS = json([gridEvent(), {}, { id: 1 }]);
