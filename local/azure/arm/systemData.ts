import type { Azure } from "../azure.ts";
import type { Principal } from "../entra/token.ts";
import type { Json } from "../store/state.ts";

/** Who made a resource and who changed it last, and when: as it is after a write. */
export function systemDataAfter({ now }: Azure, { appId }: Principal, before: Json | undefined): Json {
  const time = new Date(now).toISOString();
  return {
    createdBy: appId,
    createdByType: "Application",
    createdAt: time,
    ...(before?.systemData as Json | undefined),
    lastModifiedBy: appId,
    lastModifiedByType: "Application",
    lastModifiedAt: time,
  };
}
