import type { RpcTypedData } from "../worker/rpc.ts";
import { typedJson, typedString } from "../worker/typedData.ts";

/** An activity's input as the extension hands it over. @param input JSON text. */
export const activityInputData = (input: string): RpcTypedData => boundData(JSON.parse(input));

/** Text goes bare, truth values as .NET's words, null as nothing, the rest as JSON. */
function boundData(value: unknown): RpcTypedData {
  if (value === null) return {};
  if (typeof value === "string") return typedString(value);
  if (typeof value === "boolean") return typedString(value ? "True" : "False");
  return typedJson(JSON.stringify(value));
}

/** The input again, under several names, its own properties among them. @param bindingName of the activity trigger. */
export function activityTriggerMetadata(
  bindingName: string,
  instanceId: string,
  input: string,
): Record<string, RpcTypedData> {
  const value = JSON.parse(input) as unknown;
  if (value === null) return { instanceId: typedString(instanceId) };
  const own = typeof value === "object" && !Array.isArray(value) ? Object.entries(value) : [];
  return {
    ...Object.fromEntries(own.flatMap(([key, field]) => (field === null ? [] : [[key, boundData(field)]]))),
    instanceId: typedString(instanceId),
    [bindingName]: boundData(value),
    data: typedJson(input),
  };
}
