import { emptyAnswer, type HttpAnswer, jsonAnswer } from "../../http/call.ts";
import { jsonText } from "../jsonText.ts";
import { type Instance, isOver } from "../taskHub.ts";
import type { ApiCall, DurableApiOptions } from "./durableApi.ts";
import { statusOf } from "./status.ts";

export async function statusAnswer(
  { client }: DurableApiOptions,
  { http, query }: ApiCall,
  instanceId: string,
): Promise<HttpAnswer> {
  const instance = await client.get(instanceId);
  if (!instance) return emptyAnswer(404);
  const body = jsonText(
    statusOf(instance, {
      showInput: query.get("showinput")?.toLowerCase() !== "false",
      showHistory: query.get("showhistory")?.toLowerCase() === "true",
      showHistoryOutput: query.get("showhistoryoutput")?.toLowerCase() === "true",
    }),
  );
  if (!isOver(instance.runtimeStatus)) {
    return jsonAnswer(202, body, [
      ["location", locationOf(http.origin + http.path, http.search)],
      ["retry-after", "5"],
    ]);
  }
  const failsLoudly = query.get("returninternalservererroronfailure")?.toLowerCase() === "true";
  return jsonAnswer(failsLoudly && instance.runtimeStatus === "Failed" ? 500 : 200, body);
}

/** The same question again, without task hub and connection. */
function locationOf(url: string, search: string): string {
  const kept = search
    .slice(1)
    .split("&")
    .filter((part) => part !== "" && !/^(taskhub|connection)=/i.test(part));
  return kept.length > 0 ? `${url}?${kept.join("&")}` : url;
}

/** What one who waited for the end is given; undefined while it has not come. */
export function outcomeAnswer(instance: Instance): HttpAnswer | undefined {
  const shown = () => jsonText(statusOf(instance, { showInput: true, showHistory: false, showHistoryOutput: false }));
  switch (instance.runtimeStatus) {
    case "Completed":
      return jsonAnswer(200, instance.output ?? "null");
    case "Terminated":
      return jsonAnswer(200, shown());
    case "Failed":
      return jsonAnswer(500, shown());
    default:
      return undefined;
  }
}
