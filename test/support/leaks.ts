import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

interface HostKeys {
  master: string;
  host: string;
  system: Record<string, string>;
}

/** Of the URLs by which the host lets anybody raise events in an instance, end it and delete it. */
const MANAGEMENT_PATH = "/runtime/webhooks/durabletask";

/**
 * Where anything is told that lets somebody steer instances past the service: the host's own URLs for that, and its keys.
 *
 * @param stateFolder where the host keeps its journal, with the histories.
 * @param told what was answered, logged and kept beside, with its place.
 */
export function managementLeaks(stateFolder: string, told: readonly [place: string, text: string][]): string[] {
  const journal = journalIn(stateFolder);
  const { keys } = JSON.parse(journal.find(isOfKeys)?.slice(CHECKSUM) ?? "{}") as { keys?: HostKeys };
  if (!keys) throw new Error("The host's keys are not in its journal.");
  const secrets = [MANAGEMENT_PATH, keys.master, keys.host, ...Object.values(keys.system)];
  return [...journal.filter((line) => !isOfKeys(line)).map((line) => ["history", line] as const), ...told]
    .filter(([, text]) => secrets.some((secret) => text.includes(secret)))
    .map(([place, text]) => `${place}: ${text.slice(0, 300)}`);
}

/** The host itself keeps its keys there; what the app has put into histories and states is in the other lines. */
const isOfKeys = (line: string) => line.includes('"kind":"keysIssued"');

/** Characters of a line before its record. */
const CHECKSUM = 9;

function journalIn(stateFolder: string): string[] {
  const names = readdirSync(stateFolder, { recursive: true, encoding: "utf8" });
  return names
    .filter((name) => /(^|\/)journal-\d+\.log$/.test(name))
    .flatMap((name) => readFileSync(join(stateFolder, name), "utf8").split("\n"));
}
