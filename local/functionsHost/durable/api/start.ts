import { asciiUrl } from "../../http/asciiUrl.ts";
import { emptyAnswer, type HttpAnswer, jsonAnswer } from "../../http/call.ts";
import { jsonTextOrNull } from "../jsonText.ts";
import type { ApiCall, DurableApiOptions } from "./durableApi.ts";
import { errorAnswer, parseJsonBody } from "./errors.ts";
import { outcomeAnswer } from "./statusAnswer.ts";
import { managementUrls } from "./urls.ts";

/** Starts an instance, and with `timeout` waits for its end. */
export async function startInstance(
  options: DurableApiOptions,
  call: ApiCall,
  name: string,
  instanceId: string | undefined,
): Promise<HttpAnswer> {
  // No body is an empty text.
  const input = call.http.body.length === 0 ? '""' : jsonTextOrNull(parseJsonBody(call.http.body));
  const id = await options.client.startNew(name, instanceId, input);
  const timeout = secondsOf(call.query.get("timeout"));
  if (timeout === undefined) return startedAnswer(options, call, id);
  return waitForEnd(options, call, id, timeout);
}

/** Starts what an instance was once more, by default under a new id. */
export async function restartInstance(
  options: DurableApiOptions,
  call: ApiCall,
  instanceId: string,
): Promise<HttpAnswer> {
  const instance = await options.client.get(instanceId);
  if (!instance) {
    const message = `An orchestrastion with the instanceId ${instanceId} was not found.`;
    const summary = "InstanceId does not match a valid orchestration instance.";
    return errorAnswer(400, summary, message, "System.ArgumentException");
  }
  const keepsId = call.query.get("restartwithnewinstanceid")?.toLowerCase() === "false";
  const id = await options.client.startNew(instance.name, keepsId ? instanceId : undefined, instance.input);
  return startedAnswer(options, call, id);
}

/** The 202 with the URLs that manage the instance; those for rewinding are left out, as in the extension. */
export function startedAnswer({ address }: DurableApiOptions, { http }: ApiCall, instanceId: string): HttpAnswer {
  const { rewindPostUri: _, ...urls } = managementUrls(http.origin, address, instanceId);
  return jsonAnswer(202, urls, [
    ["location", asciiUrl(urls.statusQueryGetUri)],
    ["retry-after", "10"],
  ]);
}

/** In seconds. */
const DEFAULT_POLLING_INTERVAL = 1;

async function waitForEnd(
  options: DurableApiOptions,
  call: ApiCall,
  instanceId: string,
  timeout: number,
): Promise<HttpAnswer> {
  const { client, clock } = options;
  const interval = secondsOf(call.query.get("pollinginterval")) ?? DEFAULT_POLLING_INTERVAL;
  const until = clock.now() + timeout * 1000;
  for (;;) {
    const instance = await client.get(instanceId);
    if (!instance) return emptyAnswer(404);
    const outcome = outcomeAnswer(instance);
    if (outcome) return outcome;
    if (clock.now() >= until) return startedAnswer(options, call, instanceId);
    await clock.sleep(Math.min(interval * 1000, until - clock.now()));
  }
}

function secondsOf(text: string | undefined): number | undefined {
  const seconds = Number(text);
  return text === undefined || text === "" || Number.isNaN(seconds) ? undefined : seconds;
}
