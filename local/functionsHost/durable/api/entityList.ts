import type { HttpAnswer } from "../../http/call.ts";
import { entityIdOf, instanceIdOf, isEntity } from "../entities/entityId.ts";
import { schedulerStateOf } from "../entities/schedulerState.ts";
import type { Instance } from "../taskHub.ts";
import type { ApiCall, DurableApiOptions } from "./durableApi.ts";
import { timeOf } from "./instances.ts";
import { pageAnswer } from "./page.ts";

/** Lists the entities that exist, all or those of a name. */
export async function listEntities(
  { client }: DurableApiOptions,
  call: ApiCall,
  name: string | undefined,
): Promise<HttpAnswer> {
  const { query } = call;
  const from = timeOf(query, "lastoperationtimefrom");
  const to = timeOf(query, "lastoperationtimeto");
  const isWanted = (instance: Instance) =>
    (name === undefined
      ? isEntity(instance.instanceId)
      : instance.instanceId.startsWith(instanceIdOf({ name, key: "" }))) &&
    schedulerStateOf(instance).exists &&
    !(instance.lastUpdatedTime < from) &&
    !(instance.lastUpdatedTime > to);
  const fetchesState = query.get("fetchstate")?.toLowerCase() === "true";
  return pageAnswer((await client.all()).filter(isWanted), call, (instance) => {
    const { state } = schedulerStateOf(instance);
    return {
      entityId: entityIdOf(instance.instanceId),
      lastOperationTime: new Date(instance.lastUpdatedTime).toISOString(),
      state: fetchesState && state !== null ? (JSON.parse(state) as unknown) : null,
    };
  });
}
