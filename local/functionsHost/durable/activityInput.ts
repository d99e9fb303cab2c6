import { typedJson, typedString } from "../worker/typedData.ts";
import type { RpcTypedData } from "../worker/rpc.ts";

/** An activity's input as the extension hands it over: text bare, truth values as .NET's words, the rest as JSON. */
export function activityInputData(input: string): RpcTypedData | undefined {
  const value = JSON.parse(input) as unknown;
  if (value === null) return undefined;
  if (typeof value === "string") return typedString(value);
  if (typeof value === "boolean") return typedString(value ? "True" : "False");
  return typedJson(input);
}

/** @param bindingName of the activity trigger. */
export function activityTriggerMetadata(
  bindingName: string,
  instanceId: string,
  input: string,
): Record<string, RpcTypedData> {
  const data = activityInputData(input);
  if (!data) return { instanceId: typedString(instanceId) };
  const value = JSON.parse(input) as unknown;
  const isObject = typeof value === "object" && value !== null && !Array.isArray(value);
  const own = isObject ? Object.entries(value) : [];
  return {
    ...Object.fromEntries(
      own.flatMap(([key, field]) => (field === null ? [] : [[key, typedJson(JSON.stringify(field))]])),
    ),
    instanceId: typedString(instanceId),
    [bindingName]: data,
    data: typedJson(input),
  };
}
