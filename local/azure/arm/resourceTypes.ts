import type { ResourceType } from "./resourceType.ts";

/** The table of every resource type that is served, by name in any case. */
export interface ResourceTypes {
  find(type: string): ResourceType | undefined;
  hasNamespace(namespace: string): boolean;
}

export function tableOf(types: ResourceType[]): ResourceTypes {
  const byName = new Map(types.map((type) => [type.type.toLowerCase(), type]));
  const namespaces = new Set(types.map(({ type }) => type.slice(0, type.indexOf("/")).toLowerCase()));
  return {
    find: (type) => byName.get(type.toLowerCase()),
    hasNamespace: (namespace) => namespaces.has(namespace.toLowerCase()),
  };
}
