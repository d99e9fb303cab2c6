import { armErrors } from "../arm/errors.ts";
import { isObject } from "../arm/genericResources.ts";
import { requireScope } from "../arm/parents.ts";
import { type ArmAnswer, type ArmRequest, ok, type ResourceType } from "../arm/resourceType.ts";
import { keptTags, type Tags } from "../arm/tags.ts";
import { systemDataAfter } from "../arm/present.ts";
import type { Azure } from "../azure.ts";
import { findResource, storeResource } from "../store/resources.ts";
import type { StoredResource } from "../store/state.ts";
import { apiVersions } from "./apiVersions.ts";

const TYPE = "Microsoft.Resources/tags";

/** The tags of any resource, group or subscription, to be read and changed without knowing anything else of it. */
export const tags: ResourceType = {
  type: TYPE,
  apiVersions: apiVersions.filter((version) => version >= "2019-10-01"),
  extension: true,
  get: (azure, request) => answer(azure, request),
  put(azure, request) {
    write(azure, request, givenTags(request));
    return answer(azure, request);
  },
  patch(azure, request) {
    write(azure, request, patched(holderOf(azure, request), request));
    return answer(azure, request);
  },
  delete(azure, request) {
    write(azure, request, {});
    return { status: 200 };
  },
};

/** Where a subscription's tags are kept: it is not among the resources itself. */
export const tagsId = (scope: string) => `${scope}/providers/${TYPE}/default`;

function holderOf(azure: Azure, { target }: ArmRequest): StoredResource {
  requireScope(azure, target.scope);
  if (target.names[0]?.toLowerCase() !== "default") throw armErrors.ResourceNotFound(TYPE, target.id, target.names);
  const id = tagsId(target.scope);
  const own = { id, name: "default", type: TYPE, body: {} };
  return findResource(azure, target.scope) ?? findResource(azure, id) ?? storeResource(azure, own);
}

/** Whose tags are changed is changed, by whoever does so. */
function write(azure: Azure, request: ArmRequest, changed: Tags): void {
  const holder = holderOf(azure, request);
  holder.body.tags = keptTags(changed);
  if (holder.body.systemData) holder.body.systemData = systemDataAfter(azure, request.principal, holder.body);
  storeResource(azure, holder);
}

function answer(azure: Azure, request: ArmRequest): ArmAnswer {
  const held = (holderOf(azure, request).body.tags ?? {}) as Tags;
  const id = tagsId(request.target.scope);
  return ok({ id, name: "default", type: TYPE, properties: { tags: held } });
}

function givenTags(request: ArmRequest): Tags {
  const { properties } = request.body();
  const given = isObject(properties) ? (properties.tags ?? {}) : undefined;
  if (isObject(given) && Object.values(given).every((value) => typeof value === "string")) return given as Tags;
  throw armErrors.InvalidRequestContent("Required property 'tags' not found in JSON. Path 'properties'.");
}

function patched({ body }: StoredResource, request: ArmRequest): Tags {
  const { operation } = request.body();
  const [before, given] = [(body.tags ?? {}) as Tags, givenTags(request)];
  switch (String(operation).toLowerCase()) {
    case "merge":
      return { ...before, ...given };
    case "replace":
      return given;
    case "delete":
      return Object.fromEntries(Object.entries(before).filter(([name, value]) => given[name] !== value));
    default:
      throw armErrors.InvalidRequestContent(`Error converting value "${String(operation)}". Path 'operation'.`);
  }
}
