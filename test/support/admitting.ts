import functions from "@azure/functions";
import type { Authentication } from "../../src/auth/authentication.ts";
import type { Authenticated } from "../../src/auth/authenticate.ts";
import { auditing } from "../../src/auth/auditing.ts";
import type { AuditPage } from "../../src/auth/auditTrail.ts";
import type { Archive } from "../../src/azure/archive.ts";
import type { Caller, Role } from "../../src/domain/caller.ts";
import { admission } from "../../src/http/admission.ts";
import { type Door, Refused } from "../../src/http/door.ts";
import { heldRefusal } from "./openApi.ts";
import { memoryArchive } from "./simulation/memoryArchive.ts";

export const NO_ENTRY: Authentication = { kind: "required", keys: [] };

/** A door of that role, of an image unless told. */
export const doorOf = (role: Door["role"], more: Partial<Door> = {}): Door => ({
  name: "aDoor",
  method: "POST",
  route: "images/{image}/builds",
  summary: "",
  role,
  answers: {},
  handle: () => Promise.resolve({}),
  ...more,
});

export const keyCaller = (roles: readonly Role[], ...images: string[]): Caller => ({
  kind: "key",
  id: "key/tester",
  name: "tester",
  roles,
  ...(images.length > 0 ? { limits: Object.fromEntries(roles.map((role) => [role, images])) } : {}),
});

/** The client id of the one application whose events are taken. */
export const SENDER = "a9910000-0000-4000-8000-00000000000e";

/** Who sends events, or does not: with that role, by an application of its own. */
export const applicationCaller = (roles: readonly Role[], clientId = SENDER): Caller => ({
  kind: "application",
  id: "tenant/sender",
  clientId,
  roles,
});

export interface Asking {
  headers?: Record<string, string>;
  params?: Record<string, string>;
}

/** The doors' guard over an archive in memory. @param setting who comes, or by which settings that is told. */
export async function admitting(
  setting: {
    caller?: Caller;
    authenticated?: Authenticated;
    authentication?: Authentication;
    platform?: { forwardsAddress: boolean; setsPrincipal: boolean };
    archive?: Archive;
  } = {},
) {
  const archive = setting.archive ?? (await memoryArchive());
  const told: Authenticated | undefined = setting.caller
    ? { kind: "caller", caller: setting.caller }
    : setting.authenticated;
  const platform = setting.platform ?? { forwardsAddress: false, setsPrincipal: false };
  const admit = admission({
    settings: {
      authentication: setting.authentication ?? NO_ENTRY,
      allowedOrigins: ["https://goldsmith.example.com"],
      eventSenders: [SENDER],
      platform,
    },
    audit: auditing(archive, platform),
    ...(told ? { authenticate: () => Promise.resolve(told) } : {}),
  });
  const logged: string[] = [];
  const log = (text: string) => void logged.push(text);

  return {
    logged,
    /** @returns the caller that is let in, or the refusal with its headers. */
    async ask(door: Door, { headers = {}, params = { image: "web-1" } }: Asking = {}) {
      const url = "https://goldsmith.example.com/api/x";
      const request = new functions.HttpRequest({ method: door.method, url, headers, params });
      try {
        return { kind: "in" as const, caller: await admit(door, request, { log, warn: log, error: log }) };
      } catch (error) {
        if (!(error instanceof Refused)) throw error;
        heldRefusal(error.problem, error.headers);
        return { kind: "refused" as const, ...error.problem, headers: error.headers };
      }
    },
    /** What of that kind the archive has, in whichever hours. */
    async audited(what: string): Promise<AuditPage[]> {
      const names = (await archive.names("audit/")).filter((name) => name.endsWith(`/${what}.json`));
      return Promise.all(names.map(async (name) => (await archive.readJson(name))?.value as AuditPage));
    },
  };
}
