import { type Fault, fieldOf } from "./fault.ts";
import { plainSecretsIn } from "./plainSecrets.ts";
import { readYaml, type YamlText } from "./yamlText.ts";

/** Larger files are refused unread: image builder's templates are a few kilobytes. */
export const LARGEST_RECIPE = 256 * 1024;

/** A file as a person has written it, and what is wrong with it whatever it is meant to be. */
export interface Written {
  file: string;
  text: string;
  yaml: YamlText;
  faults: Fault[];
}

/** @param file as faults call it. */
export function readWritten(file: string, text: string): Written {
  const written: Written = { file, text, yaml: readYaml(text), faults: [] };
  const { yaml, faults } = written;
  for (const { offset, path, message } of yaml.misread) faults.push(faultIn(written, offset, path, message));
  return written;
}

/** @param notSecret texts that the recipe tells to be none. */
export function secretFaults(written: Written, notSecret: readonly string[]): Fault[] {
  const { text, yaml } = written;
  const found = plainSecretsIn(yaml.value, notSecret).filter(({ path }) => path[0] !== "notSecret");
  return found.map(({ path, secret }) => {
    const [from, to] = yaml.rangeOf(path);
    const at = text.indexOf(secret, from);
    return faultIn(written, at >= 0 && at < to ? at : from, path, PLAIN_SECRET);
  });
}

const PLAIN_SECRET =
  "looks like a secret in plain text, which the template, its history and its log would show; read it on the build VM from Key Vault, or tell in notSecret why it is none";

export function faultIn({ file, yaml }: Written, offset: number, path: readonly PropertyKey[], message: string): Fault {
  return { file, ...yaml.placeOf(offset), field: fieldOf(path), message };
}
