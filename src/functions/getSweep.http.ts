import type { Archive } from "../azure/archive.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { problem } from "../domain/problem.ts";
import { isSweepId } from "../domain/sweepId.ts";
import { type FailedSweep, stated, type SweepReport } from "../domain/sweepReport.ts";
import { SweepView } from "../domain/sweepView.ts";
import { isUnderWay, readInstance } from "../durable/instances.ts";
import { answer } from "../http/answers.ts";
import { door, Refused } from "../http/door.ts";

const sweepUnknown = problem(404, "sweep-unknown", "There is no report of that sweep; a quiet one is not kept.");

/** What a sweep did and found; `latest` is the last one's id too. */
export function getSweep(archive: Archive) {
  const read = async (id: string) =>
    (await archive.readJson(archiveNames.sweep(id)))?.value as SweepReport | FailedSweep | undefined;

  return door({
    name: "getSweep",
    method: "GET",
    route: "sweeps/{id}",
    summary: "What a sweep did and found",
    role: "Reader",
    answers: {
      200: {
        description: "Its state, and once it has ended its report.",
        body: SweepView,
        headers: { "Retry-After": "sometimes" },
      },
    },
    refuses: { 404: ["sweep-unknown"] },
    async handle({ param, client, urlOf }) {
      const id = param("id");
      if (id !== "latest" && !isSweepId(id)) throw new Refused(sweepUnknown);
      const links = { self: urlOf(`/api/sweeps/${id}`) };
      const instance = id === "latest" ? undefined : await readInstance(client, id);
      if (instance && isUnderWay(instance)) return seen({ id, state: "running", links }, { "Retry-After": "5" });

      const latest = await read("latest");
      const report = id === "latest" || latest?.id === id ? latest : await read(id);
      if (report) return seen({ id, ...stated(report), links });
      if (!instance || instance.runtimeStatus === "Completed") throw new Refused(sweepUnknown);
      const detail =
        "The sweep did not come to its end, and could not say why: an operator terminated it, or its storage was out of reach.";
      return seen({ id, state: "failed", detail, links });
    },
  });
}

function seen(view: SweepView, headers: Record<string, string> = {}) {
  return answer(200, view, headers);
}
