import { basename } from "node:path";
import type { Given } from "../domain/armTemplates/parameters.ts";
import type { Need } from "../domain/armTemplates/templateFault.ts";
import { importTemplate, type Told, toldText, yamlOf } from "../domain/existingTemplates/importTemplate.ts";
import { readParameters } from "../domain/existingTemplates/parameterFile.ts";
import { pathText } from "../domain/json.ts";
import { encodingOf, type Place, readJsonFile } from "../domain/jsonFile.ts";
import { imageName } from "../domain/recipes/fields.ts";
import { commandLine } from "./commandLine.ts";
import { isFileError } from "./fileError.ts";
import { EXIT, type ExitCode, type Surroundings } from "./surroundings.ts";

const HELP = `goldsmith import FILE [options]

Makes a recipe of an image template of Azure VM Image Builder: of a resource by itself, or of one inside a deployment
template. The recipe goes to standard output, notes of what was changed go to standard error.

  --parameters FILE         a parameter file; may be repeated
  --parameters NAME=VALUE   one parameter's value, in JSON unless it is a string; may be repeated
  --resource NAME           the image template to take, where there are several: its name, symbolic name or path
  --name NAME               the recipe's name, if it is not to be made of the template's or the file's
  --output FILE             writes the recipe there; a file that is there already stays as it is
  --subscription ID         where the template is deployed to, as far as its expressions ask for it;
  --resource-group NAME     without a subscription, ids begin at /resourceGroups/, which means the service's own
  --location REGION
  --api-version VERSION     of a template that does not tell it
  --help

Exit codes: 0 done, 1 refused, 2 not understood. docs/import.md tells what is understood.
`;

const text = { type: "string" } as const;
const COMMAND = {
  name: "goldsmith import",
  help: HELP,
  options: {
    parameters: { type: "string", multiple: true },
    resource: text,
    name: text,
    output: text,
    subscription: text,
    "resource-group": text,
    location: text,
    "api-version": text,
  },
} as const;

/** How what is missing is told to this command. */
const MENDS: Record<Need, string> = {
  subscription: "--subscription ID",
  "resource-group": "--resource-group NAME",
  location: "--location REGION",
  parameter: "--parameters NAME=VALUE",
  resource: "--resource NAME",
};

export function importCommand(args: readonly string[], surroundings: Surroundings): ExitCode {
  const { read, write, out, err, now } = surroundings;
  const asked = commandLine(COMMAND, args, surroundings);
  if (asked.kind === "over") return asked.code;
  const { values, positionals, usage } = asked;
  const [file] = positionals;
  if (file === undefined || positionals.length > 1) return usage("takes one file");
  if (values.name !== undefined && !imageName.safeParse(values.name).success) {
    return usage(
      "a recipe's name is of small letters, digits and hyphens, begins with a letter, and has up to 24 characters",
    );
  }
  try {
    const given = new Map<string, Given>();
    for (const one of values.parameters ?? []) {
      const problem = takeParameters(one, given, read);
      if (problem !== undefined) {
        err(problem);
        return EXIT.refused;
      }
    }
    const imported = importTemplate(textOf(read(file)), {
      given,
      wanted: values.resource,
      name: values.name,
      otherwise: basename(file).replace(/\.jsonc?$/i, ""),
      apiVersion: values["api-version"],
      target: {
        subscriptionId: values.subscription,
        resourceGroup: values["resource-group"],
        location: values.location,
        now: now(),
      },
    });
    for (const note of imported.notes) err(line(file, note, "note"));
    if (imported.kind === "refused") {
      for (const fault of imported.faults) err(line(file, fault, "error"));
      return EXIT.refused;
    }
    const yaml = yamlOf(imported.recipe);
    if (values.output === undefined) out(yaml);
    else write(values.output, yaml);
    if (values.output !== undefined && basename(values.output) !== `${imported.name}.yaml`) {
      err(`${values.output}: note: in images/ the file has to be called ${imported.name}.yaml\n`);
    }
    return EXIT.done;
  } catch (error) {
    if (!isFileError(error)) throw error;
    return usage(
      error.code === "EEXIST" ? `${values.output} is there already` : `cannot use ${error.path ?? file}: ${error.code}`,
    );
  }
}

/** One value or a file of them; later ones count more. @returns what is wrong with the file */
function takeParameters(text: string, given: Map<string, Given>, read: Surroundings["read"]): string | undefined {
  const pair = /^([A-Za-z_][\w-]*)=(.*)$/s.exec(text);
  if (pair) {
    given.set((pair[1] ?? "").toLowerCase(), { kind: "text", text: pair[2] ?? "" });
    return undefined;
  }
  const name = text.replace(/^@/, "");
  if (/\.bicepparam$/i.test(name)) return `${name}: error: is of Bicep: az bicep build-params makes JSON of it\n`;
  const json = readJsonFile(textOf(read(name)));
  if (json.kind === "faulty")
    return json.faults.map((fault) => `${placeText(name, fault.place)}: error: ${fault.message}\n`).join("");
  const parameters = readParameters(json.value);
  if (parameters.kind === "refused") {
    const { path, message } = parameters.fault;
    return `${placeText(name, json.placeOf(path))}: error: ${pathText(path) || "the file"}: ${message}\n`;
  }
  for (const [key, value] of parameters.given) given.set(key, value);
  return undefined;
}

/** `template.json:7:3: error: resources[0].location: …`, as compilers tell. */
function line(file: string, told: Told, what: "note" | "error"): string {
  const mend = told.need === undefined ? "" : ` (${MENDS[told.need]})`;
  return `${placeText(file, told.place)}: ${what}: ${toldText(told)}${mend}\n`;
}

function placeText(file: string, { line, column }: Place): string {
  return `${file}:${line}:${column}`;
}

function textOf(bytes: Uint8Array): string {
  return new TextDecoder(encodingOf(bytes)).decode(bytes);
}
