import type { z } from "zod";

/** Something that a schema holds against a value. */
export interface Told {
  path: PropertyKey[];
  message: string;
  /** Whether the last part of the path is a field that ought not to be there. */
  isUnknown?: true;
}

/** One for each thing that is wrong: of a field that takes several kinds of value, what the nearest kind says. */
export function toldBy(issue: z.core.$ZodIssue, above: readonly PropertyKey[] = []): Told[] {
  const path = [...above, ...issue.path];
  if (issue.code === "unrecognized_keys") {
    return issue.message.split("\n").map((message, index) => ({
      path: [...path, issue.keys[index] ?? ""],
      message,
      isUnknown: true,
    }));
  }
  if (issue.code === "invalid_key") {
    return issue.issues.map(({ message }) => ({ path, message: `its name ${message}` }));
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const nearest = issue.errors.find(isOfKind) ?? issue.errors[0] ?? [];
    return nearest.flatMap((one) => toldBy(one, path));
  }
  return [{ path, message: issue.message }];
}

/** Whether what is wrong is something inside. */
function isOfKind(branch: readonly z.core.$ZodIssue[]): boolean {
  return branch.every(({ code, path: { length } }) => code !== "invalid_type" || length > 0);
}
