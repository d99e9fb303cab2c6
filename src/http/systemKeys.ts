import type { ApprovalSystem, ReadySystem } from "../auth/assertedPerson.ts";
import type { Hook } from "../domain/hooks/hook.ts";
import { keyBytes, SECRET } from "./webhookSignature.ts";

/** A hook with its keys. */
export type ReadyHook = Hook & { secrets: readonly Uint8Array[] };

/** What the settings' names begin with that hold the keys of hooks; the rest is the key's own name. */
const HOOK_SECRET = "GOLDSMITH_HOOK_SECRET_";

/** The same of those that sign who decides on a build. */
const APPROVAL_SECRET = "GOLDSMITH_APPROVAL_SECRET_";

/** How keys are written. */
interface KeyForm {
  pattern: RegExp;
  takes: string;
  bytes: (secret: string) => Uint8Array;
}

/** A key that a system lets be chosen freely; not a reference that nobody has resolved. */
const OWN: KeyForm = {
  pattern: /^(?!@Microsoft\.KeyVault)[ -~]{24,256}$/,
  takes: "24 to 256 printable characters",
  bytes: (secret) => Buffer.from(secret),
};
const STANDARD: KeyForm = { pattern: SECRET, takes: "whsec_ and 24 to 64 bytes in base64", bytes: keyBytes };

type Environment = Record<string, string | undefined>;

/** The keys in these settings, and what is wrong with one is added to `problems`; never a key itself. */
function keysIn(settings: readonly string[], form: KeyForm, env: Environment, problems: Set<string>): Uint8Array[] {
  return settings.flatMap((setting) => {
    const secret = env[setting] ?? "";
    if (form.pattern.test(secret)) return [form.bytes(secret)];
    problems.add(`${setting}: takes ${form.takes}`);
    return [];
  });
}

/** The hooks with their keys, and what of the keys is wrong. */
export function readyHooks(
  hooks: Readonly<Record<string, Hook>>,
  env: Environment,
): { hooks: ReadonlyMap<string, ReadyHook>; problems: string[] } {
  const problems = new Set<string>();
  const names = Object.values(hooks).flatMap(({ secretNames }) => [...new Set(secretNames)]);
  for (const secretName of names.filter((one, at) => names.indexOf(one) < at)) {
    // The hook's name is not signed: a message to the one would be good for the other.
    problems.add(`GOLDSMITH_HOOKS: two hooks have the key ${secretName}; each takes keys of its own`);
  }
  const ready = Object.entries(hooks).map(([name, hook]): [string, ReadyHook] => {
    const settings = hook.secretNames.map((secretName) => `${HOOK_SECRET}${secretName}`);
    const form = hook.signature.kind === "standard-webhooks" ? STANDARD : OWN;
    return [name, { ...hook, secrets: keysIn(settings, form, env, problems) }];
  });
  return { hooks: new Map(ready), problems: [...problems] };
}

/** The ticket systems with their keys, likewise. */
export function readySystems(
  systems: readonly ApprovalSystem[],
  env: Environment,
): { systems: ReadySystem[]; problems: string[] } {
  const problems = new Set<string>();
  const ready = systems.map((system) => {
    const settings = system.secretNames.map((secretName) => `${APPROVAL_SECRET}${secretName}`);
    return { ...system, secrets: keysIn(settings, OWN, env, problems) };
  });
  return { systems: ready, problems: [...problems] };
}
