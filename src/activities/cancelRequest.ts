import type { Archive } from "../azure/archive.ts";
import { archiveNames } from "../domain/archiveNames.ts";
import { CancelRequest } from "../domain/cancelRequest.ts";

export function cancelRequestActivities(archive: Pick<Archive, "readJson">) {
  return {
    /**
     * The request to cancel a build, as the door has kept it that somebody came in by who may. Null where there is none.
     * An event alone proves nothing: whoever has a key of the host's can raise one, with anything in it.
     */
    async readCancelRequest({ image, buildId }: { image: string; buildId: string }): Promise<CancelRequest | null> {
      const kept = await archive.readJson(archiveNames.cancel(image, buildId));
      return CancelRequest.safeParse(kept?.value).data ?? null;
    },
  };
}
