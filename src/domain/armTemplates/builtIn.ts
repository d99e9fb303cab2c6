import type { PlainFunction } from "./arguments.ts";
import { collectionFunctions } from "./collectionFunctions.ts";
import { numberFunctions } from "./numberFunctions.ts";
import { textFunctions } from "./textFunctions.ts";

const logic: Record<string, PlainFunction> = {
  bool: (args) => {
    const value = args.expect(1).at(0);
    if (typeof value === "boolean") return value;
    if (typeof value === "number") return value !== 0;
    if (typeof value === "string" && /^(true|false)$/i.test(value)) return value.toLowerCase() === "true";
    return args.wrong(0, "a boolean, a number, or a string that is one");
  },
  not: (args) => !args.expect(1).boolean(0),
};

const FUNCTIONS = new Map(
  Object.entries({ ...textFunctions, ...numberFunctions, ...collectionFunctions, ...logic }).map(([name, one]) => [
    name.toLowerCase(),
    one,
  ]),
);

/** A function of ARM's, by its name in lower case: ARM has no case in names of functions. */
export function builtIn(name: string): PlainFunction | undefined {
  return FUNCTIONS.get(name);
}

/** What Azure alone can answer, and only for things that are there. */
export const ONLY_WHILE_DEPLOYED =
  /^(reference|references|list[a-z]*|pickZones|providers|getSecret|deployment|tenant|managementGroup|deployer)$/i;
