import * as z from "zod";

/**
 * What somebody may do: `Reader` sees images, plans and builds; `Builder` asks for builds and cancels them; `Approver`
 * decides on those that wait; `Operator` sweeps and lets schedules go on; `LogReader` reads logs, which show what
 * scripts print; `EventSender` tells of new image versions.
 */
export const ROLES = ["Reader", "Builder", "Approver", "Operator", "LogReader", "EventSender"] as const;
export type Role = (typeof ROLES)[number];

/** Images that a role can be limited to: one by its name, those whose names begin so (`web-*`), or all (`*`). */
export const imageLimit = z.string().regex(/^(?=.)[a-z0-9-]{0,24}\*?$/, {
  error: "takes an image's name, or what names begin with and an asterisk",
});

/** Who asks. */
export interface Caller {
  /**
   * `open`: where no authentication is asked for, as on a developer's machine. `nobody`: who has not signed in, at a door
   * that takes anyone.
   */
  kind: "open" | "user" | "application" | "key" | "nobody";
  /** The same for the same caller for ever: tenant and object id, by a slash; or `key/` and the key's name. */
  id: string;
  /** For people: a user's or an application's name, as the token has it. */
  name?: string;
  /** Of a token: the client id of the application that asked for it. */
  clientId?: string;
  roles: readonly Role[];
  /** What a role is limited to, of those that are. */
  limits?: Partial<Record<Role, readonly string[]>>;
}

export const ANYBODY: Caller = { kind: "open", id: "anybody", roles: ROLES };
export const NOBODY: Caller = { kind: "nobody", id: "nobody", roles: [] };

/** Whether a caller has a role for an image. @param image undefined: for whatever image there is. */
export function isGranted({ roles, limits }: Caller, role: Role, image: string | undefined): boolean {
  if (!roles.includes(role)) return false;
  return (limits?.[role] ?? ["*"]).some((limit) => fits(limit, image));
}

function fits(limit: string, image: string | undefined): boolean {
  if (limit === "*") return true;
  if (image === undefined) return false;
  return limit.endsWith("*") ? image.startsWith(limit.slice(0, -1)) : image === limit;
}
