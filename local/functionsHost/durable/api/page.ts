import { headerOf, type HttpAnswer, jsonAnswer } from "../../http/call.ts";
import { jsonText } from "../jsonText.ts";
import type { Instance } from "../taskHub.ts";
import type { ApiCall } from "./durableApi.ts";

/** Instances in a page without `top`. */
const PAGE = 100;

/** What was found, by id: a page of it, with a token in a header where more follows. */
export function pageAnswer(found: Instance[], call: ApiCall, show: (instance: Instance) => unknown): HttpAnswer {
  const sorted = found.toSorted((a, b) => (a.instanceId < b.instanceId ? -1 : 1));
  const from = afterToken(sorted, headerOf(call.http, "x-ms-continuation-token"));
  const page = sorted.slice(from, from + (Number(call.query.get("top")) || PAGE));
  const last = page.at(-1);
  const hasMore = last !== undefined && from + page.length < sorted.length;
  return jsonAnswer(200, jsonText(page.map(show)), hasMore ? [["x-ms-continuation-token", tokenAfter(last)]] : []);
}

const tokenAfter = (instance: Instance) => Buffer.from(instance.instanceId).toString("base64");

function afterToken(found: Instance[], token: string | undefined): number {
  if (!token || token === "null") return 0;
  const last = Buffer.from(token, "base64").toString();
  const from = found.findIndex(({ instanceId }) => instanceId > last);
  return from < 0 ? found.length : from;
}
