import { readOnLinux, removeOnLinux } from "./linuxSecrets.ts";
import type { Recipe } from "./schema.ts";
import { scriptTypeOf } from "./scriptType.ts";
import type { SecretReference } from "./secrets.ts";
import { readOnWindows, removeOnWindows } from "./windowsSecrets.ts";

type Step = Recipe["customize"][number];

/** What the step is called that reads secrets. */
export const SECRETS_STEP = "secrets";

/**
 * The steps round a recipe's own: before them the build VM reads the secrets itself, as one of its own identities, and
 * after them it removes what it has read. They hold names alone, and say no value.
 */
export function aroundSecrets(references: readonly SecretReference[], steps: readonly Step[]): Step[] {
  if (references.length === 0) return [...steps];
  const step = (name: string, shell: string[], powerShell: string[]): Step =>
    scriptTypeOf(steps) === "Shell"
      ? { type: "Shell", name, inline: shell }
      : { type: "PowerShell", name, inline: powerShell };
  return [
    step(SECRETS_STEP, readOnLinux(references), readOnWindows(references)),
    ...steps,
    step("remove-secrets", removeOnLinux(), removeOnWindows()),
  ];
}
