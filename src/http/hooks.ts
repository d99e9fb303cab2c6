import type { ApprovalSystem, ReadySystem } from "../auth/assertedPerson.ts";
import type { Hook } from "../domain/hooks/hook.ts";
import { SECRET } from "./webhookSignature.ts";

/** A hook with its keys. */
export type ReadyHook = Hook & { secrets: readonly Uint8Array[] };

/** What the settings' names begin with that hold the keys of hooks; the rest is the key's own name. */
export const HOOK_SECRET = "GOLDSMITH_HOOK_SECRET_";

/** The same of those that sign who decides on a build. */
const APPROVAL_SECRET = "GOLDSMITH_APPROVAL_SECRET_";

/** A key that a system lets be chosen freely; not a reference that nobody has resolved. */
const OWN_SECRET = /^(?!@Microsoft\.KeyVault)[ -~]{24,256}$/;

/** The hooks with their keys, and what of the keys is wrong; never a key itself. */
export function readyHooks(
  hooks: Readonly<Record<string, Hook>>,
  env: Record<string, string | undefined>,
): { hooks: ReadonlyMap<string, ReadyHook>; problems: string[] } {
  const problems = new Set<string>();
  const names = Object.values(hooks).flatMap(({ secretNames }) => [...new Set(secretNames)]);
  for (const secretName of names.filter((one, at) => names.indexOf(one) < at)) {
    // The hook's name is not signed: a message to the one would be good for the other.
    problems.add(`GOLDSMITH_HOOKS: two hooks have the key ${secretName}; each takes keys of its own`);
  }
  const ready = Object.entries(hooks).map(([name, hook]): [string, ReadyHook] => {
    const secrets = hook.secretNames.flatMap((secretName) => {
      const secret = env[`${HOOK_SECRET}${secretName}`] ?? "";
      if (hook.signature.kind === "standard-webhooks") {
        if (SECRET.test(secret)) return [Buffer.from(secret.replace(/^whsec_/, ""), "base64")];
        problems.add(`${HOOK_SECRET}${secretName}: takes whsec_ and 24 to 64 bytes in base64`);
      } else {
        if (OWN_SECRET.test(secret)) return [Buffer.from(secret)];
        problems.add(`${HOOK_SECRET}${secretName}: takes 24 to 256 printable characters`);
      }
      return [];
    });
    return [name, { ...hook, secrets }];
  });
  return { hooks: new Map(ready), problems: [...problems] };
}

/** The ticket systems with their keys, likewise. */
export function readySystems(
  systems: readonly ApprovalSystem[],
  env: Record<string, string | undefined>,
): { systems: ReadySystem[]; problems: string[] } {
  const problems = new Set<string>();
  const ready = systems.map((system) => ({
    ...system,
    secrets: system.secretNames.flatMap((name) => {
      const secret = env[`${APPROVAL_SECRET}${name}`] ?? "";
      if (OWN_SECRET.test(secret)) return [Buffer.from(secret)];
      problems.add(`${APPROVAL_SECRET}${name}: takes 24 to 256 printable characters`);
      return [];
    }),
  }));
  return { systems: ready, problems: [...problems] };
}
