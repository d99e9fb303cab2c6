import { AzureError, invalidQuery } from "./errors.ts";
import type { ArmRequest, ResourceType } from "./resourceType.ts";

/** What providers say to a value of `$expand` that they do not know; of the others nobody has seen what they say. */
const REFUSALS: Readonly<Record<string, (value: string) => AzureError>> = {
  "Microsoft.Network": (value) =>
    new AzureError(
      400,
      "InvalidExpandQueryOptionValue",
      `$expand query option value is invalid. The resource does not have property ${value} or the property does not ` +
        "represent a reference to another resource.",
      {},
      { details: [] },
    ),
  "Microsoft.Compute": () =>
    new AzureError(400, "InvalidParameter", "The request URL is not valid.", {}, { target: "$expand" }),
  "Microsoft.Resources": (value) => invalidQuery("$expand", value),
};

/** @throws AzureError 400 where a GET asks for more of a resource than there can be. */
export function requireExpand({ type, expands = [] }: ResourceType, { query }: ArmRequest): void {
  const refusal = REFUSALS[type.slice(0, type.indexOf("/"))];
  const asked = query.get("$expand");
  if (asked === null || !refusal) return;
  const known = new Set(expands.map((value) => value.toLowerCase()));
  const unknown = asked.split(",").find((value) => !known.has(value.trim().toLowerCase()));
  if (unknown !== undefined) throw refusal(unknown);
}
