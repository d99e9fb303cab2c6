/** What the company has set up in its Entra ID: the service's app registration, and who has which of its app roles. */
export interface Directory {
  api: { clientId: string; identifierUri: string };
  /** Applications with a secret. */
  applications: { clientId: string; objectId: string; name: string; secret: string; roles: string[] }[];
  users: { objectId: string; username: string; password: string; roles: string[] }[];
  /** App roles of managed identities, by their object id. */
  identityRoles: Record<string, string[]>;
}

const ROLES = ["Reader", "Builder", "Approver", "Operator", "LogReader", "EventSender"];
const guid = (kind: string, number: number) => `${kind}-0000-4000-8000-${String(number).padStart(12, "0")}`;
const lower = (role: string) => role.toLowerCase();

/** A person of each role and an application of each, called after it; and one of each with none. And a person whose roles are for some images only. */
export function landscapeDirectory(operatorId: string): Directory {
  return {
    api: { clientId: guid("60a1d5e1", 1), identifierUri: "api://goldsmith" },
    users: [...ROLES, "Nobody", "Builder:aks-*"].map((role, number) => ({
      objectId: guid("75e20000", number),
      username: `${lower(role).replace(/\W+/g, "-").replace(/-$/, "")}@goldsmith.example`,
      password: "local-password",
      roles: role === "Nobody" ? [] : role.includes(":") ? [role, role.replace("Builder", "Reader")] : [role],
    })),
    applications: [...ROLES, "Nobody"].map((role, number) => ({
      clientId: guid("a9910000", number),
      objectId: guid("0b1ec700", number),
      name: `${lower(role)}-application`,
      secret: "local-secret",
      roles: role === "Nobody" ? [] : [role],
    })),
    identityRoles: { [operatorId]: ["Operator"] },
  };
}
