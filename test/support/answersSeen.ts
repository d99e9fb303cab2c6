/**
 * Which answers of the API the tests have seen. Where `ANSWERS_SEEN` names a folder, each process of a run of tests notes
 * them there; run with that folder, this tells of those that no test has seen, and then exits with 1.
 */
import { appendFileSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { type DoorParts, doorsOf } from "../../src/doors.ts";
import { refusalsOf } from "../../src/http/refusals.ts";

const noted = new Set<string>();

const textOf = (operation: string, status: number | string, kind: string | undefined) =>
  [operation, status, ...(kind === undefined ? [] : [kind])].join(" ");

/** @param kind of a problem document. */
export function noteAnswer(operation: string, status: number, kind: string | undefined): void {
  const folder = process.env["ANSWERS_SEEN"];
  const seen = textOf(operation, status, kind);
  if (!folder || noted.has(seen)) return;
  noted.add(seen);
  appendFileSync(join(folder, String(process.pid)), `${seen}\n`);
}

/** What every door may answer, and what any: a refusal that they share has to be seen at one of them. */
function unseenIn(folder: string): string[] {
  const seen = new Set(readdirSync(folder).flatMap((file) => readFileSync(join(folder, file), "utf8").split("\n")));
  const somewhere = new Set([...seen].map((one) => one.replace(/^\S+ /, "")));
  return doorsOf({} as DoorParts).flatMap((door) => {
    const { name, answers, refuses = {} } = door;
    const own = Object.entries(refuses).flatMap(([status, kinds]) => kinds.map((kind) => textOf(name, status, kind)));
    const shared = refusalsOf(door).flatMap(([status, kinds]) => kinds.map((kind) => textOf("*", status, kind)));
    return [
      ...Object.keys(answers)
        .map((status) => textOf(name, status, undefined))
        .filter((one) => !seen.has(one)),
      ...own.filter((one) => !seen.has(one)),
      ...shared.filter((one) => !somewhere.has(one.slice(2))),
    ];
  });
}

if (import.meta.main) {
  const [folder] = process.argv.slice(2);
  if (!folder) throw new Error("Which folder? node test/support/answersSeen.ts <folder>");
  const unseen = [...new Set(unseenIn(folder))];
  for (const one of unseen) console.error(`No test has seen the answer: ${one}`);
  process.exitCode = unseen.length > 0 ? 1 : 0;
}
