/** Which entity: its name, always in lower case, and its key, as the caller wrote it. */
export interface EntityId {
  name: string;
  key: string;
}

/** The id under which an entity is an instance of the hub. */
export const instanceIdOf = ({ name, key }: EntityId): string => `@${name.toLowerCase()}@${key}`;

/** Whether an instance is an entity: no orchestration's id may begin so. */
export const isEntity = (instanceId: string): boolean => instanceId.startsWith("@");

/** @param instanceId such as `@counter@one`; what has no second `@` has an empty key. */
export function entityIdOf(instanceId: string): EntityId {
  const [, name = "", key = ""] = /^@([^@]*)@?(.*)$/s.exec(instanceId) ?? [];
  return { name: name.toLowerCase(), key };
}
