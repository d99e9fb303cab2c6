import type { BuildRequest } from "./buildRequest.ts";

/** Who decides on a build: somebody whom Entra ID knows, or somebody whom a ticket system has signed for. */
export type Decider =
  /** @property id tenant and object id. @property name the user principal name. */
  | { kind: "user"; id: string; name?: string | undefined }
  /** @property application the caller's id. @property person as the system itself calls the person. */
  | { kind: "system"; system: string; application: string; person: string; name?: string | undefined };

/** Of what an application asks for: its id has the form of a person's. */
export const asApplication = (id: string) => `application/${id}`;

/**
 * Whether somebody would decide on a request of their own. It is unknown where it was a system that asked, and its ticket
 * does not tell for whom in words that can be compared with who decides: nobody can say then that it was somebody else.
 */
export function askerOf(
  { requester, ticket }: Pick<BuildRequest, "requester" | "ticket">,
  decider: Decider,
): "somebody else" | "the same" | "unknown" {
  const names = namesOf(decider);
  const askedFor = ticket?.requestedBy === undefined ? undefined : folded(ticket.requestedBy);
  if (askedFor !== undefined && names.has(askedFor)) return "the same";
  // What the service does by itself nobody has asked for.
  if (requester === undefined) return "somebody else";
  if (decider.kind === "user") {
    if (requester === decider.id) return "the same";
    const isOfPerson = /^[^/]+\/[^/]+$/.test(requester) && !/^(key|hook)\//.test(requester);
    if (isOfPerson) return "somebody else";
    return askedFor !== undefined && isEntraName(askedFor, decider) ? "somebody else" : "unknown";
  }
  const { system, application } = decider;
  const isItsOwn = [asApplication(application), `key/${system}`, `hook/${system}`].includes(requester);
  return isItsOwn && askedFor !== undefined ? "somebody else" : "unknown";
}

const GUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Whether a name is one by which Entra ID would call whoever decides as well. */
function isEntraName(name: string, decider: { id: string; name?: string | undefined }): boolean {
  const isGuid = GUID.test(name.split("/").at(-1) ?? "");
  return isGuid || (/^[^@\s]+@[^@\s]+$/.test(name) && decider.name !== undefined);
}

function namesOf(decider: Decider): Set<string> {
  const known =
    decider.kind === "user" ? [decider.id, decider.id.split("/").at(-1), decider.name] : [decider.person, decider.name];
  return new Set(known.flatMap((one) => (one === undefined ? [] : folded(one))));
}

/** Systems write names in letters of their own liking. */
function folded(name: string): string {
  return name.normalize("NFKC").trim().toLowerCase();
}
