import { type Caller, imageLimit, type Role, ROLES } from "./caller.ts";

/**
 * What the values of Entra's app roles stand for: `Builder`, or for some images `Builder:web-*`. Colon and asterisk are
 * among the characters that Entra takes in a value. Other values are none of ours, and give nothing.
 */
export function readAppRoles(values: readonly unknown[]): Pick<Caller, "roles" | "limits"> {
  const found = new Map<Role, string[]>();
  for (const value of values) {
    const [name, limit = "*", ...rest] = String(value).split(":");
    const role = ROLES.find((one) => one === name);
    if (!role || rest.length > 0 || !imageLimit.safeParse(limit).success) continue;
    found.set(role, [...(found.get(role) ?? []), limit]);
  }
  const limits = Object.fromEntries([...found].filter(([, limit]) => !limit.includes("*")));
  return { roles: [...found.keys()], ...(Object.keys(limits).length > 0 ? { limits } : {}) };
}
