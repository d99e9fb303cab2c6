import type * as z from "zod";
import { nearestWord } from "./nearestWord.ts";

/** Something that a schema holds against a value. */
export interface Told {
  path: PropertyKey[];
  message: string;
  /** Whether the last part of the path is a field that ought not to be there. */
  isUnknown?: true;
}

/** All that a schema holds against a value, each thing once: a field with a slip in it is not missing as well. */
export function allTold(issues: readonly z.core.$ZodIssue[]): Told[] {
  const told = issues.flatMap((issue) => toldBy(issue));
  const unknown = told.filter(({ isUnknown }) => isUnknown);
  const unique = new Map(told.map((one) => [JSON.stringify([one.path, one.message]), one]));
  return [...unique.values()].filter((one) => !unknown.some((other) => isSlipOf(one, other)));
}

function isSlipOf(missing: Told, unknown: Told): boolean {
  const [field, other] = [missing.path, unknown.path].map((path) => String(path.at(-1)));
  const [place, beside] = [missing.path, unknown.path].map((path) => JSON.stringify(path.slice(0, -1)));
  return missing.message.startsWith("is missing") && place === beside && !!nearestWord(other ?? "", [field ?? ""]);
}

/** One for each thing that is wrong: of a field that takes several kinds of value, what the nearest kind says. */
function toldBy(issue: z.core.$ZodIssue, above: readonly PropertyKey[] = []): Told[] {
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
