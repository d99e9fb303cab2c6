import type { Azure } from "../azure.ts";
import { resourcesOfType } from "../store/resources.ts";
import type { Json, StoredResource } from "../store/state.ts";
import { armErrors } from "./errors.ts";
import type { ResourceType } from "./resourceType.ts";

/**
 * A virtual network's body holds its subnets in full, and each is a resource of its own as well. They are kept once,
 * as resources, and shown in both places.
 */
interface InlineChildren {
  property: string;
  childType: string;
  items: Json[];
}

/** Takes the children that a body holds out of it. A property that is left out leaves its children alone. */
export function splitInlineChildren(type: ResourceType, body: Json): { own: Json; children: InlineChildren[] } {
  const own: Json = { ...body, properties: { ...(body.properties as Json | undefined) } };
  const properties = own.properties as Json;
  const children: InlineChildren[] = [];
  for (const [property, childType] of Object.entries(type.inline ?? {})) {
    const items = properties[property];
    delete properties[property];
    if (items === undefined) continue;
    if (!Array.isArray(items) || !items.every((item: Json | null) => typeof item?.name === "string")) {
      throw armErrors.InvalidRequestContent(`Each of 'properties.${property}' must have a name.`);
    }
    const names = items.map(({ name }: Json) => String(name).toLowerCase());
    const seen = new Set<string>();
    const twice = names.find((name) => seen.size === seen.add(name).size);
    if (twice !== undefined) {
      const message = `Resource has two child resources with the same name (${twice}).`;
      throw armErrors.InvalidRequestFormat("DuplicateResourceName", `properties.${property}`, message);
    }
    children.push({ property, childType, items: items as Json[] });
  }
  return { own, children };
}

export function inlineChildren(azure: Azure, type: ResourceType, parent: StoredResource): [string, StoredResource[]][] {
  return Object.entries(type.inline ?? {}).map(([property, childType]) => [
    property,
    resourcesOfType(azure, childType, parent.id),
  ]);
}

export function childrenOf(azure: Azure, parent: StoredResource): StoredResource[] {
  const type = azure.resourceTypes.find(parent.type);
  return type ? inlineChildren(azure, type, parent).flatMap(([, children]) => children) : [];
}
