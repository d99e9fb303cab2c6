/**
 * What somebody may do: `Reader` sees images, plans and builds; `Builder` asks for builds and cancels them; `Approver`
 * decides on those that wait; `Operator` sweeps and lets schedules go on; `LogReader` reads logs, which show what
 * scripts print.
 */
export const ROLES = ["Reader", "Builder", "Approver", "Operator", "LogReader"] as const;
export type Role = (typeof ROLES)[number];

/** Who asks. */
export interface Caller {
  /** `open`: where no authentication is asked for, as on a developer's machine. */
  kind: "open" | "user" | "application" | "key";
  /** The same for the same caller for ever: object id within the tenant, or the key's name. */
  id: string;
  /** For people: a user's or an application's name, as the token has it. */
  name?: string;
  roles: readonly Role[];
  /** Images that the roles are limited to; absent: all. */
  images?: readonly string[];
}

export const ANYBODY: Caller = { kind: "open", id: "anybody", roles: ROLES };
