import type { Azure } from "../azure.ts";
import type { Principal } from "../entra/token.ts";
import type { Range } from "../settings.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { etagOf } from "./etag.ts";
import { inlineChildren } from "./inlineChildren.ts";
import type { ResourceType } from "./resourceType.ts";

const NO_QUERY = new URLSearchParams();

/** Some providers write `resourcegroups` in ids of their own. */
export const presentedId = (type: ResourceType, { id }: StoredResource) =>
  type.smallGroups ? id.replace("/resourceGroups/", "/resourcegroups/") : id;

/** A resource as a GET answers it. */
export function presentResource(azure: Azure, resource: StoredResource, query: URLSearchParams = NO_QUERY): Json {
  const type = azure.resourceTypes.find(resource.type);
  const shownType = type?.shownType ?? resource.type;
  const body: Json = {
    name: resource.name,
    id: type ? presentedId(type, resource) : resource.id,
    type: shownType,
    ...structuredClone(resource.body),
  };
  if (!type) return body;
  for (const [property, children] of inlineChildren(azure, type, resource)) {
    (body.properties as Json)[property] = children.map((child) => presentResource(azure, child));
  }
  if (type.etag) body.etag = etagOf(azure, resource);
  if (type.present) body.properties = { ...(body.properties as Json), ...type.present(azure, resource, query) };
  return body;
}

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

/** Whether a GET still asks a copy that has not heard of what was made a moment ago. */
export function isUnseen(azure: Azure, range: Range, id: string, madeAt: number): boolean {
  if (range.max === 0) return false;
  return azure.now < madeAt + azure.random.milliseconds(range, "unseen", id.toLowerCase(), madeAt);
}

/** Whether a GET or a list tells of a resource already. */
export function isShown(azure: Azure, { id, createdAt }: Pick<StoredResource, "id" | "createdAt">): boolean {
  return createdAt === undefined || !isUnseen(azure, azure.settings.readAfterWriteSeconds, id, createdAt);
}
