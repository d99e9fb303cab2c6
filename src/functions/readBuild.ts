import type { DurableClient } from "durable-functions";
import type { Archive } from "../azure/archive.ts";
import type { BuildRequest } from "../domain/buildRequest.ts";
import { type BuildView, buildView, type Told } from "../domain/buildView.ts";
import type { Progress } from "../domain/receipt.ts";
import { isUnderWay, readInstance } from "../durable/instances.ts";
import { endedReceipt } from "./endedReceipt.ts";

type WithoutLinks<View> = View extends unknown ? Omit<View, "links"> : never;

/** How a build is doing, or how it has ended; undefined where there is none. @param id of a build of that image. */
export async function readBuild(
  { archive, client }: { archive: Archive; client: DurableClient },
  { image, id }: { image: string; id: string },
): Promise<WithoutLinks<BuildView> | undefined> {
  const instance = await readInstance(client, id);
  if (instance && isUnderWay(instance)) {
    const progress = (instance.customStatus ?? undefined) as Progress | undefined;
    const waits = progress?.waitInstance ? await readInstance(client, progress.waitInstance) : undefined;
    const told: Told = waits?.customStatus ?? {};
    return buildView(id, image, progress, told, new Date(), instance.input as BuildRequest);
  }
  const receipt = await endedReceipt(archive, { image, id, instance });
  if (receipt) return { id, image, state: receipt.outcome.kind, receipt };
  if (!instance) return undefined;
  const detail = "The build ended without a receipt: an operator terminated it, or its storage was out of reach.";
  return { id, image, state: "failed", detail };
}
