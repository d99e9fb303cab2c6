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
  for (const { path, secret } of plainSecretsIn(yaml.value)) {
    const [from, to] = yaml.rangeOf(path);
    const at = text.indexOf(secret, from);
    faults.push(faultIn(written, at >= 0 && at < to ? at : from, path, PLAIN_SECRET));
  }
  return written;
}

const PLAIN_SECRET =
  "looks like a secret in plain text, which the template, its history and its log would show; read it on the build VM from Key Vault, or reword what only looks like one";

export function faultIn({ file, yaml }: Written, offset: number, path: readonly PropertyKey[], message: string): Fault {
  return { file, ...yaml.placeOf(offset), field: fieldOf(path), message };
}
