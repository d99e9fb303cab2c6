import { createHash } from "node:crypto";
import { sameId } from "../../../../src/domain/resourceId.ts";
import type { Evidence } from "../evidence.ts";
import { ownOf } from "../ours.ts";

/** L: the log is in the archive, or its loss in the receipt, before the template is asked to go. */
export function brokenLogs({ builds, runs, answers, written, archive, removed }: Evidence): string[] {
  return builds.flatMap(({ id, image, receipt }) => {
    const run = runs.find(({ template }) => ownOf(id).templates.includes(template.toLowerCase()));
    if (!run || !receipt) return [];
    const { log } = receipt;
    if (log.kind === "none") return [`L: ${id} had a run, and its receipt says nothing of the log`];
    if (log.kind === "lost") return log.why ? [] : [`L: ${id} does not say why its log is lost`];
    const deleted = answers.find(
      ({ method, path, status }) => method === "DELETE" && sameId(path, run.template) && status >= 200 && status < 300,
    );
    return log.files.flatMap(({ name, bytes, sha256 }) => {
      const blob = `builds/${image}/${id}/${name}`;
      const text = archive.text("archive", blob);
      if (text === undefined) return [`L: ${blob} is not in the archive`];
      const broken: string[] = [];
      if (Buffer.byteLength(text) !== bytes) broken.push(`L: ${blob} is not as long as the receipt says`);
      if (createHash("sha256").update(text).digest("hex") !== sha256) {
        broken.push(`L: ${blob} is not what the receipt's hash says`);
      }
      const first = written.find((one) => one.name === blob);
      const last = written.findLast((one) => one.name === blob);
      if (!log.incomplete && last?.running?.some((template) => sameId(template, run.template))) {
        broken.push(`L: ${blob} was archived before the run's end, and does not say so`);
      }
      if (
        !removed.some((id) => sameId(id, run.template)) &&
        (first?.order ?? Infinity) > (deleted?.order ?? Infinity)
      ) {
        broken.push(`L: ${blob} was archived after its template was deleted`);
      }
      return broken;
    });
  });
}
