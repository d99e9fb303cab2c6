import type { z } from "zod";
import { type Observed, valueOf } from "../domain/preflight/observed.ts";
import { collectionOf, sameId } from "../domain/resourceId.ts";
import type { ArmReader } from "./armReader.ts";
import { understood } from "./understood.ts";

/** Resources of one type by their ids, in as few reads as can be: two of one group by its list, where that is shown. */
export async function observeAll<T>(
  reader: ArmReader,
  ids: readonly string[],
  apiVersion: string,
  schema: z.ZodType<T>,
): Promise<Observed<T>[]> {
  const collections = [...new Set(ids.map(inCollection))];
  const observed = await Promise.all(
    collections.map(async (collection): Promise<Observed<unknown>[]> => {
      const those = ids.filter((id) => inCollection(id) === collection);
      const listed =
        those.length > 1 ? valueOf(await reader.list(collectionOf(those[0] ?? ""), apiVersion)) : undefined;
      return listed ? those.map((id) => among(listed, id)) : Promise.all(those.map((id) => reader.get(id, apiVersion)));
    }),
  );
  return observed.flat().map((one) => understood(one, schema));
}

const inCollection = (id: string) => collectionOf(id).toLowerCase();

/** What a list has of a resource. */
export function among(listed: readonly unknown[], id: string): Observed<unknown> {
  const value = listed.find((one) => sameId(String((one as { id?: unknown } | null)?.id), id));
  return value === undefined ? { resource: id, kind: "absent" } : { resource: id, kind: "found", value };
}
