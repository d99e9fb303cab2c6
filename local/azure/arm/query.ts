import type { Azure } from "../azure.ts";
import { AzureError, invalidQuery } from "./errors.ts";
import type { ArmAnswer, ArmRequest, ResourceType } from "./resourceType.ts";

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

/**
 * One page of a list, with the link to the next. `$top` only makes pages smaller: the link still leads to the rest.
 *
 * @throws AzureError 400 where `$top` is no number, or `$skipToken` none that was given out.
 */
export function paged(azure: Azure, type: ResourceType, request: ArmRequest, answer: ArmAnswer): ArmAnswer {
  const { value } = (answer.body ?? {}) as { value?: unknown };
  if (!Array.isArray(value)) return answer;
  const { query, target } = request;
  const start = startOf(query);
  const size = type.top ? Math.min(topOf(query), azure.settings.pageSize) : azure.settings.pageSize;
  const body = { ...(answer.body as object), value: value.slice(start, start + size) };
  if (start + size >= value.length) return { ...answer, body };
  const next = new URLSearchParams([...query].filter(([name]) => name.toLowerCase() !== "$skiptoken"));
  next.set("$skipToken", Buffer.from(`from ${start + size}`).toString("base64url"));
  const path = target.id.split("/").map(encodeURIComponent).join("/");
  return { ...answer, body: { ...body, nextLink: `${azure.origin}${path}?${next.toString()}` } };
}

const parameter = (query: URLSearchParams, wanted: string) =>
  [...query].find(([name]) => name.toLowerCase() === wanted)?.[1];

function startOf(query: URLSearchParams): number {
  const token = parameter(query, "$skiptoken");
  if (token === undefined) return 0;
  const [, start] = /^from (\d+)$/.exec(Buffer.from(token, "base64url").toString()) ?? [];
  if (start === undefined) throw invalidQuery("$skipToken", token);
  return Number(start);
}

function topOf(query: URLSearchParams): number {
  const top = parameter(query, "$top") ?? "1000";
  if (!/^[1-9]\d{0,8}$/.test(top)) throw invalidQuery("$top", top);
  return Number(top);
}
