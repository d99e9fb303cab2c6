import * as z from "zod";
import type { Archive } from "../azure/archive.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { imageOfBuild } from "../domain/buildId.ts";
import { problem } from "../domain/problem.ts";
import type { ArchivedFile, ArchivedLog } from "../domain/receipt.ts";
import { byteRangeOf } from "../http/byteRange.ts";
import { door, Refused } from "../http/door.ts";
import { isKnown } from "../http/etag.ts";
import { archivedLog } from "./archivedLog.ts";
import { buildUnknown } from "./getBuild.http.ts";

/** The most of a log that one answer has: the host gathers an answer in memory before it sends it. */
const MOST_BYTES = 8 * 1024 * 1024;

/** The archived log of a build, whole or in parts. */
export function getLog(archive: Archive) {
  return door({
    name: "getLog",
    method: "GET",
    route: "builds/{id}/log",
    summary: "The archived log of a build's run",
    role: "LogReader",
    answers: {
      200: {
        description: "The whole log.",
        text: true,
        headers: { ETag: "always", "Accept-Ranges": "always" },
      },
      206: {
        description: "A part of it: what was asked for, at most the first 8 MiB of that, also where all was asked for.",
        text: true,
        headers: { ETag: "always", "Accept-Ranges": "always", "Content-Range": "always" },
      },
      304: { description: "It is the same.", headers: { ETag: "always" } },
    },
    refuses: { 404: ["build-unknown", "log-unknown"], 409: ["log-not-archived"], 416: ["range-not-satisfiable"] },
    query: z.strictObject({
      file: z
        .string()
        .max(100)
        .optional()
        .describe("The name of one of several; the first in the receipt unless told."),
    }),
    headers: ["If-None-Match", "Range", "If-Range"],
    async handle({ param, query, request: { headers }, client }) {
      const id = param("id");
      const image = imageOfBuild(id);
      const log = image && (await archivedLog({ archive, client }, { image, id }));
      if (!image || !log) throw new Refused(buildUnknown);
      const { name, bytes, sha256 } = fileOf(log, query.file);
      const etag = `"${sha256}"`;
      const all = { ETag: etag, "Cache-Control": "private, no-cache" };
      if (isKnown(headers.get("if-none-match"), etag)) return { status: 304, headers: all };

      const range = byteRangeOf({ range: headers.get("range"), ifRange: headers.get("if-range") }, { bytes, etag });
      if (range.kind === "unsatisfiable") {
        const refused = problem(416, "range-not-satisfiable", `The log has ${bytes} bytes.`);
        throw new Refused(refused, { "Content-Range": `bytes */${bytes}` });
      }
      const { from, to } = range.kind === "part" ? range : { from: 0, to: bytes };
      const end = Math.min(to, from + MOST_BYTES);
      const text = await archive.readBytes(archiveNames.log(image, id, name), { from, to: end });
      if (!text) throw unknown("The log is not in the archive any more.");
      const isWhole = range.kind === "whole" && end === bytes;
      return {
        status: isWhole ? 200 : 206,
        headers: {
          ...all,
          "Content-Type": "text/plain; charset=utf-8",
          "Accept-Ranges": "bytes",
          ...(isWhole ? {} : { "Content-Range": `bytes ${from}-${end - 1}/${bytes}` }),
        },
        body: text,
      };
    },
  });
}

function unknown(detail: string): Refused {
  return new Refused(problem(404, "log-unknown", detail));
}

/** @throws Refused where there is none to be read. */
function fileOf(log: ArchivedLog | "not yet", wanted: string | undefined): ArchivedFile {
  if (log === "not yet") {
    const detail = "The log is archived when the run is over; until then follow the build's events.";
    throw new Refused(problem(409, "log-not-archived", detail));
  }
  if (log.kind === "none") throw unknown("The build had no run, and so no log.");
  if (log.kind === "lost") throw unknown(`The log could not be kept: ${log.why}`);
  const file = log.files.find(({ name }) => wanted === undefined || name === wanted);
  if (!file) throw unknown(`There is no such file; there are ${log.files.map(({ name }) => name).join(", ")}.`);
  return file;
}
