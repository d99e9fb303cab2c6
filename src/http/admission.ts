import type { HttpRequest, InvocationContext } from "@azure/functions";
import { type Authenticated, authenticator } from "../auth/authenticate.ts";
import type { Audit } from "../auth/auditing.ts";
import type { AuditEvent } from "../auth/auditTrail.ts";
import { namesPrincipal } from "../auth/platformHeaders.ts";
import { imageOfBuild } from "../domain/buildId.ts";
import { type Caller, isGranted, NOBODY, type Role } from "../domain/caller.ts";
import { problem, type Problem } from "../domain/problem.ts";
import { imageName } from "../domain/recipes/fields.ts";
import type { Settings } from "../settings.ts";
import { browserProblem } from "./browserWrites.ts";
import { type Door, Refused } from "./door.ts";

/** Lets a request in by a door, and tells who it comes from. @throws Refused where it may not. */
export type Admit = (door: Door, request: HttpRequest, context: Pick<InvocationContext, Logs>) => Promise<Caller>;

type Logs = "log" | "warn" | "error";

/** Seconds after which the keys are asked for again that tokens are held against. */
const KEYS_SECONDS = 10;

export interface AdmissionParts {
  settings: Pick<Settings, "authentication" | "allowedOrigins" | "platform" | "eventSenders">;
  audit: Audit;
  authenticate?: (headers: Headers) => Promise<Authenticated>;
}

/** Who calls, has the role, for this image; each refusal is logged and kept, and so is who does what a door audits. */
export function admission({ settings, audit, ...parts }: AdmissionParts): Admit {
  const { authentication, allowedOrigins, platform, eventSenders } = settings;
  const { authenticate = authenticator(authentication) } = parts;

  return async (door, request, context) => {
    const { headers } = request;
    const object = objectOf(door, request.params);

    // What somebody asks for whom nobody knows may be made up, and each time another.
    const note = (event: Omit<AuditEvent, "door" | "address">, level?: "log") =>
      audit({ context, request }, { ...event, door: door.name, ...(event.caller ? object : {}) }, level);
    async function refuse(what: string, told: Problem, more: Record<string, string> = {}, who = {}): Promise<never> {
      await note({ what, ...who });
      throw new Refused(told, more);
    }

    if (authentication.kind === "required" && !platform.setsPrincipal && namesPrincipal(headers)) {
      await note({ what: "principal-header-ignored" });
    }
    const fromPage = door.method === "GET" ? undefined : browserProblem(headers, allowedOrigins);
    if (fromPage) return refuse("browser-write", fromPage);

    const known = await authenticate(headers);
    if (door.role === "anyone") return known.kind === "caller" ? known.caller : NOBODY;
    if (known.kind === "unable") {
      const again = { "Retry-After": String(KEYS_SECONDS) };
      return known.reason === "not-set"
        ? refuse("not-set", NOT_SET, again)
        : refuse("keys-unreachable", KEYS_UNREACHABLE, again);
    }
    if (known.kind === "refused") {
      const challenge = known.reason === "no-credentials" ? "" : `, error="invalid_token"`;
      const who = known.holder ? { caller: known.holder } : {};
      return refuse(known.reason, UNKNOWN, { "WWW-Authenticate": `${CHALLENGE}${challenge}` }, who);
    }

    const { caller } = known;
    const who = { caller: caller.id, ...(caller.name ? { name: caller.name } : {}) };
    if (!caller.roles.includes(door.role)) return refuse("role-missing", lacks(door.role), FORBIDDEN, who);
    if (!door.showsPermitted && !isGranted(caller, door.role, object.image)) {
      return refuse("image-not-granted", lacks(door.role, object.image ?? "every image"), FORBIDDEN, who);
    }
    if (door.isWebhook && !sendsEvents(caller, eventSenders))
      return refuse("sender-not-allowed", NO_SENDER, FORBIDDEN, who);
    const act = door.role === "LogReader" ? "log-read" : door.audits;
    if (act && caller.kind !== "open") await note({ what: act, ...who }, "log");
    return caller;
  };
}

const CHALLENGE = `Bearer realm="goldsmith"`;
const FORBIDDEN = { "WWW-Authenticate": `${CHALLENGE}, error="insufficient_scope"` };

/** One for all: which part was wrong helps nobody as much as who tries. */
const UNKNOWN = problem(
  401,
  "unauthenticated",
  "This needs an access token of Entra ID in Authorization, or a key in X-Goldsmith-Key, that is good here.",
);
const NOT_SET = problem(
  503,
  "authentication-not-set",
  "Nobody can sign in: set GOLDSMITH_ENTRA_TENANT_ID and GOLDSMITH_ENTRA_AUDIENCES, or GOLDSMITH_API_KEYS.",
);
const KEYS_UNREACHABLE = problem(503, "entra-unreachable", "Entra ID's signing keys cannot be read; ask again later.");

const NO_SENDER = problem(
  403,
  "sender-not-allowed",
  "Events are taken from applications that GOLDSMITH_EVENT_SENDERS names only.",
);

/** Of a tenant's applications those that are set, by the client id that their tokens are made out to. */
function sendsEvents({ kind, clientId }: Caller, senders: readonly string[]): boolean {
  if (kind === "open") return true;
  return kind === "application" && senders.some((sender) => sender.toLowerCase() === clientId?.toLowerCase());
}

function lacks(role: Role, image?: string): Problem {
  const detail = `This needs the role ${role}${image === undefined ? "" : ` for ${image}`}.`;
  return problem(403, "role-missing", detail, { role });
}

/**
 * Which image a request is about, by what stands in the path: a host that streams has values of the query among them too.
 * What is no image's name nor build's id is not repeated.
 */
function objectOf({ route }: Door, params: Record<string, string>): { image?: string; build?: string } {
  const build = route.startsWith("builds/{id}") ? (params["id"] ?? "") : undefined;
  const named = route.includes("{image}") ? params["image"] : undefined;
  const image = build === undefined ? named : imageOfBuild(build);
  if (image === undefined || !imageName.safeParse(image).success) return {};
  return { image, ...(build === undefined ? {} : { build }) };
}
