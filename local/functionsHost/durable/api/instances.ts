import { emptyAnswer, type HttpAnswer, jsonAnswer } from "../../http/call.ts";
import type { Instance, RuntimeStatus } from "../taskHub.ts";
import type { ApiCall, DurableApiOptions } from "./durableApi.ts";
import { pageAnswer } from "./page.ts";
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

export async function listInstances({ client }: DurableApiOptions, call: ApiCall): Promise<HttpAnswer> {
  const found = (await client.all()).filter((instance) => matches(instance, call.query, STATUSES));
  const showInput = call.query.get("showinput")?.toLowerCase() !== "false";
  return pageAnswer(found, call, (instance) =>
    statusOf(instance, { showInput, showHistory: false, showHistoryOutput: false }),
  );
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

/** Milliseconds since 1970; NaN, which is neither before nor after anything, where there is none. */
export const timeOf = (query: Map<string, string>, name: string): number => Date.parse(query.get(name) ?? "");
