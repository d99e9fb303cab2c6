/** The tables of docs/permissions.md: from what infra/main.bicep comes to, and the reasons beside it. */
import { heldRoles } from "../test/support/bicep/heldRoles.ts";
import { NOT_SIMULATED, REASONS } from "./permissionReasons.ts";

/** What of the scopes on which a granter can give them a build has them on. */
const LEASED: Readonly<Record<string, string>> = {
  "image creation": "each group that an image goes to",
  "source reading": "the gallery, or the group of the managed image, that the source lies in",
  "Storage Blob Data Contributor": "the container that a VHD is written to",
  "Storage Blob Data Reader": "the container that scripts or files are fetched from",
  "network join": "the virtual network that the build attaches to",
};
/** Of Azure's own roles, which the builder holds for other reasons than the service does. */
const LEASED_REASONS: typeof REASONS = {
  "Storage Blob Data Contributor": {
    when: "a build with a VHD as a target, until its run has ended and its log is archived",
    why: "image builder writes the blob as this identity",
  },
  "Storage Blob Data Reader": {
    when: "a build with scripts there, until its run has ended and its log is archived",
    why: "image builder fetches them as this identity",
  },
};

/** @throws where a role has no reason. */
export function reasonOf(role: string, isLeased: boolean): { when: string; why: string } {
  const reason = (isLeased ? LEASED_REASONS[role] : undefined) ?? REASONS[role];
  if (!reason) throw new Error(`docs/permissionReasons.ts does not say what ${role} is for`);
  return reason;
}

/** @param page its tables are between comments that name them. */
export function withPermissionTables(page: string): string {
  const { roles, held } = heldRoles();
  const standing = held.map(({ role, on, gives, isConditioned }) => {
    const { when, why } = reasonOf(role, false);
    return [
      role,
      on,
      when,
      gives.length > 0
        ? `${why}: ${gives.join(" and ")}, for the builder alone`
        : isConditioned
          ? `${why}; \`packerlogs\` only`
          : why,
    ];
  });
  const leased = [...new Set(held.flatMap(({ gives }) => gives))].map((role) => {
    const { when, why } = reasonOf(role, true);
    const on = LEASED[role];
    if (on === undefined) throw new Error(`docs/permissionTables.ts does not say where ${role} is leased`);
    const within = held.flatMap((one) => (one.gives.includes(role) ? one.on : []));
    return [role, on, within.join(", "), when, why];
  });
  const actions = roles.map(({ name, actions, dataActions }) => [
    name,
    [...actions, ...dataActions.map((one) => `${one} (data)`)].map((one) => `\`${one}\``).join("<br>"),
  ]);
  const unseen = Object.entries(NOT_SIMULATED).map(([action, why]) => {
    const [role = "", name = ""] = action.split(": ");
    return [role, `\`${name}\``, why];
  });
  return [
    ["service", table(["Role", "On", "When", "Why"], standing)],
    ["builder", table(["Role", "On", "Nowhere else than on", "When", "Why"], leased)],
    ["actions", table(["Role", "May"], actions)],
    ["unseen", table(["Role", "Action", "Why it is there"], unseen)],
  ].reduce((text, [name, rows]) => {
    const place = new RegExp(`(<!-- ${name}, by npm run docs -->\n)[^]*?(<!-- /${name} -->)`);
    if (!place.test(text)) throw new Error(`docs/permissions.md has no place for ${name}`);
    return text.replace(place, (_, begin: string, end: string) => `${begin}\n${rows}\n\n${end}`);
  }, page);
}

const table = (head: string[], rows: string[][]) =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
