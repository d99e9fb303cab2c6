type ScriptType = "Shell" | "PowerShell";

/**
 * By which the service's own steps of a build are written: by which the first of the recipe's is.
 *
 * @returns undefined where none of them runs a script.
 */
export function scriptTypeOf(steps: readonly { type: string }[]): ScriptType | undefined {
  return steps.map(({ type }) => type).find((type): type is ScriptType => type === "Shell" || type === "PowerShell");
}
