import { emptyAnswer, headerOf, type HttpAnswer, jsonAnswer } from "../../http/call.ts";
import { jsonText } from "../jsonText.ts";
import type { Instance, RuntimeStatus } from "../taskHub.ts";
import type { ApiCall, DurableApiOptions } from "./durableApi.ts";
import { statusOf } from "./status.ts";

const STATUSES: string[] = [
  "Pending",
  "Running",
  "Suspended",
  "Completed",
  "Failed",
  "Terminated",
] satisfies RuntimeStatus[];
/** Those that a purge by filter understands; any other counts as none given. */
const PURGEABLE: string[] = ["Completed", "Failed", "Terminated"] satisfies RuntimeStatus[];
/** Instances in a page without `top`. */
const PAGE = 100;

export async function listInstances({ client }: DurableApiOptions, { http, query }: ApiCall): Promise<HttpAnswer> {
  const found = (await client.all())
    .filter((instance) => matches(instance, query, STATUSES))
    .sort((a, b) => (a.instanceId < b.instanceId ? -1 : 1));
  const from = afterToken(found, headerOf(http, "x-ms-continuation-token"));
  const page = found.slice(from, from + (Number(query.get("top")) || PAGE));
  const showInput = query.get("showinput")?.toLowerCase() !== "false";
  const body = page.map((instance) => statusOf(instance, { showInput, showHistory: false, showHistoryOutput: false }));
  const last = page.at(-1);
  const hasMore = last !== undefined && from + page.length < found.length;
  return jsonAnswer(200, jsonText(body), hasMore ? [["x-ms-continuation-token", tokenAfter(last)]] : []);
}

export async function purgeInstances({ client }: DurableApiOptions, { query }: ApiCall): Promise<HttpAnswer> {
  if (Number.isNaN(timeOf(query, "createdtimefrom"))) {
    return jsonAnswer(400, JSON.stringify("Please provide value for 'createdTimeFrom' parameter."));
  }
  const found = (await client.all()).filter((instance) => matches(instance, query, PURGEABLE));
  const instancesDeleted = await client.purge(found.map(({ instanceId }) => instanceId));
  return instancesDeleted > 0 ? jsonAnswer(200, { instancesDeleted }) : emptyAnswer(404);
}

function matches(instance: Instance, query: Map<string, string>, known: string[]): boolean {
  const from = timeOf(query, "createdtimefrom");
  const to = timeOf(query, "createdtimeto");
  const statuses = (query.get("runtimestatus") ?? "")
    .split(",")
    .flatMap((text) => known.find((status) => status.toLowerCase() === text.trim().toLowerCase()) ?? []);
  return (
    instance.instanceId.startsWith(query.get("instanceidprefix") ?? "") &&
    !(instance.createdTime < from) &&
    !(instance.createdTime > to) &&
    (statuses.length === 0 || statuses.includes(instance.runtimeStatus))
  );
}

const timeOf = (query: Map<string, string>, name: string) => Date.parse(query.get(name) ?? "");

const tokenAfter = (instance: Instance) => Buffer.from(instance.instanceId).toString("base64");

function afterToken(found: Instance[], token: string | undefined): number {
  if (!token || token === "null") return 0;
  const last = Buffer.from(token, "base64").toString();
  const from = found.findIndex(({ instanceId }) => instanceId > last);
  return from < 0 ? found.length : from;
}
