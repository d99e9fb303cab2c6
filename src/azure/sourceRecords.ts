import { archiveNames } from "../domain/archiveNames.ts";
import { SourceRecord, withListed, withNewest } from "../domain/follow/sourceRecord.ts";
import { nameOfSource, type Source } from "../domain/source.ts";
import { sha256 } from "../sha256.ts";
import { type Archive, changeJson, type Document } from "./archive.ts";

type Documents = Pick<Archive, "readJson" | "replaceJson">;

/** Takes note of the versions that a source has in a region. @returns those seen before that are there no more. */
export async function noteListed(
  archive: Documents,
  source: Source,
  location: string,
  { versions, at }: { versions: readonly string[]; at: string },
): Promise<{ seen: SourceRecord["versions"]; pulled: string[] }> {
  let pulled: string[] = [];
  const seen = await change(archive, source, location, (before) => {
    const after = withListed(before, versions, at);
    pulled = after.pulled;
    return after.versions;
  });
  return { seen, pulled };
}

/** Takes note of the newest version of a source in a region. @returns when it was seen first. */
export async function noteNewest(
  archive: Documents,
  source: Source,
  location: string,
  { version, at }: { version: string; at: string },
): Promise<string> {
  const seen = await change(archive, source, location, (before) => withNewest(before, version, at));
  return seen.find((one) => one.version === version)?.at ?? at;
}

async function change(
  archive: Documents,
  source: Source,
  location: string,
  next: (seen: SourceRecord["versions"]) => SourceRecord["versions"],
): Promise<SourceRecord["versions"]> {
  const told = `${nameOfSource(source)}@${location}`;
  const name = archiveNames.sourceVersions(sha256(told.toLowerCase()).slice(0, 32));
  const { after } = await changeJson(archive, name, recordIn, (before) => {
    const seen = before?.versions ?? [];
    const versions = next(seen);
    // Most looks find nothing new.
    return before && JSON.stringify(versions) === JSON.stringify(seen) ? undefined : { source: told, versions };
  });
  return after?.versions ?? [];
}

const recordIn = (found: Document | undefined) => found && SourceRecord.parse(found.value);
