import * as z from "zod";
import { ROLES } from "../domain/caller.ts";
import { Failure } from "../domain/failure.ts";
import { HealthCheck, HealthVersion } from "../domain/health.ts";
import { SettingFault } from "../domain/notReady.ts";
import type { ProblemStatus } from "../domain/problem.ts";
import { Fault } from "../domain/recipes/fault.ts";
import { WrongRegion } from "../domain/recipes/wrongRegions.ts";
import type { Door } from "./door.ts";

type Refusals = NonNullable<Door["refuses"]>;

const BY_ALL: Refusals = { 400: ["parameter-invalid"], 500: ["internal"] };

/** But for those that tell how the service is. */
const OF_WORK: Refusals = { 503: ["azure-busy", "recipes-unread", "not-configured"] };

/** Of doors that ask for a role. */
const OF_ROLES: Refusals = {
  401: ["unauthenticated"],
  403: ["role-missing"],
  503: ["authentication-not-set", "entra-unreachable"],
};

/** Of requests that change something, where a page in a browser sends them. */
const OF_PAGES: Refusals = { 403: ["origin-not-allowed", "request-header-missing"] };

const OF_BODIES: Refusals = {
  400: ["body-missing", "body-malformed", "body-invalid"],
  413: ["body-too-large"],
  415: ["content-type", "content-encoding"],
};

/** Where there is no door. */
export const WITHOUT_DOOR: Refusals = { 404: ["not-found"], 405: ["method-not-allowed"] };

/** What problem documents have beside the members of RFC 9457, by their kind; of others they have no more. */
const MEMBERS: Record<string, z.ZodRawShape> = {
  "body-invalid": {
    errors: z
      .array(z.strictObject({ pointer: z.string().describe("RFC 6901, into the body."), detail: z.string() }))
      .min(1),
  },
  "hook-unmapped": {
    errors: z
      .array(
        z.strictObject({
          pointer: z.string().describe("RFC 6901, into what the body would ask for."),
          detail: z.string(),
        }),
      )
      .min(1),
  },
  "build-ended": { build: z.url() },
  "callback-not-allowed": { urls: z.array(z.string()).min(1) },
  internal: { invocationId: z.string().describe("By which the service's log tells more.") },
  "not-configured": { settings: z.array(SettingFault).min(1), owner: z.literal("operator") },
  "plan-failed": Failure.shape,
  "region-not-offered": { regions: z.array(WrongRegion).min(1), owner: z.literal("requester") },
  "role-missing": { role: z.enum(ROLES) },
  "recipe-broken": { errors: z.array(Fault).min(1) },
  unhealthy: {
    at: z.iso.datetime(),
    version: HealthVersion,
    checks: z.array(HealthCheck).min(1),
    settings: z.array(SettingFault).min(1).exactOptional(),
  },
};

/** All kinds of problem documents that a door may answer with, by status. */
export function refusalsOf({
  method,
  role,
  takes,
  isHealth,
  refuses = {},
}: Pick<Door, "method" | "role" | "takes" | "isHealth" | "refuses">): [status: ProblemStatus, kinds: string[]][] {
  const all = [
    BY_ALL,
    ...(isHealth ? [] : [OF_WORK]),
    ...(role === "anyone" ? [] : [OF_ROLES]),
    ...(method === "POST" ? [OF_PAGES] : []),
    ...(takes ? [OF_BODIES] : []),
    refuses,
  ];
  const statuses = new Set(all.flatMap((one) => Object.keys(one).map((status) => Number(status) as ProblemStatus)));
  return [...statuses]
    .toSorted((one, other) => one - other)
    .map((status) => [status, all.flatMap((one) => one[status] ?? [])]);
}

/** The schema of a kind's problem documents. */
export function problemSchema(status: number, kind: string): z.ZodType {
  return z.strictObject({
    type: z.literal(`urn:goldsmith:problem:${kind}`),
    title: z.string(),
    status: z.literal(status),
    detail: z.string(),
    ...MEMBERS[kind],
  });
}
