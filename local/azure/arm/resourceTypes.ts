import type { ResourceType } from "./resourceType.ts";

/** The table of every resource type that is served, by name in any case. */
export interface ResourceTypes {
  find(type: string): ResourceType | undefined;
  hasNamespace(namespace: string): boolean;
  /** In Azure's spelling. */
  namespaces(): string[];
  of(namespace: string): ResourceType[];
  readonly all: ResourceType[];
}

export function tableOf(types: ResourceType[]): ResourceTypes {
  const byName = new Map(types.map((type) => [type.type.toLowerCase(), type]));
  const byNamespace = new Map<string, ResourceType[]>();
  for (const type of types) {
    const namespace = type.type.slice(0, type.type.indexOf("/"));
    byNamespace.set(namespace, [...(byNamespace.get(namespace) ?? []), type]);
  }
  const lowerCase = new Set([...byNamespace.keys()].map((namespace) => namespace.toLowerCase()));
  return {
    find: (type) => byName.get(type.toLowerCase()),
    hasNamespace: (namespace) => lowerCase.has(namespace.toLowerCase()),
    namespaces: () => [...byNamespace.keys()],
    of: (namespace) => byNamespace.get(namespace) ?? [],
    all: types,
  };
}
